"""Everything the page of one network shows, gathered once, with each figure tied to its exhibit."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from vialtrace.casefile import drawings, summary
from vialtrace.casefile.cast import Member, cast, decisions, estimates_of
from vialtrace.casefile.cells import Fields, Notes, RowViewer
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.exhibits import ROWS_OF_A_CLAIM, ROWS_OF_A_FLOW, Exhibit, exhibit, spread, twins_of
from vialtrace.casefile.facts import Pseudonym, Received
from vialtrace.casefile.flows import GOODS_FLOWS, MONEY_FLOWS, FlowTable, Month, lines, months, named_in, network_flows
from vialtrace.casefile.gaps import Gaps, gaps
from vialtrace.casefile.glossary import CodeWord, around, glossary
from vialtrace.casefile.movement import (
    MOST_BATCHES,
    MOST_TRIPS,
    Batch,
    Seizure,
    Traveller,
    Trip,
    batches,
    seizures,
    trips,
)
from vialtrace.casefile.places import Place, places
from vialtrace.casefile.provisions import Element, Provision, provisions
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
    viewer: RowViewer
    scrubber: Scrubber
    status: str

    def free(self, row_id: int, text: str) -> str:
        """Free text of a row, without those who may not be named."""
        return self.viewer.text(row_id, text)

    def told(self, text: str) -> str:
        """A sentence that some stage wrote, without those who may not be named."""
        return self.scrubber.scrub(text, mask_numbers=False)

    def cited(self, evidence_ids: Iterable[str]) -> list[Claim]:
        """The claims with these ids, in the order of their exhibits."""
        return [claim for evidence_id, claim in self.claims.items() if evidence_id in set(evidence_ids)]

    def law_against(self) -> list[tuple[Provision, Element]]:
        """Elements the evidence contradicts, and exemptions it supports."""
        return [
            (rule, element)
            for rule in self.provisions
            for element in rule.elements
            if element.verdict == ("supported" if element.is_exemption else "contradicted")
        ]

    def command(self, what: str) -> str:
        """What to type to list every row behind a claim or a network."""
        return f"vialtrace show {shlex.quote(self.title)} {what}"

    def described(self, words: Words, act: Row, money_text: str) -> str:
        """What a member did, as a phrase: ``received 412 sample parcels``."""
        key = f"act.{act['end']}.{act['flow']}"
        return words(key, n=count(act["n"]), money=words("act.money", money=money_text) if money_text else "")

    def member_of(self, party_id: str) -> Member | None:
        """The member a party is, if it is one."""
        return next((member for member in self.members if member.party_id == self.veil.as_member(party_id)), None)

    def cited_by(self, evidence_id: str) -> list[Member]:
        """The members a claim counts for or against."""
        return [
            member
            for member in self.members
            if any(each.claim.evidence_id == evidence_id for each in (*member.speaks_for, *member.speaks_against))
        ]

    def against(self) -> list[Claim]:
        """The claims that speak against, weightiest first."""
        against = {each.claim.evidence_id for member in self.members for each in member.speaks_against}
        chosen = [claim for claim in self.claims.values() if claim.is_against or claim.evidence_id in against]
        return sorted(chosen, key=lambda claim: (claim.weight, claim.exhibit))

    def weakest(self) -> list[Member]:
        """The three members with the least confidence."""
        return sorted(self.members, key=lambda member: (member.score, member.number))[:3]


def network_view(
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
    flows = network_flows(shelf, network_id, hidden)
    rules = provisions(shelf, network_id, language=words.language)
    cited = frozenset(each for rule in rules for element in rule.elements for each in element.evidence_ids)
    found = claims(shelf, network_id, hidden, scrubber(shelf, hidden, named_in(shelf, flows)), words, also=cited)
    shown, methods = estimates_of(shelf, network_id)
    members = cast(shelf, network_id, hidden, found, shown, flows)
    money, goods = lines(flows, MONEY_FLOWS, hidden, prefix="F"), lines(flows, GOODS_FLOWS, hidden, prefix="P")
    each_trip, travellers = trips(shelf, flows, hidden)
    seized = seizures(shelf, flows, hidden)
    by_month = months(flows)
    (network,) = shelf.rows("network", "network_id", [network_id])
    regions = sorted(
        shelf.rows("network_region", "network_id", [network_id]),
        key=lambda row: (-(row["n_rows"] or 0), row["region"] or ""),
    )
    wanted = _wanted(found, money, goods, each_trip, seized)
    code_words = glossary(
        shelf, set(flows["row_id"].to_pylist()) | {row for claim in found.values() for row in claim.row_ids}
    )
    viewer, raw = _viewer(shelf, hidden, flows, wanted, [word.row_id for word in code_words], received, fields, words)
    locate, twins = Locator.of(shelf), twins_of(shelf, raw)
    return NetworkView(
        network,
        title,
        locate,
        hidden,
        Figures(
            summary.figures(words, network, members, shown.get("", {}), regions, len(seized)),
            summary.by_facet(words, found),
            summary.by_line(words, found),
            summary.who_by_role(members),
        ),
        members,
        found,
        drawings.drawings(words, network, members, found, by_month, regions, (*money.lines, *goods.lines), shelf),
        by_month,
        money,
        goods,
        each_trip[:MOST_TRIPS],
        travellers,
        batches(shelf, network_id)[:MOST_BATCHES],
        seized,
        places(shelf, network_id, hidden),
        regions,
        [(word, around(viewer.text(word.row_id, word.text), word.word)) for word in code_words],
        shown,
        methods,
        rules,
        gaps(shelf, members, by_month),
        {
            number: exhibit(number, row_ids, most=most, viewer=viewer, raw=raw, locate=locate, twins=twins)
            for number, (row_ids, most) in wanted.items()
        },
        viewer,
        viewer.scrubber,
        decisions(shelf, network_id).get(network_id, "none"),
    )


def _wanted(
    found: Mapping[str, Claim], money: FlowTable, goods: FlowTable, each_trip: Sequence[Trip], seized: Sequence[Seizure]
) -> dict[str, tuple[tuple[int, ...], int]]:
    """The exhibits to make: number to the rows behind it and how many of them to print."""
    wanted = {claim.exhibit: (claim.row_ids, ROWS_OF_A_CLAIM) for claim in found.values()}
    wanted |= {line.exhibit: (line.row_ids, ROWS_OF_A_FLOW) for line in (*money.lines, *goods.lines)}
    if each_trip:
        wanted["T-1"] = (tuple(trip.row_id for trip in each_trip[:MOST_TRIPS]), MOST_TRIPS)
    return wanted | {f"Z-{number}": ((seizure.row_id,), 1) for number, seizure in enumerate(seized, start=1)}


def _viewer(
    shelf: Shelf,
    hidden: Veil,
    flows: pa.Table,
    wanted: Mapping[str, tuple[tuple[int, ...], int]],
    others: Iterable[int],
    received: Received,
    fields: Fields,
    words: Words,
) -> tuple[RowViewer, dict[int, dict[str, str]]]:
    """The viewer of all rows that any exhibit prints, and those rows as received."""
    printed = sorted({row_id for row_ids, most in wanted.values() for row_id in spread(row_ids, most)})
    looked_at = sorted({*printed, *others})
    named = set(shelf.where("mention", "row_id", looked_at)["party_id"].to_pylist()) - {None}
    known: Scrubber = scrubber(shelf, hidden, named | named_in(shelf, flows))
    notes = Notes(words("cell.withheld"), words("cell.cut"))
    viewer = RowViewer(shelf, hidden, known, looked_at, fields=fields, notes=notes)
    return viewer, received(printed) if printed else {}
