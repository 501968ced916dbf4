"""Take files into a case: look at them, propose how to read them, and take in what is settled."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from vialtrace import ingest, sources
from vialtrace.actions.desk import Desk
from vialtrace.actions.files import files_at
from vialtrace.errors import BadInput, UnknownName, UnreadableSource, VialtraceError
from vialtrace.kit.file_names import given_name
from vialtrace.kit.ids import file_digest
from vialtrace.model import RECORDS
from vialtrace.model.mapping import Guess, Mapping, Question, Sheet
from vialtrace.pipeline import Progress, Read, read_sheets
from vialtrace.store import Case, Engine, SheetLeft, SourceFile


@dataclass(frozen=True)
class SheetProposal:
    """How one sheet would be read, and what only a person can settle about it.

    ``like`` is the file of the case whose confirmed mapping it takes, because its headers are the same.
    """

    sheet: Sheet
    mapping: Mapping
    confidence: float
    questions: tuple[Question, ...]
    alternatives: tuple[tuple[str, float], ...]
    like: str = ""

    def settled(self, mapping: Mapping) -> SheetProposal:
        """The same sheet with a mapping that a person has confirmed."""
        return replace(self, mapping=replace(mapping, confirmed=True), questions=())


@dataclass(frozen=True)
class Proposal:
    """How one file would be taken in: its sheets, and those that fit no record kind."""

    path: Path
    sheets: tuple[SheetProposal, ...]
    left: tuple[SheetLeft, ...] = ()

    @property
    def name(self) -> str:
        """The name of the file as text."""
        return given_name(self.path)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is unsure about the file."""
        return tuple(question for sheet in self.sheets for question in sheet.questions)


@dataclass(frozen=True)
class Refused:
    """A file that cannot be taken in, and why."""

    path: Path
    reason: VialtraceError

    @property
    def name(self) -> str:
        """The name of the file as text."""
        return given_name(self.path)


