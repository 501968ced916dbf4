"""What people see in a terminal: plain lines, tables, and bars while they wait."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from vialtrace.kit.visible import visible

_PLAIN_WIDTH = 160
"""Columns where there is no terminal to ask: wide enough that a table of networks does not wrap."""

_STAGES = {
    "copy": "copying files",
    "read": "reading rows",
    "clean": "cleaning rows",
    "store": "storing records",
    "resolve": "who is who",
    "detect": "looking for evidence",
    "reconstruct": "networks and roles",
    "estimate": "how much",
    "assess": "which law",
    "screen": "what to watch for",
    "casefile": "findings",
}


def console(*, is_error: bool = False) -> Console:
    """The terminal, or a wide page where output goes to a file."""
    stream = sys.stderr if is_error else sys.stdout
    return Console(stderr=is_error, highlight=False, width=None if stream.isatty() else _PLAIN_WIDTH)


def say(line: str = "", *, style: str = "") -> None:
    """One plain line; it is never wrapped, so that a path in it can be copied."""
    console().print(Text(lines_shown(line), style=style), soft_wrap=True)


def lines_shown(text: str) -> str:
    """A text with its hidden characters shown: a value of a file must not move the cursor or turn the writing round."""
    return "\n".join(map(visible, text.split("\n")))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", right: Sequence[int] = ()) -> None:
    """A table; ``right`` are the columns of figures."""
    # Texts and not markup: a file's name may hold square brackets.
    drawn = Table(title=Text(visible(title)) if title else None, title_justify="left", show_edge=False, pad_edge=False)
    for place, header in enumerate(headers):
        drawn.add_column(header, justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    console().print(drawn)


def as_json(value: Any) -> None:
    """A value for scripts, on standard output."""
    # A terminal that has not every character gets them as JSON's own escapes.
    is_short = not (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=is_short, indent=1, default=_plain) + "\n")


def raw(content: bytes) -> None:
    """Bytes on standard output, as they are."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def is_interactive() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def plain(value: Any) -> Any:
    """A frozen value as the dictionary of its parts."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    return str(value)


_BARS = {"copy": "copied", "read": "rows read", "clean": "cleaned", "store": "stored"}
"""What has a bar of its own: each bar is filled at an even pace, so that the time left can be told from it."""


class _Bars:
    """A bar for each kind of work, with the time left."""

    def __init__(self, drawn: Progress) -> None:
        self._drawn = drawn
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int, doing: str = "", /) -> None:
        name = _BARS.get(stage, "stages")
        if name not in self._tasks:
            self._tasks[name] = self._drawn.add_task(name, total=total, doing="")
        told = doing if stage in _BARS else f"{_STAGES.get(stage, stage)}: {doing}"
        self._drawn.update(self._tasks[name], completed=done, total=total, doing=told)


class _Lines:
    """One line a stage, where there is no terminal to draw bars on."""

    def __init__(self) -> None:
        self._begun: set[str] = set()

    def __call__(self, stage: str, done: int, total: int, doing: str = "", /) -> None:
        if stage not in self._begun or (stage == "read" and done == total):
            self._begun.add(stage)
            told = f" ({doing})" if stage == "read" and done else ""
            sys.stderr.write(f"{_STAGES.get(stage, stage)}{told}\n")


class _Silence:
    def __call__(self, stage: str, done: int, total: int, doing: str = "", /) -> None:
        pass


@contextmanager
def waiting(*, is_silent: bool = False) -> Iterator[_Bars | _Lines | _Silence]:
    """Show how far the work in the block is."""
    if is_silent:
        yield _Silence()
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[doing]}", markup=False),
        )
        with Progress(*columns, console=console(is_error=True), transient=True) as drawn:
            yield _Bars(drawn)
    else:
        yield _Lines()
