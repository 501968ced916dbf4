"""A refusal is told in the language of the page: every sentence that a page can show has a Chinese form."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import vialtrace
from vialtrace.resolve.likenesses import _COMPARISONS
from vialtrace.resolve.merges import _ROWS, _SAME
from vialtrace.web.merging import merge_told
from vialtrace.web.rendering import LANGUAGE, _told_as, words

HOUSE = Path(vialtrace.__file__).parent
REACHED = (
    *(f"actions/{name}.py" for name in (
        "adding", "answering", "comparing", "deciding", "identity", "looking", "places", "reporting",
        "searching", "sheets", "showing", "unsealing",
    )),
    *(f"web/{name}.py" for name in ("doing", "jobs", "pages", "rights", "tray")),
    *(f"store/{name}.py" for name in ("case", "lock")),
    "pipeline/staging.py",
    *(f"sources/{each.name}" for each in (HOUSE / "sources").glob("*.py")),
)
"""Where a page's request can be refused; commands that only a terminal has are left out."""

RAISED = {"BadInput", "UnknownName", "WrongOrder", "CaseBusy", "UnreadableSource", "Forbidden"}


def _texts(node: ast.expr) -> Iterator[str]:
    """What a sentence can read; what is put into it stands as a word."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)
        case ast.JoinedStr():
            parts = [list(_texts(each.value if isinstance(each, ast.FormattedValue) else each)) for each in node.values]
            yield from ("".join(each) for each in product(*(part or ["x7"] for part in parts)))


def _said() -> Iterator[tuple[str, str]]:
    for place in REACHED:
        for node in ast.walk(ast.parse((HOUSE / place).read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED):
                continue
            where = f"{place}:{node.lineno}"
            if node.func.id == "UnknownName":
                yield from ((where, f"No {what} is called 'x'.") for what in _texts(node.args[0]))
            else:
                yield from ((where, text) for text in _texts(node.args[0]))
            for each in node.keywords:
                yield from ((where, text) for text in _texts(each.value) if text.strip())


def test_every_refusal_that_a_page_can_show_has_a_chinese_form() -> None:
    said, chinese = list(_said()), words("zh")
    assert len(said) > 150
    english = [each for each in said if _told_as(each[1], chinese, "refused") == each[1] and not _is_code(each[1])]
    assert not english, "\n".join(map(str, english))
    things = {text.split(" is called")[0].removeprefix("No ") for _, text in said if text.endswith("is called 'x'.")}
    unnamed = sorted(each for each in things if f"refused_thing.{each}" not in chinese.texts)
    assert not unnamed


def _is_code(text: str) -> bool:
    """A line to type, or a list of roles, is the same in every language."""
    return text.startswith("vialtrace ") or text == "x7"


@pytest.mark.parametrize(
    ("given", "chinese"),
    [
        ("No network is called 'N0'.", "没有名为 'N0' 的网络。"),
        ("Known: a, b and 3 more.", "已有：a, b 等，另有 3 个。"),
        ("scan.pdf is a PDF.", "scan.pdf 是PDF 文件。"),
        ("1 characters are too few to search for.", "搜索词 1 个字符，过少。"),
        ("The mapping a.yaml has 2 problems:", "映射 a.yaml 有 2 处问题："),
        ("something nobody wrote", "something nobody wrote"),
    ],
)
def test_what_a_refusal_quotes_is_taken_over(given: str, chinese: str) -> None:
    assert _told_as(given, words("zh"), "refused") == chinese
    assert _told_as(given, words("en"), "refused") == given


def test_a_page_refuses_in_the_language_of_its_reader(client: TestClient, stranger: TestClient) -> None:
    client.cookies.set(LANGUAGE, "zh")
    answer = client.get("/network/N0")
    assert answer.status_code == 404
    assert "没有名为" in answer.text
    assert "No network" not in answer.text
    assert client.get("/api/v1/network/N0").json()["given"] == "No network is called 'N0'."
    stranger.cookies.clear()
    outside = stranger.get("/", headers={"accept-language": "zh-CN"})
    assert outside.status_code == 401
    assert "您尚未登录" in outside.text


def test_why_records_are_one_person_is_told_in_chinese() -> None:
    told = (
        "The same telephone stands in 154 rows of calls and messages, 2 rows of order sheets and one row of parcels,"
        " under one name."
    )
    assert merge_told(told, words("zh")) == "联络记录 154 行、订单 2 行、运单 1 行载有同一电话，且姓名相同。"
    assert merge_told(told, words("en")) == told
    agents = "The same agent's name stands in 3 rows of order sheets, too rare for two of all the agents named."
    assert merge_told(agents, words("zh")) == "订单 3 行载有同一代理人姓名，该姓名极为少见，所列代理中不应有两人同名。"
    likely = "The names are the same; the documents differ."
    assert merge_told(likely, words("zh")) == "姓名相同；证件不同。"


def test_every_word_that_explains_a_merge_has_a_chinese_form() -> None:
    said = words("zh").texts
    levels = [level.says for _, each in _COMPARISONS.values() for level in each]
    wanted = [f"likeness.{each}" for each in levels]
    wanted += [f"merge_rows.{each}" for each in _ROWS.values()]
    wanted += [f"merge_what.{each.removeprefix('The same ')}" for each in _SAME.values()]
    assert not [each for each in wanted if each not in said]


@pytest.mark.parametrize(
    ("entry", "chinese"),
    [
        ("source contacts.csv", "来源文件 contacts.csv"),
        ("mapping contacts.csv.yaml, version 2", "映射 contacts.csv.yaml，第 2 版"),
        ("run e5f1a621", "运行 e5f1a621"),
        ("account Sue is supervisor", "账户 Sue 的角色为 supervisor"),
    ],
)
def test_an_entry_of_the_ledger_is_told_in_chinese(entry: str, chinese: str) -> None:
    assert _told_as(entry, words("zh"), "entry") == chinese
