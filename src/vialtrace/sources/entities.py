"""Entities of FollowTheMoney, one a line: payments, organisations and accounts become records, the rest is counted.

An entity points to others by their ids: a payment to accounts, an account to its holder. Ids are looked up in the same
file. Schemata and properties are those of the public data model (followthemoney.tech).
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vialtrace.model.mapping import Sheet
from vialtrace.sources.message import Entry, no_kind, sheet_of
from vialtrace.sources.text import Utf8Stream

_PAYMENT = (
    "paid_at", "payer_account", "payee_account", "amount", "currency", "payment_id", "payer_name", "payee_name",
    "channel", "memo",
)  # fmt: skip
_ORGANISATION = (
    "org_name", "org_id", "representative_name", "address", "phone", "business_scope", "established", "status",
)  # fmt: skip
_SUBSCRIBER = (
    "identifier_type",
    "identifier",
    "holder_name",
    "holder_document",
    "holder_org_id",
    "valid_from",
    "valid_to",
)
_CONTACT = ("from_identifier", "to_identifier", "contacted_at", "medium", "duration_s")
_CROSSING = (
    "document_no", "traveller_name", "birth_date", "nationality", "vehicle_no", "left_country", "left_port",
    "left_at", "reached_country", "reached_port", "reached_at",
)  # fmt: skip

_FIRMS = frozenset({"Company", "Organization", "LegalEntity", "PublicBody"})
_WHY_NOT = {
    "Person": "a person alone is no record; names and documents are used where records point to them",
    "Passport": "a document alone is no record; its number is used where a trip points to its holder",
    "Ownership": "its owner is the holder of the account that it points to",
    "Address": "an address alone is no record",
    "Directorship": "a post is no record; its director is the representative of the organisation it points to",
}


@dataclass(frozen=True)
class Entity:
    """One entity: its id, schema, and properties as lists of texts."""

    id: str
    schema: str
    properties: dict[str, list[str]]

    def get(self, *names: str) -> str:
        """The first value of the first of these properties that has one."""
        return next((values[0] for name in names if (values := self.properties.get(name))), "")


def is_entities(first_line: str) -> bool:
    """Whether a file of JSON lines begins with an entity."""
    return _entity(first_line) is not None


def sniff_entities(path: Path, encoding: str, n_sample: int) -> tuple[Sheet, ...]:
    """One sheet for each schema in the file; those that are no record kind say so, with their number."""
    entries = list(records_of(path, encoding))
    counted = Counter(entry.table for entry in entries)
    sheets = []
    for name in sorted(counted):
        own = (entry for entry in entries if entry.table == name)
        if name in _KINDS:
            kind, headers, _ = _KINDS[name]
            sheets.append(replace(sheet_of(path, "ftm", kind, headers, own, n_sample, name), encoding=encoding))
        else:
            why = _WHY_NOT.get(name, "no record kind holds it")
            sheets.append(no_kind(path, "ftm", name, f"{counted[name]} of schema {name}: {why}.", counted[name]))
    return tuple(sheets)


def records_of(path: Path, encoding: str) -> Iterator[Entry]:
    """Each line as an entry of its schema's sheet; a line that is no entity stands with the first schema of a kind."""
    held = _held(entity for _, entity, _ in _lines(path, encoding) if entity is not None)
    schemata = {entity.schema for entity in held.entities.values()}
    main = min((name for name in schemata if name in _KINDS), default=min(schemata, default=""))
    for number, entity, line in _lines(path, encoding):
        if entity is None:
            yield Entry(number, {}, f"not an entity: {line.strip()[:200]}" if line.strip() else None, main)
        elif entity.schema in _KINDS:
            cells, problem = _KINDS[entity.schema][2](entity, held)
            yield Entry(number, cells, problem, entity.schema)
        else:
            yield Entry(number, {"entry": entity.id}, None, entity.schema)


