"""Who works, with which clock, on which machine, and who is told how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vialtrace.kit.clock import Clock, SystemClock
from vialtrace.pipeline import Progress, silent
from vialtrace.store import Case, Machine


@dataclass(frozen=True)
class Desk:
    """The person at work and the means they have; every action takes one."""

    who: str
    clock: Clock = field(default_factory=SystemClock)
    machine: Machine = field(default_factory=Machine.within)
    progress: Progress = silent

    def open(self, folder: Path) -> Case:
        """The case in ``folder``.

        Raises:
            WrongOrder: if there is none.
        """
        return Case.open(folder, clock=self.clock)
