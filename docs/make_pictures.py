"""Photograph the workbench: one picture a page, in both languages and both themes.

    python -m docs.make_pictures CASE [--each FOLDER]

``CASE`` is a finished simulated case, such as ``vialtrace demo`` leaves; a copy of it is served, judged, run again and
photographed in a real Chromium, and the pictures are written to ``docs/pictures``. With ``--each`` every page is also
kept whole, one file for each language and theme, for looking at.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from vialtrace import actions
from vialtrace.casefile.shelf import Shelf
from vialtrace.kit.clock import SystemClock
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case, Machine
from vialtrace.store.accounts import Accounts

PICTURES = Path(__file__).parent / "pictures"
LOOKS = (("light", "en"), ("dark", "en"), ("light", "zh"), ("dark", "zh"))
WIDE, HIGH, SHOWN = 1280, 1440, 640
PART = 2_000
QUALITY = 62
TRIALS = 4
PASSWORD = "a simulated sentence"  # noqa: S105  of a copy that is gone afterwards
_UNSURE = "单号,寄件时间,寄件人,寄件人电话,收件人,收件人电话,收件地址,重量\n" + "".join(
    f"SF90{n},2025-01-{20 + n},王芳{n},1380013800{n},张建国,13900139000,广东省深圳市福田区福华路 {n} 号,0.{n + 2}\n"
    for n in range(6)
)


def judged(folder: Path) -> dict[str, str]:
    """Judge the copy, run it again and write its case file; the address of each page, by the picture's name."""
    desk = actions.Desk("Lin Mei", machine=Machine.within())
    network = actions.case_told(folder, desk)["networks"][0]["network_id"]
    members = actions.network_told(folder, network, desk)["members"]
    if len(Case.open(folder, clock=SystemClock()).runs) < 2:
        couriers = [each for each in members if each["role"] == "mule"] or members
        actions.decide(
            folder, couriers[-1]["party_id"], "reject", desk, why="A registered courier; the bank confirmed the wages."
        )
        actions.decide(folder, network, "note", desk, why="Ask the courier for the missing month.")
        actions.run(folder, desk)
        actions.report(folder, desk, language="en")
    seen = actions.network_told(folder, network, desk)
    members = seen["members"]
    claim = _tested(folder, members, desk)
    ends = [(members[0]["party_id"], each["party_id"]) for each in reversed(members[1:])]
    ways = [pair for pair in ends if actions.path_told(folder, network, *pair, desk)["steps"]]
    one, other = (ways or ends)[0]
    sources = [each for each in actions.case_told(folder, desk)["sources"] if each.get("counts")]
    sheet = max(sources, key=lambda each: int(each["counts"]["n_quarantined"]))
    return {
        "overview": "/",
        "network": f"/network/{network}",
        "graph": f"/network/{network}#graph",
        "path": f"/network/{network}/path?from={one}&to={other}",
        "party": f"/party/{members[0]['party_id']}",
        "place": f"/place/{next(each['place_id'] for each in seen['places'] if each['place_id'])}",
        "claim": f"/claim/{claim['evidence_id']}",
        "row": f"/row/{claim['rows'][0]}",
        "sources": "/sources",
        "sheet": f"/sources/{sheet['source_no']}",
        "add": "/add",
        "upload": "/add",
        "search": f"/search?q={members[0]['name'] if members[0].get('name') else '138'}",
        "runs": "/runs",
        "casefile": "/casefile",
        "unseal": "/unseal",
        "glossary": "/glossary",
        "method": "/method",
        "ledger": "/ledger",
        "work": "/work",
        "refusal": "/network/N0",
    }


def _tested(folder: Path, members: list[dict[str, Any]], desk: actions.Desk) -> dict[str, Any]:
    """A claim that rests on a test, so that its page has a picture of what chance alone would give."""
    claims = [each for member in members for each in actions.party_told(folder, member["party_id"], desk)["claims"]]
    told = (each for each in claims if actions.show(folder, each["evidence_id"], desk).told["n_expected"])
    return next(told, claims[0])


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """The address that ``vialtrace serve`` prints."""
    command = [sys.executable, "-m", "vialtrace", "serve", str(folder), "--no-browser", "--by", "Lin Mei", *options]
    process = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "300"}
    )
    assert process.stdout  # noqa: S101  it was asked for
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(60)


