"""How long each page of the workbench takes on a case, and how much memory the server needs.

    python -m bench.pages [CASE]

The server is the one people start, asked over HTTP as a browser asks. Every page is asked once cold and three times
more; the table holds the first answer, the middle of the others, the server's own processor time for the first and for
one of the others, and the size of the answer. Without a case the demo is simulated and run first, which takes minutes.
Every question is entered in the ledger of a copy: the case named stays as it is.
"""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median

from vialtrace import actions
from vialtrace.store import Machine

GOAL_FIRST, GOAL_ANY, GOAL_BYTES = 0.3, 1.0, 1e9
AGAIN = 3


def addresses(folder: Path) -> dict[str, str]:
    """One address of each kind of page, on the best network; the first page first."""
    desk = actions.Desk("bench", machine=Machine.within())
    told = actions.case_told(folder, desk)
    network = told["networks"][0]["network_id"]
    seen = actions.network_told(folder, network, desk)
    members = seen["members"]
    claims = actions.party_told(folder, members[0]["party_id"], desk)["claims"]
    around = {
        each["party_id"]: len(actions.around_told(folder, network, each["party_id"], desk)["nodes"]) for each in members
    }
    # Whoever most people dealt with: the largest answer there is.
    busiest = max(sorted(around), key=around.__getitem__)
    place = next(each["place_id"] for each in seen["places"] if each["place_id"])
    sheet = max(told["sources"], key=lambda each: each.get("counts", {}).get("n_rows", 0))
    return {
        "the case": "/",
        "a network": f"/network/{network}",
        "a network, one month": f"/network/{network}?month={seen['months'][0]['month']}",
        "its graph as JSON": f"/api/v1/graph/{network}",
        "people around a member as JSON": f"/api/v1/graph/{network}?party={busiest}",
        "the way between two": f"/network/{network}/path?from={members[0]['party_id']}&to={members[-1]['party_id']}",
        "a member": f"/party/{members[0]['party_id']}",
        "a place": f"/place/{place}",
        "a claim": f"/claim/{claims[0]['evidence_id']}",
        "a row": f"/row/{claims[0]['rows'][0]}",
        "sources": "/sources",
        "the largest sheet": f"/sources/{sheet['source_no']}",
        "search, a name": f"/search?q={_quoted(members[0]['name'])}",
        "search, a masked number": "/search?q=138****5678",
        "glossary": "/glossary",
        "method": "/method",
        "the difference of two runs": "/runs",
        "case file": "/casefile",
        "ledger": "/ledger",
        "add": "/add",
        "work": "/work",
    }


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def main() -> None:
    """Measure on the case named, or on the demo."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as aside:
        folder = Path(aside) / "case"
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], folder)
        else:
            subprocess.run([sys.executable, "-m", "vialtrace", "demo", str(Path(aside) / "demo")], check=True)
            folder = Path(aside) / "demo" / "case"
        wanted = addresses(folder)
        command = [sys.executable, "-m", "vialtrace", "serve", str(folder), "--no-browser"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "300"})
        try:
            assert server.stdout
            _measure(server.stdout.readline().strip(), server.pid, wanted)
        finally:
            server.terminate()
            server.wait(60)


def _measure(opened: str, pid: int, wanted: dict[str, str]) -> None:
    host = opened.split("/")[2]
    cookie = _cookie(host, opened)
    print("| page | first | its processor time | again | its processor time | answer |\n|---|---:|---:|---:|---:|---:|")
    missed = []
    for name, path in wanted.items():
        begun = _processor(pid)
        first, _ = _ask(host, path, cookie)
        before = _processor(pid)
        times = [_ask(host, path, cookie) for _ in range(AGAIN)]
        spent = (_processor(pid) - before) / AGAIN
        middle = median(taken for taken, _ in times)
        told = f"{first:.2f} s | {before - begun:.2f} s | {middle:.2f} s | {spent:.2f} s"
        print(f"| {name} | {told} | {times[0][1] / 1000:,.0f} kB |", flush=True)
        if min(taken for taken, _ in times) > (GOAL_FIRST if path == "/" else GOAL_ANY):
            missed.append(name)
    peak = _peak(pid)
    print(f"\nThe server's peak memory: {peak / 1e6:,.0f} MB (goal {GOAL_BYTES / 1e6:,.0f}).")
    print("Above the goal: " + (", ".join(missed) or "no page") + ".")


def _cookie(host: str, opened: str) -> str:
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", opened.partition(host)[2])
    answer = connection.getresponse()
    told: SimpleCookie = SimpleCookie(answer.headers["Set-Cookie"])
    return "; ".join(f"{name}={each.value}" for name, each in told.items())


def _ask(host: str, path: str, cookie: str) -> tuple[float, int]:
    connection = http.client.HTTPConnection(host, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    taken = time.perf_counter() - begun
    assert answer.status == 200, (path, answer.status, body[:300])
    connection.close()
    return taken, len(body)


def _processor(pid: int) -> float:
    """Seconds of processor time a process has used; 0 where the system does not say."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    told = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    path = Path(f"/proc/{pid}/status")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
