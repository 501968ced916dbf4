"""A case in which every text cell is an attack: nothing of it runs, and nobody who cannot see is shut out."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine, Settings

pytestmark = pytest.mark.slow

ATTACKS = (
    "<script>window.attacked=1;alert(1)</script>",
    '"><img src=x onerror="window.attacked=1;alert(2)">',
    "'><svg/onload=alert(3)>",
    '=HYPERLINK("http://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "javascript:alert(4)",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe\u2066\u200b",
    "</textarea></title></style><iframe srcdoc='<script>parent.attacked=1</script>'>",
)

# Columns whose form decides whether a row is read at all; every other text is an attack.
_KEPT = re.compile(
    "_at$|_no$|^direction$|amount|currency|quantity|^unit$|price|weight|phone|account|document|date|pieces|celsius|^material$"
)


def attacked(records: Path, target: Path) -> list[Path]:
    """The small world with an attack in front of every text; one cell is of ten megabytes."""
    target.mkdir()
    for path in sorted(records.iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for number, row in enumerate(rows):
            for place, name in enumerate(row):
                if row[name] and not _KEPT.search(name):
                    row[name] = ATTACKS[(number + place) % len(ATTACKS)] + row[name]
        if path.name == "payment.csv":
            rows[0]["memo"] = "<b>" + "A" * 10_000_000
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
    return sorted(target.iterdir())


@pytest.fixture(scope="module")
def hostile(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    folder, desk = place / "case", actions.Desk(ATTACKS[0], machine=Machine(2.0, 1))
    actions.new(folder, desk, Settings(ATTACKS[1]))
    actions.add(folder, actions.survey(attacked(small_world / "records", place / "records")), desk, best_guess=True)
    actions.run(folder, desk)
    return folder


def every_page(folder: Path, base: str) -> list[str]:
    """The address of one page of each kind, and of several rows."""
    desk = actions.Desk("x", machine=Machine(2.0, 1))
    found = [
        "/",
        "/sources",
        "/ledger",
        "/glossary",
        "/work",
        "/add",
        "/casefile",
        "/runs",
        "/search",
        "/unseal",
        "/method",
    ]
    found += ["/search?q=alert", "/search?q=%3Cscript%3Ealert(5)%3C/script%3E", "/network/%3Cscript%3E"]
    names = [each.name for each in Case.open(folder, clock=SystemClock()).sources]
    found += [f"/row/{name}:{number}" for name in names for number in (2, 3)]
    found += [f"/sources/{number}" for number in range(1, len(names) + 1)]
    for network in actions.case_told(folder, desk)["networks"]:
        found.append(f"/network/{network['network_id']}")
        seen = actions.network_told(folder, network["network_id"], desk)
        members = seen["members"]
        ends = f"from={members[0]['party_id']}&to={members[-1]['party_id']}"
        found.append(f"/network/{network['network_id']}/path?{ends}")
        found += [f"/place/{each['place_id']}" for each in seen["places"] if each["place_id"]]
        found += [f"/party/{each['party_id']}" for each in members[:3]]
        told = actions.party_told(folder, members[0]["party_id"], desk)
        found += [f"/claim/{each['evidence_id']}" for each in told["claims"][:3]]
    return [base + each for each in found]


def test_nothing_of_a_hostile_case_runs_in_a_browser(
    hostile: Path, served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    address = served(hostile)
    browser = opened(address)
    page = browser.page
    has_islands = (Path(str(files("vialtrace.web"))) / "static" / "built" / "graph.js").is_file()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    base = address.partition("/?")[0]
    for place in every_page(hostile, base):
        page.goto(place)
        if page.locator("[data-graph]").count() and has_islands:
            page.wait_for_selector("[data-drawn]")
            choice = page.locator(".graph-tools select")
            choice.select_option(index=1)
            page.locator(".graph-tools button").first.click()
            page.locator("form[data-path] button").click()
            page.locator(".graph-panel a, .graph-panel:not(:empty)").first.wait_for()
        assert page.evaluate("window.attacked") is None, place
        assert page.locator("main img, main iframe, main script").count() == 0, place
        # No direction-changing character is left to deceive.
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator("main").inner_text()), place
    assert [each for each in asked if not each.startswith(base)] == []
    allowed = re.compile("status of (404|400|409)")
    assert [each for each in browser.complaints if not allowed.search(each)] == []


def test_a_cell_of_ten_megabytes_does_not_make_a_page_of_ten_megabytes(
    hostile: Path, served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    address = served(hostile)
    page = opened(address).page
    answer = page.request.get(address.partition("/?")[0] + "/row/payment.csv:2")
    assert answer.status == 200
    assert len(answer.body()) < 200_000


def test_no_cell_of_an_export_is_a_formula(hostile: Path) -> None:
    desk = actions.Desk("x", machine=Machine(2.0, 1))
    archive = zipfile.ZipFile(BytesIO(actions.export(hostile, desk, form="csv")))
    for name in archive.namelist():
        if name.endswith(".csv"):
            for row in csv.reader(archive.read(name).decode("utf-8-sig").splitlines()):
                for cell in row:
                    is_number = re.fullmatch(r"[+-]?[\d.,eE+-]+", cell)
                    assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell[:80])
    book = zipfile.ZipFile(BytesIO(actions.export(hostile, desk, form="xlsx")))
    sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
