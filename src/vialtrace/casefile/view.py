"""Everything the page of one network shows, gathered once, with each figure tied to its exhibit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile import drawings, summary
from vialtrace.casefile.cast import Member, cast, estimates_of
from vialtrace.casefile.cells import Fields, Notes, RowViewer
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.exhibits import ROWS_OF_A_CLAIM, ROWS_OF_A_FLOW, Exhibit, exhibit, spread
from vialtrace.casefile.facts import Pseudonym, Received
from vialtrace.casefile.flows import GOODS_FLOWS, MONEY_FLOWS, FlowTable, Month, lines, months, network_flows
from vialtrace.casefile.gaps import Gaps, gaps
from vialtrace.casefile.glossary import CodeWord, around, glossary
from vialtrace.casefile.movement import MOST_BATCHES, MOST_TRIPS, Batch, Seizure, Traveller, Trip, batches, seizures, trips
from vialtrace.casefile.places import Place, places
from vialtrace.casefile.provisions import Provision, provisions
from vialtrace.casefile.scrub import Scrubber, scrubber
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.casefile.veil import Veil, veil
from vialtrace.casefile.wording import Words, count


@dataclass(frozen=True)
class Figures:
    """The first page."""

    figures: Sequence[summary.Figure]
    facets: Sequence[summary.Support]
    lines: Sequence[summary.Support]
    roles: Sequence[tuple[str, list[Member]]]


@dataclass(frozen=True)
class NetworkView:
    """What the template of a network's page reads; its names are the template's vocabulary."""

    network: Row
    title: str
    locate: Locator
    veil: Veil
    summary: Figures
    members: Sequence[Member]
    claims: Mapping[str, Claim]
    charts: drawings.Drawings
    months: Sequence[Month]
    money: FlowTable
    goods: FlowTable
    trips: Sequence[Trip]
    travellers: Sequence[Traveller]
    batches: Sequence[Batch]
    seizures: Sequence[Seizure]
    places: Sequence[Place]
    regions: Sequence[Row]
    code_words: Sequence[tuple[CodeWord, str]]
    estimates: Mapping[str, Mapping[str, Row]]
    methods: Sequence[Row]
    provisions: Sequence[Provision]
    gaps: Gaps
    exhibits: Mapping[str, Exhibit]

    def member_of(self, party_id: str) -> Member | None:
        """The member a party is, if it is one."""
        return next((member for member in self.members if member.party_id == party_id), None)

    def cited_by(self, evidence_id: str) -> list[Member]:
        """The members a claim counts for or against."""
        return [member for member in self.members
                if any(each.claim.evidence_id == evidence_id for each in (*member.speaks_for, *member.speaks_against))]

    def against(self) -> list[Claim]:
        """The claims that speak against, weightiest first."""
        against = {each.claim.evidence_id for member in self.members for each in member.speaks_against}
        chosen = [claim for claim in self.claims.values() if claim.is_against or claim.evidence_id in against]
        return sorted(chosen, key=lambda claim: (claim.weight, claim.exhibit))

    def weakest(self) -> list[Member]:
        """The three members with the least confidence."""
        return sorted(self.members, key=lambda member: (member.score, member.number))[:3]


def network_view(  # noqa: PLR0913
    shelf: Shelf, network_id: str, words: Words, *, received: Received, pseudonym: Pseudonym, fields: Fields, title: str
) -> NetworkView:
    """Gather what the page of a network shows.

    Args:
        shelf: the tables.
        network_id: the network.
        words: the page's language.
        received: gives rows as received.
        pseudonym: gives a party's keyed pseudonym.
        fields: the mappings of the sources, as far as given.
        title: the case's name.
    """
    hidden = veil(shelf, network_id, pseudonym=pseudonym)
    flows = network_flows(shelf, network_id)
    rules = provisions(shelf, network_id)
    cited = frozenset(each for rule in rules for element in rule.elements for each in element.evidence_ids)
    found = claims(shelf, network_id, hidden, scrubber(shelf, hidden, _ends(shelf, flows)), also=cited)
    shown, methods = estimates_of(shelf, network_id)
    members = cast(shelf, network_id, hidden, found, shown, flows)
    money, goods = lines(flows, MONEY_FLOWS, hidden, prefix="F"), lines(flows, GOODS_FLOWS, hidden, prefix="P")
    each_trip, travellers = trips(shelf, flows)
    seized = seizures(shelf, flows)
    by_month = months(flows)
    (network,) = shelf.rows("network", "network_id", [network_id])
    regions = sorted(shelf.rows("network_region", "network_id", [network_id]), key=lambda row: (-(row["n_rows"] or 0), row["region"] or ""))
    wanted = _wanted(found, money, goods, each_trip, seized)
    code_words = glossary(shelf, set(flows["row_id"].to_pylist()) | {row for claim in found.values() for row in claim.row_ids})
    viewer, raw = _viewer(shelf, hidden, flows, wanted, [word.row_id for word in code_words], received, fields, words)
    locate = Locator.of(shelf)
    return NetworkView(
        network, title, locate, hidden,
        Figures(summary.figures(words, network, members, shown.get("", {}), regions, len(seized)), summary.by_facet(words, found),
                summary.by_line(words, found), summary.who_by_role(members)),
        members, found, drawings.drawings(words, network, members, found, by_month, regions, shelf), by_month, money, goods,
        each_trip[:MOST_TRIPS], travellers, batches(shelf, network_id)[:MOST_BATCHES], seized, places(shelf, network_id, hidden),
        regions, [(word, around(viewer.text(word.row_id, word.text), word.word)) for word in code_words], shown, methods, rules,
        gaps(shelf, members, by_month),
        {number: exhibit(number, row_ids, most=most, viewer=viewer, raw=raw, locate=locate) for number, (row_ids, most) in wanted.items()},
    )


def _ends(shelf: Shelf, flows: pa.Table) -> set[str]:
    """Everybody whom the network's flows name, and every protected party that its claims are about."""
    ends = set(pc.unique(flows["from_id"]).to_pylist()) | set(pc.unique(flows["to_id"]).to_pylist())
    evidence = shelf.arrow("evidence")
    for end in ("subject", "object"):
        ends |= set(pc.unique(evidence.filter(pc.equal(evidence[f"{end}_kind"], "party"))[f"{end}_id"]).to_pylist())
    return ends - {None}