def ready(page: Page, base: str, name: str, address: str, donor: str) -> None:
    """Bring a page to where it is photographed."""
    page.goto("about:blank")  # an address that differs in its fragment only would not be loaded anew
    page.goto(base + address)
    if name == "upload":
        page.locator("input[type=file]").set_input_files(
            {"name": "运单 2025-01.csv", "mimeType": "text/csv", "buffer": _UNSURE.encode()}
        )
        with page.expect_navigation():
            page.locator("form[enctype] button").click()
    if name == "unseal":
        page.locator("input[name=pseudonym]").fill(donor)
        page.locator("[name=why]").fill("The hospital asks whom to warn of an infected sample.")
        with page.expect_navigation():
            page.locator("form[action='/unseal'] button").click()
    if page.locator("[data-graph]").count():
        if page.evaluate("!!document.querySelector('script[src*=graph]')"):
            page.locator("[data-drawn]").wait_for(timeout=60_000)
        page.wait_for_timeout(700)


def photographed(
    browser: Browser, easel: Browser, folder: Path, pages: dict[str, str], each: Path | None, only: set[str]
) -> None:
    """Write a picture for every page: one browser shows them, the other puts the four looks together."""
    with served(folder) as opened:
        base = opened.partition("/?")[0]
        context = browser.new_context(viewport={"width": WIDE, "height": 900})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(opened)
        donor = donor_of(folder)
        for name, address in pages.items():
            if only and name not in only:
                continue
            shots = []
            for scheme, language in LOOKS:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                context.add_cookies([{"name": "vialtrace_language", "value": language, "url": base}])
                ready(page, base, name, address, donor)
                shots.append(_shot(page, name, each and each / f"{name}-{scheme}-{language}.png"))
            _kept(easel, name, shots)
    if only and "sign-in" not in only:
        return
    case = Case.open(folder, clock=SystemClock())
    accounts = Accounts.of(case)
    accounts.put("Lin Mei", PASSWORD, "analyst")
    accounts.close()
    with served(folder, "--users") as opened:
        shots = []
        for scheme, language in LOOKS:
            context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            base = opened.rpartition("/")[0]
            context.add_cookies([{"name": "vialtrace_language", "value": language, "url": base}])
            page = context.new_page()
            page.goto(opened)
            shots.append(_shot(page, "sign-in", each and each / f"sign-in-{scheme}-{language}.png"))
        _kept(easel, "sign-in", shots)


def donor_of(folder: Path) -> str:
    """The pseudonym of one protected party of the last run."""
    case = Case.open(folder, clock=SystemClock())
    (row, *_) = Shelf(case.run().tables).arrow("protected_party").slice(0, 1).to_pylist()
    return pseudonym(case.pseudonym_key, row["party_id"])


def _in_parts(page: Page, whole: Path) -> None:
    """Keep a page whole; a tall one in parts, since a browser repeats the top of a picture above 8,192 pixels."""
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    for number, top in enumerate(range(0, tall, PART), start=1):
        page.set_viewport_size({"width": WIDE, "height": min(PART, tall - top)})
        page.evaluate(f"window.scrollTo(0, {top})")
        page.screenshot(path=whole if tall <= PART else whole.with_stem(f"{whole.stem}-{number}"))
    page.set_viewport_size({"width": WIDE, "height": 900})


def _shot(page: Page, name: str, whole: Path | None) -> bytes:
    if whole:
        _in_parts(page, whole)
    if name == "graph":
        return page.locator(".graph").screenshot()
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": WIDE, "height": min(HIGH, max(tall, 240))})


def _kept(browser: Browser, name: str, shots: list[bytes]) -> None:
    """The four looks of a page side by side in one small file; a busy browser may refuse, and is asked again."""
    for left in reversed(range(TRIALS)):
        page = browser.new_page(viewport={"width": 2 * SHOWN + 30, "height": 400})
        try:
            (PICTURES / f"{name}.webp").write_bytes(_together(page, shots))
        except PlaywrightError:
            if not left:
                raise
        else:
            return
        finally:
            page.close()


def _together(page: Page, shots: list[bytes]) -> bytes:
    told = "".join(f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot in shots)
    page.set_content(
        "<style>body{margin:10px;display:grid;grid-template-columns:1fr 1fr;gap:10px;background:#808890}"
        f"img{{width:{SHOWN}px;display:block}}</style>{told}",
        wait_until="load",
    )
    size: Any = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollHeight + 20]")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    clip = {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip}
    found = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(found["data"])


def main() -> None:
    """Photograph the case named."""
    given = sys.argv[1:]
    each = Path(given[given.index("--each") + 1]) if "--each" in given else None
    only = set(given[given.index("--only") + 1].split(",")) if "--only" in given else set()
    if each:
        each.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as aside, sync_playwright() as started:
        folder = Path(given[0])
        if "--here" not in given:
            folder = Path(shutil.copytree(folder, Path(aside) / "case"))
        pages = judged(folder)
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        easel = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        photographed(browser, easel, folder, pages, each, only)
        easel.close()
        browser.close()


if __name__ == "__main__":
    main()
