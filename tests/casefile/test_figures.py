"""Every figure of a written case file is counted again from the rows it cites; no number stands without a way there."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import recount
import recount_chance
import recount_figures
import recount_page

from vialtrace import actions
from vialtrace.casefile import sampling
from vialtrace.store import Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_SECTIONS = (
    "summary", "cast", "links", "timeline", "funds", "movement", "seizures", "regions", "glossary", "estimates",
    "provisions", "against", "missing", "questions", "sampling",
)  # fmt: skip
_BLOCKS = ("tr", "li", "dd", "p", "a", "article", "td", "h3", "h4", "dl")
_EXHIBIT = re.compile(r"#(?:[A-Z]-\d+|r-[A-Z]-.*|link-\d+|m-M\d+|law-\d+|[a-z]+)$")


@pytest.fixture(scope="module")
def written(run_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], bytes]:
    """The run, its page in both languages, and the list of rows."""
    folder = Path(shutil.copytree(run_case, tmp_path_factory.mktemp("written") / "case"))
    pages = {}
    for language in ("en", "zh"):
        made = actions.report(folder, _DESK, language=language)
        ((network, path),) = made.pages.items()
        pages[language] = path.read_text(encoding="utf-8")
    run = folder / "runs" / path.parent.name
    return run, pages, (path.parent / f"{network}.rows.csv").read_bytes()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_is_what_the_rows_it_cites_give(
    written: tuple[Path, dict[str, str], bytes], language: str
) -> None:
    run, pages, rows = written
    counted, wrong = recount.recount(run, pages[language], rows)
    assert wrong == []
    assert sum(counted.values()) > 300
    assert {
        "verdict",
        "drawn",
        "printed",
        "cited",
        "faulty",
        "needed",
        "rows",
        "amount",
        "distinct",
        "act",
        "low",
        "value",
        "high",
        "range",
        "lines",
        "claim",
        "score",
    } <= set(counted)


@pytest.mark.parametrize(
    "sort",
    ["rows", "amount", "distinct", "act", "low", "value", "high", "range", "samples", "printed", "faulty", "needed"],
)
def test_a_figure_that_is_off_by_a_little_is_noticed(written: tuple[Path, dict[str, str], bytes], sort: str) -> None:
    run, pages, rows = written
    found = [
        (each.start(3), each.end(3))
        for each in re.finditer(
            rf'data-what="{sort}(:[\w,:]+)?" data-cites="([^"]+)">(?:<span[^>]*>)?([^<]*\d[^<]*)', pages["en"]
        )
    ]
    start, stop = found[len(found) // 2]
    text = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 3) % 10), pages["en"][start:stop])
    _, wrong = recount.recount(run, pages["en"][:start] + text + pages["en"][stop:], rows)
    assert len(wrong) == 1


@pytest.mark.parametrize(
    "printed", [r"weight \+(\d\.\d)", r"observed (\d+)", r"chance ([\d.]+)", r"p = ([\d.]+)", r"q = ([\d.]+)"]
)
def test_a_number_of_a_test_that_is_printed_wrong_is_noticed(
    written: tuple[Path, dict[str, str], bytes], printed: str
) -> None:
    run, pages, rows = written
    start, stop = next(re.finditer(printed, pages["en"][pages["en"].index('id="C-1"') :])).span(1)
    at = pages["en"].index('id="C-1"')
    off = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 3) % 10), pages["en"][at + start : at + stop])
    _, wrong = recount.recount(run, pages["en"][: at + start] + off + pages["en"][at + stop :], rows)
    assert len(wrong) == 1


@pytest.mark.parametrize(
    ("column", "factor"), [("n_observed", 2), ("n_expected", 1.01), ("p_value", 1.1), ("q_value", 1.1), ("weight", 0.9)]
)
def test_a_claim_whose_test_comes_out_otherwise_is_noticed(
    written: tuple[Path, dict[str, str], bytes], column: str, factor: float
) -> None:
    tables = recount_page.tables_of(written[0])
    known = {row["evidence_id"] for row in tables("member_evidence")}
    tested = [row for row in tables("evidence") if row["evidence_id"] in known and row["p_value"] is not None]
    chance = recount_chance.Chance(tables)
    assert {row["detector"] for row in tested} > {"shared_clients", "mule_pay"}
    assert [row["claim"] for row in tested if chance.differs(row)] == []
    assert [row["claim"] for row in tested if not chance.differs({**row, column: row[column] * factor})] == []


def test_a_row_taken_out_of_an_exhibit_is_noticed(written: tuple[Path, dict[str, str], bytes]) -> None:
    run, pages, rows = written
    lines = rows.splitlines(keepends=True)
    chosen = next(place for place, line in enumerate(lines) if line.startswith(b"F-1,"))
    _, wrong = recount.recount(run, pages["en"], b"".join([*lines[:chosen], *lines[chosen + 1 :]]))
    assert any("F-1" in each for each in wrong)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_number_stands_without_a_way_to_an_exhibit(
    written: tuple[Path, dict[str, str], bytes], language: str
) -> None:
    root = recount.read(written[1][language])
    sections = {node.attributes["id"]: node for node in root.every() if node.attributes.get("id") in _SECTIONS}
    assert set(sections) == set(_SECTIONS)
    assert [each for section in sections.values() for each in astray(section)] == []


def astray(section: recount.Node) -> list[str]:
    """Texts with a digit whose block holds no link to an exhibit, a member, a row or a section."""
    return [
        text.strip()[:90]
        for node in section.every()
        if not (node.tag in ("svg", "style") or node.up("svg") or _is_said_of(node))
        for text in node.children
        if isinstance(text, str) and re.search(r"[1-9]", text) and not _leads(node)
    ]


def _is_said_of(node: recount.Node) -> bool:
    """Whether a text is the law's own or the method's own, or a digest: none of them a figure of the case."""
    at: recount.Node | None = node
    while at is not None:
        if {"lawtext", "method", "hash", "verdicts"} & set(at.attributes.get("class", "").split()):
            return True
        at = at.parent
    return False


def _leads(node: recount.Node) -> bool:
    at: recount.Node | None = node
    while at is not None and at.tag != "section":
        if at.tag in _BLOCKS or at.attributes.get("id"):
            links = [each.attributes["href"] for each in at.every() if "href" in each.attributes]
            if any(_EXHIBIT.fullmatch(link) for link in links) or at.attributes.get("id", "").startswith(
                ("m-", "law-")
            ):
                return True
        at = at.parent
    return False


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_as_received_are_two_steps_from_every_figure(
    written: tuple[Path, dict[str, str], bytes], language: str
) -> None:
    root = recount.read(written[1][language])
    ids = {node.attributes["id"]: node for node in root.every() if "id" in node.attributes}
    holding = {
        name
        for name, node in ids.items()
        if any(each.attributes.get("id", "").startswith("r-") for each in node.every())
    }
    for node in root.every():
        for cited in node.attributes.get("data-cites", "").split():
            onward = {cited} | {
                each
                for inner in ids[cited].every()
                for each in (*inner.attributes.get("data-cites", "").split(), inner.attributes.get("href", "#")[1:])
            }
            assert onward & holding, (node.text(), cited)


def test_the_rows_that_could_be_wrong_are_counted_by_whole_numbers_too() -> None:
    differing = [
        (n_rows, n_drawn)
        for n_rows in (2, 6, 17, 60, 131, 160, 280)
        for n_drawn in range(1, min(n_rows, 9))
        if (sampling.most_faulty(n_rows, n_drawn), sampling.needed(n_rows))
        != (recount_figures.most_faulty(n_rows, n_drawn), recount_figures.needed(n_rows))
    ]
    assert differing == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_every_provision_says_alike_is_said_once(
    written: tuple[Path, dict[str, str], bytes], language: str
) -> None:
    section = written[1][language].split('<section id="provisions"')[1].split("</section>")[0]
    (note,) = re.findall(r'<p class="lawtext">(.*?)</p>', section)
    assert len(re.findall('id="law-', section)) > 10
    assert len(note) > 20
    assert section.count(note) == 1
