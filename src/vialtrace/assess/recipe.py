"""From facts and rules to the table ``provision``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.assess.facts import Facts, Material, facts_of, in_region
from vialtrace.assess.pack import Element, Pack, Rule, pack
from vialtrace.assess.wording import TONGUES, shown

Row = dict[str, object]

_PROVISION = pa.schema(
    [
        ("network_id", pa.string()),
        ("rule_id", pa.string()),
        ("element_no", pa.int64()),
        ("jurisdiction", pa.string()),
        ("citation", pa.string()),
        ("citation_zh", pa.string()),
        ("element", pa.string()),
        ("element_zh", pa.string()),
        ("verdict", pa.string()),
        ("is_exemption", pa.bool_()),
        ("explanation", pa.string()),
        ("explanation_zh", pa.string()),
        ("n_evidence", pa.int64()),
        ("evidence_ids", pa.list_(pa.string())),
        ("facts", pa.list_(pa.string())),
        ("row_ids", pa.list_(pa.int64())),
        ("from_on", pa.date32()),
        ("to_on", pa.date32()),
    ]
)
_SERIOUS = (
    "How serious it is: open-textured; the law states no number, and none is computed here.",
    "情节轻重：属弹性规定，法律未规定数额，此处不作计算。",
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
    near_waybill: pa.Table,
    reading: pa.Table,
    near_mention: pa.Table,
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
        near_waybill: stated contents of sample parcels.
        reading: what those contents are, by the lexicon.
        near_mention: who holds a permit or is named as exporter.
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
            permits=_named(permit, near_mention, "permit.holder", members),
            parcels=_contents(flows, near_waybill, reading),
            declarations=_named(declaration, near_mention, "declaration.exporter", members),
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
    chinese = TONGUES[1]

    def row(
        texts: Sequence[str], verdict: str, why: Sequence[str], names: Sequence[str] = (), *, is_exemption: bool = False
    ) -> Row:
        showings = [each for name in names for each in shown(rule, name, facts)]
        ids = sorted({each.evidence_id for each in showings if each.evidence_id})
        days = [day for each in showings for day in each.days]
        return {
            "network_id": network_id,
            "rule_id": rule.id,
            "jurisdiction": rules.jurisdiction,
            "citation": rule.citation,
            "citation_zh": chinese(rule.citation),
            "element": texts[0],
            "element_zh": texts[1],
            "verdict": verdict,
            "is_exemption": is_exemption,
            "explanation": why[0],
            "explanation_zh": why[1],
            "n_evidence": len(ids),
            "evidence_ids": ids,
            "facts": [name for name in names if shown(rule, name, facts)],
            "row_ids": sorted({row for each in showings for rows in each.row_ids for row in rows}),
            "from_on": min(days, default=None),
            "to_on": max(days, default=None),
        }

    made = []
    for is_exemption, elements in ((False, rule.elements), (True, rule.exemptions)):
        for element in elements:
            verdict = _verdict(rule, element, facts)
            texts = [tongue(element.text) for tongue in TONGUES]
            why = [tongue.explained(rule, element, facts) for tongue in TONGUES]
            names = (*element.supports, *element.contradicts)
            made.append(row(texts, verdict, why, names, is_exemption=is_exemption))
    if rule.circumstances:
        said = [tongue.said(rule, rule.circumstances, facts) for tongue in TONGUES]
        why = [f"Facts that bear on it: {said[0] or 'none in the records'}.", f"相关事实：{said[1] or '记录中无'}。"]
        made.append(row(_SERIOUS, "not_addressed", why, rule.circumstances))
    (liable, about), (liable_zh, about_zh) = (tongue.about(rule) for tongue in TONGUES)
    why = [f"{about} {rules.note}", f"{about_zh}{chinese(rules.note)}"]
    made.append(row([liable, liable_zh], "not_addressed", why))
    return [{**each, "element_no": number} for number, each in enumerate(made, start=1)]


def _verdict(rule: Rule, element: Element, facts: Facts) -> str:
    """Supported, contradicted, or not addressed."""
    if any(shown(rule, name, facts) for name in element.supports):
        return "supported"
    return "contradicted" if any(shown(rule, name, facts) for name in element.contradicts) else "not_addressed"
