"""Grades of sources and claims: given by a person with a reason, printed beside the exhibits, never inferred."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.pipeline.running import inputs_of, run_digest
from vialtrace.store import Case, Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))


def _page(folder: Path, language: str = "en") -> str:
    (page,) = actions.report(folder, _DESK, language=language).pages.values()
    return page.read_text(encoding="utf-8")


def test_what_nobody_graded_is_ungraded(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    assert "a grade is never inferred" in _page(folder)
    assert _page(folder).count("ungraded") > 5
    assert "未评级" in _page(folder, "zh")


def test_a_grade_stands_beside_the_source_and_the_claim_with_who_gave_it_and_why(
    case_copy: Callable[[], Path],
) -> None:
    folder = case_copy()
    case = Case.open(folder, clock=SystemClock())
    claim = case.run().tables["member_evidence"]["evidence_id"][0].as_py()
    before = run_digest(inputs_of(case))
    actions.decide(folder, "waybill.csv", "grade", _DESK, other="B2", why="Reply of the courier, on letterhead.")
    done = actions.decide(folder, claim, "grade", _DESK, other="3", why="Two others say so.")
    assert done.takes_effect == "with the next report"
    assert run_digest(inputs_of(case)) == before
    page = _page(folder)
    sources = page.split('<section id="sources"')[1].split("</section>")[0]
    row = next(each for each in sources.split("<tr") if ">waybill.csv<" in each)
    assert ">B2</span>" in row
    assert "a tester" in row
    assert "Reply of the courier, on letterhead." in sources
    exhibit = page.split(f'data-claim="{claim}"')[1].split("</article>")[0]
    assert ">3</span>" in exhibit
    assert re.search(r'<b>waybill\.csv:\d+</b> <span class="grade"', page)
    assert "来源可靠性" in _page(folder, "zh")


def test_a_later_grade_overrules_and_none_takes_it_back_while_the_ledger_keeps_all(
    case_copy: Callable[[], Path],
) -> None:
    folder = case_copy()
    for code in ("B2", "D4", "none"):
        actions.decide(folder, "waybill.csv", "grade", _DESK, other=code, why=f"Because {code}.")
        page = _page(folder)
        assert (f">{code}</span>" in page) == (code != "none")
    assert ">D4<" not in page
    case = Case.open(folder, clock=SystemClock())
    assert [each.payload["other"] for each in case.ledger.entries("decision")] == ["B2", "D4", "none"]


@pytest.mark.parametrize(
    ("code", "why", "error"), [("E1", "x", UnknownName), ("2", "x", UnknownName), ("B2", " ", BadInput)]
)
def test_a_grade_there_is_not_or_without_a_reason_is_refused(
    case_copy: Callable[[], Path], code: str, why: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.decide(case_copy(), "waybill.csv", "grade", _DESK, other=code, why=why)


def test_a_network_is_not_graded(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    (network,) = Case.open(folder, clock=SystemClock()).run().findings["networks"]
    with pytest.raises(BadInput, match="network"):
        actions.decide(folder, network["id"], "grade", _DESK, other="2", why="x")
