"""Every page in both languages and both themes: nobody is shut out, nothing jumps, keys reach all, paper takes it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_journey_people import given_accounts, sign_in

from docs.make_pictures import donor_of, judged, ready
from vialtrace import actions
from vialtrace.store import Machine, Settings
from vialtrace.web.rendering import LANGUAGE
from vialtrace.web.telling import PAGES

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[2] / "islands" / "node_modules" / "axe-core" / "axe.min.js"
"""`npm ci` in islands fetches it, for the tests only: nothing of it is part of vialtrace."""

needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: run `make axe`")

RULES = {
    "light": "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}",
    "dark": "{runOnly: ['color-contrast', 'link-in-text-block']}",
}
"""What each theme is held to: all that axe knows, and once more whatever hangs on colours."""

A4 = 688
"""Pixels between the margins of a sheet, at 96 to the inch."""


@pytest.fixture(scope="module")
def judged_case(run_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A case with decisions, two runs and a written case file, and the address of every page of it."""
    folder = Path(shutil.copytree(run_case, tmp_path_factory.mktemp("every") / "case"))
    return folder, judged(folder)


@pytest.fixture
def page(judged_case: tuple[Path, dict[str, str]], served: Callable[..., str], opened: Callable[..., Any]) -> Any:
    """A browser that is signed in; axe is put into pages past their policy, which is for them and not for the test."""
    return opened(served(judged_case[0]), bypass_csp=True).page


def at(page: Any) -> str:
    return str(page.evaluate("location.origin"))


def speak(page: Any, base: str, language: str) -> None:
    page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": base}])


def listed(found: list[Any]) -> str:
    """What was found, a line each: a diff of it would tell less and take minutes."""
    return "\n".join(map(str, found[:40]))


def violations(page: Any, where: str) -> list[tuple[str, str, str]]:
    """What axe finds on a page as it stands, in both themes."""
    page.add_script_tag(path=str(AXE))
    found = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate(f"axe.run(document, {rules})")
        found += [(f"{where}, {scheme}", each["id"], each["nodes"][0]["html"][:200]) for each in told["violations"]]
    return found


def test_the_addresses_are_of_every_page_there_is(judged_case: tuple[Path, dict[str, str]]) -> None:
    paths = {address.partition("?")[0].partition("#")[0] for address in judged_case[1].values()}
    for each in PAGES:
        pattern = re.sub(r"\{\w+:path\}", ".+", re.sub(r"\{\w+\}", "[^/]+", each.path))
        is_upload = each.path == "/add/{name}" and "upload" in judged_case[1]
        assert is_upload or any(re.fullmatch(pattern, path) for path in paths), each.path


@needs_axe
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_no_violation_on_any_page(judged_case: tuple[Path, dict[str, str]], page: Any, language: str) -> None:
    folder, addresses = judged_case
    base, donor = at(page), donor_of(folder)
    speak(page, base, language)
    found = []
    for name, address in addresses.items():
        ready(page, base, name, address, donor)
        assert page.locator("html").get_attribute("lang", timeout=5_000).startswith(language), name
        # What is folded away is part of the page.
        page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
        found += violations(page, f"{name}, {language}")
    for written in _case_file_pages(page, base):
        page.goto(base + written)
        found += violations(page, f"{written}, {language}")
    assert not found, listed(found)


def _case_file_pages(page: Any, base: str) -> list[str]:
    page.goto(f"{base}/casefile")
    links = page.locator("main a[href^='/casefile/']").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    return [each for each in links if each.endswith(".html")]


@needs_axe
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_no_violation_in_the_states_a_page_can_be_in(
    judged_case: tuple[Path, dict[str, str]],
    tmp_path: Path,
    served: Callable[..., str],
    opened: Callable[..., Any],
    language: str,
) -> None:
    """An empty case, a graph at work, a sheet read otherwise, work under way, and what each role is shown."""
    folder = Path(shutil.copytree(judged_case[0], tmp_path / "case"))
    found: list[tuple[str, str, str]] = []

    empty = tmp_path / "empty"
    actions.new(empty, actions.Desk("x", machine=Machine(2.0, 1)), Settings("empty"))
    page = opened(served(empty), bypass_csp=True).page
    base = at(page)
    speak(page, base, language)
    for address in (each.path for each in PAGES if "{" not in each.path):
        page.goto(base + address)
        found += violations(page, f"empty {address}, {language}")

    page = opened(served(folder), bypass_csp=True).page
    base = at(page)
    speak(page, base, language)
    ready(page, base, "network", judged_case[1]["network"], "")
    if page.locator(".graph.live").count():
        page.locator(".graph-tools select").select_option(index=1)
        page.locator(".graph-tools button").first.click()
        page.locator("form[data-path] button").click()
        page.locator(".graph-panel:not(:empty)").wait_for()
        found += violations(page, f"graph at work, {language}")
    page.goto(base + judged_case[1]["sheet"])
    with page.expect_response(re.compile("/preview$")):
        page.locator("form[data-live] select[name=kind]").select_option("payment")
    found += violations(page, f"sheet read otherwise, {language}")
    page.goto(base)
    with page.expect_navigation():
        page.locator("form[action='/run'] button").first.click()
    found += violations(page, f"work, {language}")
    page.locator("[data-job]").wait_for(state="detached", timeout=600_000)

    given_accounts(folder, Sue="supervisor", Aud="auditor", Rea="read-only")
    address = served(folder, "--users")
    for name in ("Nobody", "Sue", "Aud", "Rea"):
        page = opened(address, bypass_csp=True).page
        base = at(page)
        if name == "Nobody":
            speak(page, base, language)
            page.goto(address)
            page.locator("input[name=name]").fill(name)
            page.locator("input[name=password]").fill("not their password")
            with page.expect_navigation():
                page.locator("main form button").click()
            found += violations(page, f"refused, {language}")
            continue
        sign_in(page, name)
        speak(page, base, language)
        for path in ("/ledger",) if name == "Aud" else ("/", judged_case[1]["network"], judged_case[1]["party"]):
            page.goto(base + path)
            found += violations(page, f"{name} at {path}, {language}")
    assert not found, listed(found)


