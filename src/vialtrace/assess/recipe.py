"""From facts and rules to the table ``provision``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.assess.facts import Facts, Material, Showing, facts_of, in_region
from vialtrace.assess.pack import Element, Pack, Rule, pack
from vialtrace.assess.predicates import PREDICATES

Row = dict[str, object]

_PROVISION = pa.schema(
    [
        ("network_id", pa.string()),
        ("rule_id", pa.string()),
        ("element_no", pa.int64()),
        ("jurisdiction", pa.string()),
        ("citation", pa.string()),
        ("element", pa.string()),
        ("verdict", pa.string()),
        ("is_exemption", pa.bool_()),
        ("explanation", pa.string()),
        ("n_evidence", pa.int64()),
        ("evidence_ids", pa.list_(pa.string())),
        ("from_on", pa.date32()),
        ("to_on", pa.date32()),
    ]
)
_SEIZURE_DETECTORS = ("seized_carriers", "seized_parcels", "seized_parcel_senders", "seizure_backward")


def provision(  # noqa: PLR0913, PLR0917  a rule may ask for anything the records state
    network: pa.Table,
    member: pa.Table,
    member_evidence: pa.Table,
    evidence: pa.Table,
    evidence_row: pa.Table,
    flow_row: pa.Table,
    network_place: pa.Table,
    estimate: pa.Table,
    seizure: pa.Table,
    specimen: pa.Table,
    permit: pa.Table,
    declaration: pa.Table,
    waybill: pa.Table,
    reading: pa.Table,
    mention: pa.Table,
    *,
    jurisdiction: str = "CN",
) -> pa.Table:
    """What the evidence says to each element of each provision that was in force when the acts were done.

    A rule whose dates none of a network's acts meet is left out for that network. An element is supported when some
    fact speaks for it, contradicted when facts speak only against it, and not addressed otherwise; the explanation
    names both sides. An open-textured threshold is never computed: the facts that bear on it are listed and its verdict
    stays not addressed. The last row of each rule says who is liable, and that a lawyer decides.

    Args:
        network: the networks; the other tables are cut to each of them.
        member: who runs each network, with roles.
        member_evidence: which claims speak for or against a membership.
        evidence: the claims, with their detectors and days.
        evidence_row: for the seizures that claims rest on.
        flow_row: what the network moved, with days and regions.
        network_place: hubs, ports and laboratories.
        estimate: how many and how much, for circumstances.
        seizure: concealment, condition, infectious results.
        specimen: labels, condition and results of tubes.
        permit: permits held by members, or none.
        declaration: declarations of members, or none.
        waybill: stated contents of sample parcels.
        reading: what those contents are, by the lexicon.
        mention: who holds a permit or is named as exporter.
        jurisdiction: the case's; where no pack is held for it the table is empty.
    """
    rules = pack(jurisdiction)
    rows: list[Row] = []
    for held in sorted(network.to_pylist(), key=lambda row: str(row["network_id"])) if rules else ():
        network_id = str(held["network_id"])
        members = _of(member, network_id)
        flows = _of(flow_row, network_id)
        places = _of(network_place, network_id)
        claims = _claims(_of(member_evidence, network_id), evidence, places)
        seizures = _seizures(flows, claims, evidence_row, seizure)
        material = Material(
            network=held,
            members=members,
            claims=claims,
            flows=flows,
            places=places,
            estimates=_of(estimate, network_id),
            seizures=seizures,
            specimens=_in(specimen, "seizure_id", seizures["seizure_id"]),
            permits=_named(permit, mention, "permit.holder", members),
            parcels=_contents(flows, waybill, reading),
            declarations=_named(declaration, mention, "declaration.exporter", members),
            has_permits=permit.num_rows > 0,
            has_declarations=declaration.num_rows > 0,
        )
        rows += assessed(network_id, material, rules) if rules else []
    rows.sort(key=lambda row: (str(row["network_id"]), str(row["rule_id"]), int(str(row["element_no"]))))
    return pa.Table.from_pylist(rows, schema=_PROVISION)


def _of(table: pa.Table, network_id: str) -> pa.Table:
    return table.filter(pc.equal(table["network_id"], network_id))


def _in(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    """Rows whose value is among ``values``; nulls match nothing."""
    wanted = values.drop_null().cast(table.schema.field(column).type)
    return table.filter(pc.and_(pc.is_in(table[column], value_set=wanted.combine_chunks()), pc.is_valid(table[column])))


def _claims(counted: pa.Table, evidence: pa.Table, places: pa.Table) -> pa.Table:
    """Claims about the network's members and places, each with the member it speaks about (null for a place)."""
    names = ["evidence_id", "detector", "first_on", "last_on", "n_rows"]
    about = counted.select(["evidence_id", "party_id", "is_against"]).join(
        evidence.select(names), "evidence_id", join_type="inner"
    )
    at = pc.and_(
        pc.equal(evidence["subject_kind"], "place"),
        pc.is_in(evidence["subject_id"], value_set=places["place_id"].combine_chunks()),
    )
    here = evidence.filter(at)
    there = (
        here.select(names)
        .append_column("party_id", pa.nulls(here.num_rows, pa.string()))
        .append_column("is_against", pc.less(pc.cast(here["weight"], pa.float64()), 0.0))
    )
    order = ["evidence_id", "party_id", "is_against", "detector", "first_on", "last_on", "n_rows"]
    both = pa.concat_tables([about.select(order), there.select(order)], promote_options="permissive")
    return both.sort_by([("evidence_id", "ascending"), ("party_id", "ascending")])


