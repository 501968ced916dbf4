"""An analyst parts two people who had been taken for one, and sees what the next run makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

pytestmark = pytest.mark.slow


def test_an_analyst_parts_a_wrong_merge_and_sees_the_next_run_change(
    case_copy: Callable[[], Path], served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    folder, desk = case_copy(), actions.Desk("a hasty colleague", machine=Machine(2.0, 1))
    network = actions.case_told(folder, desk)["networks"][0]["network_id"]
    one, other = [each["party_id"] for each in actions.network_told(folder, network, desk)["members"]][:2]
    actions.decide(folder, one, "merge", desk, other=other, why="They look alike.")
    actions.run(folder, desk)
    (joined,) = {
        each["id"] for each in Case.open(folder, clock=SystemClock()).run().findings["networks"][0]["members"]
    } & {
        one,
        other,
    }
    parted = other if joined == one else one

    browser = opened(served(folder, "--by", "an analyst"))
    page = browser.page
    page.locator("main tbody th a").first.click()
    page.locator(f"section[aria-labelledby=members] a[href='/party/{joined}']").first.click()
    assert page.locator("section[aria-labelledby=decided]").get_by_text("merge", exact=True).is_visible()
    identity = page.locator("section[aria-labelledby=identity] form").filter(has=page.locator("input[value=split]"))
    identity.locator("select").select_option(parted)
    identity.locator("textarea").fill("Two birth dates.")
    with page.expect_navigation():
        identity.get_by_role("button", name="split").click()
    assert page.locator("section[aria-labelledby=decided]").get_by_text("split", exact=True).is_visible()

    page.get_by_role("link", name="vialtrace").click()
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name=re.compile("What changed")).click(timeout=300_000)
    outcome = page.locator("section[aria-labelledby=outcome]").inner_text()
    assert "came in" in outcome
    assert re.search(rf"Decision \(added\): split ({one} {other}|{other} {one})", outcome), outcome
    inputs = page.locator("section[aria-labelledby=inputs]").inner_text()
    assert "Two birth dates." in inputs
    assert "an analyst" in inputs
    page.locator(f"section[aria-labelledby=outcome] a[href='/party/{parted}']").click()
    assert page.locator("h1").is_visible()
    assert browser.complaints == []