SHIFT = """() => new Promise(give => {
  const observer = new PerformanceObserver(list => { observer.disconnect();
    give(list.getEntries().filter(each => !each.hadRecentInput).reduce((sum, each) => sum + each.value, 0)); });
  observer.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => give(0), 300);
})"""
"""How much moved since the page was begun: the sum of what a browser reports, as in Cumulative Layout Shift."""


def test_nothing_on_any_page_moves_once_it_is_there(judged_case: tuple[Path, dict[str, str]], page: Any) -> None:
    base, moved = at(page), {}
    for name, address in judged_case[1].items():
        page.goto("about:blank")
        page.goto(base + address.partition("#")[0])
        if page.locator("[data-graph]").count() and page.evaluate("!!document.querySelector('script[src*=graph]')"):
            page.locator("[data-drawn]").wait_for(timeout=60_000)
        page.wait_for_timeout(300)
        moved[name] = page.evaluate(SHIFT)
    # Below 0.1 counts as good (web.dev, Cumulative Layout Shift); here nothing has a reason to move at all.
    far = {name: value for name, value in moved.items() if value > 0.02}
    assert not far, far


TABBED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(each => !["hidden", "radio"].includes(each.type) && !each.disabled && !each.dataset.reached
    && each.checkVisibility({ visibilityProperty: true })
    && !(each.closest("details:not([open])") && !each.matches("details > summary")))
  .map(each => each.outerHTML.slice(0, 120))"""
"""What keys should reach and have not; of radio buttons one of each group is reached, and arrows do the rest."""
FOCUSED = """() => { const each = document.activeElement; if (!each || each === document.body) return null;
  const look = getComputedStyle(each); each.dataset.reached = "1";
  return { html: each.outerHTML.slice(0, 120),
    seen: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1 }; }"""


@pytest.mark.parametrize("name", ["overview", "party", "sheet", "upload", "unseal", "casefile", "runs"])
def test_keys_alone_reach_everything_and_show_where_they_are(
    judged_case: tuple[Path, dict[str, str]], page: Any, name: str
) -> None:
    base = at(page)
    ready(page, base, name, judged_case[1][name], donor_of(judged_case[0]))
    n = len(page.evaluate(TABBED))
    unseen = []
    for _ in range(n + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused and not focused["seen"]:
            unseen.append(focused["html"])
    assert not unseen, listed(unseen)
    missed = page.evaluate(TABBED)
    assert not missed, listed(missed)


def test_on_paper_stands_what_was_found_and_nothing_to_press(
    judged_case: tuple[Path, dict[str, str]], page: Any
) -> None:
    base = at(page)
    page.set_viewport_size({"width": 760, "height": 1080})
    wide = {}
    for name, address in judged_case[1].items():
        ready(page, base, name, address, donor_of(judged_case[0]))
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("header:visible, form:visible, button:visible").count() == 0, name
        assert page.locator("h1").first.is_visible(), name
        # Ink on white, whatever the screen's theme is.
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)", name
        wide[name] = page.evaluate("document.documentElement.scrollWidth") - 760
        page.emulate_media(media="screen")
    out = {name: over for name, over in wide.items() if over > 0}
    assert not out, out


def test_the_case_file_fits_its_paper(judged_case: tuple[Path, dict[str, str]], opened: Callable[..., Any]) -> None:
    """Chromium prints a page that is too wide smaller as a whole, and cells that are too narrow over each other."""
    files = sorted((judged_case[0] / "reports").glob("*/*.html"))
    assert files
    for file in files:
        paper = opened(file.as_uri()).page
        paper.set_viewport_size({"width": A4, "height": 1000})
        paper.emulate_media(media="print")
        # A table's outer border may stand half in the margin.
        assert paper.evaluate("document.documentElement.scrollWidth") <= A4 + 1, file.name
        # The exhibits' columns are narrower than the page and break wherever they must.
        over = paper.evaluate(
            "[...document.querySelectorAll('th, td')].filter(c => { const held = document.createRange();"
            " held.selectNodeContents(c); const edge = c.getBoundingClientRect();"
            " return edge.width && held.getBoundingClientRect().right > edge.right + 0.5; })"
            ".map(c => c.outerHTML.slice(0, 120))"
        )
        assert not over, listed(over)


def test_a_narrow_screen_never_scrolls_both_ways(judged_case: tuple[Path, dict[str, str]], page: Any) -> None:
    """Reflow (WCAG 1.4.10): at 320 pixels only wide tables and pictures scroll, each within itself."""
    base = at(page)
    page.set_viewport_size({"width": 320, "height": 800})
    wide = {}
    for name, address in judged_case[1].items():
        ready(page, base, name, address, donor_of(judged_case[0]))
        wide[name] = page.evaluate("document.documentElement.scrollWidth") - 320
    out = {name: over for name, over in wide.items() if over > 0}
    assert not out, out
