"""The same world in clean files and in messy ones: the same findings, save where information was destroyed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions
from vialtrace.simulate import simulate
from vialtrace.store import Machine, Run, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))
_EDITIONS: Mapping[str, dict[str, bool]] = {
    "clean": {},
    "lossless": {"messy": True, "lossless": True},
    "messy": {"messy": True},
}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One world three times, run: clean, in the manners that destroy nothing, and as real files are."""
    made = {}
    for name, manners in _EDITIONS.items():
        place = tmp_path_factory.mktemp(name)
        simulate("small_slow", place / "world", scale=0.3, seed=9, lawful_ratio=5.0, **manners)
        actions.new(place / "case", _DESK, Settings("editions"))
        actions.add(place / "case", actions.survey([place / "world" / "records"]), _DESK, best_guess=True)
        actions.run(place / "case", _DESK)
        made[name] = place
    return made


def _run(place: Path) -> Run:
    return actions.overview(place / "case", _DESK).run


def _findings(place: Path) -> list[dict[str, Any]]:
    """The networks without what names rows, files and claims, which are an edition's own; scores to three decimals."""
    return [
        {
            **{name: network[name] for name in ("id", "period", "regions")},
            "score": round(network["score"], 3),
            **{
                name: {end: network[name][end] for end in ("low", "estimate", "high", "unit")}
                for name in ("samples", "proceeds", "kept")
            },
            "members": {
                member["id"]: (
                    member["role"],
                    round(member["score"], 3),
                    sorted((each["type"], each["value"]) for each in member["identifiers"]),
                )
                for member in network["members"]
            },
        }
        for network in _run(place).findings["networks"]
    ]


@pytest.mark.slow
def test_messy_manners_alone_change_no_finding(editions: dict[str, Path]) -> None:
    clean = _findings(editions["clean"])
    assert len(clean) == 1
    assert _findings(editions["lossless"]) == clean
    # The files did differ: other headers, encodings, formats, dates, totals, the same file twice.
    names = {each.name for each in (editions["lossless"] / "world" / "records").iterdir()}
    assert {"银行流水.csv", "运单查询.xlsx", "运单查询(1).xlsx", "快递乙_导出.tsv"} <= names


@pytest.mark.slow
def test_where_information_was_destroyed_the_same_people_are_found_or_fewer_and_nobody_else(
    editions: dict[str, Path],
) -> None:
    (clean,), (messy,) = _findings(editions["clean"]), _findings(editions["messy"])
    assert set(messy["members"]) <= set(clean["members"])
    assert len(messy["members"]) >= 0.8 * len(clean["members"])
    for member, (role, _, identifiers) in messy["members"].items():
        assert role == clean["members"][member][0]
        assert {each for each in identifiers if "*" not in each[1]} <= set(clean["members"][member][2])
    for figure in ("samples", "proceeds"):
        assert messy[figure]["low"] <= clean[figure]["estimate"] <= messy[figure]["high"]


def _masked_cells(place: Path) -> Counter[str]:
    """How many telephones are masked in each file of waybills, read in plain Python from the files as written."""
    found: Counter[str] = Counter()
    for file in (place / "world" / "records").iterdir():
        if file.suffix not in (".csv", ".tsv"):
            continue
        raw = file.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        for row in csv.reader(io.StringIO(text), delimiter="\t" if file.suffix == ".tsv" else ","):
            found[file.name] += sum("****" in cell for cell in row)
    return +found


@pytest.mark.slow
def test_what_was_lost_to_masking_is_told_to_the_last_value(editions: dict[str, Path]) -> None:
    written = _masked_cells(editions["messy"])
    assert written
    counted: Counter[str] = Counter()
    for sheet in actions.check(editions["messy"] / "case", _DESK).sheets:
        for each in sheet.masked:
            assert each.n_matched is not None
            assert 0 <= each.n_matched <= each.n_masked <= each.n_values
            assert (each.first == "") == (each.n_matched == each.n_masked)
            if each.field.endswith("_phone"):
                counted[sheet.shown] += each.n_masked
    assert +counted == written
    lossless = [each for sheet in actions.check(editions["lossless"] / "case", _DESK).sheets for each in sheet.masked]
    assert not [each for each in lossless if each.field.endswith("_phone")]


@pytest.mark.slow
def test_the_case_file_and_the_end_of_a_run_say_what_was_lost(editions: dict[str, Path]) -> None:
    folder = editions["messy"] / "case"
    told = actions.overview(folder, _DESK).masked
    phones = next(each for each in told if each.field == "sender_phone")
    (sheet,) = [each for each in actions.check(folder, _DESK).sheets if each.shown in _masked_cells(editions["messy"])]
    (seen,) = [each for each in sheet.masked if each.field == "sender_phone"]
    assert (phones.n_masked, phones.n_matched) == (seen.n_masked, seen.n_matched)
    for language, title in (("en", "What arrived masked, and what of it was lost"), ("zh", "脱敏值及其损失")):
        made = actions.report(folder, _DESK, language=language)
        for page in (made.index, *made.pages.values()):
            text = page.read_text(encoding="utf-8")
            assert title in text
            assert f">{seen.n_masked:,}<" in text
            assert seen.first in text
    shown = actions.show(folder, seen.first, _DESK)
    assert (shown.kind, shown.told["row"]) == ("row", seen.first)
