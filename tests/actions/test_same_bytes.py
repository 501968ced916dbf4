"""The same case gives the same bytes, whoever writes it down, when, and on how many processors."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.casefile import pdf
from vialtrace.kit.clock import SteppingClock
from vialtrace.kit.ids import file_digest
from vialtrace.store import Machine


def _desk(year: int, threads: int) -> actions.Desk:
    return actions.Desk(
        f"person {year}", clock=SteppingClock(datetime(year, 1, 1, tzinfo=UTC)), machine=Machine(2.0, threads)
    )


def _written(case: Path, desk: actions.Desk, language: str, *, is_printed: bool = False) -> dict[str, str]:
    made = actions.report(case, desk, language=language, pdf=is_printed)
    return {path.name: file_digest(path) for path in sorted(made.index.parent.iterdir())}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_and_lists_of_rows_are_the_same_twice(run_case: Path, tmp_path: Path, language: str) -> None:
    made = [
        _written(Path(shutil.copytree(run_case, tmp_path / str(year))), _desk(year, threads), language)
        for year, threads in ((2026, 1), (2031, 2))
    ]
    assert made[0] == made[1]
    assert {name.rpartition(".")[2] for name in made[0]} == {"html", "csv"}


@pytest.mark.parametrize("form", [form for form in actions.FORMATS if form != "disclosure"])
def test_every_export_is_the_same_twice(run_case: Path, tmp_path: Path, form: str) -> None:
    made = [
        actions.export(Path(shutil.copytree(run_case, tmp_path / str(year))), _desk(year, threads), form=form)
        for year, threads in ((2026, 1), (2031, 2))
    ]
    assert made[0] == made[1]


@pytest.mark.slow
@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_case_file_on_paper_is_the_same_twice(run_case: Path, tmp_path: Path, language: str) -> None:
    made = [
        _written(Path(shutil.copytree(run_case, tmp_path / str(year))), _desk(year, 1), language, is_printed=True)
        for year in (2026, 2031)
    ]
    assert made[0] == made[1]
    assert any(name.endswith(".pdf") for name in made[0])
