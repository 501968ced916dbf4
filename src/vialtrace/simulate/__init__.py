"""Worlds with known truth: lawful life, planted chains, dirt; to test, to train, to measure false accusations first."""

from vialtrace.simulate.making import simulate
from vialtrace.simulate.truth import Truth
from vialtrace.simulate.worlds import WORLDS, Cell, World

__all__ = ["WORLDS", "Cell", "Truth", "World", "simulate"]
