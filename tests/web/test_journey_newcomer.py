"""A newcomer goes from an empty case to the case file, in a real browser, with nothing but what the pages say."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Settings

pytestmark = pytest.mark.slow


def with_a_question(records: Path, target: Path) -> list[Path]:
    """The small world's files; the parcels' weight stands in kilograms under a header that does not say so."""
    shutil.copytree(records, target)
    path = target / "waybill.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ["重量" if name == "weight_g" else name for name in rows[0]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for row in rows:
            grams = row.pop("weight_g")
            writer.writerow({**row, "重量": str(float(grams) / 1000) if grams else ""})
    return sorted(target.iterdir())


def test_a_newcomer_goes_from_an_empty_case_to_the_case_file(
    small_world: Path, tmp_path: Path, served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    folder = tmp_path / "mycase"
    actions.new(folder, actions.Desk("a newcomer"), Settings("My first case"))
    files = with_a_question(small_world / "records", tmp_path / "received")
    browser = opened(served(folder, "--by", "a newcomer"))
    page = browser.page

    # The empty case says what to do.
    assert "token" not in page.url
    page.get_by_role("link", name="Add files").click()
    page.get_by_label("Files", exact=True).set_input_files([str(each) for each in files])
    page.get_by_role("button", name="Upload").click()

    # Nothing is in yet; one thing is unsure.
    assert page.get_by_text("Nothing has been taken in yet").is_visible()
    assert not list((folder / "sources").glob("*.csv"))
    assert page.get_by_role("button", name=re.compile("^Take")).all_inner_texts() == ["Take the best guess"]
    page.get_by_label("scale: 1000").check()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="Take 5 files in").click()
    page.wait_for_url(re.compile("/(sources|work)$"))
    page.get_by_role("link", name=re.compile("Files taken in")).or_(
        page.get_by_role("button", name="Run")
    ).first.wait_for()
    if page.url.endswith("/work"):
        page.get_by_role("link", name=re.compile("Files taken in")).click()
    assert "waybill.csv" in page.locator("main").inner_text()

    # The run, with its progress.
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/work")
    page.get_by_role("link", name=re.compile("Networks found: [1-9]")).click(timeout=300_000)

    # The first network, its best member, the evidence, the row as received.
    page.locator("main tbody th a").first.click()
    page.locator(".graph svg:visible, .graph-stage:visible").first.wait_for()
    page.locator("section[aria-labelledby=members] tbody th a").first.click()
    member = page.url
    page.locator("section[aria-labelledby=party-for] a[href^='/claim/']").first.click()
    assert page.get_by_text("The test behind it").is_visible()
    page.locator("main a[href^='/row/']").first.click()
    assert page.get_by_text("As received").is_visible()

    # The decision, taken with the keyboard.
    page.goto(member)
    page.get_by_label("hold", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Not sure before the bank answers.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == member
    entry = Case.open(folder, clock=SystemClock()).ledger.entries("decision")[-1]
    assert (entry.who, entry.why, entry.payload["act"]) == ("a newcomer", "Not sure before the bank answers.", "hold")

    # The case file.
    page.get_by_role("link", name="Case file").click()
    page.get_by_role("button", name="Write the case file").click()
    page.wait_for_url(re.compile("/(casefile|work)$"))
    if page.url.endswith("/work"):
        page.get_by_role("link", name=re.compile("Pages written")).click()
    page.get_by_role("link", name=re.compile("^Network")).first.click()
    assert page.locator("h1").first.is_visible()
    assert browser.complaints == []