@dataclass(frozen=True)
class _Held:
    """All entities of a file by id, and those that point to another by the id that they point to."""

    entities: dict[str, Entity]
    owners: dict[str, list[str]]
    directors: dict[str, list[str]]
    passports: dict[str, list[str]]

    def get(self, name: str) -> Entity | None:
        """The entity with an id; None where the file has none."""
        return self.entities.get(name)

    def owner(self, entity: Entity) -> tuple[Entity | None, int]:
        """Who owns an entity, and how many owners the file names."""
        named = [*self.owners.get(entity.id, ()), *entity.properties.get("owner", ())]
        found = [each for name in dict.fromkeys(named) if (each := self.get(name)) is not None]
        return (found[0] if found else None), len(found)


def _held(entities: Iterator[Entity]) -> _Held:
    held = _Held({}, {}, {}, {})
    for entity in entities:
        held.entities[entity.id] = entity
        if entity.schema == "Ownership":
            held.owners.setdefault(entity.get("asset"), []).append(entity.get("owner"))
        elif entity.schema == "Directorship":
            held.directors.setdefault(entity.get("organization"), []).append(entity.get("director"))
        elif entity.schema in ("Passport", "Identification"):
            number = entity.get("number", "passportNumber")
            held.passports.setdefault(entity.get("holder"), []).append(number)
    return held


Made = tuple[dict[str, str], str | None]


def _payment(entity: Entity, held: _Held) -> Made:
    amount, currency = entity.get("amount"), entity.get("currency")
    for name, code in (("amountUsd", "USD"), ("amountEur", "EUR")):
        if not amount:
            amount, currency = entity.get(name), code
    cells = {
        "paid_at": entity.get("date", "startDate"),
        "amount": amount,
        "currency": currency if amount else "",
        "payment_id": entity.get("transactionNumber") or entity.id,
        "channel": entity.get("programme"),
        "memo": entity.get("purpose", "summary", "description"),
    }
    for side, party in (("payer", "payer"), ("payee", "beneficiary")):
        account = held.get(entity.get(f"{party}Account"))
        person = held.get(entity.get(party)) or (held.owner(account)[0] if account else None)
        cells[f"{side}_account"] = _number(account)
        cells[f"{side}_name"] = person.get("name") if person else ""
        if not cells[f"{side}_account"]:
            return {}, f"the payment names no account of its {party} that is in this file: {entity.id}"
    return cells, None


def _number(account: Entity | None) -> str:
    return account.get("iban", "accountNumber", "publicKey") if account else ""


def _organisation(entity: Entity, held: _Held) -> Made:
    named = held.directors.get(entity.id, ())
    director = held.get(named[0]) if len(named) == 1 else None
    place = held.get(entity.get("addressEntity"))
    cells = {
        "org_name": entity.get("name"),
        "org_id": entity.get("uscCode", "registrationNumber", "idNumber", "taxNumber"),
        "representative_name": director.get("name") if director else "",
        "address": entity.get("address") or (place.get("full", "name") if place else ""),
        "phone": entity.get("phone"),
        "business_scope": entity.get("sector", "summary"),
        "established": entity.get("incorporationDate"),
        "status": entity.get("status"),
    }
    return cells, None


def _account(entity: Entity, held: _Held) -> Made:
    return _subscriber(entity, held, "account", _number(entity))


def _user_account(entity: Entity, held: _Held) -> Made:
    service, name = entity.get("service"), entity.get("username")
    return _subscriber(entity, held, "handle", f"{service}:{name}" if service and name else "")


def _subscriber(entity: Entity, held: _Held, kind: str, identifier: str) -> Made:
    owner, n_owners = held.owner(entity)
    if owner is None:
        return {}, f"nobody in this file owns it, and a subscriber is who holds an identifier: {identifier}"
    if n_owners > 1:
        return {}, f"it has {n_owners} owners, and one row names one: {identifier}"
    is_firm = owner.schema in _FIRMS
    cells = {
        "identifier_type": kind,
        "identifier": identifier,
        "holder_name": owner.get("name"),
        "holder_document": "" if is_firm else owner.get("idNumber", "passportNumber"),
        "holder_org_id": owner.get("uscCode", "registrationNumber") if is_firm else "",
        "valid_from": entity.get("openingDate", "startDate"),
        "valid_to": entity.get("closingDate", "endDate"),
    }
    return cells, None


