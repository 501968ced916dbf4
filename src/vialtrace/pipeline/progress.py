"""How far a run is: told to whoever asked."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called whenever a step is done: its stage, how many of how many, and in a few words what comes next."""

    def __call__(self, stage: str, done: int, total: int, doing: str = "", /) -> None:
        """Show it."""
        ...


def silent(stage: str, done: int, total: int, doing: str = "", /) -> None:
    """Show nothing."""
