"""Sheets kept on disk are the sheets that were made, whatever their length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vialtrace.simulate import shelf as module
from vialtrace.simulate.render import blanked
from vialtrace.simulate.shelf import Shelf


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 24, 25])
def test_what_is_left_blank_is_drawn_as_in_memory_and_kept_over_pieces(
    n: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 8)
    sheets = {
        kind: {name: np.array([f"{name} {each}" for each in range(n)], dtype=object) for name in names}
        for kind, names in (
            ("contact", ("medium", "from_identifier", "duration_s")),
            ("waybill", ("freight", "waybill_no", "sender_name", "contents")),
        )
    }
    shelf = Shelf(tmp_path)
    for kind, sheet in sheets.items():
        shelf.put(kind, sheet.items())
    shelf.leave_blank(np.random.default_rng(5))
    rng = np.random.default_rng(5)
    for kind, sheet in sheets.items():
        wanted = blanked(rng, kind, sheet)
        assert shelf.n_rows(kind) == n
        if n:
            made = shelf.sheet(kind)
            assert list(made) == list(wanted)
            assert all(made[name].tolist() == wanted[name].tolist() for name in wanted)
    assert shelf.column("waybill", "waybill_no").to_pylist() == [f"waybill_no {each}" for each in range(n)]
