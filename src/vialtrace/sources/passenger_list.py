"""Passenger lists (UN/EDIFACT PAXLST): each traveller on a journey, as a crossing to be.

Fields follow the guide of WCO, IATA and ICAO to advance passenger information. The list tells where the journey left
and where it arrived; which border that crosses, and so direction and time, is worked out from the case's jurisdiction.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import airportsdata

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.edifact import Segment, segments
from vialtrace.sources.message import Entry, sheet_of, whole

HEADERS = (
    "document_no",
    "traveller_name",
    "birth_date",
    "nationality",
    "mode",
    "vehicle_no",
    "left_country",
    "left_port",
    "left_at",
    "reached_country",
    "reached_port",
    "reached_at",
)
_ROLES = {"FL": "", "FM": "", "DDU": "a passenger in transit, who does not cross here",
          "DDT": "a crew member in transit, who does not cross here"}  # fmt: skip
_SENDERS = frozenset({"MS", "MR", "CT"})
_VISA = frozenset({"V", "VI", "VIS"})
_MODES = {"1": "sea", "2": "rail", "3": "road", "4": "air"}
_OTHER = {
    "PNRGOV": "It holds reservations: who booked a journey, not who crossed. A crossing may not be made of it.",
    "CUSRES": "It is an authority's answer, and holds no travellers.",
}


@dataclass(frozen=True)
class _Leg:
    """One leg of a journey: from where, when, to where, when, and on what."""

    vehicle_no: str = ""
    mode: str = ""
    left: str = ""
    left_at: str = ""
    reached: str = ""
    reached_at: str = ""


@dataclass
class _Traveller:
    """What the segments under one NAD say."""

    role: str
    name: str
    at: int
    birth: str = ""
    nationality: str = ""
    documents: list[tuple[str, str]] = field(default_factory=list)
    embarked: str = ""
    debarked: str = ""


def sniff_edifact(path: Path, n_sample: int) -> tuple[Sheet, ...]:
    """The travellers of an interchange.

    Raises:
        UnreadableSource: it holds another type of message, or no traveller.
    """
    types = _types(path)
    if types and "PAXLST" not in types:
        named = min(types)
        raise UnreadableSource(
            f"{path.name} is an EDIFACT message of type {named}. {_OTHER.get(named, '')}".rstrip(),
            expected="A passenger list (PAXLST).",
            way_out="Ask the sender for the passenger lists of the same journeys.",
        )
    sheet = sheet_of(path, "paxlst", "crossing", HEADERS, travellers(path), n_sample)
    if not sheet.n_rows:
        raise UnreadableSource(
            f"{path.name} is a passenger list without any traveller.",
            expected="At least one NAD segment with the role FL (passenger) or FM (crew).",
            way_out="Fetch it again: it was probably cut short on its way.",
        )
    return (sheet,)


def travellers(path: Path) -> Iterator[Entry]:
    """Every traveller of every passenger list in the file; the row number is the byte at which its NAD begins."""
    listed: list[_Traveller] = []
    legs: list[_Leg] = []
    is_list, sent_year, person = True, 99, None
    for segment in segments(whole(path)):
        if segment.tag in ("UNH", "UNT", "UNE", "UNZ"):
            yield from _entries(listed, legs, sent_year)
            listed, legs, person = [], [], None
            is_list = segment.tag != "UNH" or segment.get(1) == "PAXLST"
        elif segment.tag == "UNB":
            sent_year = int(segment.get(3)[:2]) if re.match(r"\d\d", segment.get(3)) else sent_year
        elif not is_list:
            if segment.tag == "NAD" and segment.get(0) in _ROLES:
                yield Entry(segment.at, {}, f"stands in a message that is no passenger list: {_name(segment)}")
        elif segment.tag == "NAD" and segment.get(0) not in _SENDERS:
            person = _Traveller(segment.get(0), _name(segment), segment.at)
            listed.append(person)
        elif person is not None:
            _tell(person, segment)
        else:
            _tell_leg(legs, segment)
    yield from _entries(listed, legs, sent_year)


def _types(path: Path) -> set[str]:
    return {each.get(1) for each in segments(whole(path)) if each.tag == "UNH" and each.get(1)}


def _name(segment: Segment) -> str:
    parts = segment.elements[3] if len(segment.elements) > 3 else ()
    return " ".join(part for part in parts if part)


def _tell(person: _Traveller, segment: Segment) -> None:
    """Take one segment under a NAD."""
    what, value = segment.get(0), segment.get(1)
    if segment.tag == "DTM" and what == "329":
        person.birth = segment.get(0, 1)
    elif segment.tag == "NAT":
        person.nationality = person.nationality or value
    elif segment.tag == "DOC" and value:
        person.documents.append((what, value))
    elif segment.tag == "LOC" and what == "178":
        person.embarked = value
    elif segment.tag == "LOC" and what == "179":
        person.debarked = value


def _tell_leg(legs: list[_Leg], segment: Segment) -> None:
    """Take one segment about the journey: TDT begins a leg, LOC and DTM after it tell its ends."""
    if segment.tag == "TDT":
        legs.append(_Leg(segment.get(1), _MODES.get(segment.get(2), "")))
        return
    if segment.tag not in ("LOC", "DTM"):
        return
    if not legs:
        legs.append(_Leg())
    value = segment.get(1) if segment.tag == "LOC" else _moment(segment.get(0, 1))
    name = {
        ("LOC", "125"): "left", ("DTM", "189"): "left_at", ("LOC", "87"): "reached", ("DTM", "232"): "reached_at",
    }.get((segment.tag, segment.get(0)))  # fmt: skip
    if name is not None:
        legs[-1] = replace(legs[-1], **{name: value})


def _entries(listed: list[_Traveller], legs: list[_Leg], sent_year: int) -> Iterator[Entry]:
    for person in listed:
        if _ROLES.get(person.role, "?"):
            why = _ROLES.get(person.role) or f"its role {person.role[:10]!r} is neither passenger nor crew"
            yield Entry(person.at, {}, f"{why}: {person.name}")
            continue
        leg = _leg_of(person, legs)
        if leg is None:
            yield Entry(person.at, {}, f"the list has several legs and does not say which was travelled: {person.name}")
            continue
        passports = [number for kind, number in person.documents if kind.upper() not in _VISA]
        yield Entry(
            person.at,
            {
                "document_no": passports[0] if passports else "",
                "traveller_name": person.name,
                "birth_date": _birth(person.birth, sent_year),
                "nationality": person.nationality,
                "mode": leg.mode,
                "vehicle_no": leg.vehicle_no,
                "left_country": country_of(leg.left),
                "left_port": leg.left,
                "left_at": leg.left_at,
                "reached_country": country_of(leg.reached),
                "reached_port": leg.reached,
                "reached_at": leg.reached_at,
            },
        )


def _leg_of(person: _Traveller, legs: list[_Leg]) -> _Leg | None:
    """The leg that crossed a border: the only one, the one travelled, or the only one between two countries."""
    known = [leg for leg in legs if leg.left or leg.reached] or legs[:1] or [_Leg()]
    if len(known) == 1:
        return known[0]
    travelled = [leg for leg in known if (leg.left, leg.reached) == (person.embarked, person.debarked)]
    abroad = [leg for leg in known if country_of(leg.left) != country_of(leg.reached)]
    return next((found[0] for found in (travelled, abroad) if len(found) == 1), None)


def _moment(text: str) -> str:
    """A date or date and time as ISO, as its own length tells; anything else as written, never completed."""
    digits = re.sub(r"\D", "", text)
    if len(digits) in (6, 10):
        digits = "20" + digits
    if len(digits) not in (8, 12, 14):
        return text
    shown = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    if len(digits) > 8:
        shown += f" {digits[8:10]}:{digits[10:12]}" + (f":{digits[12:]}" if digits[12:] else "")
    return shown


def _birth(text: str, sent_year: int) -> str:
    """A day of birth; a year of two digits later than the message's own is in the last century."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 6:
        digits = ("19" if int(digits[:2]) > sent_year else "20") + digits
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    except ValueError:
        return text


def country_of(place: str) -> str:
    """The country of an airport (IATA, three letters) or a place (UN/LOCODE, five); empty where it is unknown."""
    code = place.strip().upper()
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}", code):
        return code[:2]
    return _airports().get(code, "")


@cache
def _airports() -> dict[str, str]:
    return {code: airport["country"] for code, airport in airportsdata.load("IATA").items()}
