"""For the defence: everything that favours the accused, every lead turned down, every note, decision and entry.

Nothing is left out for being inconvenient: what speaks against comes first, then what was decided and why, then the
ledger whole, with its digests, so that it can be held against the case. Donors stand by pseudonym in texts too.
"""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vialtrace.casefile import telling
from vialtrace.casefile.archive import archive
from vialtrace.casefile.exports.dossier import Dossier
from vialtrace.casefile.page import rendered
from vialtrace.casefile.scrub import Scrubber, scrubber
from vialtrace.casefile.veil import Veil, veil
from vialtrace.casefile.view import NetworkView
from vialtrace.casefile.wording import Words

Told = dict[str, Any]

_PARTY = re.compile(r"\bP[0-9a-f]{15}\b")
# Acts by which a person turned a lead down, or left it open.
_TURNED_DOWN = ("reject", "hold", "split", "withdraw")


@dataclass(frozen=True)
class Favouring:
    """What speaks for the accused in one network."""

    view: NetworkView
    against: tuple[Told, ...]
    law: tuple[Told, ...]
    weakest: tuple[Told, ...]


def disclosure(held: Dossier) -> bytes:
    """The disclosure as an archive: a page to read and the same as JSON."""
    shown = _Shown.of(held)
    entries = [shown.entry(each) for each in held.case.ledger]
    decisions = [each for each in entries if each["kind"] == "decision"]
    favouring = [_favouring(view) for view in held.views]
    turned_down = [each for each in decisions if each["act"] in _TURNED_DOWN]
    notes = [each for each in decisions if each["act"] == "note"]
    mended = [
        {**{key: getattr(each, key) for key in ("column", "who", "on")}, "row": held.locate(each.row_id)}
        | {"why": shown.text(each.why)}
        for each in held.case.mended
    ]
    page = rendered(
        "disclosure.html.j2",
        held.words,
        held.case,
        {
            "favouring": favouring,
            "turned_down": turned_down,
            "notes": notes,
            "decisions": decisions,
            "entries": entries,
            "sources": held.sources,
            "mended": mended,
        },
    )
    told = {
        "case": held.case.name,
        "run": held.case.run,
        "networks": [_told(each, held.words) for each in favouring],
        "turned_down": turned_down,
        "notes": notes,
        "decisions": decisions,
        "mended": mended,
        "ledger": entries,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    return archive({"disclosure.html": page.encode(), "disclosure.json": text.encode()})


@dataclass(frozen=True)
class _Shown:
    """Makes entries of the ledger fit to be shown: whoever may not be named stands by pseudonym in them."""

    veil: Veil
    scrubber: Scrubber

    @classmethod
    def of(cls, held: Dossier) -> _Shown:
        veils = [view.veil for view in held.views] or [veil(held.shelf, "", pseudonym=held.pseudonym)]
        whole = replace(
            veils[0],
            key=None,
            members=frozenset().union(*(each.members for each in veils)),
            aliases=dict(ChainMap(*(dict(each.aliases) for each in veils))),
            names=dict(ChainMap(*(dict(each.names) for each in veils))),
            identifiers=dict(ChainMap(*(dict(each.identifiers) for each in veils))),
            withheld=frozenset().union(*(each.withheld for each in veils)),
            lenders=frozenset().union(*(each.lenders for each in veils)),
        )
        everybody = set(held.shelf.arrow("party")["party_id"].to_pylist())
        return cls(whole, scrubber(held.shelf, whole, everybody, held.words))

    def entry(self, entry: Mapping[str, Any]) -> Told:
        """One entry: its own words scrubbed, parties in it by name or pseudonym."""
        payload = {key: self._value(value) for key, value in entry["payload"].items()}
        return {
            **{key: entry[key] for key in ("seq", "at", "who", "kind", "previous", "digest")},
            "what": self.text(entry["what"]),
            "why": self.text(entry["why"]),
            "act": str(payload.get("act", "")),
            "subject": str(payload.get("subject", "")),
            "other": str(payload.get("other", "")),
            "payload": payload,
        }

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value) if not _is_digest(value) else value
        if isinstance(value, Mapping):
            return {key: self._value(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(each) for each in value]
        return value

    def text(self, text: str) -> str:
        """A text that a person wrote, with everybody who may not be named behind a pseudonym."""
        named = _PARTY.sub(lambda found: self._party(found[0]), text)
        return self.scrubber.scrub(named, mask_numbers=False)

    def _party(self, party_id: str) -> str:
        called = self.veil.called(party_id)
        return f"{called} ({party_id})" if self.veil.is_clear(party_id) else called


def _is_digest(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32,64}", text) is not None


def _favouring(view: NetworkView) -> Favouring:
    against = tuple(
        {
            "exhibit": claim.exhibit,
            "claim": claim.sentence,
            "is_fact": claim.is_fact,
            "weight": round(claim.weight, 4),
            "members": [f"{member.number} {member.name}" for member in view.cited_by(claim.evidence_id)],
            "rows": [view.locate(row) for row in claim.row_ids],
        }
        for claim in view.against()
    )
    law = tuple(
        {
            "citation": rule.citation,
            "element": element.text,
            "verdict": element.verdict,
            "is_exemption": element.is_exemption,
            "explanation": view.told(element.explanation),
        }
        for rule, element in view.law_against()
    )
    weakest = tuple(
        {"member": f"{each.number} {each.name}", "score": round(each.score, 4), "n_lines": each.n_lines}
        for each in view.weakest()
    )
    return Favouring(view, against, law, weakest)


def _told(each: Favouring, said: Words) -> Told:
    view = each.view
    return {
        "network": view.network["network_id"],
        "against": list(each.against),
        "law": list(each.law),
        "weakest": list(each.weakest),
        "unasked": [row["detector"] for row in view.gaps.unasked],
        "absent_kinds": list(view.gaps.absent_kinds),
        "questions": [view.told(question.text) for question in view.questions],
        "associated": [
            {
                "number": one.number,
                "who": one.called,
                "lines": list(one.lines),
                "claims": [claim.sentence for claim in one.claims],
                "lacks": list(one.lacks),
            }
            for one in view.associated
        ],
        "estimates": {
            measure: {
                **{end: row[end] for end in ("low", "value", "high")},
                "basis": view.told(telling.basis(row, said)),
            }
            for measure, row in view.estimates.get("", {}).items()
        },
    }
