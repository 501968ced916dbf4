"""Words true in any program: money, dates, ids, clock, chance."""
