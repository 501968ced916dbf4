"""Rule packs: the law of one jurisdiction as data, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import yaml

from vialtrace.assess.predicates import PREDICATES
from vialtrace.errors import OurBug

KINDS = ("offence", "participation", "breach", "sanction", "definition", "procedure")


@dataclass(frozen=True)
class Element:
    """What must be there (or, of an exemption, what would excuse), and the facts that speak to it either way."""

    text: str
    supports: tuple[str, ...]
    contradicts: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One provision, in force from ``valid_from`` to ``valid_to``; None where the pack knows no bound."""

    id: str
    kind: str
    instrument: str
    article: str
    citation: str
    summary: str
    valid_from: date | None
    valid_to: date | None
    dates_note: str
    region: str
    liable: str
    source: str
    grade: str
    reviewer: str
    elements: tuple[Element, ...]
    exemptions: tuple[Element, ...]
    circumstances: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """The rules of one jurisdiction, with the note that goes with every use of them."""

    jurisdiction: str
    title: str
    note: str
    rules: tuple[Rule, ...]


def packs() -> tuple[str, ...]:
    """The jurisdictions there are packs for."""
    folder = resources.files("vialtrace.assess") / "packs"
    return tuple(
        sorted(
            each.name.removesuffix(".yaml").upper()
            for each in folder.iterdir()
            if each.name.endswith(".yaml") and not each.name.startswith("_")
        )
    )


def pack(jurisdiction: str) -> Pack | None:
    """The pack of a jurisdiction; None where its law is not held: the case is then worked without provisions."""
    if jurisdiction.upper() not in packs():
        return None
    file = resources.files("vialtrace.assess") / "packs" / f"{jurisdiction.lower()}.yaml"
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Pack(held["jurisdiction"], held["title"], held["note"].strip(), tuple(_rule(each) for each in held["rules"]))


def _element(entry: dict[str, Any]) -> Element:
    return Element(entry["text"], tuple(entry["supports"]), tuple(entry["contradicts"]))


def _rule(entry: dict[str, Any]) -> Rule:
    rule = Rule(
        id=entry["id"],
        kind=entry["kind"],
        instrument=entry["instrument"],
        article=entry["article"],
        citation=entry["citation"],
        summary=entry["summary"].strip(),
        valid_from=entry["valid_from"],
        valid_to=entry["valid_to"],
        dates_note=entry.get("dates_note", ""),
        region=entry.get("region", ""),
        liable=entry["liable"],
        source=entry["source"],
        grade=entry["grade"],
        reviewer=entry["reviewer"],
        elements=tuple(_element(each) for each in entry["elements"]),
        exemptions=tuple(_element(each) for each in entry["exemptions"]),
        circumstances=tuple(entry["circumstances"]),
    )
    named = {fact for each in (*rule.elements, *rule.exemptions) for fact in (*each.supports, *each.contradicts)}
    unknown = sorted((named | set(rule.circumstances)) - set(PREDICATES))
    if unknown or rule.kind not in KINDS:
        raise OurBug(f"Rule {rule.id} names what no fact or kind is called: {', '.join(unknown) or rule.kind}.")
    return rule
