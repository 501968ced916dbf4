"""How fluid the graph of a network is with 5,000 people drawn: frames per second in a real Chromium while it moves.

    python -m bench.graph [CASE]

The page is the workbench's own. The people around one member are as many as asked for, placed as the server places
them; only their number is made up. The camera zooms in and out for five seconds without a rest, and every frame
the browser shows is counted. Without a graphics card Chromium draws in software: the frames are then the floor,
not what a laptop shows. Beside them stands a page that is empty but for one picture of the same size that moves: the
most this browser can show on this machine at this hour. Script and processor time a frame are told: the latter,
of the whole browser, depends little on who else uses the machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Route, sync_playwright

from vialtrace import actions, simulate
from vialtrace.casefile.graph_seen import spread
from vialtrace.store import Machine, Settings

PEOPLE = (None, 0, 1_000, 5_000)
SECONDS = 5
_EMPTY = """<!doctype html><style>body{margin:0}div{width:1190px;height:540px;will-change:transform}</style>
<div class="graph-stage" style="background:linear-gradient(45deg,#345,#abc,#345)"></div>"""
_MOVE_EMPTY = """async ([seconds]) => {
  const [stage, times, begun] = [document.querySelector("div"), [], performance.now()];
  return await new Promise((give) => {
    const frame = (now) => {
      times.push(now);
      stage.style.transform = `scale(${1 + 0.3 * Math.sin(now / 200)})`;
      if (now - begun < seconds * 1000) requestAnimationFrame(frame);
      else give(times.slice(1).map((each, at) => each - times[at]));
    };
    requestAnimationFrame(frame);
  });
}"""
_MOVE = """async ([seconds]) => {
  const stage = document.querySelector(".graph-stage");
  const box = stage.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const times = [];
  const wheel = (delta) => stage.querySelector(".sigma-mouse").dispatchEvent(
    new WheelEvent("wheel", { deltaY: delta, clientX: x, clientY: y, bubbles: true, cancelable: true }));
  const begun = performance.now();
  let [turned, way] = [begun, 1];
  return await new Promise((give) => {
    const frame = (now) => {
      times.push(now);
      // Sigma moves for a quarter of a second after each turn of the wheel.
      if (now - turned > 240) {
        turned = now;
        wheel((way = -way) * 120);
      }
      if (now - begun < seconds * 1000) requestAnimationFrame(frame);
      else give(times.slice(1).map((each, at) => each - times[at]));
    };
    requestAnimationFrame(frame);
  });
}"""


Measured = tuple[float, float, float, float]
"""Frames a second on average and in the slowest twentieth; milliseconds of script, and of processor, for a frame."""


def measure(case: Path, people: int | None) -> Measured:
    """What a network with so many people drawn around a member reaches; None is the empty page."""
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


def _measured(address: str, people: int | None) -> Measured:
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
        member = min(nodes, key=lambda node: node["role"] != "treasurer")["id"]

        def crowd(route: Route) -> None:
            route.fulfill(body=json.dumps(_crowd(member, people or 0)), content_type="application/json")

        page.route("**/api/v1/graph/*party=*", crowd)
        if people is None:
            page.goto("about:blank")
            page.set_content(_EMPTY)
        else:
            page.goto(f"{base}/network/{network}")
            page.wait_for_selector("[data-drawn]")
        if people:
            page.locator(".graph-tools select").select_option(member)
            page.locator(".graph-tools button").first.click()
            page.wait_for_timeout(2_000)
        page.locator(".graph-stage").scroll_into_view_if_needed()
        page.wait_for_timeout(1_000)
        clock = page.context.new_cdp_session(page)
        clock.send("Performance.enable")
        before, spent = _script_seconds(clock), _processor_seconds()
        gaps = sorted(page.evaluate(_MOVE_EMPTY if people is None else _MOVE, [SECONDS]))
        spent = 1000.0 * (_processor_seconds() - spent) / len(gaps)
        script = 1000.0 * (_script_seconds(clock) - before) / len(gaps)
        browser.close()
    slow = gaps[int(len(gaps) * 0.95) :]
    return 1000.0 * len(gaps) / sum(gaps), 1000.0 * len(slow) / sum(slow), script, spent


def _processor_seconds() -> float:
    """Processor time of every process of the browser that this one started; 0 where the system does not say."""
    told = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            before, _, after = path.read_text(encoding="utf-8", errors="replace").rpartition(")")
        except OSError:
            continue
        fields = after.split()
        told[int(path.parent.name)] = (int(fields[1]), before.partition("(")[2], int(fields[11]) + int(fields[12]))
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _, _) in told.items() if parent in ours} - ours:
        ours |= more
    ticks = sum(spent for pid, (_, name, spent) in told.items() if pid in ours and name.startswith("chrom"))
    return ticks / os.sysconf("SC_CLK_TCK")


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
        print("| people drawn | frames a second | in the slowest twentieth | script a frame | processor a frame |")
        print("|---:|---:|---:|---:|---:|")
        for people in PEOPLE:
            mean, slow, script, spent = measure(case, people)
            drawn = "an empty page" if people is None else f"{people:,}"
            print(f"| {drawn} | {mean:.0f} | {slow:.0f} | {script:.1f} ms | {spent:.0f} ms |", flush=True)
        print(f"\nLoad: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")


def _small(aside: Path) -> Path:
    simulate.simulate("small_slow", aside / "world", seed=3, lawful_ratio=5)
    desk = actions.Desk("bench", machine=Machine.within())
    actions.new(aside / "case", desk, Settings("small"))
    actions.add(aside / "case", actions.survey([aside / "world" / "records"]), desk, best_guess=True)
    actions.run(aside / "case", desk)
    return aside / "case"


if __name__ == "__main__":
    main()
