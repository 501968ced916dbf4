"""The floors of the house: imports go down only, read from the source without running it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import vialtrace

ROOT = Path(vialtrace.__file__).parent
STAGES = (
    "sources",
    "ingest",
    "resolve",
    "detect",
    "reconstruct",
    "estimate",
    "assess",
    "screen",
    "casefile",
    "simulate",
    "evaluate",
)
FLOORS = {
    "errors": 0,
    "kit": 1,
    "model": 2,
    "store": 3,
    **dict.fromkeys(STAGES, 4),
    "pipeline": 5,
    "actions": 6,
    "web": 7,
    "cli": 8,
    "__main__": 9,
    "__init__": 9,
}
FILES = sorted(ROOT.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "misc", "base", "manager"}


def room_of(path: Path) -> str:
    """The room a file stands in."""
    inside = path.relative_to(ROOT).parts
    return inside[0] if len(inside) > 1 else path.stem


def imports(path: Path) -> set[str]:
    """Every module a file imports, whole names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "vialtrace":
                found |= {f"vialtrace.{each.name}" for each in node.names}
    return found


def shown(path: Path) -> str:
    """A file as its path inside the package."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_file_imports_from_its_own_room_and_the_floors_below(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "vialtrace" and len(parts) > 1 and parts[1] in FLOORS and parts[1] != room:
            assert FLOORS[parts[1]] < FLOORS[room], f"{shown(path)} imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if room_of(path) in {"detect", "reconstruct", "estimate", "assess", "screen"}],
    ids=shown,
)
def test_reasoning_knows_no_storage_face_or_template(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"duckdb", "fastapi", "jinja2", "splink"}


@pytest.mark.parametrize(("package", "room"), [("splink", "resolve"), ("networkit", "reconstruct")])
def test_a_heavy_package_is_known_to_one_file_of_one_room(package: str, room: str) -> None:
    knowing = [path for path in FILES if any(name.split(".")[0] == package for name in imports(path))]
    assert len(knowing) <= 1
    assert all(room_of(path) == room for path in knowing)


def test_nothing_reads_the_network() -> None:
    # The workbench listens, on loopback: it opens no connection.
    listening = {ROOT / "web" / "serving.py"}
    for path in FILES:
        if path in listening:
            continue
        assert not {name.split(".")[0] for name in imports(path)} & {
            "requests",
            "httpx",
            "aiohttp",
            "urllib3",
            "socket",
        }, shown(path)


def test_no_room_or_file_is_named_for_nothing() -> None:
    assert not {part for path in FILES for part in (*path.relative_to(ROOT).parent.parts, path.stem)} & FORBIDDEN_NAMES
