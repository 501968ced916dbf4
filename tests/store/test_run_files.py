"""The files of a run: one that cannot be read is told by name, and does not stop whoever asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vialtrace.errors import Tampered
from vialtrace.store.run import FINDINGS, MANIFEST, RECORD, Run, all_runs

_DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / _DIGEST[:16]
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({"digest": _DIGEST}))
    (folder / RECORD).write_text(json.dumps({"finished_at": "2026-01-01T00:00:00Z"}))
    (folder / FINDINGS).write_text("{}")
    return folder


@pytest.mark.parametrize("name", [MANIFEST, RECORD])
@pytest.mark.parametrize("content", [b'{"finished_at": "\xa0"}', b'{"finished_at"', b"[]", b"", None])
def test_a_file_of_a_run_that_cannot_be_read_is_named(folder: Path, name: str, content: bytes | None) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(Tampered, match=name):
        all_runs(folder.parent)


def test_findings_that_cannot_be_read_are_named(folder: Path) -> None:
    (folder / FINDINGS).write_bytes(b'{"case": "\xa0"}')
    with pytest.raises(Tampered, match=FINDINGS):
        _ = Run.open(folder).findings
