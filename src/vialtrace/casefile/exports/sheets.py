"""The tables of a case file as rows of values: the same for the workbook and for plain CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from vialtrace.casefile import telling
from vialtrace.casefile.exports.dossier import Dossier
from vialtrace.casefile.view import NetworkView
from vialtrace.casefile.wording import Words
from vialtrace.kit.visible import visible

Value = str | int | float | Decimal | date | datetime | bool | None


@dataclass(frozen=True)
class Sheet:
    """One table: its short name, its title, its headers, its rows, and the column whose values other tables cite."""

    name: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheets(held: Dossier) -> list[Sheet]:
    """Every table of the case file, for all networks together; the first column says which network."""
    made = [_sheet(held, name, title, headers, rows) for name, title, headers, rows in _TABLES]
    sources = tuple(_source(held, row) for row in held.sources)
    return [*made, Sheet("sources", held.words("section.sources"), _source_headers(held.words), sources)]


def safe(value: Value) -> Value:
    """A value that no spreadsheet takes for a formula: hidden characters shown, the rest as it is."""
    return visible(value) if isinstance(value, str) else value


def _sheet(
    held: Dossier,
    name: str,
    title: str,
    headers: Sequence[str],
    rows: Callable[[Dossier, NetworkView], Iterator[tuple[Value, ...]]],
) -> Sheet:
    words = held.words
    shown = tuple(words(f"sheet.{header}") for header in ("network", *headers))
    found = (
        (view.network["network_id"], *(safe(value) for value in row)) for view in held.views for row in rows(held, view)
    )
    return Sheet(name, words(title), shown, tuple(found))


def _members(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for each in view.members:
        given = [each.estimates.get(measure) for measure in ("samples", "received", "kept")]
        figures = [row[end] if row else None for row in given for end in ("low", "value", "high")]
        unit = next((row["unit"] for row in given[1:] if row), None)
        yield (
            each.number,
            each.name,
            held.words.known("party_kind", each.kind),
            held.words.role(each.role),
            round(each.score, 4),
            held.words(f"status.{each.decision}"),
            each.from_on,
            each.to_on,
            *figures,
            unit,
            " ".join(cited.claim.exhibit for cited in each.speaks_for),
            " ".join(cited.claim.exhibit for cited in each.speaks_against),
        )


def _identifiers(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for each in view.members:
        for row in each.identifiers:
            kind, value = row["identifier_type"], row["value"]
            found = held.locators(held.rows_of_identifier(each.party_id, kind, value))
            yield each.number, held.words.known("identifier", kind), value, row["n_rows"], "; ".join(found[:20])


def _claims(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for claim in view.claims.values():
        yield (
            claim.exhibit,
            claim.sentence,
            held.words("mark.fact" if claim.is_fact else "mark.assessment"),
            held.words.line(claim.line),
            held.words.facet(claim.facet),
            claim.weight,
            claim.n_observed,
            claim.n_expected,
            claim.p_value,
            claim.q_value,
            claim.first_on,
            claim.last_on,
            len(claim.row_ids),
            " ".join(member.number for member in view.cited_by(claim.evidence_id)),
        )


def _rows(_: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    """The rows as received that the exhibits print, cell by cell, behind the veil."""
    for number, found in view.exhibits.items():
        for row in found.rows:
            text = "; ".join(f"{cell.header}: {cell.text}" for cell in row.cells)
            yield number, row.file, view.locate.number(row.row_id), row.locator, text


def _flows(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    def called(party_id: str, n: int) -> str:
        return view.veil.called(party_id) if party_id else held.words.one_or_many("flows.clients", n)

    for line in (*view.money.lines, *view.goods.lines):
        yield (
            line.exhibit,
            held.words.known("flow", line.flow),
            called(line.from_id, line.n_from),
            called(line.to_id, line.n_to),
            line.n_rows,
            line.amount,
            line.currency,
            line.first_at,
            line.last_at,
        )


def _trips(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for each in view.trips:
        who = view.veil.called(each.party_id)
        yield "T-1", who, each.at, held.words.known("direction", each.direction), each.port, held.locate(each.row_id)


def _batches(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for each in view.batches:
        rows = "; ".join(held.locators(each.row_ids)[:20])
        yield (
            each.number,
            each.crossed_on,
            each.n_mules,
            each.n_parcels,
            each.n_samples,
            each.pay,
            each.currency,
            each.port,
            rows,
        )


def _seizures(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for number, each in enumerate(view.seizures, start=1):
        yield (
            f"Z-{number}",
            each.seizure_id,
            each.at,
            each.port,
            view.veil.called(each.carrier_id) if each.carrier_id else None,
            view.free(each.row_id, each.material),
            each.quantity,
            each.unit,
            view.free(each.row_id, each.concealment),
            view.free(each.row_id, each.condition),
            each.storage_celsius,
            view.free(each.row_id, each.infectious_result),
            each.n_specimens,
            held.locate(each.row_id),
        )


def _places(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for each in view.places:
        yield held.words.role(each.role), each.address, each.from_on, each.to_on, round(each.weight, 4)


def _regions(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for row in view.regions:
        yield row["region"], held.words.region(row["region"]), row["n_rows"]


def _estimates(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    numbers = {member.party_id: member.number for member in view.members}
    shown = [row for measures in view.estimates.values() for row in measures.values()]
    for row in (*shown, *view.methods):
        yield (
            numbers.get(row["party_id"], "") if row["party_id"] else "",
            held.words.known("measure", row["measure"]),
            held.words("estimates.reconciled")
            if row["method"] == "reconciled"
            else held.words.known("method_name", row["method"]),
            row["low"],
            row["value"],
            row["high"],
            row["unit"],
            view.told(telling.basis(row, held.words)),
            row["n_rows"],
        )


def _provisions(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    exhibits = {name: claim.exhibit for name, claim in view.claims.items()}
    for rule in view.provisions:
        for element in rule.elements:
            yield (
                rule.citation,
                held.words("provisions.exemption" if element.is_exemption else "provisions.element"),
                element.text,
                held.words.known("verdict", element.verdict),
                element.explanation,
                " ".join(exhibits[each] for each in element.evidence_ids if each in exhibits),
            )


def _code_words(held: Dossier, view: NetworkView) -> Iterator[tuple[Value, ...]]:
    for word, example in view.code_words:
        yield word.word, held.words.known("topic", word.topic), word.n_rows, example, held.locate(word.row_id)


def _source_headers(words: Words) -> tuple[str, ...]:
    return (*(words.label("source", name) for name in _SOURCE), words("sources.received"), words("grade.column"))


def _source(held: Dossier, row: dict[str, Value]) -> tuple[Value, ...]:
    received = held.case.taken_in.get(str(row["file"]), ("", ""))[0]
    grade = held.case.grades.get(str(row["file"]), (held.words("grade.none"),))[0]
    told = (safe(held.words.record(str(row[name])) if name == "kind" else row[name]) for name in _SOURCE)
    return (*told, received, grade)


_SOURCE = (
    "source_no",
    "file",
    "sheet",
    "sha256",
    "kind",
    "n_bytes",
    "n_file_rows",
    "n_header_rows",
    "n_rows",
    "n_quarantined",
    "n_set_aside",
    "n_duplicates",
)

_TABLES: tuple[tuple[str, str, tuple[str, ...], Callable[[Dossier, NetworkView], Iterator[tuple[Value, ...]]]], ...] = (
    (
        "members",
        "section.cast",
        (
            "number",
            "name",
            "kind",
            "role",
            "confidence",
            "status",
            "from",
            "to",
            "samples_low",
            "samples",
            "samples_high",
            "received_low",
            "received",
            "received_high",
            "kept_low",
            "kept",
            "kept_high",
            "currency",
            "exhibits",
            "against",
        ),
        _members,
    ),
    ("identifiers", "cast.identifiers", ("number", "type", "value", "n_rows", "rows"), _identifiers),
    (
        "claims",
        "exhibits.C",
        (
            "exhibit",
            "claim",
            "mark",
            "line",
            "facet",
            "weight",
            "observed",
            "expected",
            "p",
            "q",
            "from",
            "to",
            "n_rows",
            "members",
        ),
        _claims,
    ),
    (
        "flows",
        "section.funds",
        ("exhibit", "flow", "giver", "taker", "n_rows", "amount", "currency", "from", "to"),
        _flows,
    ),
    ("trips", "movement.trips", ("exhibit", "traveller", "at", "direction", "port", "row"), _trips),
    (
        "batches",
        "movement.batches",
        ("number", "crossed", "n_mules", "n_parcels", "samples", "pay", "currency", "port", "rows"),
        _batches,
    ),
    (
        "seizures",
        "section.seizures",
        (
            "exhibit",
            "seizure",
            "at",
            "port",
            "carrier",
            "material",
            "quantity",
            "unit",
            "concealment",
            "condition",
            "celsius",
            "infectious",
            "n_tubes",
            "row",
        ),
        _seizures,
    ),
    ("places", "regions.places", ("role", "address", "from", "to", "weight"), _places),
    ("regions", "figure.regions", ("code", "name", "n_rows"), _regions),
    (
        "estimates",
        "section.estimates",
        ("member", "measure", "method", "low", "estimate", "high", "unit", "basis", "n_rows"),
        _estimates,
    ),
    (
        "provisions",
        "section.provisions",
        ("citation", "sort", "element", "verdict", "explanation", "exhibits"),
        _provisions,
    ),
    ("code_words", "section.glossary", ("word", "topic", "n_rows", "example", "row"), _code_words),
    ("rows", "section.exhibits", ("exhibit", "file", "row_no", "row", "text"), _rows),
)
