"""From what happened to what was written down: one code for everybody, with the gaps real registers have.

Nothing here knows who is in a network: names, numbers, blanks and losses are drawn alike for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from vialtrace.model import RECORDS
from vialtrace.simulate.clients import words
from vialtrace.simulate.journal import Columns
from vialtrace.simulate.people import Timeline
from vialtrace.simulate.rhythm import DAY, Ints
from vialtrace.simulate.trade import Stage

Objects = npt.NDArray[np.object_]
Sheet = dict[str, npt.NDArray[Any]]  # canonical field name -> texts, blank where missing
Made = Iterator[tuple[str, npt.NDArray[Any]]]  # the same, one column after the other

# The share of events of each kind that the extracts at hand hold.
COVERAGE: Mapping[str, float] = MappingProxyType(
    {
        "waybill": 0.93,
        "payment": 0.92,
        "crossing": 0.98,
        "contact": 0.6,
        "post": 0.85,
        "order": 0.95,
        "seizure": 1.0,
        "specimen": 1.0,
        "declaration": 0.97,
        "permit": 1.0,
    }
)
# The share of rows in which an optional field is blank.
BLANKS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "waybill": {
            "sender_name": 0.03,
            "sender_phone": 0.07,
            "sender_address": 0.08,
            "receiver_phone": 0.03,
            "contents": 0.08,
            "weight_g": 0.04,
            "delivered_at": 0.04,
            "freight": 0.3,
        },
        "payment": {"payer_name": 0.07, "payee_name": 0.05, "channel": 0.1},
        "crossing": {"birth_date": 0.06, "traveller_name": 0.02, "mode": 0.2},
        "order": {
            "client_phone": 0.15,
            "client_handle": 0.6,
            "agent_name": 0.1,
            "agent_phone": 0.35,
            "agent_handle": 0.3,
            "price": 0.08,
            "drawn_at": 0.3,
            "specimen_label": 0.5,
        },
        "seizure": {"document_no": 0.2, "carrier_name": 0.1, "condition": 0.2, "storage_celsius": 0.4},
        "contact": {"duration_s": 0.05},
        "specimen": {"temperature_celsius": 0.4, "drawn_at": 0.3, "result": 0.3},
        "post": {"region": 0.2},
        "declaration": {"exporter_id": 0.05},
        "permit": {},
        "organisation": {"phone": 0.15},
        "subscriber": {"address": 0.2},
    }
)


def _times(stage: Stage, seconds: Ints) -> Objects:
    start = np.datetime64(stage.span.start.isoformat(), "s")
    text = np.char.replace(np.datetime_as_string(start + seconds.astype("timedelta64[s]"), unit="s"), "T", " ").astype(
        object
    )
    text[seconds < 0] = ""
    return text


def _days(stage: Stage, days: Ints) -> Objects:
    return np.datetime_as_string(
        np.datetime64(stage.span.start.isoformat(), "D") + days.astype("timedelta64[D]"), unit="D"
    ).astype(object)


def _decimals(values: npt.NDArray[np.float64], places: int = 2) -> Objects:
    return np.char.mod(f"%.{places}f", values).astype(object)


def _numbers(values: npt.NDArray[np.float64]) -> Objects:
    return np.char.mod("%g", np.round(values, 2)).astype(object)


def _kept(rng: np.random.Generator, stage: Stage, kind: str) -> Columns:
    """The events that left a record, in order of time; equal times in random order."""
    events = stage.journal.events(kind)
    n = len(events["operation"])
    seen = rng.random(n) < COVERAGE[kind]
    if "hidden" in events:
        seen &= ~events["hidden"]
    if "at" in events:
        seen &= (events["at"] >= 0) & (events["at"] < stage.span.days * DAY)
    index = np.flatnonzero(seen)
    order = index[np.lexsort((rng.random(len(index)), events["at"][index]))] if "at" in events else index
    return {name: column[order] for name, column in events.items()}


def _called(rng: np.random.Generator, stage: Stage, who: Ints) -> Objects:
    """Names as people write them on parcels: now and then only the family name and a courtesy."""
    people = stage.people
    name = people.name[who].astype(object)
    short = np.flatnonzero((rng.random(len(who)) < 0.09) & (who < people.n_persons))
    courtesy = words(rng, people.country.courtesy, len(short))
    if people.country.is_family_first:
        name[short] = [f"{name[i][0]}{word}" for i, word in zip(short, courtesy, strict=True)]
    else:
        name[short] = [f"{word} {name[i].split()[-1]}" for i, word in zip(short, courtesy, strict=True)]
    return name


def _handles(stage: Stage, who: Ints) -> Objects:
    people = stage.people
    return np.char.add(
        np.char.add(np.array(people.country.platforms)[people.platform[who]], ":"), people.handle[who]
    ).astype(object)


def _places(timeline: Timeline, who: Ints, at: Ints, instead: Objects) -> Objects:
    return np.where(instead != "", instead, timeline.at(who, at).astype(object))


def waybills(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a parcel."""
    return dict(waybill_columns(rng, stage))


