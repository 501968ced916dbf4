"""FollowTheMoney: members, accounts, places, payments, links, trips and seizures in its core schemata.

Entities are one JSON object a line, as Aleph and OpenSanctions tools read them; statements say each value by itself,
with the row it was read from as its origin. No entity gets a topic: a lead is no label.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import phonenumbers

from vialtrace.casefile.cast import Member
from vialtrace.casefile.exports.dossier import Dossier, key, named_flows
from vialtrace.casefile.flows import MONEY_FLOWS
from vialtrace.casefile.view import NetworkView
from vialtrace.casefile.wording import day, share

_SCHEMATA = {"person": "Person", "organisation": "Organization"}
_OWN_PROPERTIES = {"name": "name", "phone": "phone", "document": "idNumber", "address": "address"}


@dataclass
class Entity:
    """One entity in the making: its values, each with the rows that give it."""

    id: str
    schema: str
    values: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))

    def say(self, name: str, value: object, origins: list[str] | None = None) -> Entity:
        """Add one value of one property; an empty one adds nothing."""
        text = value.isoformat() if isinstance(value, date | datetime) else str(value if value is not None else "")
        if text.strip():
            self.values[name].setdefault(text.strip(), set()).update(origins or ())
        return self

    def as_dict(self) -> dict[str, Any]:
        """The entity as FollowTheMoney writes it."""
        properties = {name: sorted(self.values[name]) for name in sorted(self.values)}
        return {"id": self.id, "schema": self.schema, "properties": properties}


def ftm(held: Dossier) -> bytes:
    """The entities of a case, one a line."""
    return _lines(each.as_dict() for each in entities(held))


def ftm_statements(held: Dossier) -> bytes:
    """Every value of every entity as a statement with the row it comes from, one a line."""
    return _lines(statement for each in entities(held) for statement in _statements(each, held.case.run[:16]))


def _lines(values: Iterator[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in values).encode()


def _statements(entity: Entity, run: str) -> Iterator[dict[str, Any]]:
    dataset = f"vialtrace_{run}"
    for name in sorted(entity.values):
        for value, origins in sorted(entity.values[name].items()):
            for origin in sorted(origins) or ("",):
                yield {
                    "id": key(dataset, entity.id, name, value, origin),
                    "entity_id": entity.id,
                    "canonical_id": entity.id,
                    "schema": entity.schema,
                    "prop": name,
                    "value": value,
                    "original_value": None,
                    "dataset": dataset,
                    "lang": None,
                    "external": False,
                    "first_seen": None,
                    "last_seen": None,
                    "origin": origin or None,
                    "prop_type": None,
                }


def entities(held: Dossier) -> list[Entity]:
    """Every entity of a case, by id; a party in two networks is one."""
    found: dict[str, Entity] = {}
    for each in (*_sources(held), *(entity for view in held.views for entity in _of_view(held, view))):
        known = found.setdefault(each.id, each)
        if known is not each:
            for name, values in each.values.items():
                for value, origins in values.items():
                    known.say(name, value, sorted(origins))
    return [found[name] for name in sorted(found)]


def _document(source: str) -> str:
    return f"vt-source-{key(source)}"


def _sources(held: Dossier) -> Iterator[Entity]:
    for row in held.sources:
        called = f"{row['file']}#{row['sheet']}" if row["sheet"] else row["file"]
        yield (
            Entity(_document(called), "Document")
            .say("title", called)
            .say("fileName", row["file"])
            .say("summary", f"SHA-256 {row['sha256']}; {row['n_rows']} rows read as {row['kind']}")
        )


def _of_view(held: Dossier, view: NetworkView) -> Iterator[Entity]:
    network = f"vt-network-{view.network['network_id']}"
    yield (
        Entity(network, "Project")
        .say("name", held.words("page.title", rank=view.network["rank"]))
        .say("startDate", view.network["from_on"])
        .say("endDate", view.network["to_on"])
        .say("notes", held.words("page.lead"))
    )
    for member in view.members:
        yield from _member(held, member, network)
    for place in view.places:
        rank = place.address if place.address != "–" else ""
        if rank:
            full = "full" if place.role != "port" else "name"
            yield (
                Entity(f"vt-place-{key(place.address)}", "Address")
                .say(full, rank)
                .say("remarks", held.words.role(place.role))
            )
    yield from _links(held, view)
    yield from _events(held, view)


def _member(held: Dossier, member: Member, network: str) -> Iterator[Entity]:
    party = Entity(member.party_id, _SCHEMATA.get(member.kind, "LegalEntity"))
    rows = [row_id for each in member.speaks_for for row_id in each.claim.row_ids]
    cited = held.locators(tuple(dict.fromkeys(rows)))
    for each in member.identifiers:
        kind, value = each["identifier_type"], each["value"]
        origins = held.locators(held.rows_of_identifier(member.party_id, kind, value))
        prop = _OWN_PROPERTIES.get(kind, "")
        if kind == "org_id":
            party.say("registrationNumber", value, origins)
        elif kind == "phone" and not _is_dialled(value):
            party.say("notes", f"{held.words.known('identifier', kind)}: {value}", origins)
        elif prop == "name" and value != member.name:
            party.say("alias", value, origins)
        elif prop:
            party.say(prop, value, origins)
        elif kind in ("account", "handle", "vehicle"):
            yield from _thing(party.id, kind, value, origins)
    if "name" not in party.values:
        party.say("name", member.name, cited)
    yield party
    yield (
        Entity(f"vt-part-{key(network, party.id)}", "ProjectParticipant")
        .say("project", network, cited)
        .say("participant", party.id, cited)
        .say("role", held.words.role(member.role), cited)
        .say("startDate", member.from_on)
        .say("endDate", member.to_on)
        .say("summary", f"{held.words('figure.score')} {share(member.score)}; {held.words('page.lead')}")
    )


def _thing(owner: str, kind: str, value: str, origins: list[str]) -> Iterator[Entity]:
    """An account, a platform account or a vehicle, and whose it is."""
    name = f"vt-{kind}-{key(kind, value)}"
    if kind == "handle":
        platform, _, user = value.rpartition(":")
        account = Entity(name, "UserAccount").say("owner", owner, origins).say("username", user, origins)
        yield account.say("service", platform, origins).say("name", value, origins)
        return
    schema, prop = ("BankAccount", "accountNumber") if kind == "account" else ("Vehicle", "registrationNumber")
    yield Entity(name, schema).say(prop, value, origins).say("name", value, origins)
    yield Entity(f"vt-own-{key(owner, name)}", "Ownership").say("owner", owner, origins).say("asset", name, origins)


def _is_dialled(value: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value))
    except phonenumbers.NumberParseException:
        return False


def _links(held: Dossier, view: NetworkView) -> Iterator[Entity]:
    for claim in view.claims.values():
        parties = [end for kind, end in claim.ends if kind == "party" and end in view.veil.members]
        if len(parties) == 2 and len(claim.ends) == 2:
            cited = held.locators(claim.row_ids)
            link = Entity(f"vt-claim-{claim.evidence_id}", "UnknownLink")
            link.say("subject", parties[0], cited).say("object", parties[1], cited)
            link.say("role", held.words.known("relation", claim.relation), cited).say(
                "description", claim.sentence, cited
            )
            link.say("startDate", claim.first_on).say("endDate", claim.last_on).say("recordId", claim.exhibit)
            for file in sorted({held.locate.file(row_id) for row_id in claim.row_ids}):
                link.say("proof", _document(file))
            yield link
    paid = [line for line in named_flows(view) if line.flow in MONEY_FLOWS]
    for outside in sorted({end for line in paid for end in (line.from_id, line.to_id)} - view.veil.members):
        yield (
            Entity(outside, "Organization")
            .say("name", view.veil.called(outside))
            .say("notes", held.words("export.outside"))
        )
    for line in paid:
        ends = (line.from_id, line.to_id)
        cited = held.locators(line.row_ids)
        name = f"vt-flow-{key(view.network['network_id'], line.flow, *ends, line.currency)}"
        payment = Entity(name, "Payment").say("payer", ends[0], cited).say("beneficiary", ends[1], cited)
        payment.say("amount", line.amount, cited).say("currency", line.currency, cited)
        payment.say("purpose", held.words.known("flow", line.flow), cited).say("recordId", line.exhibit)
        payment.say("startDate", day(line.first_at)).say("endDate", day(line.last_at))
        yield payment.say("summary", f"{line.n_rows} {held.words('column.rows')}")


def _events(held: Dossier, view: NetworkView) -> Iterator[Entity]:
    for trip in view.trips:
        cited = [held.locate(trip.row_id)]
        event = Entity(f"vt-trip-{key(*cited)}", "Trip").say("involved", trip.party_id, cited)
        event.say("name", f"{held.words.known('direction', trip.direction)} {trip.port}".strip(), cited)
        if trip.at is not None:
            event.say("date", day(trip.at), cited)
        yield event
    for seizure in view.seizures:
        cited = [held.locate(seizure.row_id)]
        event = Entity(f"vt-seizure-{key(*cited)}", "Event").say(
            "name", f"{held.words('lane.seizure')} {seizure.seizure_id}", cited
        )
        event.say("summary", f"{seizure.material} {seizure.quantity or ''} {seizure.unit}".strip(), cited)
        event.say("location", seizure.port, cited)
        if seizure.at is not None:
            event.say("date", day(seizure.at), cited)
        if seizure.carrier_id in view.veil.members:
            event.say("involved", seizure.carrier_id, cited)
        yield event
