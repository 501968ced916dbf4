"""One sheet that the case holds: how it is read, its quarantine, and another way to read it, tried before kept."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from vialtrace import ingest, pipeline
from vialtrace.actions.adding import SheetProposal
from vialtrace.actions.answering import answered, choices, fields_for, needs_origin, rekinded, remapped
from vialtrace.actions.desk import Desk
from vialtrace.actions.judged import graded
from vialtrace.casefile.masking import masked
from vialtrace.casefile.shelf import Shelf
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.ids import digest, row_id
from vialtrace.model import RECORDS, table
from vialtrace.model.mapping import Mapping, Question, Repair
from vialtrace.pipeline import StagedSheet
from vialtrace.store import Case, Engine

_SAMPLES = 3
_MOST_QUARANTINED = 200

Told = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """Another way to read a sheet: its kind, the field of each column, and answers to what that leaves unsure.

    ``fields`` are by header, or one for each column in order; blank is not read. An answer is a candidate, or its place
    among the choices.
    """

    kind: str = ""
    fields: Mapping_[str, str] | Sequence[str] = ()
    answers: Mapping_[str, str | int] = field(default_factory=dict)
    origins: Mapping_[str, str] = field(default_factory=dict)


_AS_IT_IS = Reading()


def sheet_told(folder: Path, number: int, desk: Desk, reading: Reading = _AS_IT_IS) -> Told:
    """How one sheet of the case is read, or would be: each column with examples, and what becomes of its rows.

    The first rows are read anew; so are, all of them, the rows that the last run quarantined. Values that could
    identify a person are masked. Nothing is changed.

    Raises:
        UnknownName: if no sheet has that number.
        BadMapping: if the fields do not fit the sheet.
    """
    case = desk.open(folder)
    sheet, now = _sheet(case, number)
    proposal = _proposed(sheet, now, reading)
    mapping = proposal.mapping
    quarantined = _quarantined(case, number)
    first, n_read_now = _as_run(case, sheet, mapping) if mapping == now else None, 0
    if first is None:
        first, n_read_now = _tried(case, sheet, mapping, desk, [each["row_no"] for each in quarantined])
    return {
        "number": number,
        "file": sheet.source.name,
        "sheet": sheet.taken.sheet,
        "grade": graded(case, sheet.source.name),
        "mapping": sheet.taken.mapping,
        "confirmed": now.confirmed,
        "kind": mapping.kind,
        "kinds": list(RECORDS),
        "fields": fields_for(mapping.kind),
        "columns": _columns(sheet, mapping, first),
        "constants": dict(mapping.constants),
        "questions": [_question(each) for each in proposal.questions],
        "repairs": _repairs(sheet, now),
        "is_changed": mapping.readings != now.readings or mapping.kind != now.kind,
        "first": {
            "n": first.received.num_rows,
            "n_read": first.rows.num_rows,
            "n_quarantined": first.quarantine.num_rows,
            "n_set_aside": first.set_aside.num_rows,
            "faults": _faults(first),
        },
        "quarantined": {
            "n": len(quarantined),
            "n_read_now": n_read_now,
            "rows": [
                {
                    "row": f"{sheet.shown}:{each['row_no']}",
                    "row_no": each["row_no"],
                    "column": _column_of(now, each["field"] or ""),
                    "field": each["field"] or "",
                    "reason": each["reason"],
                    "example": masked(each["kind"], each["field"] or "", each["raw"]) if each["raw"] else "",
                }
                for each in quarantined[:_MOST_QUARANTINED]
            ],
        },
    }


def read_otherwise(folder: Path, number: int, desk: Desk, reading: Reading, *, why: str) -> Told:
    """Keep another way to read a sheet of the case: its mapping is rewritten, and every version of it is kept.

    The next run reads the sheet so.

    Raises:
        BadInput: if the reason is missing, nothing differs, or a question is open.
        BadMapping: if the fields do not fit the sheet.
    """
    if not why.strip():
        raise BadInput("A changed mapping needs a reason.", expected="A sentence; it is kept in the ledger.")
    case = desk.open(folder)
    sheet, now = _sheet(case, number)
    proposal = _proposed(sheet, now, reading)
    if proposal.questions:
        raise BadInput(
            "Questions are open: " + "; ".join(each.what for each in proposal.questions) + ".",
            expected="An answer to each.",
            way_out="Preview it, and answer.",
        )
    mapping = replace(proposal.mapping, confirmed=True)
    text, before = ingest.to_yaml(mapping), case.mapping_text(sheet.taken.mapping)
    if text == before:
        raise BadInput("The sheet is read so already.", expected="Another field or kind.")
    with case.writing("mapping"):
        case.rewrite_mapping(sheet.taken.mapping, text, who=desk.who, why=why)
    return {"number": number, "mapping": sheet.taken.mapping, "kind": mapping.kind}


def repair(folder: Path, number: int, row_no: int, column: str, desk: Desk, *, text: str | None, why: str) -> Told:
    """Put one cell of a sheet right, or with ``text`` None read it again as it was received; the file stays as it is.

    The row is read at once, and what became of it is told; the next run reads it so. The mapping's new version, its
    author and the reason stand in the ledger.

    Raises:
        UnknownName: if there is no such sheet, row or column.
        BadInput: if the reason is missing, or nothing would change.
    """
    if not why.strip():
        raise BadInput("A repair needs a reason.", expected="A sentence; it is kept in the ledger.")
    case = desk.open(folder)
    sheet, now = _sheet(case, number)
    if column not in sheet.sheet.headers:
        raise UnknownName("column of this sheet", column, list(sheet.sheet.headers))
    was = _cell(case, sheet, row_no, column)
    others = tuple(each for each in now.repairs if (each.row, each.column) != (row_no, column))
    stood = next((each.text for each in now.repairs if (each.row, each.column) == (row_no, column)), was)
    given = was if text is None else text.strip()
    if given == stood:
        raise BadInput("The cell is read so already.", expected="Another text.")
    if len(others) >= ingest.MOST_REPAIRS:
        raise BadInput(
            f"{len(others)} cells of this sheet are repaired already.",
            expected=f"At most {ingest.MOST_REPAIRS}.",
            way_out="Add a corrected file, or change how the column is read.",
        )
    added = () if given == was else (Repair(row_no, column, given, was),)
    repairs = tuple(sorted((*others, *added), key=lambda each: (each.row, each.column)))
    mapping = replace(now, repairs=repairs, confirmed=True)
    with case.writing("mapping"):
        case.rewrite_mapping(sheet.taken.mapping, ingest.to_yaml(mapping), who=desk.who, why=why)
    part, n_read = _tried(case, sheet, mapping, desk, [row_no], only=True)
    faults = [row for rows in (part.quarantine, part.issues) for row in rows.to_pylist()]
    return {
        "number": number,
        "row": f"{sheet.shown}:{row_no}",
        "column": column,
        "is_read": n_read > 0,
        "faults": [{"field": row["field"] or "", "reason": row["reason"]} for row in faults],
    }


def _cell(case: Case, sheet: StagedSheet, row_no: int, column: str) -> str:
    """The text of one cell as received; empty where nothing stands in it."""
    wanted = row_id(sheet.taken.source_no, row_no) if 0 < row_no < 2**32 else -1
    found = pipeline.received(case, [wanted]) if wanted >= 0 else {}
    if wanted not in found:
        raise UnknownName("row of this sheet", str(row_no), [], way_out="A row's number as the quarantine shows it.")
    return found[wanted].get(column, "") or ""


def _repairs(sheet: StagedSheet, mapping: Mapping) -> list[Told]:
    """The cells that people put right, masked as their column is."""
    names = {column: each.field for each in mapping.readings for column in each.columns}

    def shown(column: str, text: str) -> str:
        return masked(mapping.kind, names.get(column, ""), text)[:80] if text else ""

    return [
        {
            "row": f"{sheet.shown}:{each.row}",
            "row_no": each.row,
            "column": each.column,
            "was": shown(each.column, each.was),
            "text": shown(each.column, each.text),
        }
        for each in mapping.repairs
    ]


def _as_run(case: Case, sheet: StagedSheet, mapping: Mapping) -> pipeline.Part | None:
    """The first rows as the last run has read them; none where it read them in another way, or not at all."""
    if not case.runs:
        return None
    made = case.runs[-1]
    text = case.mapping_text(sheet.taken.mapping)
    is_same = made.manifest["inputs"]["mappings"].get(sheet.taken.mapping) == digest(text.encode())
    return pipeline.part_of_run(sheet, mapping, made.tables) if is_same else None


def _tried(
    case: Case, sheet: StagedSheet, mapping: Mapping, desk: Desk, row_nos: Sequence[int], *, only: bool = False
) -> tuple[pipeline.Part, int]:
    """The first rows (with ``only`` those numbered) read with a mapping, and how many of those numbered it reads."""
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as beside:
        engine = Engine(desk.machine, spill=Path(beside) / "spill")
        try:
            if only:
                part = pipeline.read_part(case, engine, sheet, mapping, row_nos=row_nos)
                return part, part.rows.num_rows
            first = pipeline.read_part(case, engine, sheet, mapping)
            again = pipeline.read_part(case, engine, sheet, mapping, row_nos=row_nos).rows.num_rows if row_nos else 0
        finally:
            engine.close()
    return first, again


def _sheet(case: Case, number: int) -> tuple[StagedSheet, Mapping]:
    listed = {taken.source_no: (source, taken) for source, taken in pipeline.sheets_of(case)}
    if number not in listed:
        raise UnknownName("sheet, by its number", str(number), [str(each) for each in listed])
    sheet = pipeline.staged(case, *listed[number])
    return sheet, pipeline.mapping_of(case, sheet)


def _proposed(sheet: StagedSheet, now: Mapping, reading: Reading) -> SheetProposal:
    proposal = SheetProposal(sheet.sheet, now, now.confidence, (), ())
    if reading.kind and reading.kind != now.kind:
        proposal = rekinded(proposal, reading.kind)
        now = proposal.mapping
    if reading.fields and set(_named(sheet, reading)) <= {"", *fields_for(now.kind)}:
        by_header = dict(zip(sheet.sheet.headers, _named(sheet, reading), strict=False))
        proposal = remapped(proposal, {header: name for header, name in by_header.items() if name})
    for question in proposal.questions:
        if question.what in reading.answers:
            given, offered = reading.answers[question.what], choices(question)
            is_place = isinstance(given, int) and 0 <= given < len(offered)
            text = offered[given] if is_place else str(given)  # type: ignore[index]
            proposal = answered(proposal, question, text, origin=reading.origins.get(question.what, ""))
    return proposal


def _named(sheet: StagedSheet, reading: Reading) -> list[str]:
    fields = reading.fields
    return [fields.get(header, "") for header in sheet.sheet.headers] if isinstance(fields, Mapping_) else list(fields)


def _quarantined(case: Case, number: int) -> list[dict[str, Any]]:
    """The rows of a sheet that the last run could not read."""
    if not case.runs:
        return []
    rows = Shelf(case.runs[-1].tables).all_rows("quarantine")
    first = number * 2**32
    return [{**row, "row_no": row["row_id"] - first} for row in rows if 0 <= row["row_id"] - first < 2**32]


def _column_of(mapping: Mapping, name: str) -> str:
    """The column a field is read from; empty where it has none."""
    reading = mapping.reading(name)
    return reading.column if reading else ""


def _columns(sheet: StagedSheet, mapping: Mapping, part: pipeline.Part) -> list[Told]:
    """Every column with its field, how sure that is, and examples as received and as read, masked."""
    known = {each.column: each for each in mapping.readings}
    names = set(table(mapping.kind).names)
    base = sheet.taken.source_no * 2**32
    read = {row["row_id"] - base: row for row in part.rows.to_pylist()}
    received = sorted(part.received.to_pylist(), key=lambda row: (row["row_no"] not in read, row["row_no"]))
    told = []
    for place, header in enumerate(sheet.sheet.headers):
        name = known[header].field if header in known else ""
        found: dict[str, str] = {}
        for row in received:
            text = row.get(f"c{place}")
            if text is not None and text not in found and len(found) < _SAMPLES:
                value = read.get(row["row_no"], {}).get(name) if name in names else None
                found[text] = "" if value is None else masked(mapping.kind, name, str(value))
        told.append(
            {
                "column": header,
                "field": name,
                "confidence": known[header].confidence if header in known else None,
                "examples": [
                    {"before": masked(mapping.kind, name, text)[:80], "after": after[:80]}
                    for text, after in found.items()
                ],
            }
        )
    return told


def _question(question: Question) -> Told:
    offered = [{"text": each, "needs_day": needs_origin(each)} for each in choices(question)]
    return {**{key: value for key, value in asdict(question).items() if key in {"what", "why"}}, "choices": offered}


def _faults(part: pipeline.Part) -> list[Told]:
    counted = Counter(
        (row["field"] or "", row["reason"], is_lost)
        for rows, is_lost in ((part.quarantine, True), (part.issues, False))
        for row in rows.to_pylist()
    )
    return [
        {"field": name, "reason": reason, "n": n, "is_row_lost": is_lost}
        for (name, reason, is_lost), n in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
