"""What the evidence says to each provision, element by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from vialtrace.casefile.shelf import Row, Shelf


@dataclass(frozen=True)
class Element:
    """One element, or one exemption, of a provision."""

    number: int
    text: str
    verdict: str
    is_exemption: bool
    explanation: str
    n_evidence: int
    evidence_ids: tuple[str, ...]
    facts: tuple[str, ...] = ()
    row_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Provision:
    """One provision with its elements in order."""

    rule_id: str
    jurisdiction: str
    citation: str
    from_on: date | None
    to_on: date | None
    elements: tuple[Element, ...]
    alike: str = ""

    def own(self, element: Element) -> str:
        """An element's explanation without what the last element of every provision says alike."""
        return element.explanation.removesuffix(self.alike).rstrip()

    def verdicts(self, *, is_exemption: bool) -> dict[str, int]:
        """How many elements, or exemptions, are supported, contradicted and not addressed."""
        return dict(Counter(each.verdict for each in self.elements if each.is_exemption == is_exemption))


def provisions(shelf: Shelf, network_id: str, *, language: str = "en") -> list[Provision]:
    """The provisions of a network in a language, those with the most supported elements first."""
    grouped: dict[str, list[Row]] = {}
    for row in shelf.rows("provision", "network_id", [network_id]):
        grouped.setdefault(row["rule_id"], []).append(row)
    found = [_provision(rule_id, rows, "" if language == "en" else f"_{language}") for rule_id, rows in grouped.items()]
    alike = _said_alike([rule.elements[-1].explanation for rule in found])
    found = [replace(rule, alike=alike) for rule in found]
    return sorted(found, key=lambda rule: (-rule.verdicts(is_exemption=False).get("supported", 0), rule.rule_id))


def _said_alike(texts: Sequence[str]) -> str:
    """The sentences that all of these texts end with: the note of the rule pack, said once and not at every rule."""
    if len(texts) < 2:
        return ""
    backwards = zip(*(reversed(text) for text in texts), strict=False)
    common = "".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, backwards))[::-1]
    stops = [place for mark in (". ", "。", "；") if (place := common.find(mark)) >= 0]
    return common[min(stops) + 1 :].strip() if stops else ""


def _provision(rule_id: str, rows: list[Row], suffix: str) -> Provision:
    firsts = [row["from_on"] for row in rows if row["from_on"]]
    lasts = [row["to_on"] for row in rows if row["to_on"]]
    return Provision(
        rule_id,
        rows[0]["jurisdiction"] or "",
        rows[0]["citation" + suffix] or rows[0]["citation"] or "",
        min(firsts, default=None),
        max(lasts, default=None),
        tuple(
            Element(
                row["element_no"],
                row["element" + suffix] or row["element"] or "",
                row["verdict"],
                bool(row["is_exemption"]),
                row["explanation" + suffix] or row["explanation"] or "",
                row["n_evidence"] or 0,
                tuple(sorted(row["evidence_ids"] or ())),
                tuple(row["facts"] or ()),
                tuple(sorted(row["row_ids"] or ())),
            )
            for row in rows
        ),
    )