def waybill_columns(rng: np.random.Generator, stage: Stage) -> Made:
    """The same, a column at a time."""
    e, people = _kept(rng, stage, "waybill"), stage.people
    carriers = np.array([name for name, _, _ in people.country.carriers], dtype=object)
    n = len(e["at"])
    far = people.region[e["sender"]] != people.region[e["receiver"]]
    freight = (8 + 4 * far + np.ceil(e["weight"] / 1000) * 3) * people.country.money_unit
    yield "waybill_no", e["number"]
    yield "carrier", carriers[e["carrier"]]
    yield "accepted_at", _times(stage, e["at"])
    yield "delivered_at", _times(stage, e["delivered"])
    yield "sender_name", _called(rng, stage, e["sender"])
    yield "sender_phone", people.phone.at(e["sender"], e["at"]).astype(object)
    yield "sender_address", people.address.at(e["sender"], e["at"]).astype(object)
    yield "receiver_name", _called(rng, stage, e["receiver"])
    yield "receiver_phone", people.phone.at(e["receiver"], e["at"]).astype(object)
    yield "receiver_address", _places(people.address, e["receiver"], e["at"], e["receiver_place"])
    yield "contents", e["contents"]
    yield "weight_g", _decimals(e["weight"], 0)
    yield "pieces", e["pieces"].astype(str).astype(object)
    yield "service", words(rng, people.country.word_list("parcel_service"), n)
    yield "freight", _decimals(freight)
    yield "currency", np.full(n, people.country.currency, dtype=object)


