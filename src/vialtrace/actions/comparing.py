"""Hold two runs against each other: what went in otherwise, what came out otherwise, and because of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.actions.desk import Desk
from vialtrace.casefile.veil import veil
from vialtrace.errors import WrongOrder
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case, Entry, Run

Found = Mapping[str, Any]

_MARKS = ("accept", "hold")


@dataclass(frozen=True)
class Causes:
    """What differs in the inputs of two runs and can be pointed at: decisions and files.

    ``parts_of`` are the claims, merges and identifiers of each party that a decision speaks of.
    """

    decisions: tuple[dict[str, Any], ...]
    files: tuple[dict[str, str], ...]
    parts_of: Mapping[str, frozenset[str]]

    def of(self, names: Collection[str], rows: Iterable[str], marked: Collection[str] = ()) -> list[dict[str, str]]:
        """The decisions that concern one of ``names``, and the files that one of ``rows`` stands in.

        To accept or hold changes nothing but the mark on what is accepted or held: one of ``marked``.
        """
        concerned = set(names) | {part for name in names for part in self.parts_of.get(name, ())}
        placed = {row.rpartition(":")[0].partition("#")[0] for row in rows}
        told = [
            {
                "decision": f"{each['act']} {each['subject']} {each['other']}".strip(),
                **{name: str(each[name]) for name in ("act", "subject", "other", "change")},
            }
            for each in self.decisions
            if {each["subject"], each["other"]} & concerned and (each["act"] not in _MARKS or each["subject"] in marked)
        ]
        return told + [
            {"file": each["file"], "change": each["change"]} for each in self.files if each["file"] in placed
        ]


def compare(folder: Path, desk: Desk, *, before: str = "", after: str = "") -> dict[str, Any]:
    """The difference between two runs; by default between the last two.

    Networks are the same where they share most members. A member that differs is traced to the decisions that concern
    it or its network, and to the files its evidence stands in; what neither explains follows from the other changes.

    Raises:
        WrongOrder: if the case has not two runs.
        UnknownName: if no run is called so.
    """
    case = desk.open(folder)
    runs = case.runs
    if len(runs) < 2 and not (before and after):
        raise WrongOrder(
            f"The case has {len(runs)} run{'s' if len(runs) != 1 else ''}.", expected="Two runs to compare."
        )
    old, new = case.run(before) if before else runs[-2], case.run(after) if after else runs[-1]
    case.ledger.append(
        "consultation", "runs compared", who=desk.who, payload={"before": old.digest, "after": new.digest}
    )
    inputs = _inputs(case, old, new)
    causes = Causes(tuple(inputs["decisions"]), tuple(inputs["files"]), _spoken_of(inputs["decisions"], old, new))
    networks = [
        _network(one, other, causes) for one, other in _pairs(old.findings["networks"], new.findings["networks"])
    ]
    key = case.pseudonym_key
    hidden = veil(desk.shelf(new), "", pseudonym=lambda party: pseudonym(key, party))
    for network in networks:
        # Who is no member any more is named no more.
        network["went"] = [{**each, "name": hidden.called(each["id"])} for each in network["went"]]
    return {
        "before": old.digest,
        "after": new.digest,
        "inputs": inputs,
        "networks": networks,
        "is_same": all(each["is_same"] for each in networks),
    }


def _spoken_of(decisions: Iterable[Mapping[str, Any]], *runs: Run) -> dict[str, frozenset[str]]:
    """Of each party of the runs, its claims, merges and identifiers that the decisions speak of."""
    subjects = pa.array(sorted({str(each["subject"]) for each in decisions}), pa.string())
    found: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        for name, column in (
            ("member_evidence", "evidence_id"),
            ("merge", "merge_id"),
            ("party_identifier", "identifier_id"),
        ):
            rows = run.tables[name]
            for row in rows.filter(pc.is_in(rows[column], value_set=subjects)).select(["party_id", column]).to_pylist():
                found[row["party_id"]].add(row[column])
    return {party: frozenset(parts) for party, parts in found.items()}


def _inputs(case: Case, old: Run, new: Run) -> dict[str, Any]:
    """What went into the one and not the other, or otherwise."""
    one, other = old.manifest["inputs"], new.manifest["inputs"]
    files = [{_sheet(each): each["sha256"] for each in side["sources"]} for side in (one, other)]
    entries = case.ledger.entries("decision")
    return {
        "files": [{"file": name.partition("#")[0], "sheet": name, "change": how} for name, how in _changes(*files)],
        "mappings": [{"mapping": name, "change": how} for name, how in _changes(one["mappings"], other["mappings"])],
        "decisions": [
            {
                "act": act,
                "subject": subject,
                "other": with_whom,
                "change": how,
                **_entered(entries, act, subject, with_whom),
            }
            for (act, subject, with_whom), how in _changes(_decided(one), _decided(other))
        ],
        "parameters": [
            {"parameter": name, "change": how} for name, how in _changes(one["parameters"], other["parameters"])
        ],
        "settings": [
            {"setting": name, "before": one[name], "after": other[name]}
            for name in ("jurisdiction", "time_zone", "vialtrace")
            if one[name] != other[name]
        ],
    }


def _sheet(source: Found) -> str:
    return f"{source['file']}#{source['sheet']}" if source["sheet"] else str(source["file"])


def _decided(inputs: Found) -> dict[Any, str]:
    return {(each["act"], each["subject"], each["other"]): "" for each in inputs["decisions"]}


def _changes(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> list[tuple[Any, str]]:
    """What was added, removed or changed, by name."""
    told = [(name, "removed") for name in one.keys() - other.keys()]
    told += [(name, "added") for name in other.keys() - one.keys()]
    told += [(name, "changed") for name in one.keys() & other.keys() if one[name] != other[name]]
    return sorted(told)


def _entered(entries: Iterable[Entry], act: str, subject: str, other: str) -> dict[str, str]:
    """Who entered a decision last, when, and why."""
    told = {"who": "", "at": "", "why": ""}
    for entry in entries:
        named = {str(entry.payload.get("subject", "")), str(entry.payload.get("other", ""))}
        if entry.payload.get("act") == act and named == {subject, other}:
            told = {"who": entry.who, "at": entry.at, "why": entry.why}
    return told


def _pairs(old: list[Found], new: list[Found]) -> list[tuple[Found | None, Found | None]]:
    """Each network with the one of the other run that shares most members with it; best supported first."""
    shared = sorted(
        (
            (len(_members(one).keys() & _members(other).keys()), one["id"] == other["id"], number, at)
            for number, one in enumerate(old)
            for at, other in enumerate(new)
        ),
        key=lambda each: (-each[0], not each[1], each[2], each[3]),
    )
    ones: dict[int, int] = {}
    for n_shared, is_named_so, number, at in shared:
        if (n_shared or is_named_so) and number not in ones and at not in ones.values():
            ones[number] = at
    found: list[tuple[Found | None, Found | None]] = [(old[number], new[at]) for number, at in ones.items()]
    found += [(None, each) for at, each in enumerate(new) if at not in ones.values()]
    found += [(each, None) for number, each in enumerate(old) if number not in ones]
    return sorted(found, key=lambda pair: -max(each["score"] for each in pair if each))


def _members(network: Found | None) -> dict[str, Found]:
    return {each["id"]: each for each in network["members"]} if network else {}


def _network(one: Found | None, other: Found | None, causes: Causes) -> dict[str, Any]:
    before, after = _members(one), _members(other)
    networks = [each["id"] for each in (one, other) if each]
    changes: dict[str, list[dict[str, Any]]] = {"came": [], "went": [], "changed": []}
    for name in sorted(before.keys() | after.keys()):
        told = _member(before.get(name), after.get(name), networks, before.keys() | after.keys(), causes)
        if told["change"]:
            changes[told["change"]].append(told)
    figures = [
        {"measure": measure, "before": values[0], "after": values[1]}
        for measure in ("score", "samples", "proceeds", "kept")
        if (values := [_figure(one, measure), _figure(other, measure)])[0] != values[1]
    ]
    return {
        "before": one["id"] if one else None,
        "after": other["id"] if other else None,
        **changes,
        "judgement": [each.get("judgement") if each else None for each in (one, other)],
        "because": causes.of(networks, (), networks),
        "figures": figures,
        "is_same": one is not None
        and other is not None
        and one.get("judgement") == other.get("judgement")
        and not figures
        and not any(changes.values()),
    }


def _figure(network: Found | None, measure: str) -> float | None:
    told = network.get(measure) if network else None
    found = told["estimate"] if isinstance(told, Mapping) else told
    return None if found is None else round(float(found), 4)


def _member(
    one: Found | None, other: Found | None, networks: list[str], beside: Collection[str], causes: Causes
) -> dict[str, Any]:
    """How one member differs: it came, went, or has another part, score or identifiers."""
    known = other or one or {}
    change = "came" if one is None else "went" if other is None else ""
    told: dict[str, Any] = {"id": known["id"], "name": _name(known), "differs": []}
    for what in ("role", "score", "identifiers", "judgement"):
        values = [_comparable(each, what) for each in (one, other)]
        if values[0] != values[1]:
            shown = values if what != "identifiers" else [len(each) if each else None for each in values]
            told["differs"].append({"what": what, "before": shown[0], "after": shown[1]})
            change = change or "changed"
    rows = [row for each in (one, other) if each for claim in each["evidence"] for row in claim["rows"]]
    # Whoever came or went did so for no mark of acceptance: that changes nothing but the mark.
    marked = {known["id"]} if any(each["what"] == "judgement" for each in told["differs"]) and one and other else ()
    because = causes.of([known["id"], *networks], rows, marked) if change else []
    # What a decision on one member took away, the others of its network lose too.
    return {**told, "change": change, "because": because or (causes.of(beside, ()) if change else [])}


def _comparable(member: Found | None, what: str) -> Any:
    if member is None:
        return None
    if what == "identifiers":
        return sorted((each["type"], each["value"]) for each in member["identifiers"])
    return min(round(member[what], 3), 0.999) if what == "score" else member.get(what)


def _name(member: Found) -> str:
    return next((str(each["value"]) for each in member["identifiers"] if each["type"] == "name"), str(member["id"]))
