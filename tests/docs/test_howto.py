"""The how-to pages show what their commands print, and the runner that says so can tell when they do not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs import make_howto
from docs.howto import spreadsheets


@pytest.mark.slow
def test_every_page_shows_what_its_commands_print() -> None:
    assert make_howto.main(["--check"]) == 0


def test_a_page_that_has_drifted_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- typed: yes -->\n```console\n$ read -p 'Which [1]: ' x; echo you said $x\nnothing\n```\n")
    assert make_howto.made(page) == (
        "<!-- typed: yes -->\n```console\n$ read -p 'Which [1]: ' x; echo you said $x\n"
        "Which [1]: yes\nyou said yes\n```\n"
    )


@pytest.mark.parametrize(
    ("command", "typed", "why"),
    [
        ("read -p 'Which [1]: ' x", [], "asks more"),
        ("echo done", ["2"], "not asked"),
        ("exit 3", [], "exit code 3"),
    ],
)
def test_a_command_that_fails_or_asks_something_else_fails_the_page(
    tmp_path: Path, command: str, typed: list[str], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        make_howto.printed(command, tmp_path, tmp_path, typed)


def test_the_spreadsheets_are_ten_and_the_same_every_time(tmp_path: Path) -> None:
    spreadsheets.write(tmp_path / "a")
    first = {each.name: each.read_bytes() for each in (tmp_path / "a").iterdir()}
    shutil.rmtree(tmp_path / "a")
    spreadsheets.write(tmp_path / "a")
    assert {each.name: each.read_bytes() for each in (tmp_path / "a").iterdir()} == first
    assert len(first) == 10
