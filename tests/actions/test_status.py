"""Procedural status: entered by a person with day and source, printed in the case file, never part of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.pipeline.running import inputs_of, run_digest
from vialtrace.store import Case, Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))


def _member(folder: Path) -> tuple[str, str]:
    (network,) = Case.open(folder, clock=SystemClock()).run().findings["networks"]
    return network["id"], network["members"][0]["id"]


def test_a_status_stands_in_the_case_file_with_its_day_and_source(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    network, member = _member(folder)
    case = Case.open(folder, clock=SystemClock())
    before = run_digest(inputs_of(case))
    actions.decide(
        folder,
        member,
        "status",
        _DESK,
        other="detained",
        why="Told by the office.",
        on="2025-12-16",
        source="Warrant 12",
    )
    assert run_digest(inputs_of(case)) == before
    for language, told in (("en", "detained, 2025-12-16 (Warrant 12)"), ("zh", "已拘留，2025-12-16 (Warrant 12)")):
        page = actions.report(folder, _DESK, language=language).pages[network].read_text(encoding="utf-8")
        assert told in page
    actions.decide(
        folder, member, "status", _DESK, other="released", why="Told by the office.", on="2026-01-05", source="Letter 3"
    )
    page = actions.report(folder, _DESK).pages[network].read_text(encoding="utf-8")
    assert "released, 2026-01-05 (Letter 3)" in page
    assert "detained" not in page


@pytest.mark.parametrize(
    ("status", "on", "source", "error"),
    [
        ("guilty", "2025-12-16", "x", UnknownName),
        ("detained", "yesterday", "x", BadInput),
        ("detained", "2025-12-16", " ", BadInput),
    ],
)
def test_a_status_without_day_or_source_is_refused(
    case_copy: Callable[[], Path], status: str, on: str, source: str, error: type[Exception]
) -> None:
    folder = case_copy()
    _, member = _member(folder)
    with pytest.raises(error):
        actions.decide(folder, member, "status", _DESK, other=status, why="x", on=on, source=source)


def test_a_network_has_no_procedural_status(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    network, _ = _member(folder)
    with pytest.raises(BadInput, match="network"):
        actions.decide(folder, network, "status", _DESK, other="charged", why="x", on="2025-12-16", source="x")
