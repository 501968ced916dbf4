"""What a world takes from a country: names, places, numbers, carriers, ports and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """A first-level region: ISO 3166-2 code, name, prefix of its resident numbers, weight, cities with districts."""

    iso: str
    name: str
    prefix: str
    weight: float
    cities: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Country:
    """Everything national about a simulated world.

    ``words`` are vocabularies by purpose (see ``lawful`` and ``chain``); ``near`` is the place over the border where
    goods and runners go; ``money_unit`` turns a price written in yuan into the country's own; ``holidays`` are
    month-day spans on which business slows; ``document_form`` is ``permit`` (C and eight digits) or ``passport``.
    """

    code: str
    currency: str
    dial: str
    nationality: str
    near_code: str
    near_nationality: str
    near_dial: str
    near_places: tuple[str, ...]
    near_currency: str
    border_regions: tuple[str, ...]
    regions: tuple[Region, ...]
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    is_family_first: bool
    streets: tuple[str, ...]
    mobile_prefixes: tuple[str, ...]
    carriers: tuple[tuple[str, str, int], ...]
    platforms: tuple[str, ...]
    ports: tuple[str, ...]
    vehicle_prefixes: tuple[str, ...]
    courtesy: tuple[str, ...]
    money_unit: int
    holidays: tuple[tuple[str, str], ...]
    document_form: str
    words: Mapping[str, tuple[str, ...]]

    def word_list(self, purpose: str) -> tuple[str, ...]:
        """The vocabulary for ``purpose``."""
        return self.words[purpose]
