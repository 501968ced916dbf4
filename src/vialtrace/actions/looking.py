"""Look at a case as a whole: what it holds, what was found, what is missing, what was done to it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vialtrace import pipeline
from vialtrace.actions.desk import Desk
from vialtrace.actions.judged import judged_told, notes_on
from vialtrace.actions.running import told
from vialtrace.casefile.gaps import monthly
from vialtrace.casefile.lens import Lens, network_seen
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.veil import veil
from vialtrace.casefile.wording import words
from vialtrace.errors import UnknownName
from vialtrace.kit.ids import pseudonym
from vialtrace.model import RECORDS
from vialtrace.model.records import OWN_TIME
from vialtrace.store import Case, Run
from vialtrace.store.ledger import KINDS


def case_told(folder: Path, desk: Desk) -> dict[str, Any]:
    """The case in one view: its settings, sources, runs, networks, coverage, and what could not be asked."""
    case = desk.open(folder)
    settings = case.settings
    runs = case.runs
    made = runs[-1] if runs else None
    return {
        "name": settings.name,
        "purpose": settings.purpose,
        "legal_basis": settings.legal_basis,
        "owner": settings.owner,
        "jurisdiction": settings.jurisdiction,
        "time_zone": settings.time_zone,
        "sources": sources_told(case, made),
        "run": made.digest if made else None,
        "runs": [{"run": each.digest, "at": each.record["finished_at"]} for each in runs],
        "networks": [asdict(each) for each in told(made).networks] if made else [],
        "unasked": desk.shelf(made).all_rows("unasked") if made else [],
        "coverage": coverage(desk.shelf(made)) if made else [],
        "missing_kinds": [kind for kind in RECORDS if made and not desk.shelf(made).count(kind)],
        "judged": _named(case, made, desk),
    }


def _named(case: Case, made: Run | None, desk: Desk) -> list[dict[str, Any]]:
    """The judgements in force; whoever is no member stands behind a pseudonym."""
    told = judged_told(case, made)
    if made is None or not any(each["kind"] == "party" for each in told):
        return told
    shelf, key = desk.shelf(made), case.pseudonym_key
    veils = {
        network: veil(shelf, network, pseudonym=lambda party: pseudonym(key, party))
        for network in {each["network"] or "" for each in told}
    }
    for each in told:
        if each["kind"] == "party":
            each["called"] = veils[each["network"] or ""].called(each["subject"])
    return told


def sources_told(case: Case, made: Run | None) -> list[dict[str, Any]]:
    """Each sheet of each source: what it is taken for, and, where a run has read it, what became of its rows."""
    accounts = {row["source_no"]: row for row in made.tables["source"].to_pylist()} if made else {}
    grades = pipeline.grades(case.ledger.entries("decision"))
    listed = []
    for source in case.sources:
        common = {
            "grade": grades[source.name].code if source.name in grades else None,
            "file": source.name,
            "sha256": source.sha256,
            "n_bytes": source.n_bytes,
            "added_by": source.added_by,
            "added_at": source.added_at,
            "same_as": source.same_as,
        }
        for taken in source.taken:
            account = accounts.get(taken.source_no, {})
            counts = {name: value for name, value in account.items() if name.startswith("n_")}
            listed.append(
                {
                    **common,
                    "sheet": taken.sheet,
                    "source_no": taken.source_no,
                    "mapping": taken.mapping,
                    "kind": account.get("kind"),
                    "counts": counts,
                }
            )
        listed += [{**common, "sheet": left.sheet, "left": left.reason} for left in source.left]
    return listed


# Kinds whose rows are things that stand for a while, not events of a day.
_LASTING = frozenset({"organisation", "permit", "subscriber"})


def coverage(shelf: Shelf) -> list[dict[str, Any]]:
    """Records of events of each kind in each month: ``kind``, ``month`` as year and month, ``n``."""
    found: list[dict[str, Any]] = []
    for kind in OWN_TIME:
        if kind in _LASTING:
            continue
        found += [{"kind": kind, "month": month, "n": n} for month, n in monthly(shelf, kind)]
    return found


def network_told(
    folder: Path, name: str, desk: Desk, *, month: str = "", region: str = "", member: str = "", language: str = "en"
) -> dict[str, Any]:
    """One network with all that hangs on it, or what one month, region or member of it shows; it is entered.

    Raises:
        UnknownName: if no network is called so.
        WrongOrder: if the case has no run.
    """
    case = desk.open(folder)
    made, key = case.run(), case.pseudonym_key
    seen = network_seen(
        desk.shelf(made),
        name,
        words(language),
        lens=Lens(month, region, member),
        pseudonym=lambda party: pseudonym(key, party),
    )
    case.ledger.append("consultation", "network shown", who=desk.who, payload={"run": made.digest, "id": name})
    (found,) = [each for each in made.findings["networks"] if each["id"] == name]
    said = _named(case, made, desk)
    about = {name, *(each["evidence_id"] for each in seen["claims"])}
    return {
        **seen,
        "found": {key: value for key, value in found.items() if key != "members"},
        "judged": [each for each in said if each["subject"] in about or each["network"] == name],
        "notes": notes_on(case, {name}),
    }


def ledger_told(folder: Path, desk: Desk, *, kind: str = "", after: int = 0, limit: int = 200) -> dict[str, Any]:
    """Entries of the ledger, newest first, ``limit`` at a time; ``after`` is the place to go on from.

    Raises:
        UnknownName: if no entries are of that kind.
    """
    if kind and kind not in KINDS:
        raise UnknownName("kind of entry", kind, KINDS)
    entries = [asdict(each) for each in desk.open(folder).ledger.entries(kind or None)]
    newest = [each for each in reversed(entries) if not after or each["seq"] < after]
    shown = newest[:limit]
    return {"entries": shown, "n": len(entries), "next": shown[-1]["seq"] if len(newest) > limit else None}


def glossary_told(folder: Path, desk: Desk) -> dict[str, Any]:
    """The words of the trade that stand in the records, with what they mean."""
    return {"words": desk.shelf(desk.open(folder).run()).all_rows("glossary")}
