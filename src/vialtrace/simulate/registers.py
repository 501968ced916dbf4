"""Registers: companies, and who holds which phone, account, handle or vehicle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.simulate.clients import words
from vialtrace.simulate.people import Population, Timeline
from vialtrace.simulate.render import Sheet
from vialtrace.simulate.rhythm import DAY, Ints
from vialtrace.simulate.trade import Stage


def organisations(rng: np.random.Generator, stage: Stage) -> Sheet:
    """The company register: every organisation of the world, in order of its number."""
    people, country = stage.people, stage.people.country
    who = np.arange(people.n_persons, people.n)
    who = who[np.argsort(people.org_id[who])]
    representative = people.representative[who]
    scope, licence = np.full(len(who), "", dtype=object), np.full(len(who), "", dtype=object)
    for kind in np.unique(people.org_kind[who].astype(str)):
        mine = people.org_kind[who] == kind
        scope_kind = "abroad" if kind.startswith("abroad") else kind
        scope[mine] = words(rng, country.word_list(f"scope.{scope_kind}"), int(mine.sum()))
        if f"licence.{kind}" in country.words:
            licence[mine] = words(rng, country.word_list(f"licence.{kind}"), int(mine.sum()))
    at = np.full(len(who), (stage.span.days - 1) * DAY)
    return {
        "org_name": people.name[who].astype(object),
        "org_id": people.org_id[who].astype(object),
        "representative_name": people.name[representative].astype(object),
        "representative_document": people.resident_no[representative].astype(object),
        "address": people.address.at(who, at).astype(object),
        "phone": people.phone.at(who, at).astype(object),
        "business_scope": scope,
        "established": people.established[who].astype(str).astype(object),
        "status": words(rng, country.word_list("status"), len(who)),
        "licence": licence,
    }


def subscribers(rng: np.random.Generator, stage: Stage, column: Callable[[str, str], pa.ChunkedArray]) -> Sheet:
    """Who holds the identifiers investigators asked about: nearly all the busy ones, some of the others.

    ``column`` gives a field of all records of a kind.
    """
    people = stage.people
    phones = [
        column("waybill", "sender_phone"),
        column("waybill", "receiver_phone"),
        column("contact", "from_identifier"),
        column("contact", "to_identifier"),
    ]
    accounts = [column("payment", "payer_account"), column("payment", "payee_account")]
    parts = [
        _asked(rng, stage, "phone", _holders(people.phone), phones),
        _asked(rng, stage, "account", _account_holders(people), accounts),
        _asked(rng, stage, "handle", _handle_holders(people), phones[2:]),
        _asked(
            rng,
            stage,
            "vehicle",
            (people.plate, np.arange(people.n), np.zeros(people.n, dtype=np.int64)),
            [column("crossing", "vehicle_no")],
        ),
    ]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = rng.permutation(len(joined["identifier"]))
    order = order[np.argsort(joined["valid_from"][order].astype(str), kind="stable")]
    return {name: each[order] for name, each in joined.items()}


def _holders(timeline: Timeline) -> tuple[np.ndarray[tuple[int], np.dtype[np.str_]], Ints, Ints]:
    who, start = timeline.starts()
    return timeline.values, who, start


def _account_holders(people: Population) -> tuple[np.ndarray[tuple[int], np.dtype[np.str_]], Ints, Ints]:
    who = np.tile(np.arange(people.n), people.accounts.shape[0])
    return people.accounts.ravel(), who, np.zeros(len(who), dtype=np.int64)


def _handle_holders(people: Population) -> tuple[np.ndarray[tuple[int], np.dtype[np.str_]], Ints, Ints]:
    names = np.char.add(np.char.add(np.array(people.country.platforms)[people.platform], ":"), people.handle)
    return names, np.arange(people.n), np.zeros(people.n, dtype=np.int64)


def _asked(
    rng: np.random.Generator,
    stage: Stage,
    kind: str,
    holders: tuple[np.ndarray[tuple[int], np.dtype[np.str_]], Ints, Ints],
    columns: list[pa.ChunkedArray],
) -> Sheet:
    """Rows for identifiers that occur in the records: 90 % of those with twelve events or more, 15 % of the others."""
    people = stage.people
    values, who, start = holders
    counted = pa.chunked_array([chunk for each in columns for chunk in each.chunks], pa.string()).value_counts()
    counted = counted.filter(pc.not_equal(counted.field("values"), ""))
    counted = counted.take(pc.sort_indices(counted.field("values")))
    seen = np.array(counted.field("values").to_pylist(), dtype=np.str_)
    counts = counted.field("counts").to_numpy()
    # Where a household shares a number its first member holds it.
    known, first = np.unique(values, return_index=True)
    place = np.searchsorted(known, seen).clip(0, len(known) - 1)
    match = known[place] == seen
    asked = match & (rng.random(len(seen)) < np.where(counts >= 12, 0.9, 0.15))
    index = first[place[asked]]
    holder, since = who[index], start[index]
    is_org = holder >= people.n_persons
    opened = np.datetime64(stage.span.start.isoformat(), "D") + np.where(
        since > 0, since // DAY, -rng.integers(30, 2500, len(index))
    ).astype("timedelta64[D]")
    document = np.where(people.is_near[holder], people.document.at(holder, since), people.resident_no[holder])
    return {
        "identifier_type": np.full(len(index), kind, dtype=object),
        "identifier": values[index].astype(object),
        "holder_name": people.name[holder].astype(object),
        "holder_document": np.where(is_org, "", document).astype(object),
        "holder_org_id": people.org_id[holder].astype(object),
        "address": people.address.at(holder, since).astype(object),
        "valid_from": np.datetime_as_string(opened, unit="D").astype(object),
        "valid_to": np.full(len(index), "", dtype=object),
    }
