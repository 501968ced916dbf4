"""Work that takes longer than a page: one at a time, with progress that can be asked for, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Any

from vialtrace.errors import CaseBusy, OurBug, VialtraceError
from vialtrace.pipeline import Progress

Work = Callable[[Progress], dict[str, Any]]


class Cancelled(Exception):  # noqa: N818  an end like any other, not an error
    """A person stopped the work; the case is as it was."""


@dataclass(frozen=True)
class Job:
    """One piece of work: what, by whom, how far, and its state (``running``, ``done``, ``failed``, ``cancelled``)."""

    number: int
    what: str
    who: str
    state: str = "running"
    stage: str = ""
    done: int = 0
    total: int = 0
    doing: str = ""
    result: dict[str, Any] | None = None
    refusal: dict[str, str] | None = None


class Jobs:
    """The work of one server."""

    def __init__(self) -> None:
        """Start idle."""
        self._lock = Lock()
        self._jobs: list[Job] = []
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self, what: str, who: str, work: Work) -> Job:
        """Begin in the background.

        Raises:
            CaseBusy: if something is still being worked on.
        """
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                raise CaseBusy(f"{self._jobs[-1].what} is still running.", way_out="Wait for its end, or stop it.")
            job = Job(len(self._jobs) + 1, what, who)
            self._jobs.append(job)
            self._stop.clear()
            self._thread = Thread(target=self._work, args=(job.number, work), daemon=True)
            self._thread.start()
        return job

    def stop(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait for the work to end, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def get(self, number: int) -> Job | None:
        """A job by its number, or None."""
        with self._lock:
            return self._jobs[number - 1] if 0 < number <= len(self._jobs) else None

    @property
    def last(self) -> Job | None:
        """The job begun last."""
        with self._lock:
            return self._jobs[-1] if self._jobs else None

    @property
    def all(self) -> tuple[Job, ...]:
        """Every job of this server, the first first."""
        with self._lock:
            return tuple(self._jobs)

    def _change(self, number: int, **changes: Any) -> None:
        with self._lock:
            self._jobs[number - 1] = replace(self._jobs[number - 1], **changes)

    def _work(self, number: int, work: Work) -> None:
        def progress(stage: str, done: int, total: int, doing: str = "", /) -> None:
            if self._stop.is_set():
                raise Cancelled
            self._change(number, stage=stage, done=done, total=total, doing=doing)

        try:
            self._change(number, result=work(progress), state="done")
        except Cancelled:
            self._change(number, state="cancelled")
        except VialtraceError as refusal:
            self._change(number, state="failed", refusal=refusal.as_dict())
        except Exception as surprise:  # noqa: BLE001  the thread's last resort; a foreign message may hold a row's value
            bug = OurBug(f"{type(surprise).__name__} while working on {self._jobs[number - 1].what}.")
            self._change(number, state="failed", refusal=bug.as_dict())
