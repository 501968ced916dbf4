"""Chance as an argument, in independent streams told apart by name, and probabilities as they are printed."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """The stream of random numbers that belongs to ``seed`` and ``names``.

    Streams of different names are independent, and adding one does not move the others, as it would if all drew from
    one generator in turn.
    """
    named = hashlib.sha256("\0".join(names).encode()).digest()[:16]
    return np.random.default_rng([seed, *np.frombuffer(named, dtype="<u4").tolist()])


def share(value: float | None) -> str:
    """A probability to two places, never rounded up to certainty."""
    return "–" if value is None else f"{min(max(value, 0.0), 0.99):.2f}"
