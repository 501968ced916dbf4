"""The findings of a run as one JSON value, in the published form (findings.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import pyarrow as pa

from vialtrace.casefile.cast import Counted, Member, cast, decisions, estimates_of
from vialtrace.casefile.claims import Claim, claims
from vialtrace.casefile.flows import named_in, network_flows
from vialtrace.casefile.places import places
from vialtrace.casefile.provisions import Provision, provisions
from vialtrace.casefile.scrub import knowing
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.casefile.veil import veil
from vialtrace.casefile.wording import words

# A claim about a hub can rest on 50,000 parcels; the claim tells how many there are, the run's tables hold them all.
MOST_ROWS = 200


def schema() -> dict[str, Any]:
    """The JSON Schema that findings keep to."""
    text = files("vialtrace.casefile").joinpath("findings.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def findings(tables: Mapping[str, pa.Table], *, case_name: str, run: str) -> dict[str, Any]:
    """The findings of a run: networks, best supported first, with members, places, amounts and evidence.

    Args:
        tables: the tables of the run, by their declared names; a missing one is an empty one.
        case_name: the case.
        run: the run's content digest.

    Raises:
        OurBug: a protected party is listed as a member.
    """
    shelf = Shelf(tables)
    networks = sorted(shelf.all_rows("network"), key=lambda row: (row["rank"], row["network_id"]))
    found = {"case": case_name, "run": run, "networks": [_network(shelf, row) for row in networks]}
    rejected = [_rejected(row) for row in shelf.all_rows("judged") if row["is_left_out"]]
    return {**found, "rejected": rejected} if rejected else found


def _rejected(row: Row) -> dict[str, Any]:
    """A lead that a person rejected, beside what the evidence alone makes of it; nobody is named."""
    told = {"kind": row["subject_kind"], "id": row["subject_id"], "network": row["network_id"], "role": row["role"]}
    return {**told, "score": None if row["score"] is None else _round(row["score"])}


def _network(shelf: Shelf, row: Row) -> dict[str, Any]:
    network_id = row["network_id"]
    hidden = veil(shelf, network_id)
    flows = network_flows(shelf, network_id, hidden)
    rules = provisions(shelf, network_id)
    cited = frozenset(
        evidence_id for rule in rules for element in rule.elements for evidence_id in element.evidence_ids
    )
    known = knowing(shelf, hidden, named_in(shelf, flows), words())
    found = claims(shelf, network_id, hidden, known, words(), also=cited)
    shown, _ = estimates_of(shelf, network_id)
    locate = Locator.of(shelf)
    whole = shown.get("", {})
    regions = {
        region["region"] for region in shelf.rows("network_region", "network_id", [network_id]) if region["region"]
    }
    decided = decisions(shelf, network_id).get(network_id)
    return {
        "id": network_id,
        "rank": row["rank"],
        **({"judgement": decided} if decided else {}),
        "score": _round(row["score"]),
        "members": [_member(each, locate) for each in cast(shelf, network_id, hidden, found, shown, flows)],
        "places": [{"role": place.role, "address": place.address} for place in places(shelf, network_id, hidden)],
        "samples": _estimate(whole.get("samples"), "persons"),
        "proceeds": _estimate(whole.get("gross_paid"), ""),
        "kept": _estimate(whole.get("kept"), ""),
        "period": _period(row["from_on"], row["to_on"], [claim.first_on for claim in found.values()]),
        "regions": sorted(regions),
        "provisions": [_provision(rule, found) for rule in rules],
    }


def _member(member: Member, locate: Locator) -> dict[str, Any]:
    form: dict[str, Any] = {
        "id": member.party_id,
        "kind": "organisation" if member.kind == "organisation" else "person",
        "role": member.role,
        "score": _round(member.score),
        "identifiers": [{"type": each["identifier_type"], "value": each["value"]} for each in member.identifiers],
        "evidence": [_evidence(each, locate) for each in member.speaks_for],
        "against": [_evidence(each, locate) for each in member.speaks_against],
    }
    if member.decision != "none":
        form["judgement"] = member.decision
    for name, measure in (("samples", "samples"), ("proceeds", "received"), ("kept", "kept")):
        if measure in member.estimates:
            form[name] = _estimate(member.estimates[measure], "")
    if member.from_on and member.to_on:
        form["period"] = _period(member.from_on, member.to_on, [])
    return form


def _evidence(counted: Counted, locate: Locator) -> dict[str, Any]:
    row_ids = counted.claim.row_ids
    told = counted.claim.sentence
    if len(row_ids) > MOST_ROWS:
        told += f" (The first {MOST_ROWS} of {len(row_ids):,} rows are listed.)"
    return {
        "claim": told,
        "weight": _round(counted.counted),
        "rows": [locate(row_id) for row_id in row_ids[:MOST_ROWS]],
    }


def _estimate(row: Row | None, unit: str) -> dict[str, Any]:
    if row is None:
        return {"estimate": 0.0, "low": 0.0, "high": 0.0, "unit": unit, "basis": ["No record speaks to it."]}
    return {
        "estimate": _round(row["value"], 2),
        "low": _round(row["low"], 2),
        "high": _round(row["high"], 2),
        "unit": row["unit"] or unit,
        "basis": [row["basis"]] if row["basis"] else [],
    }


def _period(first: date | None, last: date | None, others: list[date | None]) -> dict[str, str]:
    """A period; where the network has none of its own, that of its claims."""
    known = [each for each in others if each is not None]
    start = first or min(known, default=last)
    end = last or max(known, default=start)
    return {"from": start.isoformat() if start else "", "to": end.isoformat() if end else ""}


def _provision(rule: Provision, found: Mapping[str, Claim]) -> dict[str, Any]:
    return {
        "rule": rule.rule_id,
        "jurisdiction": rule.jurisdiction,
        "citation": rule.citation,
        "elements": [
            {
                "no": element.number,
                "element": element.text,
                "verdict": element.verdict,
                "is_exemption": element.is_exemption,
                "explanation": element.explanation,
                "claims": [found[each].sentence for each in element.evidence_ids if each in found],
            }
            for element in rule.elements
        ],
        "note": "A lawyer decides whether a provision applies; this says only what the evidence speaks to.",
    }


def _round(value: float | None, places: int = 4) -> float:
    """A float of few places: the same bytes on every machine, and no precision that is not there."""
    return round(float(value or 0.0), places) + 0.0