def _call(entity: Entity, held: _Held) -> Made:
    ends = {}
    for side, who in (("from", "caller"), ("to", "receiver")):
        person = held.get(entity.get(who))
        ends[f"{side}_identifier"] = entity.get(f"{who}Number") or (person.get("phone") if person else "")
    when = {"contacted_at": entity.get("date", "startDate"), "medium": "call", "duration_s": entity.get("duration")}
    return ends | when, None


def _trip(entity: Entity, held: _Held) -> Made:
    travellers = [each for name in entity.properties.get("involved", ()) if (each := held.get(name)) is not None]
    if len(travellers) != 1:
        return {}, f"a crossing is one traveller's, and the trip has {len(travellers)} in this file: {entity.id}"
    ends = [held.get(entity.get(name)) for name in ("startLocation", "endLocation")]
    vehicle = held.get(entity.get("vehicle"))
    passports = held.passports.get(travellers[0].id, [""])
    cells = {
        "document_no": travellers[0].get("passportNumber") or passports[0] or travellers[0].get("idNumber"),
        "traveller_name": travellers[0].get("name"),
        "birth_date": travellers[0].get("birthDate"),
        "nationality": travellers[0].get("nationality", "country"),
        "vehicle_no": vehicle.get("registrationNumber", "name") if vehicle else "",
        "left_at": entity.get("startDate", "date"),
        "reached_at": entity.get("endDate", "date"),
    }
    for side, end in zip(("left", "reached"), ends, strict=True):
        cells[f"{side}_country"] = end.get("country") if end else ""
        cells[f"{side}_port"] = end.get("city", "full", "name") if end else ""
    return cells, None


_Maker = Callable[[Entity, _Held], Made]
_KINDS: dict[str, tuple[str, tuple[str, ...], _Maker]] = {
    "Payment": ("payment", _PAYMENT, _payment),
    "BankAccount": ("subscriber", _SUBSCRIBER, _account),
    "CryptoWallet": ("subscriber", _SUBSCRIBER, _account),
    "UserAccount": ("subscriber", _SUBSCRIBER, _user_account),
    "Call": ("contact", _CONTACT, _call),
    "Trip": ("crossing", _CROSSING, _trip),
    **dict.fromkeys(sorted(_FIRMS), ("organisation", _ORGANISATION, _organisation)),
}


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, Entity | None, str]]:
    """Number, entity (None where it is none) and text of each line."""
    stream = io.BufferedReader(Utf8Stream(path, encoding), 1 << 20)
    with io.TextIOWrapper(stream, encoding="utf-8", newline="\n") as text:
        for number, line in enumerate(text, start=1):
            yield number, _entity(line), line


def _entity(line: str) -> Entity | None:
    """The entity on a line; None where it holds something else."""
    try:
        value = json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    name, schema, properties = value.get("id"), value.get("schema"), value.get("properties")
    is_named = isinstance(name, str) and isinstance(schema, str) and re.fullmatch(r"[A-Za-z]{3,40}", schema)
    if not is_named or not isinstance(properties, dict):
        return None
    return Entity(str(name), str(schema), {key: _texts(values) for key, values in properties.items()})


def _texts(values: Any) -> list[str]:
    """A property's values as texts; an entity that is nested counts as its id."""
    listed = values if isinstance(values, list) else [values]
    found = [each.get("id") if isinstance(each, dict) else each for each in listed]
    return [
        str(each) for each in found if isinstance(each, str | int | float) and not isinstance(each, bool) and str(each)
    ]
