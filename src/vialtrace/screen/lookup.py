"""One new record: its sightings looked up in what is watched for, held in memory; the same answer as `matching`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
import pyarrow as pa

from vialtrace.kit import names
from vialtrace.kit.scalars import compiled
from vialtrace.screen.matching import LEAST_SHOWN, LEAST_TAIL, MASKED
from vialtrace.screen.sighting import Sighting


@dataclass(frozen=True)
class Found:
    """A sighting, the place in the table of the thing watched for that it shows, and whether ``same`` or ``masked``."""

    sighting: Sighting
    place: int
    how: str


class Lookup:
    """The tables of what to watch for, as they are looked up; ``watch`` stays a table, columns and not objects."""

    def __init__(self, watch: pa.Table, watch_name: pa.Table) -> None:
        """Index the tables once; it takes seconds for a thousand networks."""
        self.watch = watch
        columns = {
            name: watch[name].to_pylist() for name in ("what", "value", "network_id", "party_id", "rule", "is_support")
        }
        # A few words, many times over: each is kept once.
        for name in ("what", "network_id", "rule"):
            columns[name] = [sys.intern(each) for each in columns[name]]
        self._network: list[str] = columns["network_id"]
        self._party: list[str] = columns["party_id"]
        self._value: list[str] = columns["value"]
        self._rule: list[str] = columns["rule"]
        self._same: dict[tuple[str, str], tuple[int, ...]] = {}
        self._by_end: dict[tuple[str, str, int, bool], tuple[int, ...]] = {}
        self._traits: dict[tuple[str, str, str], int] = {}
        for place, (what, value) in enumerate(zip(columns["what"], columns["value"], strict=True)):
            if columns["is_support"][place]:
                self._traits[self._network[place], what, value] = place
                continue
            self._same[what, value] = (*self._same.get((what, value), ()), place)
            if what in MASKED and len(value) > LEAST_TAIL:
                key = (what, value[-LEAST_TAIL:], len(value), "*" in value)
                self._by_end[key] = (*self._by_end.get(key, ()), place)
        self._names: dict[tuple[str, str], list[tuple[str, str | None, str | None]]] = {}
        for row in zip(
            *(watch_name[name].to_pylist() for name in ("network_id", "party_id", "name_key", "starts", "ends")),
            strict=True,
        ):
            self._names.setdefault((row[0], row[1]), []).append(row[2:])

    def __call__(self, seen: Iterable[Sighting]) -> list[Found]:
        """All that the sightings of one record show."""
        every = list(seen)
        found = [each for sighting in every for each in self._of(sighting)]
        for network in sorted({self._network[each.place] for each in found}):
            for sighting in every:
                place = self._traits.get((network, sighting.what, sighting.seen))
                if place is not None:
                    found.append(Found(sighting, place, "same"))
        return found

    def holds(self, network_id: str, what: str, value: str) -> bool:
        """Whether this is watched for as the network's."""
        return any(self._network[place] == network_id for place in self._same.get((what, value), ()))

    def row(self, place: int) -> Mapping[str, Any]:
        """One thing watched for, whole."""
        told: Mapping[str, Any] = self.watch.slice(place, 1).to_pylist()[0]
        return told

    def _of(self, sighting: Sighting) -> Iterator[Found]:
        for place in self._same.get((sighting.what, sighting.seen), ()):
            rule = self._rule[place]
            is_free = rule == "none" or (rule == "fits" and not sighting.has_name)
            if is_free or self._is_named(sighting, place, rule):
                yield Found(sighting, place, "same")
        if sighting.what not in MASKED or len(sighting.seen) <= LEAST_TAIL:
            return
        is_masked = "*" in sighting.seen
        key = (sighting.what, sighting.seen[-LEAST_TAIL:], len(sighting.seen), not is_masked)
        for place in self._by_end.get(key, ()):
            mask, full = (sighting.seen, self._value[place]) if is_masked else (self._value[place], sighting.seen)
            rule = "fits" if self._rule[place] == "none" else self._rule[place]
            if _fits(mask, full) and self._is_named(sighting, place, rule):
                yield Found(sighting, place, "masked")

    def _is_named(self, sighting: Sighting, place: int, rule: str) -> bool:
        """Whether the name beside the sighting is as the rule asks."""
        if sighting.name is None:
            return False
        key, starts, ends = (read({"name": sighting.name}) for read in _readers())
        if key is None:
            return False
        for known, known_starts, known_ends in self._names.get((self._network[place], self._party[place]), ()):
            if starts is None and known_starts is None:
                if key == known:
                    return True
            elif rule == "fits":
                if starts is not None and known_starts is None and _is_part(starts, ends or "", known):
                    return True
                if starts is None and known_starts is not None and _is_part(known_starts, known_ends or "", key):
                    return True
        return False


@cache
def _readers() -> tuple[Callable[[Mapping[str, Any]], Any], ...]:
    """How a name is read: its key, and how it starts and ends where it is a partial one."""
    row = ibis.table({"name": "string"}, name="beside")
    shown = names.shown(row.name)
    return tuple(compiled(value) for value in (names.name_key(row.name), shown.starts, shown.ends))


def _fits(mask: str, full: str) -> bool:
    head, tail = mask[: mask.index("*")], mask[mask.rindex("*") + 1 :]
    n_shown = len(head.replace("+86", "")) + len(tail)
    return len(tail) >= LEAST_TAIL and n_shown >= LEAST_SHOWN and full.startswith(head) and full.endswith(tail)


def _is_part(starts: str, ends: str, full: str) -> bool:
    return len(full) > len(starts) + len(ends) and full.startswith(starts) and full.endswith(ends)
