"""The claims a network rests on, numbered as exhibits, each as a sentence with its test and its rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from vialtrace.casefile.places import addresses
from vialtrace.casefile.scrub import Knowing, Scrubber
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.telling import sentence
from vialtrace.casefile.veil import Veil
from vialtrace.casefile.wording import Words
from vialtrace.model.tables import FACETS, LINES


@dataclass(frozen=True)
class Claim:
    """One piece of evidence: the sentence, what it counts, and the rows behind it.

    ``is_fact`` is true where a row states it, false where a test or a comparison concludes it.
    """

    exhibit: str
    evidence_id: str
    sentence: str
    detector: str
    line: str
    facet: str
    weight: float
    is_fact: bool
    test: str
    n_observed: float | None
    n_expected: float | None
    p_value: float | None
    q_value: float | None
    first_on: date | None
    last_on: date | None
    row_ids: tuple[int, ...]
    ends: tuple[tuple[str, str], ...]
    relation: str

    @property
    def is_against(self) -> bool:
        """Whether it speaks against what is alleged."""
        return self.weight < 0


def claims(
    shelf: Shelf,
    network_id: str,
    veil: Veil,
    scrubber: Scrubber | Knowing,
    words: Words,
    *,
    also: frozenset[str] = frozenset(),
) -> dict[str, Claim]:
    """The claims of a network by evidence id, in the order of their exhibit numbers.

    Args:
        shelf: the tables.
        network_id: the network.
        veil: who may be named.
        scrubber: takes out whom a sentence names all the same; or what makes one for the sentences there are.
        words: the language.
        also: claims to add to those about members, such as those a provision cites.
    """
    wanted = set(shelf.where("member_evidence", "network_id", [network_id])["evidence_id"].to_pylist()) | also
    rows = sorted(shelf.rows("evidence", "evidence_id", wanted), key=_order)
    row_ids = rows_of(shelf, wanted)
    ends = {row[f"{end}_id"] for row in rows for end in ("subject", "object") if row[f"{end}_kind"] == "place"}
    shown = addresses(shelf, ends - {None}, veil), words("place.elsewhere")
    told = {row["evidence_id"]: sentence(row, words, len(row_ids.get(row["evidence_id"], ()))) for row in rows}
    known = scrubber if isinstance(scrubber, Scrubber) else scrubber(told.values())
    return {
        row["evidence_id"]: _claim(
            f"C-{number}", row, row_ids.get(row["evidence_id"], ()), veil, known, shown, told[row["evidence_id"]]
        )
        for number, row in enumerate(rows, start=1)
    }


def rows_of(shelf: Shelf, evidence_ids: set[str]) -> dict[str, tuple[int, ...]]:
    """The rows behind each claim, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    chosen = shelf.where("evidence_row", "evidence_id", evidence_ids)
    for evidence_id, row_id in zip(chosen["evidence_id"].to_pylist(), chosen["row_id"].to_pylist(), strict=True):
        found[evidence_id].append(row_id)
    return {evidence_id: tuple(sorted(rows)) for evidence_id, rows in found.items()}


def _order(row: Row) -> tuple[Any, ...]:
    facets, lines = list(FACETS), list(LINES)
    return (
        facets.index(row["facet"]) if row["facet"] in facets else len(facets),
        lines.index(row["line"]) if row["line"] in lines else len(lines),
        row["first_on"] or date.max,
        row["evidence_id"],
    )


def _claim(
    exhibit: str,
    row: Row,
    row_ids: tuple[int, ...],
    veil: Veil,
    scrubber: Scrubber,
    places: tuple[dict[str, str], str],
    text: str,
) -> Claim:
    ends = tuple(
        (row[f"{end}_kind"], veil.as_member(row[f"{end}_id"]))
        for end in ("subject", "object")
        if row[f"{end}_id"] is not None
    )
    told = scrubber.scrub(text, mask_numbers=False)
    for end in ("subject", "object"):
        called = _called(row[f"{end}_kind"], row[f"{end}_id"], veil, *places)
        told = told.replace("{" + end + "}", called)
    return Claim(
        exhibit,
        row["evidence_id"],
        told,
        row["detector"],
        row["line"],
        row["facet"],
        row["weight"] or 0.0,
        row["test"] == "record",
        row["test"],
        row["n_observed"],
        row["n_expected"],
        row["p_value"],
        row["q_value"],
        row["first_on"],
        row["last_on"],
        row_ids,
        ends,
        row["relation"] or "",
    )


def _called(kind: str | None, end_id: str | None, veil: Veil, places: dict[str, str], elsewhere: str) -> str:
    if end_id is None:
        return ""
    if kind == "place":
        return places.get(end_id, elsewhere)
    return veil.called(end_id)
