"""One person under several parties: what the registers could not join, and the network's own dealings can."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.reconstruct.dealings import MOST_PAYEES
from vialtrace.reconstruct.graph import Claim, Graph, Tie
from vialtrace.reconstruct.growth import Belief, own_matter

# "Sister Wang", "Mrs Ansari": forms of address that thousands share, and no names.
_ADDRESSED = re.compile(
    r"^(mr|mrs|ms|miss|dr|madam|sir)\b|^.{1,2}(姐|哥|叔|姨|总|先生|女士|太太|老师|医生|老板|经理)$", re.IGNORECASE
)
# The weight from which a claim about two parties ties them at all.
LEAST_TIE = 0.3
# A lifelong identity number is figures only, but for a check letter at its end; passports and permits have letters.
_LIFELONG = r"^[0-9]{10,}[0-9Xx]$"


@dataclass(frozen=True)
class Alias:
    """A party taken for another one, with the reason as a sentence and the chance that namesakes alone explain it.

    ``what`` it is to the other: the same `person`, or an `account` of the other's in somebody else's name.
    """

    party_id: str
    same_as: str
    chance: float
    reason: str
    what: str = "person"


def aliases(  # noqa: PLR0913  what is known, and a bound for each reason
    graph: Graph,
    beliefs: dict[str, Belief],
    party: pa.Table,
    party_identifier: pa.Table,
    namesakes: Sequence[Mapping[str, Any]] = (),
    known: frozenset[str] = frozenset(),
    *,
    most_chance: float = 0.05,
    most_meeting: float = 0.02,
    most_namesakes: float = 0.01,
) -> tuple[Alias, ...]:
    """Parties near believed ones that are one person.

    Three sorts of reason. A test: a `same_person` claim of the detectors. Namesakes that meet: two parties of one
    full name that both deal with believed parties, where among as many parties drawn at random fewer than
    ``most_meeting`` would bear that name. And a rare name: an account, a telephone or a passport somewhere else in the
    records under the full name of a party that deals with believed ones, the only one of its sort, where fewer than
    ``most_namesakes`` of that sort would bear the name by chance. ``namesakes`` are the rows of the table of that name:
    they hold where the one is near. So does one full name of a party near and the only party of the name that a test
    ties to it. Two parties that hold different lifelong identity numbers are never joined, nor two that each hold
    ``MOST_HELD_BY_BOTH`` sorts of identifiers which the other holds too: what a name joins is what the registers left
    over, an account or a passport. Two that are each believed, for what each did, are one under two telephones sooner
    than two members of one rare name. ``known`` are parties already taken for others.
    """
    near = {node for node in beliefs if graph.kinds[node] == "party" and _is_near(graph, beliefs, node)}
    claimed = {
        (node, claim.other): _SAME_PERSON[claim.detector]
        for node in graph.nodes
        for claim in graph.claims.get(node, ())
        if claim.relation == "same_person" and claim.is_subject and claim.weight >= 2.0
    }
    dealing = [each for each in namesakes if each["party_id"] in near and each["other_id"] not in known]
    linked = {node: _linked(graph, node) - near for node in near}
    wanted = sorted(
        near.union(*linked.values(), *({*pair} for pair in claimed), ({each["other_id"] for each in dealing}))
    )
    rows = {
        row["party_id"]: row
        for row in party.filter(pc.field("party_id").isin(pa.array(wanted, pa.string()))).to_pylist()
    }
    residents = _residents(party_identifier, wanted)
    held = _sorts_held(party_identifier, wanted)
    joined: dict[str, str] = {}
    reasons: dict[str, tuple[float, str]] = {}

    def root(node: str) -> str:
        while node in joined:
            node = joined[node]
        return node

    def is_likely(node: str) -> bool:
        return node in beliefs and node not in graph.clients and beliefs[node].probability >= LIKELY

    def join(one: str, other: str, chance: float, reason: str) -> None:
        keep, drop = sorted((root(one), root(other)), key=lambda node: (-rows.get(node, {}).get("n_rows", 0), node))
        if keep == drop or len(residents.get(keep, set()) | residents.get(drop, set())) > 1:
            return
        if len(held[keep] & held[drop]) >= MOST_HELD_BY_BOTH and not (is_likely(one) and is_likely(other)):
            return
        joined[drop] = keep
        held[keep] |= held[drop]
        residents[keep] = residents.get(keep, set()) | residents.get(drop, set())
        reasons[drop] = (chance, reason)

    people = {node for node in near if node in rows and rows[node]["kind"] != "organisation"}
    names = _names(party_identifier, {node: str(rows[node]["name"] or "") for node in people})
    use = _use(party_identifier, sorted(names))
    pairs = (
        *_said(claimed, near, most_chance),
        *_meeting(names, use, len(near), graph.n_parties, most_meeting),
        *_rarely_named(_rare_namesakes(party, party_identifier, names, near | known, most_namesakes)),
        *_tied_by_a_test(linked, {node: rows[node] for node in rows if node not in near or node in people}, use, graph),
        *_dealing(dealing),
    )
    for one, other, chance, reason in pairs:
        if chance <= most_chance:
            join(one, other, chance, reason)
    return tuple(Alias(node, root(node), round(reasons[node][0], 6), reasons[node][1]) for node in sorted(joined))


Pair = tuple[str, str, float, str]


# What a test says of two parties of one full name that are one person.
_SAME_PERSON = {
    "same_traveller": "One full name, and the pay of the one follows the trips of the other.",
    "same_seller": "One full name, and clients who ordered from the one paid the other.",
}


def _said(claimed: dict[tuple[str, str], str], near: set[str], chance: float) -> Iterator[Pair]:
    for (one, other), reason in sorted(claimed.items()):
        if one in near or other in near:
            yield one, other, chance, reason


def _meeting(
    names: dict[str, list[str]], use: dict[str, int], n_near: int, n_parties: int, most: float
) -> Iterator[Pair]:
    for name, nodes in sorted(names.items()):
        chance = max(use.get(name, 1) - len(nodes), 0.5) / n_parties * n_near
        for node in nodes[1:] if chance <= most else ():
            yield (
                nodes[0],
                node,
                chance,
                (f"One full name among the {n_near} parties that deal with the network; "
                f"chance would give it to {chance:.3f} of them."),
            )


def _rarely_named(rare: Iterable[tuple[str, str, float, str, int]]) -> Iterator[Pair]:
    for node, other, chance, sort, n_sort in rare:
        yield (
            node,
            other,
            chance,
            (f"One full name, and only one of the {n_sort:,} parties with {sort} bears it; "
            f"chance would give it to {chance:.3f} of them."),
        )


def _tied_by_a_test(
    linked: dict[str, set[str]], rows: dict[str, dict[str, Any]], use: dict[str, int], graph: Graph
) -> Iterator[Pair]:
    for node, others in sorted(linked.items()):
        name = str(rows.get(node, {}).get("name") or "")
        alike = sorted(other for other in others if rows.get(other, {}).get("name") == name)
        if _is_full(name) and len(alike) == 1:
            chance = max(use.get(name, 2) - 2, 0.5) / graph.n_parties * len(others)
            yield (
                node,
                alike[0],
                chance,
                (f"One full name, and a test ties the two; chance would give it to {chance:.3f} of the "
                f"{len(others)} that tests tie to the first."),
            )


def _dealing(namesakes: Sequence[Mapping[str, Any]]) -> Iterator[Pair]:
    for each in sorted(namesakes, key=lambda each: (each["chance"], each["party_id"], each["other_id"])):
        chance, n_named = each["chance"], each["n_named"]
        if n_named:
            yield (
                each["party_id"],
                each["other_id"],
                chance / n_named,
                (f"One full name, met together with others: one party deals with people of the names of {n_named:,} "
                f"who handle the matter; chance would give {chance:.3f} of them."),
            )
        else:
            yield (
                each["party_id"],
                each["other_id"],
                chance,
                (f"One rare full name, and both deal with the network; chance would give it to {chance:.3f} of "
                f"the {each['n_dealers']:,} who do."),
            )


# One person's account may stand under two parties; an account and a telephone each are two people's.
MOST_HELD_BY_BOTH = 2
# How far each of two whole lives must be believed by itself to be taken for one of a rare name.
LIKELY = 0.25

_SORTS = {
    "document": "a travel document or identity card",
    "account": "an account",
    "phone": "a telephone",
    "handle": "an account on a platform",
    "address": "an address",
}


def _sorts_held(party_identifier: pa.Table, wanted: list[str]) -> dict[str, set[str]]:
    """The sorts of identifiers that each of these parties holds, names apart."""
    held: dict[str, set[str]] = defaultdict(set)
    found = party_identifier.filter(pc.field("party_id").isin(pa.array(wanted, pa.string())))
    for party_id, sort in zip(found["party_id"].to_pylist(), found["identifier_type"].to_pylist(), strict=True):
        if sort in _SORTS:
            held[party_id].add(sort)
    return held


def _rare_namesakes(
    party: pa.Table,
    party_identifier: pa.Table,
    names: dict[str, list[str]],
    near: set[str],
    most: float,
) -> list[tuple[str, str, float, str, int]]:
    """For each full name one party near bears: the only other party of a sort that bears it, where hardly any would.

    A party is of the sort of identifier that most parties hold among those it holds itself. Where somebody of the name
    leads a life of their own, what else bears it may be theirs.
    """
    alone = {name: nodes[0] for name, nodes in names.items() if len(nodes) == 1}
    shares = _shares(party, sorted(alone))
    is_named = pc.field("value").isin(pa.array(sorted(shares), pa.string())) & (pc.field("identifier_type") == "name")
    bearers = party_identifier.filter(is_named).select(["party_id", "value"]).to_pylist()
    candidates = {row["party_id"]: row["value"] for row in bearers if row["party_id"] not in near}
    held = _sorts_held(party_identifier, sorted({*candidates, *(alone[name] for name in candidates.values())}))
    lived = {
        name
        for other, name in candidates.items()
        if len(held[other] & held[alone[name]]) >= MOST_HELD_BY_BOTH
    }
    counted = party_identifier.group_by("identifier_type").aggregate([("party_id", "count_distinct")]).to_pylist()
    sizes = {row["identifier_type"]: row["party_id_count_distinct"] for row in counted}
    by_sort: dict[tuple[str, str], list[str]] = defaultdict(list)
    for other, name in sorted(candidates.items()):
        sorts = sorted(held[other], key=lambda sort: (-sizes[sort], sort))
        if sorts and name not in lived:
            by_sort[name, sorts[0]].append(other)
    return [
        (alone[name], others[0], shares[name] * sizes[sort], _SORTS[sort], sizes[sort])
        for (name, sort), others in sorted(by_sort.items())
        if len(others) == 1 and shares[name] * sizes[sort] <= most
    ]


def _shares(party: pa.Table, names: list[str]) -> dict[str, float]:
    """The share of people who bear each name: its surname's times its given name's, among all names of its form.

    Names that cannot be told apart into two are left out.
    """
    people = party.filter(pc.field("kind") != "organisation").column("name").drop_null()
    found = {}
    for form, surname, given in (
        (r"^\p{Han}{2,4}$", r"^(?P<part>\p{Han})", r"^\p{Han}(?P<part>\p{Han}+)$"),
        (r"^\S+ .*\S$", r"(?P<part>\S+)$", r"^(?P<part>\S+)"),
    ):
        of_form = people.filter(pc.match_substring_regex(people, form))
        counts = []
        for part in (surname, given):
            parts = pc.struct_field(pc.extract_regex(of_form, part), "part")
            counted = pc.value_counts(parts).to_pylist()
            counts.append({each["values"]: each["counts"] for each in counted})
        for name in names:
            written = pa.array([name], pa.string())
            if len(of_form) and pc.match_substring_regex(written, form)[0].as_py():
                own = [pc.struct_field(pc.extract_regex(written, part), "part")[0].as_py() for part in (surname, given)]
                # The two who may be one person are no measure of how many others are called so.
                found[name] = math.prod(max(counts[n].get(own[n], 0) - 2, 1) / len(of_form) for n in (0, 1))
    return found


def lent_accounts(graph: Graph, beliefs: dict[str, Belief], *, least_share: float = 0.9) -> tuple[Alias, ...]:
    """Accounts in other people's names through which one believed party is paid.

    Such an account passes ``least_share`` and more of all it pays out to that party in three payments or more and gets
    nothing back; only money, and the clients who paid it, place its holder in the network. One alone may be a deputy:
    it takes two that lead to one party. Their holder lent an account, and is not named as a member for it.
    """
    passing: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for node, belief in sorted(beliefs.items()):
        if graph.kinds[node] != "party" or belief.probability < 0.5 or _has_own_part(belief):
            continue
        paid_by = {tie.from_id for tie in graph.ties_to.get(node, ()) if tie.line == "payment" and tie.n >= 2}
        for tie in graph.ties_from.get(node, ()):
            to = beliefs.get(tie.to_id)
            if (
                tie.line == "payment"
                and tie.n >= 3
                and tie.share_out >= least_share
                and tie.to_id not in paid_by
                and to is not None
                and to.odds > belief.odds
                and to.n_lines >= 2
            ):
                passing[tie.to_id].append((node, tie.share_out))
    lent = {node for accounts in passing.values() if len(accounts) >= 2 for node, _ in accounts}
    return tuple(
        Alias(
            node,
            to,
            0.0,
            f"An account in another name: {share:.0%} of what it paid out went on to this member, which got it "
            "nothing back, and nothing but money places its holder in the network.",
            what="account",
        )
        for to, accounts in sorted(passing.items())
        if len(accounts) >= 2 and to not in lent
        for node, share in accounts
    )


def _has_own_part(belief: Belief) -> bool:
    money = {"payment", "shared_clients", "seizure"}
    return any(weight >= 0.25 for line, weight in belief.lines.items() if line not in money)


def joined(graph: Graph, found: tuple[Alias, ...]) -> Graph:
    """``graph`` with each alias taken for the party it is the same as."""
    to = {alias.party_id: alias.same_as for alias in found}
    if not to:
        return graph
    claims: dict[str, list[Claim]] = defaultdict(list)
    for node, told in sorted(graph.claims.items()):
        for claim in told:
            moved = replace(claim, other=to[claim.other]) if claim.other in to else claim
            if moved.other != to.get(node, node):
                claims[to.get(node, node)].append(moved)
    ties: list[dict[str, list[Tie]]] = [defaultdict(list), defaultdict(list)]
    for dealings in graph.ties_from.values():
        for tie in dealings:
            moved_tie = tie
            if tie.from_id in to or tie.to_id in to:
                moved_tie = replace(tie, from_id=to.get(tie.from_id, tie.from_id), to_id=to.get(tie.to_id, tie.to_id))
            if moved_tie.from_id != moved_tie.to_id:
                ties[0][moved_tie.from_id].append(moved_tie)
                ties[1][moved_tie.to_id].append(moved_tie)
    return replace(
        graph,
        kinds={node: kind for node, kind in graph.kinds.items() if node not in to},
        claims={node: tuple(each) for node, each in claims.items()},
        ties_from={node: tuple(each) for node, each in ties[0].items()},
        ties_to={node: tuple(each) for node, each in ties[1].items()},
        clients=frozenset(to.get(node, node) for node in graph.clients),
    )


def _is_near(graph: Graph, beliefs: dict[str, Belief], node: str) -> bool:
    if own_matter(graph, node) >= 1.0:
        return True
    if any(
        claim.other and claim.weight >= 1.0 and claim.other in beliefs and beliefs[claim.other].probability >= 0.3
        for claim in graph.claims.get(node, ())
    ):
        return True
    ties = (*graph.ties_to.get(node, ()), *graph.ties_from.get(node, ()))
    others = ((tie, beliefs.get(tie.from_id if tie.to_id == node else tie.to_id)) for tie in ties)
    return any(
        (tie.n >= 3 or _is_on_short_list(tie, node)) and other is not None and other.probability >= 0.5
        for tie, other in others
    )


def _is_on_short_list(tie: Tie, node: str) -> bool:
    """Whether ``node`` is one of the few whom the tie's payer pays: on such a list once or twice is near."""
    return tie.line == "payment" and tie.to_id == node and tie.n_out <= MOST_PAYEES