@dataclass(frozen=True)
class Survey:
    """What was found at the places named: files to take in, files refused, and hidden files passed over."""

    proposals: tuple[Proposal, ...]
    refused: tuple[Refused, ...]
    passed_over: tuple[Path, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is unsure about any of the files."""
        return tuple(question for proposal in self.proposals for question in proposal.questions)

    @property
    def settled(self) -> Survey:
        """The same with the best guess taken for all that is unsure."""
        proposals = tuple(
            replace(each, sheets=tuple(replace(sheet, questions=()) for sheet in each.sheets))
            for each in self.proposals
        )
        return replace(self, proposals=proposals)


@dataclass(frozen=True)
class SheetCount:
    """What became of the rows of one sheet: read, in quarantine, set aside (totals, notes, blank rows).

    ``n_issues`` are values that were left out of rows that were read. ``n_damaged`` of the rows in quarantine do not
    have the form of their file (another number of fields, undecodable bytes); ``first_damage`` tells of the first.
    ``n_short`` of the rows read end before their last field, ``first_short`` tells of the first.
    """

    n_rows: int
    n_quarantined: int
    n_set_aside: int
    n_issues: int
    n_damaged: int = 0
    first_damage: str = ""
    n_short: int = 0
    first_short: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether no row was read of those there are: it is read wrongly, or is not what it seems."""
        return bool(self.n_quarantined and not self.n_rows)


@dataclass(frozen=True)
class Added:
    """What became of the files: taken in, already there, or refused.

    ``counts`` has, by a sheet's number as a source, what became of its rows.
    """

    taken: tuple[SourceFile, ...]
    known: tuple[SourceFile, ...]
    refused: tuple[Refused, ...]
    counts: dict[int, SheetCount]
    passed_over: tuple[Path, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether rows of any file do not have the form of their file, or none is read: a person should look at it."""
        return any(count.n_damaged or count.n_short or count.is_lost for count in self.counts.values())


def read_mapping(path: Path) -> Mapping:
    """A mapping that a person wrote.

    Raises:
        BadInput: if there is no such file.
        BadMapping: if it has problems, with all of them.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refusal:
        raise BadInput(
            f"The mapping {path} cannot be read.", expected="A YAML file in UTF-8.", way_out="Check the path."
        ) from refusal
    return ingest.from_yaml(text, path.name)


def confirmed(folder: Path, desk: Desk) -> tuple[Mapping, ...]:
    """The mappings of a case that a person has confirmed, the last first: a file of the same shape takes one of them.

    A mapping that cannot be read is passed over here: ``vialtrace mapping check`` says what is wrong with it.
    """
    case = desk.open(folder)
    found = []
    for taken in reversed([each for source in case.sources for each in source.taken]):
        try:
            mapping = ingest.from_yaml(case.mapping_text(taken.mapping), taken.mapping)
        except VialtraceError:
            continue
        if mapping.confirmed:
            found.append(mapping)
    return tuple(found)


def survey(
    places: Sequence[Path], *, kind: str | None = None, mapping: Mapping | None = None, known: Sequence[Mapping] = ()
) -> Survey:
    """Look at files, and at folders with all that is in them, and propose how to read each; nothing is changed.

    ``kind`` says what they are; ``mapping`` says how to read them, instead of a guess. A file whose headers are
    those of a ``known`` mapping takes it.

    Raises:
        BadInput: if a place does not exist, or a folder is empty.
        UnknownName: if there is no such kind.
    """
    if kind is not None and kind not in RECORDS:
        raise UnknownName("record kind", kind, list(RECORDS))
    found, passed_over = files_at(places)
    proposals, refused = [], []
    for path in found:
        try:
            proposals.append(_proposal(path, kind, mapping, known))
        except UnreadableSource as refusal:
            refused.append(Refused(path, refusal))
    return Survey(tuple(proposals), tuple(refused), passed_over)


def _proposal(path: Path, kind: str | None, given: Mapping | None, known: Sequence[Mapping]) -> Proposal:
    sheets, left = [], []
    sheets_there = sources.sniff(path)
    if (kind or (given.kind if given else "") or "crossing") != "crossing":
        # Rows that are no trips are there once.
        sheets_there = tuple(each for each in sheets_there if each.way != "entry")
    for sheet in sheets_there:
        if sheet.why_not:
            left.append(SheetLeft(sheet.sheet, sheet.why_not))
            continue
        if given is not None and sheet.way and (way := ingest.way_of_mapping(given)) not in ("", sheet.way):
            left.append(SheetLeft(sheet.sheet, f"The mapping reads the {way} of each row only."))
            continue
        if given is not None:
            sheets.append(_as_told(path, sheet, given))
            continue
        like = None if kind else _of_same_shape(sheet, known)
        if like is not None:
            asked = ingest.reconfirmed(sheet, like)
            told = _as_told(path, sheet, like)
            mapping = replace(told.mapping, confirmed=not asked)
            sheets.append(replace(told, mapping=mapping, questions=asked, like=like.file))
            continue
        guess = ingest.guess(sheet, hint=kind)
        if guess.confidence <= 0:
            left.append(SheetLeft(sheet.sheet, guess.reason))
        else:
            sheets.append(_guessed(sheet, guess))
    if not sheets:
        whys = [(each.sheet, each.reason.removeprefix(ingest.NONE_FITS)) for each in left]
        reasons = " ".join(f"Sheet {name}: {why}" if name else why for name, why in whys)
        raise UnreadableSource(
            f"{path.name} fits no record kind. {reasons}",
            expected="One of the twelve kinds that `vialtrace add --help` lists, with its required fields.",
            way_out="Say how to read it with --mapping FILE, or leave it out.",
        )
    return Proposal(path, tuple(sheets), tuple(left))


def _of_same_shape(sheet: Sheet, known: Sequence[Mapping]) -> Mapping | None:
    """A confirmed mapping with the same headers in the same order, which fits the sheet."""
    alike = (each for each in known if each.headers and each.headers == sheet.headers)
    return next((each for each in alike if not ingest.mapping_problems(each, sheet)), None)


def _guessed(sheet: Sheet, guess: Guess) -> SheetProposal:
    return SheetProposal(sheet, guess.mapping, guess.confidence, guess.unsure, guess.alternatives)


def _as_told(path: Path, sheet: Sheet, given: Mapping) -> SheetProposal:
    problems = ingest.mapping_problems(given, sheet)
    if problems:
        raise UnreadableSource(
            f"The mapping does not fit {path.name}: " + "; ".join(problems) + ".",
            way_out="Edit the mapping and try again.",
        )
    return SheetProposal(sheet, replace(given, file=sheet.file, sheet=sheet.sheet, confirmed=True), 1.0, (), ())


def add(folder: Path, found: Survey, desk: Desk, *, best_guess: bool = False) -> Added:
    """Take in the files of a survey; each is whole in the case before the next is begun.

    A file that is there already under the same name and with the same bytes is not taken in again, so that an
    interrupted command can be repeated.

    Raises:
        BadInput: if anything is unsure and ``best_guess`` is not set, or a file is part of the case itself; nothing is
            taken in then.
        CaseBusy: if another process holds the case.
        StorageFailure: if the disk fails; files taken in before stay.
    """
    if found.questions and not best_guess:
        told = "".join(f"\n  - {line}" for line in _open(found))
        raise BadInput(
            f"{len(found.questions)} question{'s are' if len(found.questions) > 1 else ' is'} open:{told}\n",
            expected="An answer to each, at a terminal or in a file (--answers), or --yes to take the best guess.",
            way_out="Nothing was taken in.",
        )
    case = desk.open(folder)
    keep_out(case, found)
    taken, known = [], []
    with case.writing("add"):
        copied = _Copying(desk.progress, [each.path for each in found.proposals])
        for proposal in found.proposals:
            copied.next(proposal.name)
            there = already(case.sources, proposal.path)
            if there is not None:
                known.append(there)
                continue
            sheets = [(each.sheet.sheet, _Writer(at_home(each.mapping, case))) for each in proposal.sheets]
            taken.append(case.take(proposal.path, sheets=sheets, left=proposal.left, who=desk.who, told=copied))
        copied.next("")
        counts = _counts(case, taken, desk)
    return Added(tuple(taken), tuple(known), found.refused, counts, found.passed_over)


class _Copying:
    """How far the copying of files is, by their bytes."""

    def __init__(self, progress: Progress, paths: Sequence[Path]) -> None:
        self._progress, self._doing = progress, ""
        # What is gone meanwhile is refused when its turn comes.
        self._sizes = [path.stat().st_size if path.exists() else 0 for path in paths]
        self._n_begun, self._before = 0, 0

    def next(self, doing: str) -> None:
        """The files so far are done with."""
        self._before, self._n_begun, self._doing = sum(self._sizes[: self._n_begun]), self._n_begun + 1, doing
        self(0)

    def __call__(self, n_bytes: int) -> None:
        """So much of the file in hand is copied."""
        total = sum(self._sizes)
        self._progress("copy", min(self._before + n_bytes, total), total, self._doing)


def keep_out(case: Case, found: Survey) -> None:
    """Refuse files that vialtrace wrote itself: a case that takes itself in would take findings for records.

    Raises:
        BadInput: naming the first such file.
    """
    paths = (*(each.path for each in found.proposals), *(each.path for each in found.refused))
    own = next((path for path in paths if case.is_own(path)), None)
    if own is not None:
        raise BadInput(
            f"{own} is part of the case itself.",
            expected="Files from outside of the case folder.",
            way_out="Name the folder that the records came in.",
        )


def _counts(case: Case, taken: Sequence[SourceFile], desk: Desk) -> dict[int, SheetCount]:
    """Read what was taken in, now and once: the person sees what became of it, and the next run finds it read."""
    sheets = [(source, sheet) for source in taken for sheet in source.taken]
    if not sheets:
        return {}
    engine = Engine(desk.machine, spill=case.cache / f".add-{os.getpid()}.part")
    try:
        reads = read_sheets(case, engine, desk.progress, only=sheets)
        return {read.sheet.taken.source_no: _count(read) for read in reads}
    finally:
        engine.close()


def _count(read: Read) -> SheetCount:
    damaged, short = read.damaged, read.short
    return SheetCount(
        read.count("rows"),
        read.count("quarantine"),
        read.count("set_aside") + read.sheet.staged.n_blank,
        read.count("field_issue") - len(short),
        len(damaged),
        _first_of(damaged, read),
        len(short),
        _first_of(short, read),
    )


def _first_of(told: pa.Table, read: Read) -> str:
    if not len(told):
        return ""
    first = told.slice(0, 1).to_pylist()[0]
    return f"row {first['row_id'] - read.sheet.taken.source_no * 2**32}: {first['reason']}"


def at_home(mapping: Mapping, case: Case) -> Mapping:
    """A guessed mapping in the case's own country, which a telephone number without a country code belongs to."""
    country = case.settings.jurisdiction[:2].upper()
    if mapping.confirmed or not re.fullmatch("[A-Z]{2}", country):
        return mapping
    return replace(mapping, country=country)


@dataclass(frozen=True)
class _Writer:
    """Writes a mapping under the name its file gets in the case."""

    mapping: Mapping

    def __call__(self, name: str) -> str:
        return ingest.to_yaml(replace(self.mapping, file=name))


def _open(found: Survey) -> Iterator[str]:
    for proposal in found.proposals:
        for question in proposal.questions:
            candidates = f" ({', '.join(question.candidates)})" if question.candidates else ""
            yield f"{proposal.name}: {question.what}{candidates}: {question.why}"


def already(known: Sequence[SourceFile], path: Path) -> SourceFile | None:
    """The source that was taken in under the same name with the same bytes, if any."""
    alike = [each for each in known if each.origin == given_name(path) and each.n_bytes == path.stat().st_size]
    if not alike:
        return None
    sha256 = file_digest(path)
    return next((each for each in alike if each.sha256 == sha256), None)
