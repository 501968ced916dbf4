"""Counts every figure of a written case file again, from the rows it cites: plain Python, none of the page's own code.

What is read: the HTML page, the list of rows beside it, the files as received (for text), and the canonical tables of
the run (for what each row says). ``recount`` gives a sentence for every figure that cannot be got from its rows; what
chance alone would give of a claim is got from the tables its question was put to. The parts: ``recount_page`` reads,
``recount_figures`` holds each sort of figure, ``recount_amounts`` the estimates, ``recount_claims`` the claims,
``recount_chance`` their tests. Run it on any case: ``python tests/casefile/recount.py CASE``.
"""

# ruff: noqa: T201  a program of its own as well

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from recount_claims import claim_holds
from recount_figures import Page
from recount_page import Node, open_case, read

__all__ = ["Node", "read", "recount"]


def recount(run: Path, page: str, row_list: bytes) -> tuple[Counter[str], list[str]]:
    """Every figure of a page held against its rows: how many of each sort were, and what does not hold."""
    case, root = open_case(run, row_list), read(page)
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    network = next(node.text() for node in root.every() if node.attributes.get("class") == "hash soft").strip()
    context = Page(case, root, network)
    for node in root.every():
        what = node.attributes.get("data-what")
        if what is None:
            continue
        cites = node.attributes.get("data-cites", "").split()
        wrong += [
            f"{what} {node.text()!r} cites {each}, which is not in the page"
            for each in (*cites, node.attributes.get("href", "#summary")[1:])
            if each not in context.ids
        ]
        sort = what.split(":")[0]
        shown, expected = node.text(), context.expected(what, cites, node)
        counted[sort] += 1
        if expected is not None and not expected(shown):
            wrong.append(f"{what} {shown!r} is not what {' '.join(cites)[:80]} give")
    for exhibit, node in context.ids.items():
        if re.fullmatch(r"C-\d+", exhibit):
            counted["claim"] += 1
            wrong += claim_holds(case, exhibit, node, context)
    return counted, wrong


def main(folder: Path) -> int:
    """Recount every page of the last run of a case."""
    reports = max((folder / "reports").iterdir(), key=lambda path: path.stat().st_mtime)
    bad = 0
    for page in sorted(reports.glob("N*.html")):
        network = page.name.split(".")[0]
        counted, wrong = recount(
            folder / "runs" / reports.name,
            page.read_text(encoding="utf-8"),
            (reports / f"{network}.rows.csv").read_bytes(),
        )
        print(page.name, sum(counted.values()), "figures,", len(wrong), "wrong;", dict(sorted(counted.items())))
        print("\n".join(wrong))
        bad += len(wrong)
    return bad


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
