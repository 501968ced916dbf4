"""Hold new records against the networks of the last run: files at once, single records as they come.

Nothing is taken into the case. That somebody looked is entered: before a hit is told, who asked, how many records of
which kind, and which networks were met, never what was asked about.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from vialtrace.actions.adding import Survey
from vialtrace.actions.desk import Desk
from vialtrace.actions.previewing import sheets_tried
from vialtrace.errors import BadInput
from vialtrace.pipeline import Screened, Watch, rejected, screen_files
from vialtrace.screen import gathered
from vialtrace.store import Case, Engine

MOST_RECORDS = 10_000
"""Records in one request: more belong into a file."""


def screen(folder: Path, found: Survey, desk: Desk, *, limit: int = 1000) -> Screened:
    """Hold the files of a survey against the networks of the last run; at most ``limit`` hits are told one by one.

    Raises:
        BadInput: if questions are open, or a file is of a kind that cannot be screened.
        UnreadableSource: if a file cannot be read.
        WrongOrder: if the case has no run, or one that lists nothing to watch for.
    """
    if found.refused:
        raise found.refused[0].reason
    if found.questions:
        asked = "; ".join(f"{question.what}: {question.why}" for question in found.questions)
        raise BadInput(
            f"It is unsure how to read these files: {asked}",
            expected="An answer.",
            way_out="Say how with --mapping, or take the best guess with --yes.",
        )
    case = desk.open(folder)
    made = case.run()
    tried = [each for each, _ in sheets_tried(case, found.proposals)]
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as beside:
        engine = Engine(desk.machine, spill=Path(beside) / "spill")
        try:
            screened = screen_files(case, made, tried, engine, desk.progress, limit=limit)
        finally:
            engine.close()
    _enter(case, desk.who, made.digest, Counter({"files": len(tried), "records": screened.n_records}), screened)
    return screened


def _enter(case: Case, who: str, run: str, counted: Mapping[str, int], screened: Screened) -> None:
    networks = sorted({*screened.matched, *(each.network_id for each in screened.gatherings)})
    payload = {"run": run, **counted, "matched": screened.n_matched, "networks": networks}
    case.ledger.append("consultation", "records screened", who=who, payload=payload)


class Screening:
    """The networks of a case in memory, for records that come one at a time; always those of the last run."""

    def __init__(self, folder: Path) -> None:
        """Name the case; nothing is read yet."""
        self._folder = folder
        self._lock = Lock()
        self._watch: Watch | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._untold: Counter[str] = Counter()

    def screen(self, kind: str, records: Sequence[Mapping[str, Any]], desk: Desk) -> dict[str, Any]:
        """Hold records of one kind, field to value, against the networks, and say what matched and why.

        An answer with a hit is entered before it is given; those without one are counted into the next entry.

        Raises:
            BadInput: if the kind or a value cannot be screened.
            WrongOrder: if the case has no run.
        """
        if len(records) > MOST_RECORDS:
            raise BadInput(
                f"{len(records):,} records are too many for one request.",
                expected=f"At most {MOST_RECORDS:,}.",
                way_out="Screen them as a file: `vialtrace screen CASE FILE`.",
            )
        case = desk.open(self._folder)
        watch = self._current(case)
        screened = watch(kind, records)
        with self._lock:
            self._untold[kind] += len(records)
            if screened.n_hits or screened.gatherings:
                counted, self._untold = self._untold, Counter()
                _enter(case, desk.who, watch.run, counted, screened)
                self._seen = self._stamp(case)
        return as_told(screened, watch.run)

    def _stamp(self, case: Case) -> tuple[int, int]:
        return (case.folder / "runs").stat().st_mtime_ns, case.ledger.path.stat().st_mtime_ns

    def _current(self, case: Case) -> Watch:
        """What to watch for, read anew when there is a new run or somebody decided since."""
        with self._lock:
            stamp = self._stamp(case)
            if self._watch is not None and stamp == self._seen:
                return self._watch
            made = case.run()
            if self._watch is None or self._watch.run != made.digest or self._watch.rejected != rejected(case):
                self._watch = Watch(case, made)
            self._seen = stamp
            return self._watch


def as_told(screened: Screened, run: str) -> dict[str, Any]:
    """What screening found, for JSON: places where clients meet have their reason and rows, too."""
    hits = [{**asdict(each), "why": {"en": each.why[0], "zh": each.why[1]}} for each in screened.hits]
    places = []
    for each in screened.gatherings:
        english, chinese = gathered(each)
        rows = [screened.where[row_id] for row_id in each.row_ids]
        places.append({**asdict(each), "row_ids": rows, "why": {"en": english, "zh": chinese}})
    return {
        "run": run,
        "n_records": screened.n_records,
        "n_matched": screened.n_matched,
        "n_hits": screened.n_hits,
        "n_unread": screened.n_unread,
        "n_damaged": screened.n_damaged,
        "networks": dict(screened.matched),
        "hits": hits,
        "gatherings": places,
    }
