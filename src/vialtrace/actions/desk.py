"""Who works, with which clock, on which machine, and who is told how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vialtrace.casefile.held import Held
from vialtrace.casefile.shelf import Shelf
from vialtrace.kit.clock import Clock, SystemClock
from vialtrace.pipeline import Progress, silent
from vialtrace.store import Case, Machine, Run


@dataclass(frozen=True)
class Desk:
    """The person at work and the means they have; every action takes one.

    A workbench gives all its desks one ``held``, so that what one page read of a run the next need not read again.
    """

    who: str
    clock: Clock = field(default_factory=SystemClock)
    machine: Machine = field(default_factory=Machine.within)
    progress: Progress = silent
    held: Held = field(default_factory=Held, repr=False, compare=False)

    def open(self, folder: Path) -> Case:
        """The case in ``folder``.

        Raises:
            WrongOrder: if there is none.
        """
        return Case.open(folder, clock=self.clock)

    def shelf(self, run: Run) -> Shelf:
        """The tables of a run, with what is held of it."""
        return Shelf(run.tables, run.digest, self.held)