def _linked(graph: Graph, node: str) -> set[str]:
    """The parties that a test ties to the node, however weakly."""
    return {
        claim.other
        for claim in graph.claims.get(node, ())
        if claim.other and claim.weight >= LEAST_TIE and graph.kinds[claim.other] == "party"
    }


def _residents(party_identifier: pa.Table, wanted: list[str]) -> dict[str, set[str]]:
    """The lifelong identity numbers of each party, of whatever country: nobody has two."""
    held = party_identifier.filter(
        pc.field("party_id").isin(pa.array(wanted, pa.string()))
        & (pc.field("identifier_type") == "document")
        & pc.match_substring_regex(pc.field("value"), _LIFELONG)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in held.select(["party_id", "value"]).to_pylist():
        found[row["party_id"]].add(row["value"])
    return dict(found)


def _names(party_identifier: pa.Table, people: dict[str, str]) -> dict[str, list[str]]:
    """The parties that bear each full name.

    A party's own name, or where that is masked or a form of address, whatever full names it bears beside.
    """
    held = party_identifier.filter(
        pc.field("party_id").isin(pa.array(sorted(people), pa.string())) & (pc.field("identifier_type") == "name")
    )
    others: dict[str, set[str]] = defaultdict(set)
    for row in held.select(["party_id", "value"]).to_pylist():
        others[row["party_id"]].add(row["value"])
    found: dict[str, list[str]] = defaultdict(list)
    for node, name in sorted(people.items()):
        for each in [name] if _is_full(name) else sorted(others[node]):
            if _is_full(each):
                found[each].append(node)
    return found


def _is_full(name: str) -> bool:
    return len(name) >= 2 and "*" not in name and not _ADDRESSED.search(name)


def _use(party_identifier: pa.Table, names: list[str]) -> dict[str, int]:
    """How many parties of the whole case bear each name."""
    held = (
        party_identifier.filter(
            pc.field("value").isin(pa.array(names, pa.string())) & (pc.field("identifier_type") == "name")
        )
        .group_by("value")
        .aggregate([("party_id", "count_distinct")])
    )
    return dict(zip(held.column("value").to_pylist(), held.column("party_id_count_distinct").to_pylist(), strict=True))
