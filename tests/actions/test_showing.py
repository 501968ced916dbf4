"""Whatever id is printed can be shown, and what is shown of it names nobody who may not be named."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions, casefile
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

pytestmark = pytest.mark.slow

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_ID = re.compile(r"\b[A-Z][0-9a-f]{15}\b")


def _texts(folder: Path) -> list[str]:
    """All that is handed out of a case, as text: its pages, and every export."""
    pages = [path.read_text("utf-8") for path in actions.report(folder, _DESK).pages.values()]
    made = [actions.export(folder, _DESK, form=form) for form in ("json", *casefile.FORMS)]
    for each in made:
        if each.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(each)) as packed:
                pages += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
        else:
            pages.append(each.decode("utf-8"))
    return pages


def _told(value: Any) -> list[str]:
    """Every text in what is told of an id."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _told(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _told(each)]
    return [value] if isinstance(value, str) else []


def test_whatever_id_a_page_an_export_or_a_finding_prints_can_be_shown(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    run = Case.open(folder, clock=SystemClock()).run()
    waiting = {found for text in _texts(folder) for found in _ID.findall(text)}
    seen: dict[str, str] = {}
    while waiting - set(seen):
        name = min(waiting - set(seen))
        shown = actions.show(folder, name, _DESK, limit=1)
        seen[name] = shown.kind
        if shown.kind in ("network", "member", "claim"):
            # What these print in turn can be shown as well.
            waiting |= {found for text in _told(shown.told) for found in _ID.findall(text)}
    assert {"network", "member", "claim", "merge", "identifier"} <= set(seen.values())
    (network,) = run.findings["networks"]
    for each in network["members"]:
        told = actions.party_told(folder, each["id"], _DESK)
        for part in told["parts"]:
            assert actions.show(folder, part["part_id"], _DESK).kind in ("part", "member")
    for place in run.tables["network_place"]["place_id"].to_pylist():
        assert actions.show(folder, place, _DESK).kind == "place"
    shown = actions.show(folder, "waybill.csv", _DESK)
    assert (shown.kind, shown.told["sheets"][0]["kind"]) == ("file", "waybill")
    with pytest.raises(UnknownName):
        actions.show(folder, "M000000000000000", _DESK)


def test_a_merge_and_an_identifier_of_somebody_outside_tell_no_number(run_case: Path) -> None:
    tables = Case.open(run_case, clock=SystemClock()).run().tables
    inside = {*tables["member"]["party_id"].to_pylist(), *tables["member_alias"]["alias_id"].to_pylist()}
    donors = set(tables["protected_party"]["party_id"].to_pylist())
    merges = [row for row in tables["merge"].to_pylist() if row["party_id"] in donors and row["value"]]
    held = [row for row in tables["party_identifier"].to_pylist() if row["party_id"] in donors - inside]
    alone = [row for row in held if len(row["value"]) > 3]
    assert merges
    assert alone
    for merge in merges[:3]:
        told = actions.show(run_case, merge["merge_id"], _DESK).told
        assert told["value"] is None
        assert told["party"] == {"id": None, "name": told["party"]["name"]}
        assert told["party"]["name"].startswith("protected-")
        assert not [text for text in _told(told) if merge["value"] in text or merge["party_id"] in text]
    for row in alone[:5]:
        told = actions.show(run_case, row["identifier_id"], _DESK).told
        assert not [text for text in _told(told) if row["value"] in text or row["party_id"] in text]
    with pytest.raises((UnknownName, BadInput)):
        actions.show(run_case, min(donors), _DESK)


def test_what_was_rejected_is_shown_with_who_and_why(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    (network,) = Case.open(folder, clock=SystemClock()).run().findings["networks"]
    teller = next(each for each in network["members"] if each["role"] == "treasurer")["id"]
    actions.decide(folder, teller, "reject", _DESK, why="She keeps the till of a noodle shop.")
    actions.run(folder, _DESK)
    shown = actions.show(folder, teller, _DESK)
    assert shown.kind == "decided"
    (judged,) = shown.told["judged"]
    assert (judged["act"], judged["who"], judged["why"]) == (
        "reject",
        "a tester",
        "She keeps the till of a noodle shop.",
    )
