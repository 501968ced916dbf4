"""What a fact says of the days on which a rule was in force: counts are of those days, sums say of which they are."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from vialtrace.assess.facts import Showing, _of_seizures

_FIRST, _LAST = date(2024, 4, 11), date(2025, 8, 15)
_UNTIL = date(2024, 4, 25)


def test_days_on_which_it_was_repeated_are_counted_within_the_rule_s_time_only() -> None:
    days = tuple(date(2024, 4, each) for each in range(11, 31))
    whole = Showing(days, n_rows=len(days), rows_by_day=(1,) * len(days), counted=("on {n} days", "共 {n} 日"))
    kept = whole.within(None, _UNTIL)
    assert kept is not None
    assert kept.n_rows == 15
    assert kept.days[-1] == _UNTIL


def test_a_sum_over_a_period_says_of_which_days_it_is_and_is_dated_within_the_rule() -> None:
    whole = Showing(
        (_FIRST, _LAST), said=("at least 1,339 persons", "至少 1,339 人份"), is_period=True, is_total=True
    )
    kept = whole.within(None, _UNTIL)
    assert kept is not None
    assert kept.days == (_FIRST, _UNTIL)
    assert "over all of 2024-04-11 to 2025-08-15" in kept.said[0]
    assert "2024-04-11 至 2025-08-15" in kept.said[1]
    assert whole.within(None, None) == whole
    assert whole.within(date(2025, 9, 1), None) is None


def test_what_holds_of_every_day_of_a_period_is_dated_by_the_part_within_the_rule() -> None:
    whole = Showing((_FIRST, _LAST), said=("no permit names them", "许可未载"), is_period=True)
    middle = (date(2024, 5, 1), date(2024, 6, 1))
    kept = whole.within(*middle)
    assert kept is not None
    assert (kept.days, kept.said) == (middle, whole.said)


def test_tubes_are_dated_by_their_own_seizure() -> None:
    seizures = pa.table(
        {"seizure_id": ["A", "B"], "seized_at": [datetime(2024, 6, 8, 12), datetime(2025, 5, 30, 9)]}  # noqa: DTZ001
    )
    tubes = pa.table({"seizure_id": ["A", "B", "A", "C"], "row_id": [4, 3, 1, 9]})
    undated, dated = _of_seizures(tubes, seizures, ("{n} tubes", "{n} 管"))
    assert (undated.days, undated.row_ids) == ((), ((9,),))
    assert dated.row_ids == ((1, 4), (3,))
    kept = dated.within(date(2025, 1, 1), None)
    assert kept is not None
    assert (kept.n_rows, kept.days, kept.row_ids) == (1, (date(2025, 5, 30),), ((3,),))
