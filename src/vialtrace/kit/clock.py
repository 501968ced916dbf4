"""Time as an argument: nothing below the faces asks the machine what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vialtrace.errors import BadInput


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...

    def elapsed(self) -> float:
        """Seconds since some fixed moment; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds of a clock that never goes back."""
        return monotonic()


class SteppingClock:
    """A clock that moves by ``step`` each time it is asked: for tests."""

    def __init__(self, start: datetime, step: timedelta = timedelta(seconds=1)) -> None:
        """Begin at ``start``."""
        self._at = start
        self._start = start
        self._step = step

    def now(self) -> datetime:
        """The present moment; the next call tells a later one."""
        self._at += self._step
        return self._at

    def elapsed(self) -> float:
        """Seconds since the start."""
        return (self._at - self._start).total_seconds()


def stamp(moment: datetime) -> str:
    """A moment as ISO 8601 text in UTC, to the second: ``2026-03-05T14:22:33Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def zone(name: str) -> ZoneInfo:
    """The time zone called ``name``.

    Raises:
        BadInput: if there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as refusal:
        raise BadInput(
            f"There is no time zone {name!r}.", expected="An IANA name, such as Asia/Shanghai or Europe/Berlin."
        ) from refusal
