"""All detectors asked in turn: their answers become one table of claims, with the rows behind each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vialtrace.model import RECORDS, Column, table
from vialtrace.pipeline.order import keywords
from vialtrace.pipeline.stages import questions
from vialtrace.store import Answering, Settings
from vialtrace.store.form import arrow_schema, empty

_ANSWER = replace(
    table("claim"),
    name="answer",
    columns=(*table("claim").columns, Column("row_ids", "row_ids", "The rows behind it.")),
)
"""What a detector returns: claims, each with its rows."""


def ask(engine: Answering, settings: Settings, folder: Path) -> None:
    """Write ``claim``, ``claim_row`` and ``unasked``: a detector whose record kinds are absent is not asked."""
    absent = {kind for kind in RECORDS if not engine.has_rows(kind)}
    answers, unasked = [], []
    for detector, step in questions():
        missing = [kind for kind in detector.needs if kind in absent]
        if missing:
            unasked.append({"detector": detector.name, "question": detector.question, "missing": missing})
            continue
        answer = step.function(*(engine.table(name) for name in step.needs), **keywords(step, settings, engine.backend))
        answers.append(_answer(engine, answer, detector.name))
    claims = ibis.union(*answers) if len(answers) > 1 else answers[0] if answers else None
    declared, rows = table("claim"), table("claim_row")
    engine.write(declared, claims.select(*declared.names) if claims is not None else empty(declared), folder)
    engine.write(rows, _rows(claims) if claims is not None else empty(rows), folder)
    engine.write(table("unasked"), pa.Table.from_pylist(unasked, schema=arrow_schema(table("unasked"))), folder)


def _answer(engine: Answering, answer: ir.Table, name: str) -> ir.Table:
    """What one detector answers, computed once."""
    return engine.save(answer.select(*_ANSWER.names), engine.spill / f"answer-{name}.parquet", declared=_ANSWER)


def _rows(claims: ir.Table) -> ir.Table:
    """The rows behind each claim, one by one."""
    return (
        claims.select("evidence_id", row_id=claims["row_ids"].unnest())
        .filter(lambda each: each["row_id"].notnull())
        .distinct()
    )
