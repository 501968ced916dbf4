"""Everything the page of one network shows, gathered once, with each figure tied to its exhibit."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from markupsafe import Markup

from vialtrace.casefile import drawings, summary
from vialtrace.casefile.asks import Ask, asks
from vialtrace.casefile.associated import Associated, Grades, associated, grades, ties_outward
from vialtrace.casefile.cast import Member, cast, decisions, estimates_of
from vialtrace.casefile.cells import Fields, Notes, RowViewer
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.exhibits import Exhibit, exhibit, twins_of, with_rows
from vialtrace.casefile.facts import CaseFacts, Mended, Pseudonym, Received
from vialtrace.casefile.flows import (
    GOODS_FLOWS,
    MONEY_FLOWS,
    FlowLine,
    FlowTable,
    Month,
    ends_of,
    lines,
    months,
    named_in,
    network_flows,
)
from vialtrace.casefile.gaps import Gaps, gaps
from vialtrace.casefile.glossary import CodeWord, around, glossary
from vialtrace.casefile.movement import (
    MOST_TRIPS,
    Batch,
    BatchTotal,
    Seizure,
    Traveller,
    Trip,
    batch_totals,
    batches,
    drawn_batches,
    seizures,
    trips,
)
from vialtrace.casefile.opened import Gathered, Opened, opened
from vialtrace.casefile.paging import MOST_ON_PAGE, sheets
from vialtrace.casefile.places import Place, places
from vialtrace.casefile.provisions import Element, Provision, provisions
from vialtrace.casefile.questions import Question, Raised, disagreements, questions
from vialtrace.casefile.routes import Route, called, drawn_routes, routes
from vialtrace.casefile.sampling import Draw, draw, in_order
from vialtrace.casefile.scrub import Scrubber, scrubber
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.casefile.veil import Veil, veil
from vialtrace.casefile.wording import Words, count, spans

# Runs of batch numbers that a title names; beyond, it says how many batches there are.
MOST_RUNS = 60


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
    associated: Sequence[Associated]
    grades: Grades
    claims: Mapping[str, Claim]
    charts: drawings.Drawings
    months: Sequence[Month]
    money: FlowTable
    goods: FlowTable
    trips: Sequence[Trip]
    travellers: Sequence[Traveller]
    batches: Sequence[Batch]
    all_batches: Sequence[Batch]
    batch_totals: Sequence[BatchTotal]
    seizures: Sequence[Seizure]
    places: Sequence[Place]
    regions: Sequence[Row]
    routes: Sequence[Route]
    route_map: Markup | None
    code_words: Sequence[tuple[CodeWord, str]]
    estimates: Mapping[str, Mapping[str, Row]]
    methods: Sequence[Row]
    provisions: Sequence[Provision]
    gaps: Gaps
    asks: Sequence[Ask]
    questions: Sequence[Question]
    opened: Opened
    exhibits: Mapping[str, Exhibit]
    orders: Mapping[str, Sequence[int]]
    sheets: Mapping[str, int]
    seed: str
    viewer: RowViewer
    scrubber: Scrubber
    status: str
    mended: Sequence[Mended] = ()

    def free(self, row_id: int, text: str) -> str:
        """Free text of a row, without those who may not be named."""
        return self.viewer.text(row_id, text)

    def put_right(self) -> list[tuple[Mended, str, str]]:
        """The cells that people put right, each with its row's place, and its address where the page prints it."""
        printed = {row.row_id: row.anchor for each in self.exhibits.values() for row in each.rows}
        return [(each, self.locate(each.row_id), printed.get(each.row_id, "")) for each in self.mended]

    def told(self, text: str) -> str:
        """A sentence that some stage wrote, without those who may not be named."""
        return self.scrubber.scrub(text, mask_numbers=False)

    def cited(self, evidence_ids: Iterable[str]) -> list[Claim]:
        """The claims with these ids, in the order of their exhibits."""
        wanted = set(evidence_ids)
        return [claim for evidence_id, claim in self.claims.items() if evidence_id in wanted]

    def cites_of(self, rule: Provision, element: Element) -> list[str]:
        """What an element's sentence rests on: its claims, then rows, flows and estimates, each once."""
        claims = [claim.exhibit for claim in self.cited(element.evidence_ids)]
        return list(dict.fromkeys((*claims, *self.opened.elements.get((rule.rule_id, element.number), ()))))

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

    @cached_property
    def _by_number(self) -> dict[int, Batch]:
        """The batches by their numbers: of a large network there are tens of thousands."""
        return {each.number: each for each in self.all_batches}

    @cached_property
    def _lettered(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number in self.exhibits:
            found.setdefault(number[0], []).append(number)
        return found

    def numbered(self, letter: str) -> list[str]:
        """The exhibits whose numbers begin with a letter."""
        return self._lettered.get(letter, [])

    def on_sheet(self, letter: str, sheet: int) -> list[str]:
        """Those of them that stand on one sheet of exhibits; sheet 0 is the page itself."""
        return [number for number in self.numbered(letter) if self.sheets.get(number, 0) == sheet]

    def sheet_holds(self, sheet: int) -> list[str]:
        """The exhibits of one sheet, in their order."""
        return [number for number, held in self.sheets.items() if held == sheet]

    @cached_property
    def shown_by(self) -> Mapping[str, Claim | FlowLine | Traveller | Seizure]:
        """What each claim, line, traveller and seizure with an exhibit of its own is, by its number."""
        found: dict[str, Claim | FlowLine | Traveller | Seizure] = {
            claim.exhibit: claim for claim in self.claims.values()
        }
        found |= {line.exhibit: line for line in (*self.money.lines, *self.goods.lines)}
        found |= {self.opened.travellers[each.party_id]: each for each in self.travellers}
        return found | {f"Z-{number}": each for number, each in enumerate(self.seizures, start=1)}

    def titled(self, number: str, words: Words) -> str:
        """What an exhibit of counted rows is of."""
        letter, _, place = number.partition("-")
        if letter == "W":
            return self.code_words[int(place) - 1][0].word
        if letter == "I":
            member = self.members[int(place) - 1]
            return f"{member.number} {member.name}"
        if letter == "K":
            party_id, theirs = self.opened.carriers[number]
            runs = [said for _, said in spans([f"B-{each.number}" for each in theirs])]
            more = f" … ({count(len(theirs))})" if len(runs) > MOST_RUNS else ""
            return f"{words('movement.carried_by', who=self.veil.called(party_id))} {' '.join(runs[:MOST_RUNS])}{more}"
        if letter == "B":
            batch = self._by_number[int(place)]
            return f"{words('movement.batch')} {batch.number}, {batch.crossed_on}, {batch.port}".rstrip(", ")
        if letter == "G":
            return self.between(self.routes[int(place) - 1], words)
        counted = {each: month for month, each in self.opened.months.items()}
        counted |= {each: f"{code} {words.region(code)}".strip() for code, each in self.opened.regions.items()}
        return counted.get(number) or self._stated(number, words) or words("exhibits.Q")

    def between(self, route: Route, words: Words) -> str:
        """Whence and whither a route leads."""
        return f"{called(words, route.origin)} → {called(words, route.destination)}"

    def _stated(self, number: str, words: Words) -> str:
        """The provisions that an exhibit of rows speaks to."""
        found = [
            rule.citation
            for rule in self.provisions
            if any(number in self.opened.elements.get((rule.rule_id, each.number), ()) for each in rule.elements)
        ]
        return words.joined(list(dict.fromkeys(found)))

    def sampled(self) -> list[Draw]:
        """The exhibits of which not every row is printed, and what checking those printed would show."""
        return [drawn for each in self.exhibits.values() if (drawn := self.draw_of(each))]

    def draw_of(self, each: Exhibit) -> Draw | None:
        """What checking the rows printed of one exhibit would show; none where all are printed, or none were drawn."""
        is_drawn = each.n_drawn > 0 and each.n_shown < each.n_rows and not self.opened.wanted[each.number].is_listed
        return draw(each.number, each.n_rows, each.n_drawn, each.n_shown - each.n_drawn) if is_drawn else None

    def n_rows_of(self, numbers: Iterable[str]) -> int:
        """How many different rows stand behind some exhibits."""
        return len({row_id for number in numbers for row_id in self.opened.wanted[number].row_ids})

    def provisions_supported(self) -> list[Provision]:
        """The provisions of which the evidence supports an element, those with the most first."""
        return [rule for rule in self.provisions if rule.verdicts(is_exemption=False).get("supported")]

    def weakest(self) -> list[Member]:
        """The three members with the least confidence."""
        return sorted(self.members, key=lambda member: (member.score, member.number))[:3]


def network_view(
    shelf: Shelf,
    network_id: str,
    words: Words,
    *,
    received: Received,
    pseudonym: Pseudonym,
    fields: Fields,
    case: CaseFacts,
    most_on_page: int = MOST_ON_PAGE,
) -> NetworkView:
    """Gather what the page of a network shows.

    Args:
        shelf: the tables.
        network_id: the network.
        words: the page's language.
        received: gives rows as received.
        pseudonym: gives a party's keyed pseudonym.
        fields: the mappings of the sources, as far as given.
        case: what is known of the case: its name, the cells that people put right, and the run's digest, with which
            the rows that stand for a large exhibit are drawn.
        most_on_page: how many exhibits of one letter stand on the page itself.
    """
    hidden = veil(shelf, network_id, pseudonym=pseudonym)
    flows = network_flows(shelf, network_id, hidden)
    rules = provisions(shelf, network_id, language=words.language)
    cited = frozenset(each for rule in rules for element in rule.elements for each in element.evidence_ids)
    ties = ties_outward(shelf, network_id, hidden)
    cited |= {each for ids in ties.values() for each in ids}
    scrub = scrubber(shelf, hidden, named_in(shelf, flows), words)
    found = claims(shelf, network_id, hidden, scrub, words, also=cited)
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
    code_words = glossary(
        shelf, set(flows["row_id"].to_pylist()) | {row for claim in found.values() for row in claim.row_ids}
    )
    differing = disagreements(shelf, set(flows["row_id"].to_pylist()))
    every_batch, where = batches(shelf, network_id), places(shelf, network_id, hidden)
    gathered = Gathered(
        members,
        found,
        money,
        goods,
        each_trip,
        travellers,
        every_batch,
        seized,
        where,
        code_words,
        regions,
        rules,
        shown,
        methods,
        tuple(shelf.all_rows("source")),
        tuple(sorted({row for each in differing for row in (each.kept, each.other)})),
        routes(shelf, flows),
    )
    behind, locate = opened(shelf, hidden, flows, gathered), Locator.of(shelf)
    behind = replace(behind, wanted=with_rows(behind.wanted, {each.row_id for each in case.mended}))
    said = cache(locate)
    orders = {
        number: in_order(each.row_ids, seed=case.run, exhibit=number, locate=said)
        for number, each in behind.wanted.items()
    }
    printed = {number: each.printed(orders[number]) for number, each in behind.wanted.items()}
    viewer, raw = _viewer(
        shelf,
        hidden,
        {row for rows in printed.values() for row in rows},
        [word.row_id for word in code_words],
        received,
        fields,
        words,
        scrub,
        case.mended,
    )
    twins = twins_of(shelf, raw)
    tied = associated(shelf, hidden, ties, found)
    lacks, whole = gaps(shelf, members, by_month), shown.get("", {})
    status = decisions(shelf, network_id).get(network_id, "none")
    raised = Raised(
        members, tied, (*money.lines, *goods.lines), rules, whole, dict(behind.estimates), lacks, status, differing
    )
    return NetworkView(
        network,
        case.name,
        locate,
        hidden,
        Figures(
            summary.figures(words, network, members, shown.get("", {}), regions, len(seized), numbers=behind.estimates),
            summary.by_facet(words, found),
            summary.by_line(words, found),
            summary.who_by_role(members),
        ),
        members,
        tied,
        grades(hidden, ends_of(flows), tied),
        found,
        drawings.drawings(words, network, members, found, by_month, regions, (*money.lines, *goods.lines), shelf),
        by_month,
        money,
        goods,
        each_trip[:MOST_TRIPS],
        travellers,
        drawn_batches(every_batch, case.run),
        every_batch,
        batch_totals(every_batch),
        seized,
        where,
        regions,
        gathered.routes,
        drawn_routes(words, gathered.routes),
        [(word, around(viewer.text(word.row_id, word.text), word.word)) for word in code_words],
        shown,
        methods,
        rules,
        lacks,
        asks(members, tied, whole.get("samples"), methods, shown),
        questions(words, raised, locate, hidden.called),
        behind,
        {
            number: exhibit(number, each, printed=printed[number], viewer=viewer, raw=raw, locate=locate, twins=twins)
            for number, each in behind.wanted.items()
        },
        orders,
        sheets(behind.wanted, most_on_page),
        case.run,
        viewer,
        viewer.scrubber,
        status,
        case.mended,
    )


def _viewer(  # noqa: PLR0913, PLR0917  everything a row is read and shown by
    shelf: Shelf,
    hidden: Veil,
    printed: Iterable[int],
    others: Iterable[int],
    received: Received,
    fields: Fields,
    words: Words,
    scrub: Scrubber,
    mended: Sequence[Mended],
) -> tuple[RowViewer, dict[int, dict[str, str]]]:
    """The viewer of all rows that any exhibit prints, and those rows as received."""
    rows = sorted(printed)
    looked_at = sorted({*rows, *others})
    named = set(shelf.where("mention", "row_id", looked_at, ["party_id"])["party_id"].to_pylist()) - {None}
    known = scrubber(shelf, hidden, named, words, beside=scrub)
    notes = Notes(words("cell.withheld"), words("cell.cut"), words("cell.mended"), words("cell.emptied"))
    viewer = RowViewer(shelf, hidden, known, looked_at, fields=fields, notes=notes, mended=mended)
    return viewer, received(rows) if rows else {}