def _seizures(flows: pa.Table, claims: pa.Table, evidence_row: pa.Table, seizure: pa.Table) -> pa.Table:
    """The network's seizures: those in its flows, and those its claims about seizures rest on."""
    told = claims.filter(pc.is_in(claims["detector"], value_set=pa.array(_SEIZURE_DETECTORS)))
    rows = _in(evidence_row, "evidence_id", told["evidence_id"])["row_id"].to_pylist()
    rows += flows.filter(pc.equal(flows["flow"], "seizure"))["row_id"].to_pylist()
    wanted = pa.array(sorted(set(rows)), pa.int64())
    return seizure.filter(pc.is_in(seizure["row_id"], value_set=wanted)).sort_by("row_id")


def _named(table: pa.Table, mention: pa.Table, slot: str, members: pa.Table) -> pa.Table:
    """Rows of the table that name a member in the slot."""
    held = _in(mention.filter(pc.equal(mention["slot"], slot)), "party_id", members["party_id"])
    return _in(table, "row_id", held["row_id"])


def _contents(flows: pa.Table, waybill: pa.Table, reading: pa.Table) -> pa.Table:
    """Sample parcels that state contents, with what the lexicon makes of them."""
    parcels = _in(
        waybill.select(["row_id", "accepted_at", "contents"]),
        "row_id",
        flows.filter(pc.equal(flows["flow"], "sample_parcel"))["row_id"],
    )
    parcels = parcels.filter(pc.fill_null(pc.greater(pc.utf8_length(parcels["contents"]), 0), False))  # noqa: FBT003
    texts = reading.select(["text", "topic"])
    return parcels.join(texts, keys="contents", right_keys="text", join_type="left outer").sort_by("row_id")


def assessed(network_id: str, material: Material, rules: Pack) -> list[Row]:
    """The rows of every rule of a pack that the acts of one network meet in time."""
    facts = facts_of(material)
    start, end = _period(material, facts)
    rows: list[Row] = []
    for rule in rules.rules:
        if (rule.valid_from and end and end < rule.valid_from) or (rule.valid_to and start and start > rule.valid_to):
            continue
        local: Facts = {**facts, "acts_in_region": in_region(material, rule.region)} if rule.region else facts
        rows += _rule_rows(network_id, rule, local, rules)
    return rows


def _period(material: Material, facts: Facts) -> tuple[date | None, date | None]:
    """First and last day of the network's conduct: its own period, else the days of its facts."""
    days = [day for day in (material.network.get("from_on"), material.network.get("to_on")) if isinstance(day, date)]
    days = days or [day for showings in facts.values() for each in showings for day in each.days]
    return (min(days), max(days)) if days else (None, None)


