"""What a person does at the workbench, once: forms and the API call the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

from vialtrace import actions
from vialtrace.errors import UnknownName
from vialtrace.pipeline import Progress
from vialtrace.web.bench import Bench
from vialtrace.web.rights import require
from vialtrace.web.sessions import Session
from vialtrace.web.tray import Waiting


def decide(
    bench: Bench,
    session: Session,
    *,
    subject: str,
    act: str,
    why: str,
    other: str = "",
    on: str = "",
    source: str = "",
) -> dict[str, Any]:
    """Enter a decision."""
    require(session, "decide")
    desk = bench.desk(session)
    return asdict(actions.decide(bench.folder, subject, act, desk, other=other, why=why, on=on, source=source))


def run(bench: Bench, session: Session) -> dict[str, Any]:
    """Begin a run in the background."""
    require(session, "run")

    def work(progress: Progress) -> dict[str, Any]:
        ran = actions.run(bench.folder, bench.desk(session, progress))
        return {"run": ran.run.digest, "is_new": ran.is_new, "networks": [asdict(each) for each in ran.networks]}

    return {"job": asdict(bench.jobs.start("run", session.who, work))}


def stop(bench: Bench, session: Session) -> dict[str, Any]:
    """Stop what is being worked on."""
    require(session, "run")
    bench.jobs.stop()
    return {"job": asdict(bench.jobs.last) if bench.jobs.last else None}


PATIENCE = 3.0
"""Seconds that taking in is waited for before its progress is shown instead: most files take less."""


def upload(bench: Bench, session: Session, sent: Sequence[tuple[str, BinaryIO]]) -> dict[str, Any]:
    """Keep files aside and look at them."""
    require(session, "add")
    waiting = bench.tray.put(session.who, [(name, file) for name, file in sent if name])
    return {"key": waiting.key}


def answer(
    bench: Bench, session: Session, key: str, at: tuple[int, int], *, what: str, candidate: str | int, origin: str = ""
) -> dict[str, Any]:
    """Answer the question ``what`` about the sheet ``at`` (file and sheet, from 0) of an upload.

    ``candidate`` is the answer, or its place among the choices: forms mend line ends, and so could not name a column.
    """

    def answered(sheet: actions.SheetProposal) -> actions.SheetProposal:
        asked = {each.what: each for each in sheet.questions}
        if what not in asked:
            raise UnknownName("open question", what, list(asked))
        offered = actions.choices(asked[what])
        text = offered[candidate] if isinstance(candidate, int) and 0 <= candidate < len(offered) else str(candidate)
        return actions.answered(sheet, asked[what], text, origin=origin)

    return _reread(bench, session, key, at, answered)


def remap(
    bench: Bench,
    session: Session,
    key: str,
    at: tuple[int, int],
    *,
    kind: str,
    fields: Mapping[str, str] | Sequence[str],
) -> dict[str, Any]:
    """Read a sheet as another kind, or its columns as other fields: by header, or one for each column in order."""

    def changed(sheet: actions.SheetProposal) -> actions.SheetProposal:
        if kind != sheet.mapping.kind:
            return actions.rekinded(sheet, kind)
        named = fields if isinstance(fields, Mapping) else dict(zip(sheet.mapping.headers, fields, strict=False))
        return actions.remapped(sheet, {header: field for header, field in named.items() if field})

    return _reread(bench, session, key, at, changed)


def _reread(bench: Bench, session: Session, key: str, at: tuple[int, int], change: Any) -> dict[str, Any]:
    require(session, "add")

    def changed(waiting: Waiting) -> Waiting:
        return waiting.with_sheet(*at, change(waiting.sheet(*at)))

    waiting = bench.tray.change(key, session.who, changed)
    return {"key": key, "n_open": len(waiting.found.questions)}


def try_reading(bench: Bench, session: Session, number: int, reading: actions.Reading) -> dict[str, Any]:
    """How a sheet of the case would be read; nothing is changed."""
    require(session, "add")
    return actions.sheet_told(bench.folder, number, bench.desk(session), reading)


def read_otherwise(
    bench: Bench, session: Session, number: int, reading: actions.Reading, *, why: str
) -> dict[str, Any]:
    """Read a sheet of the case in another way from now on."""
    require(session, "add")
    return actions.read_otherwise(bench.folder, number, bench.desk(session), reading, why=why)


def repair(
    bench: Bench, session: Session, number: int, *, row: int, column: str, text: str | None, why: str
) -> dict[str, Any]:
    """Put one cell of a sheet right, or, without a text, read it again as it was received."""
    require(session, "add")
    return actions.repair(bench.folder, number, row, column, bench.desk(session), text=text, why=why)


def drop(bench: Bench, session: Session, key: str) -> dict[str, Any]:
    """Remove an upload; nothing of it was taken in."""
    require(session, "add")
    bench.tray.drop(bench.tray.get(key, session.who).key)
    return {"key": key}


def take(bench: Bench, session: Session, key: str, *, best_guess: bool = False) -> dict[str, Any]:
    """Take an upload in, in the background; with ``best_guess`` without an answer to what is open."""
    require(session, "add")
    waiting = bench.tray.get(key, session.who)
    # An open question stays one, so that the action refuses it; what was shown without one is confirmed by this.
    found = waiting.found if waiting.found.questions else waiting.settled
    if waiting.found.questions and not best_guess:
        actions.add(bench.folder, found, bench.desk(session))

    def work(progress: Progress) -> dict[str, Any]:
        added = actions.add(bench.folder, found, bench.desk(session, progress), best_guess=best_guess)
        bench.tray.drop(key)
        return {"taken": [each.name for each in added.taken], "known": [each.name for each in added.known]}

    started = bench.jobs.start("add", session.who, work)
    bench.jobs.wait(PATIENCE)
    return {"job": asdict(bench.jobs.get(started.number) or started)}


def report(bench: Bench, session: Session, *, language: str, pdf: bool = False) -> dict[str, Any]:
    """Write the case file in the background."""
    require(session, "report")

    def work(progress: Progress) -> dict[str, Any]:
        written = actions.report(bench.folder, bench.desk(session, progress), language=language, pdf=pdf)
        return {"pages": [written.index.name, *(path.name for path in written.pages.values())]}

    started = bench.jobs.start("report", session.who, work)
    bench.jobs.wait(PATIENCE)
    return {"job": asdict(bench.jobs.get(started.number) or started)}


def export(bench: Bench, session: Session, *, form: str, language: str = "en") -> bytes:
    """The findings in a form that other tools read; it is entered."""
    require(session, "report")
    return actions.export(bench.folder, bench.desk(session), form=form, language=language)


def unseal(bench: Bench, session: Session, *, name: str, why: str) -> dict[str, Any]:
    """Who stands behind one pseudonym; entered before it is told."""
    require(session, "unseal")
    return actions.unseal(bench.folder, name, bench.desk(session), why=why)


def screen(bench: Bench, session: Session, *, kind: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Hold new records against the networks of the last run."""
    require(session, "case")
    return bench.screening.screen(kind, records, bench.desk(session))
