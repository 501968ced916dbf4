"""One business from advert to profit: the same steps for the honest and the rest."""

from __future__ import annotations

import numpy as np

from vialtrace.simulate import clients, parcels, runs, settling
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade


def do_business(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, n: int, window: tuple[int, int], operation: int
) -> Deals:
    """About ``n`` deals between the days of ``window``, with all that belongs to them."""
    clients.advertise(rng, stage, trade, crew, window, operation)
    deals = clients.deal(rng, stage, trade, crew, n, window, operation)
    clients.talk(rng, stage, trade, crew, deals)
    clients.pay(rng, stage, trade, crew, deals)
    parcels.take_in(rng, stage, trade, crew, deals, window)
    parcels.send_out(rng, stage, trade, crew, deals)
    clients.note_orders(rng, stage, trade, crew, deals)
    runs.run(rng, stage, trade, crew, deals, window)
    settling.settle(rng, stage, trade, crew, deals, window)
    return deals