def _wanted(
    found: Mapping[str, Claim], money: FlowTable, goods: FlowTable, each_trip: Sequence[Trip], seized: Sequence[Seizure]
) -> dict[str, tuple[tuple[int, ...], int]]:
    """The exhibits to make: number to the rows behind it and how many of them to print."""
    wanted = {claim.exhibit: (claim.row_ids, ROWS_OF_A_CLAIM) for claim in found.values()}
    wanted |= {line.exhibit: (line.row_ids, ROWS_OF_A_FLOW) for line in (*money.lines, *goods.lines)}
    if each_trip:
        wanted["T-1"] = (tuple(trip.row_id for trip in each_trip[:MOST_TRIPS]), MOST_TRIPS)
    return wanted | {f"Z-{number}": ((seizure.row_id,), 1) for number, seizure in enumerate(seized, start=1)}


def _viewer(  # noqa: PLR0913
    shelf: Shelf, hidden: Veil, flows: pa.Table, wanted: Mapping[str, tuple[tuple[int, ...], int]], others: Iterable[int],
    received: Received, fields: Fields, words: Words,
) -> tuple[RowViewer, dict[int, dict[str, str]]]:
    """The viewer of all rows that any exhibit prints, and those rows as received."""
    printed = sorted({row_id for row_ids, most in wanted.values() for row_id in spread(row_ids, most)})
    looked_at = sorted({*printed, *others})
    named = set(shelf.where("mention", "row_id", looked_at)["party_id"].to_pylist()) - {None}
    known: Scrubber = scrubber(shelf, hidden, named | _ends(shelf, flows))
    notes = Notes(words("cell.withheld"), words("cell.cut"))
    viewer = RowViewer(shelf, hidden, known, looked_at, fields=fields, notes=notes)
    return viewer, received(printed) if printed else {}


def described(words: Words, done: Row, money_text: str) -> str:
    """What a member did, as a phrase: ``received 412 sample parcels``."""
    values: dict[str, Any] = {"n": count(done["n"]), "money": words("act.money", money=money_text) if money_text else ""}
    return words(f"act.{done['end']}.{done['flow']}", **values)
