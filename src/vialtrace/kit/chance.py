"""Chance as an argument: independent streams of random numbers, told apart by name."""

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
