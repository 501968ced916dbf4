"""What every page and every address of the API works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vialtrace import actions
from vialtrace.kit.clock import Clock, SystemClock
from vialtrace.pipeline import Progress, silent
from vialtrace.store import TRAY, Machine
from vialtrace.store.accounts import Accounts
from vialtrace.web.attempts import Attempts
from vialtrace.web.jobs import Jobs
from vialtrace.web.sessions import IDLE_MINUTES, Session, Sessions
from vialtrace.web.tray import Tray

MOST_BYTES = 2 * 1024**3
"""The largest request body: a file of two gigabytes; larger ones are added on the command line, without a copy."""


@dataclass(frozen=True)
class Bench:
    """One case on one workbench: the folder, the means, who is in, and what is being worked on.

    ``accounts`` are there where several people sign in; ``is_secure`` says that the connection is encrypted.
    """

    folder: Path
    hosts: frozenset[str]
    clock: Clock = field(default_factory=SystemClock)
    machine: Machine = field(default_factory=Machine.within)
    most_bytes: int = MOST_BYTES
    accounts: Accounts | None = None
    is_secure: bool = False
    sessions: Sessions = field(init=False)
    attempts: Attempts = field(init=False)
    jobs: Jobs = field(init=False, default_factory=Jobs)
    tray: Tray = field(init=False)
    screening: actions.Screening = field(init=False)
    held: actions.Held = field(init=False, default_factory=actions.Held)

    def __post_init__(self) -> None:
        """Nobody is in yet, and nothing waits."""
        idle = IDLE_MINUTES * 60.0 if self.accounts else float("inf")
        object.__setattr__(self, "sessions", Sessions(self.clock, idle_seconds=idle))
        object.__setattr__(self, "attempts", Attempts(self.clock))
        object.__setattr__(self, "screening", actions.Screening(self.folder))
        # Beside what can be made anew: on the case's own disk, and never part of what is handed over.
        object.__setattr__(self, "tray", Tray(self.folder / TRAY))
        self.tray.clear()

    def desk(self, session: Session, progress: Progress = silent) -> actions.Desk:
        """The desk of whoever is at the browser."""
        return actions.Desk(session.who, clock=self.clock, machine=self.machine, progress=progress, held=self.held)
