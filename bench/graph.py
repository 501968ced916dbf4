"""How fluid the graph of a network is with 5,000 people drawn: frames per second in a real Chromium while it moves.

    python -m bench.graph [CASE]

The page is the workbench's own. The people around one member are as many as asked for, placed as the server places
them; only their number is made up. The camera pans and zooms for five seconds; every frame the browser shows is
counted. Without a graphics card Chromium draws in software (SwiftShader): the frames are then the floor, not what a
laptop shows, and the script's own time for a frame, of the 16.7 ms that 60 frames a second leave, is what tells.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Route, sync_playwright

from vialtrace import actions, simulate
from vialtrace.casefile.graph_seen import spread
from vialtrace.store import Machine, Settings

PEOPLE = (0, 1_000, 5_000)
_MOVE = """async ([seconds]) => {
  const stage = document.querySelector(".graph-stage");
  const box = stage.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const times = [];
  const wheel = (delta) => stage.querySelector(".sigma-mouse").dispatchEvent(
    new WheelEvent("wheel", { deltaY: delta, clientX: x, clientY: y, bubbles: true, cancelable: true }));
  const begun = performance.now();
  return await new Promise((give) => {
    const frame = (now) => {
      times.push(now);
      if (times.length % 12 === 0) wheel(times.length % 24 ? 120 : -120);
      if (now - begun < seconds * 1000) requestAnimationFrame(frame);
      else give(times.slice(1).map((each, at) => each - times[at]));
    };
    requestAnimationFrame(frame);
  });
}"""


def measure(case: Path, people: int) -> tuple[float, float, float]:
    """Frames per second on average and in the slowest twentieth; milliseconds of script for a frame."""
    address = subprocess.Popen(
        [sys.executable, "-m", "vialtrace", "serve", str(case), "--no-browser"], stdout=subprocess.PIPE, text=True
    )
    assert address.stdout
    try:
        opened = address.stdout.readline().strip()
        while "token=" not in opened:
            opened += address.stdout.readline().strip()
        return _measured(opened, people)
    finally:
        address.terminate()
        address.wait(30)


def _measured(address: str, people: int) -> tuple[float, float, float]:
    base = address.partition("/?")[0]
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        network = page.request.get(f"{base}/api/v1/case").json()["networks"][0]["network_id"]
        nodes = page.request.get(f"{base}/api/v1/graph/{network}").json()["nodes"]
        member = next(node["id"] for node in nodes if node["role"] == "treasurer")

        def crowd(route: Route) -> None:
            route.fulfill(body=json.dumps(_crowd(member, people)), content_type="application/json")

        page.route("**/api/v1/graph/*party=*", crowd)
        page.goto(f"{base}/network/{network}")
        page.wait_for_selector("[data-drawn]")
        if people:
            page.locator(".graph-tools select").select_option(member)
            page.locator(".graph-tools button").first.click()
            page.wait_for_timeout(2_000)
        page.locator(".graph").scroll_into_view_if_needed()
        clock = page.context.new_cdp_session(page)
        clock.send("Performance.enable")
        before = _script_seconds(clock)
        gaps = sorted(page.evaluate(_MOVE, [5]))
        script = 1000.0 * (_script_seconds(clock) - before) / len(gaps)
        browser.close()
    slow = gaps[int(len(gaps) * 0.95) :]
    return 1000.0 * len(gaps) / sum(gaps), 1000.0 * len(slow) / sum(slow), script


def _script_seconds(clock: CDPSession) -> float:
    metrics = clock.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))


def _crowd(member: str, people: int) -> dict[str, object]:
    nodes = [
        {"id": f"protected-{number}", "label": f"protected-{number}", "role": "outside", "x": x, "y": y}
        for number, (x, y) in enumerate(spread(people))
    ]
    edges = [
        {"from": node["id"], "to": member, "label": "client payments", "n_rows": 1, "first": None, "last": None}
        for node in nodes
    ]
    return {"nodes": nodes, "edges": edges, "n": people}


def main() -> None:
    """Measure on the case named, or on a small one made for it."""
    with tempfile.TemporaryDirectory() as aside:
        case = Path(sys.argv[1]) if len(sys.argv) > 1 else _small(Path(aside))
        print("| people drawn | frames a second | in the slowest twentieth | script a frame |\n|---:|---:|---:|---:|")
        for people in PEOPLE:
            mean, slow, script = measure(case, people)
            print(f"| {people:,} | {mean:.0f} | {slow:.0f} | {script:.1f} ms |")


def _small(aside: Path) -> Path:
    simulate.simulate("small_slow", aside / "world", seed=3, lawful_ratio=5)
    desk = actions.Desk("bench", machine=Machine.within())
    actions.new(aside / "case", desk, Settings("small"))
    actions.add(aside / "case", actions.survey([aside / "world" / "records"]), desk, best_guess=True)
    actions.run(aside / "case", desk)
    return aside / "case"


if __name__ == "__main__":
    main()
