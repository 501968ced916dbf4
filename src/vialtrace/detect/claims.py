"""The one form in which every detector answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanColumn, FloatingValue, StringValue, Table

COLUMNS = (
    "evidence_id",
    "detector",
    "line",
    "facet",
    "subject_kind",
    "subject_id",
    "object_kind",
    "object_id",
    "relation",
    "claim",
    "weight",
    "test",
    "n_observed",
    "n_expected",
    "p_value",
    "q_value",
    "first_on",
    "last_on",
    "n_rows",
)


@dataclass(frozen=True)
class Detector:
    """One question, the record kinds it cannot do without, and the recipe that answers it with evidence."""

    name: str
    question: str
    needs: tuple[str, ...]
    recipe: Callable[..., Table]


def detector(*needs: str) -> Callable[[Callable[..., Table]], Detector]:
    """Declare a recipe as a detector: its name is the function's, its question the first line of its docstring."""

    def declare(recipe: Callable[..., Table]) -> Detector:
        question = (recipe.__doc__ or "").strip().splitlines()[0]
        return Detector(recipe.__name__, question, needs, recipe)

    return declare


def claims(  # noqa: PLR0913  the columns of evidence, each named where it is filled
    found: Table,
    *,
    detector: str,
    line: str,
    facet: str,
    subject: tuple[str, str],
    claim: StringValue,
    weight: FloatingValue | float,
    other: tuple[str, str] | None = None,
    relation: str = "",
    test: str = "record",
    observed: str = "",
    expected: str = "",
) -> Table:
    """``found`` in the form of evidence, with ``row_ids``.

    ``found`` holds the ends, ``row_ids``, ``first_on``, ``last_on`` and, for a test, its numbers as ``p_value`` and
    ``q_value``. ``subject`` and ``other`` are (kind, column) pairs. Rows of weight zero are left out: a question that
    found nothing is no evidence.
    """
    kind, column = subject
    other_kind, other_column = other or ("", "")
    nothing = ibis.null().cast("float64")
    made = found.mutate(
        detector=ibis.literal(detector),
        line=ibis.literal(line),
        facet=ibis.literal(facet),
        subject_kind=ibis.literal(kind),
        subject_id=found[column],
        object_kind=ibis.literal(other_kind) if other else ibis.null().cast("string"),
        object_id=found[other_column] if other else ibis.null().cast("string"),
        relation=ibis.literal(relation) if relation else ibis.null().cast("string"),
        claim=claim,
        weight=ibis.literal(weight, "float64") if isinstance(weight, float) else weight.cast("float64").round(4),
        test=ibis.literal(test),
        n_observed=found[observed].cast("float64") if observed else nothing,
        n_expected=found[expected].cast("float64").round(6) if expected else nothing,
        p_value=found["p_value"] if "p_value" in found.columns else nothing,
        q_value=found["q_value"] if "q_value" in found.columns else nothing,
        first_on=found["first_on"].cast("date"),
        last_on=found["last_on"].cast("date"),
        n_rows=found["row_ids"].length().cast("int64"),
    )
    told = made.mutate(evidence_id=_evidence_id(made))
    return told.filter(_speaks(told)).select(*COLUMNS, "row_ids")


def with_rows(found: Table, rows: Table, *keys: str) -> Table:
    """``found`` with ``row_ids``: the rows that stand under the same ``keys``, in order, each once.

    They are collected for what was found alone: lists of all that was asked about are many times as many, and lists
    are what an engine cannot put aside on the disk while it counts.
    """
    told = rows.select(*keys, "row_id").semi_join(found, keys)
    listed = told.group_by(keys).agg(row_ids=told.row_id.collect().unique().sort())
    return found.inner_join(listed, keys)


def _evidence_id(made: Table) -> StringValue:
    return ibis.literal("E") + (made.detector + "|" + made.subject_id + "|" + made.object_id.fill_null("")).hexdigest(
        "md5"
    ).substr(0, 15)


def _speaks(told: Table) -> BooleanColumn:
    return (told.weight != 0) & told.subject_id.notnull()


def whole(number: object) -> StringValue:
    """A count as text, for a claim."""
    return number.cast("int64").cast("string")  # type: ignore[attr-defined]