def _rule_rows(network_id: str, rule: Rule, facts: Facts, rules: Pack) -> list[Row]:
    def row(
        text: str, verdict: str, explanation: str, showings: Sequence[Showing] = (), *, is_exemption: bool = False
    ) -> Row:
        ids = sorted({each.evidence_id for each in showings if each.evidence_id})
        days = [day for each in showings for day in each.days]
        return {
            "network_id": network_id,
            "rule_id": rule.id,
            "jurisdiction": rules.jurisdiction,
            "citation": rule.citation,
            "element": text,
            "verdict": verdict,
            "is_exemption": is_exemption,
            "explanation": explanation,
            "n_evidence": len(ids),
            "evidence_ids": ids,
            "from_on": min(days, default=None),
            "to_on": max(days, default=None),
        }

    made = []
    for is_exemption, elements in ((False, rule.elements), (True, rule.exemptions)):
        for element in elements:
            verdict, explanation, showings = _verdict(rule, element, facts)
            made.append(row(element.text, verdict, explanation, showings, is_exemption=is_exemption))
    if rule.circumstances:
        said, showings = _said(rule, rule.circumstances, facts)
        text = "How serious it is: open-textured; the law states no number, and none is computed here."
        made.append(
            row(text, "not_addressed", "Facts that bear on it: " + (said or "none in the records") + ".", showings)
        )
    reviewed = f"reviewed by {rule.reviewer}" if rule.reviewer else "not reviewed by a lawyer"
    dates = f"in force from {rule.valid_from or 'before'} to {rule.valid_to or 'now'}. {rule.dates_note}".strip()
    made.append(
        row(
            f"Who is liable: {rule.liable}",
            "not_addressed",
            f"{rule.summary} Entry {reviewed}; source {rule.source}, grade {rule.grade}; {dates} {rules.note}",
        )
    )
    return [{**each, "element_no": number} for number, each in enumerate(made, start=1)]


def _verdict(rule: Rule, element: Element, facts: Facts) -> tuple[str, str, list[Showing]]:
    """Supported, contradicted or not addressed, with both sides named and the showings of both."""
    speaks_for, for_it = _said(rule, element.supports, facts)
    speaks_against, against_it = _said(rule, element.contradicts, facts)
    verdict = "supported" if for_it else "contradicted" if against_it else "not_addressed"
    parts = [f"Speaks for it: {speaks_for}."] if for_it else []
    parts += [f"Speaks against it: {speaks_against}."] if against_it else []
    if not parts:
        asked = [PREDICATES[name].words for name in (*element.supports, *element.contradicts)]
        parts = ["No record of the case speaks to it." + (f" Looked for: {'; '.join(asked)}." if asked else "")]
    return verdict, " ".join(parts), [*for_it, *against_it]


def _said(rule: Rule, names: Iterable[str], facts: Facts) -> tuple[str, list[Showing]]:
    """The facts of these names that lie in the rule's time, in words, and their showings."""
    sentences, all_showings = [], []
    for name in names:
        showings = [kept for each in facts.get(name, ()) if (kept := each.within(rule.valid_from, rule.valid_to))]
        if showings:
            sentences.append(f"{PREDICATES[name].words} ({_counted(showings)})")
            all_showings += showings
    return "; ".join(sentences), all_showings


def _counted(showings: Sequence[Showing]) -> str:
    """How many claims and rows, from when to when, and what is said besides."""
    claims = sum(bool(each.evidence_id) for each in showings)
    rows = sum(each.n_rows for each in showings if not each.evidence_id and not each.said)
    days = [day for each in showings for day in each.days]
    parts = [f"{claims} claim{'s' if claims != 1 else ''}"] if claims else []
    parts += [f"{rows:,} row{'s' if rows != 1 else ''}"] if rows else []
    parts += [each.said for each in showings if each.said]
    parts += [f"{min(days)} to {max(days)}"] if days else []
    return ", ".join(parts)
