"""JSON Lines, and an array of objects in one JSON document."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.header import unique_headers
from vialtrace.sources.text import REPLACEMENT, Utf8Stream, sound
from vialtrace.sources.writing import Staged, StagedWriter

MAX_DOCUMENT = 1 << 29
"""A single JSON document is read whole; beyond this it must come as JSON Lines."""

MAX_DEPTH = 100
"""Records nest two or three deep; what nests without end would exhaust the stack."""

_LINES_LOOKED_AT = 100_000
_LINES_TRIED = 20


def sniff_json(path: Path, encoding: str, n_sample: int) -> Sheet | None:
    """The sheet of a JSON file; None where the text only begins like JSON (``[`` may open a title)."""
    is_lines = _is_lines(path, encoding)
    if is_lines is None:
        return None
    headers: dict[str, None] = {}
    sample: list[dict[str, str]] = []
    n_rows = 0
    for _, value, _ in _objects(path, encoding, is_lines=is_lines):
        if not isinstance(value, dict):
            continue
        flat = flattened(value)
        headers |= dict.fromkeys(flat)
        if len(sample) < n_sample:
            sample.append(flat)
        n_rows += 1
        if is_lines and n_rows >= _LINES_LOOKED_AT:
            break
    if not headers:
        raise UnreadableSource(
            f"{path.name} is JSON, but holds no objects in a list.",
            expected="One object a line, or a list of objects.",
            way_out="Export the records as JSON Lines or CSV.",
        )
    return Sheet(
        file=path.name,
        sheet="",
        format="jsonl" if is_lines else "json",
        encoding=encoding,
        delimiter="",
        header_row=0,
        n_rows=None,
        headers=tuple(headers),
        sample=tuple(tuple(row.get(name, "") for name in headers) for row in sample),
    )


def stage_json(path: Path, sheet: Sheet, target: Path) -> Staged:
    """Stage JSON: a row's number is its line, or its place in the list; a line that is no object is a problem."""
    known = set(sheet.headers)
    with StagedWriter(target, len(sheet.headers), 0) as writer:
        for number, value, text in _objects(path, sheet.encoding, is_lines=sheet.format == "jsonl"):
            if value is None and not text.strip():
                writer.add(number, [])
            elif not isinstance(value, dict):
                writer.add(number, [], f"not a JSON object: {text.strip()[:200]}")
            else:
                flat = flattened(value)
                unknown = [name for name in flat if name not in known and flat[name]]
                problem = f"has a field that no earlier row has: {unknown[0]}" if unknown else None
                if problem is None and REPLACEMENT in text:
                    problem = "holds bytes that cannot be decoded"
                writer.add(number, [flat.get(name) or None for name in sheet.headers], problem)
    return writer.staged


def flattened(value: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """An object as texts: nested objects as ``outer.inner``, lists as JSON, null as empty, numbers as written."""
    flat: dict[str, str] = {}
    for name, inner in value.items():
        key = unique_headers([sound(f"{prefix}{name}")])[0]
        if isinstance(inner, dict):
            flat |= flattened(inner, f"{prefix}{name}.")
        elif isinstance(inner, list):
            flat[key] = sound(json.dumps(inner, ensure_ascii=False))
        elif isinstance(inner, bool):
            flat[key] = "true" if inner else "false"
        else:
            flat[key] = "" if inner is None else sound(str(inner))
    return flat


def _is_lines(path: Path, encoding: str) -> bool | None:
    """Whether the file has one object a line; None where it is no JSON."""
    with _text(path, encoding) as text:
        first, *others = list(islice((line for line in text if line.strip()), _LINES_TRIED)) or [""]
    # A document spread over lines has few that are an object on their own.
    are_objects = 2 * sum(map(_is_object, others)) > len(others)
    try:
        value = _parse(first)
    except (ValueError, RecursionError):
        is_document = first.strip() in ("[", "{") or first.lstrip().startswith(("[{", '{"', "[ {"))
        return True if are_objects else False if is_document else None
    if not isinstance(value, dict):
        return True if are_objects else False if isinstance(value, list) else None
    # One object on one line that holds a list of objects is a document, not a record.
    return bool(others) or not _lists_of(value)


def _is_object(line: str) -> bool:
    try:
        return isinstance(_parse(line), dict)
    except (ValueError, RecursionError):
        return False


def _objects(path: Path, encoding: str, *, is_lines: bool) -> Iterator[tuple[int, Any, str]]:
    """Number, value (None where it cannot be read) and text of each entry."""
    if is_lines:
        with _text(path, encoding) as text:
            for number, line in enumerate(text, start=1):
                try:
                    yield number, _parse(line) if line.strip() else None, line
                except (ValueError, RecursionError):
                    yield number, None, line
        return
    for number, value in enumerate(_document(path, encoding), start=1):
        yield number, value, "" if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)


def _document(path: Path, encoding: str) -> list[Any]:
    """The list of objects in one JSON document: the document itself, or the one list inside its object or envelope."""
    with _text(path, encoding) as stream:
        text = stream.read(MAX_DOCUMENT + 1)
    if len(text) > MAX_DOCUMENT:
        raise UnreadableSource(
            f"{path.name} is one JSON document of more than {MAX_DOCUMENT >> 20} MB.",
            expected="JSON Lines for large data.",
            way_out="Convert it to one object a line.",
        )
    try:
        value = _parse(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(
            f"{path.name} is damaged JSON: {error}.",
            expected="A list of objects, or one object a line.",
            way_out="Fetch the file again, or export it as CSV.",
        ) from error
    if isinstance(value, dict):
        lists = _lists_of(value)
        value = lists[0] if len(lists) == 1 else []
    return value if isinstance(value, list) else []


_ENVELOPES = 3
"""Objects around the list that a service answers with: ``{"code": 0, "result": {"list": [...]}}``."""


def _lists_of(value: dict[str, Any]) -> list[list[Any]]:
    """The lists of objects in an object, the outermost there are."""
    level = [value]
    for _ in range(_ENVELOPES):
        inside = [inner for each in level for inner in each.values()]
        if found := [each for each in inside if isinstance(each, list) and each and isinstance(each[0], dict)]:
            return found
        level = [each for each in inside if isinstance(each, dict)]
    return []


def _parse(text: str) -> Any:
    value = json.loads(text, parse_float=str, parse_int=str)
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise ValueError(f"nested more than {MAX_DEPTH} deep")
    return value


def _depth(value: Any) -> int:
    """How deep lists and objects nest, without recursion."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            break
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(Utf8Stream(path, encoding), 1 << 20), encoding="utf-8", newline="\n")