def payments(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a transfer."""
    return dict(payment_columns(rng, stage))


def payment_columns(rng: np.random.Generator, stage: Stage) -> Made:
    """The same, a column at a time."""
    e, people = _kept(rng, stage, "payment"), stage.people
    n = len(e["at"])
    channels = np.array(people.country.word_list("channels"), dtype=object)
    number = np.char.add(
        np.char.replace(
            np.datetime_as_string(
                np.datetime64(stage.span.start.isoformat(), "D") + (e["at"] // DAY).astype("timedelta64[D]"), unit="D"
            ),
            "-",
            "",
        ),
        np.char.mod("%012d", rng.integers(0, 10**12, n)),
    )
    yield "payment_id", number.astype(object)
    yield "paid_at", _times(stage, e["at"])
    yield "payer_account", people.accounts[e["payer_slot"], e["payer"]].astype(object)
    yield "payer_name", people.name[e["payer"]].astype(object)
    yield "payee_account", people.accounts[e["payee_slot"], e["payee"]].astype(object)
    yield "payee_name", people.name[e["payee"]].astype(object)
    yield "amount", _decimals(e["amount"])
    yield "currency", np.full(n, people.country.currency, dtype=object)
    yield "channel", channels[e["payer_slot"]]
    yield "memo", e["memo"]


def crossings(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a traveller and crossing."""
    return dict(crossing_columns(rng, stage))


def crossing_columns(rng: np.random.Generator, stage: Stage) -> Made:
    """The same, a column at a time."""
    e, people = _kept(rng, stage, "crossing"), stage.people
    who = e["who"]
    yield "document_no", people.document.at(who, e["at"]).astype(object)
    yield "traveller_name", people.name[who].astype(object)
    yield "birth_date", people.birth[who].astype(str).astype(object)
    yield (
        "nationality",
        np.where(people.is_near[who], people.country.near_nationality, people.country.nationality).astype(object),
    )
    yield "crossed_at", _times(stage, e["at"])
    yield "direction", np.where(e["exit"], "exit", "entry").astype(object)
    yield "port", np.array(people.country.ports, dtype=object)[e["port"]]
    yield "mode", e["mode"]
    yield "vehicle_no", np.where(e["drives"], people.plate[who].astype(object), "")


def contacts(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a call or message: phones, or handles where it went by a platform."""
    return dict(contact_columns(rng, stage))


def contact_columns(rng: np.random.Generator, stage: Stage) -> Made:
    """The same, a column at a time."""
    e, people = _kept(rng, stage, "contact"), stage.people
    by_chat = e["medium"] == people.country.word_list("media")[2]
    sides = [
        np.where(by_chat, _handles(stage, e[side]), people.phone.at(e[side], e["at"]).astype(object))
        for side in ("caller", "called")
    ]
    yield "from_identifier", sides[0]
    yield "to_identifier", sides[1]
    yield "contacted_at", _times(stage, e["at"])
    yield "medium", e["medium"]
    yield "duration_s", _numbers(e["duration"])


def posts(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a post."""
    e, people = _kept(rng, stage, "post"), stage.people
    n = len(e["at"])
    platform = np.array(people.country.platforms, dtype=object)[people.platform[e["who"]]]
    number = np.char.mod("%012x", rng.integers(16**11, 16**12, n)).astype(object)
    url = np.array(
        [f"https://{site}.example/p/{key}" for site, key in zip(platform, number, strict=True)], dtype=object
    )
    regions = np.array([region.name for region in people.country.regions], dtype=object)
    return {
        "post_id": number,
        "platform": platform,
        "account": people.handle[e["who"]].astype(object),
        "posted_at": _times(stage, e["at"]),
        "text": e["text"],
        "region": regions[people.region[e["who"]]],
        "url": url,
    }


def orders(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a test ordered."""
    e, people = _kept(rng, stage, "order"), stage.people
    n = len(e["at"])
    regions = np.array([region.name for region in people.country.regions], dtype=object)
    return {
        "order_id": np.char.mod("D%08d", rng.choice(10**8, n, replace=False)).astype(object),
        "ordered_at": _times(stage, e["at"]),
        "service": e["service"],
        "client_name": people.name[e["client"]].astype(object),
        "client_phone": people.phone.at(e["client"], e["at"]).astype(object),
        "client_handle": _handles(stage, e["client"]),
        "client_region": regions[people.region[e["client"]]],
        "price": _decimals(e["price"]),
        "currency": np.full(n, people.country.currency, dtype=object),
        "agent_name": people.name[e["agent"]].astype(object),
        "agent_phone": people.phone.at(e["agent"], e["at"]).astype(object),
        "agent_handle": _handles(stage, e["agent"]),
        "waybill_no": e["number"],
        "drawn_at": _times(stage, e["drawn"]),
        "specimen_label": e["label"],
    }


def seizures(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a seizure."""
    e, people = _kept(rng, stage, "seizure"), stage.people
    who, known = e["who"].clip(0), e["who"] >= 0
    return {
        "seizure_id": e["key"],
        "seized_at": _times(stage, e["at"]),
        "port": e["port"],
        "document_no": np.where(known, people.document.at(who, e["at"]).astype(object), ""),
        "carrier_name": np.where(known, people.name[who].astype(object), ""),
        "waybill_no": e["number"],
        "material": e["material"],
        "quantity": _numbers(e["quantity"]),
        "unit": e["unit"],
        "concealment": e["concealment"],
        "condition": e["condition"],
        "storage_celsius": _numbers(e["celsius"]),
        "infectious_result": e["infectious"],
    }


def specimens(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a tube."""
    e = _kept(rng, stage, "specimen")
    order = np.argsort(e["key"].astype(str), kind="stable")
    e = {name: column[order] for name, column in e.items()}
    return {
        "specimen_id": e["key"],
        "seizure_id": e["seizure_key"],
        "label": e["label"],
        "tube_type": e["tube"],
        "volume_ml": _numbers(e["ml"]),
        "drawn_at": _times(stage, e["drawn"]),
        "condition": e["condition"],
        "temperature_celsius": _numbers(e["celsius"]),
        "test": e["test"],
        "result": e["result"],
    }


def declarations(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a line of a declaration."""
    e, people = _kept(rng, stage, "declaration"), stage.people
    return {
        "declaration_no": e["key"],
        "declared_at": _times(stage, e["at"]),
        "goods": e["goods"],
        "hs_code": e["hs"],
        "exporter_name": people.name[e["exporter"]].astype(object),
        "exporter_id": people.org_id[e["exporter"]].astype(object),
        "consignee_name": people.name[e["consignee"]].astype(object),
        "destination": e["destination"],
        "quantity": _numbers(e["quantity"]),
        "unit": e["unit"],
        "value": _decimals(e["value"]),
        "currency": np.full(len(e["at"]), people.country.currency, dtype=object),
        "permit_no": e["permit"],
        "port": np.array(people.country.ports, dtype=object)[e["port"]],
        "waybill_no": e["number"],
    }


def permits(rng: np.random.Generator, stage: Stage) -> Sheet:
    """One row a permit."""
    e, people = _kept(rng, stage, "permit"), stage.people
    order = np.argsort(e["from"], kind="stable")
    e = {name: column[order] for name, column in e.items()}
    n = len(e["key"])
    return {
        "permit_no": e["key"],
        "holder_name": people.name[e["holder"]].astype(object),
        "holder_id": people.org_id[e["holder"]].astype(object),
        "material": e["material"],
        "quantity": _numbers(e["quantity"]),
        "unit": np.full(n, people.country.word_list("unit.tube")[0], dtype=object),
        "valid_from": _days(stage, e["from"]),
        "valid_to": _days(stage, e["to"]),
        "recipient_name": people.name[e["recipient"]].astype(object),
        "destination": e["destination"],
        "authority": e["authority"],
    }


def blanked(rng: np.random.Generator, kind: str, sheet: Sheet) -> Sheet:
    """The sheet with some optional fields left blank, and its columns in the declared order."""
    shares = BLANKS.get(kind, {})
    out: Sheet = {}
    for name in RECORDS[kind].names:
        if name in sheet:
            lost = rng.random(len(sheet[name])) < shares.get(name, 0.0)
            out[name] = np.where(lost, "", sheet[name])
    return out
