"""The engine: tables in their declared form, the same bytes whatever the threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace.errors import BrokenForm
from vialtrace.model import Column, Table
from vialtrace.store import Engine, Machine
from vialtrace.store.form import _check_neighbours, problems

_SUMS = Table(
    "sums",
    "A sum.",
    (
        Column("group_id", "id", "The group.", key=True),
        Column("n", "integer", "A count."),
        Column("amount", "money", "An amount."),
        Column("row_ids", "row_ids", "Rows."),
    ),
    made_by="test",
)


@pytest.fixture
def engine_of(tmp_path: Path) -> Iterator[Callable[[int], Engine]]:
    made: list[Engine] = []

    def open_one(threads: int) -> Engine:
        made.append(Engine(Machine(1.0, threads), spill=tmp_path / f"spill-{threads}"))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


def _rows(**columns: Any) -> pa.Table:
    return pa.table(
        {"group_id": ["a", "b"], "n": [1, 2], "amount": [Decimal("0.0004"), None], "row_ids": [[1], []]} | columns
    )


def _made(engine: Engine, query: str) -> Any:
    engine.run(f"CREATE VIEW asked AS {query}")
    return engine.table("asked")


def test_a_table_has_the_same_bytes_on_one_thread_and_on_two(
    engine_of: Callable[[int], Engine], tmp_path: Path
) -> None:
    digests = set()
    for threads in (1, 2):
        engine = engine_of(threads)
        many = _made(
            engine,
            "SELECT 'g' || ((i * 7919) % 400009) AS group_id, i AS n, (i % 977)::DECIMAL(12, 2) AS amount, "
            "[i, i + 1] AS row_ids FROM range(400009) r(i)",
        )
        folder = tmp_path / str(threads)
        folder.mkdir()
        written = engine.write(_SUMS, many, folder)
        assert written.n_rows == 400_009
        digests.add(hashlib.sha256(written.path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_wide_sum_of_integers_and_a_small_amount_are_stored_as_declared(
    engine_of: Callable[[int], Engine], tmp_path: Path
) -> None:
    engine = engine_of(1)
    engine.write(_SUMS, _rows(), tmp_path)
    summed = (
        engine.table("sums")
        .group_by("group_id")
        .agg(n=lambda t: t.n.sum(), amount=lambda t: t.amount.sum(), row_ids=lambda t: t.row_ids.first())
    )
    again = Table("again", "Again.", _SUMS.columns, made_by="test")
    engine.write(again, summed, tmp_path)
    rows = engine.arrow(engine.table("again")).to_pylist()
    assert rows[0] == {"group_id": "a", "n": 1, "amount": Decimal("0.0004"), "row_ids": [1]}
    assert dict(engine.table("again").schema().items()) == {
        name: engine.table("sums").schema()[name] for name in _SUMS.names
    }


def test_every_broken_column_is_named_together(engine_of: Callable[[int], Engine], tmp_path: Path) -> None:
    broken = pa.table({"group_id": ["a"], "n": ["one"], "amount": [1.5], "extra": [1]})
    with pytest.raises(BrokenForm) as told:
        engine_of(1).write(_SUMS, broken, tmp_path)
    for part in ("sums", "row_ids is missing", "extra is not declared", "n is string", "amount is float64"):
        assert part in str(told.value)


def test_two_rows_of_one_key_are_refused(engine_of: Callable[[int], Engine], tmp_path: Path) -> None:
    with pytest.raises(BrokenForm, match=r"two rows of one key: \{'group_id': 'a'\}"):
        engine_of(1).write(_SUMS, _rows(group_id=["a", "a"]), tmp_path)


def test_a_doubled_key_is_never_quoted_where_it_could_name_a_person(
    engine_of: Callable[[int], Engine], tmp_path: Path
) -> None:
    named = Table("named", "A name.", (Column("name", "name", "A name.", key=True),), made_by="test")
    with pytest.raises(BrokenForm) as told:
        engine_of(1).write(named, pa.table({"name": ["张三", "张三"]}), tmp_path)
    assert "张三" not in str(told.value)


def test_a_row_without_a_key_is_refused(engine_of: Callable[[int], Engine], tmp_path: Path) -> None:
    with pytest.raises(BrokenForm, match="without a key"):
        engine_of(1).write(_SUMS, _rows(group_id=["a", None]), tmp_path)


@given(st.lists(st.integers(0, 40), max_size=60))
def test_a_doubled_key_is_found_wherever_it_stands(values: list[int]) -> None:
    declared = Table("t", "T.", (Column("row_id", "row_id", "Row.", key=True),), made_by="test")
    rows = pa.table({"row_id": pa.array(sorted(values), pa.int64())})
    if len(set(values)) == len(values):
        _check_neighbours(declared, rows)
    else:
        with pytest.raises(BrokenForm):
            _check_neighbours(declared, rows)


def test_what_spilled_is_gone_when_the_engine_is_closed(tmp_path: Path) -> None:
    engine = Engine(Machine(0.25, 2), spill=tmp_path / "spill")
    engine.run(
        "CREATE TABLE wide AS SELECT i, md5(i::VARCHAR) AS a, md5((i + 1)::VARCHAR) AS b "
        "FROM range(3000000) r(i) ORDER BY a"
    )
    assert any((tmp_path / "spill").rglob("*"))
    engine.close()
    assert not (tmp_path / "spill").exists()


def test_nobody_is_called_for_an_extension(engine_of: Callable[[int], Engine]) -> None:
    told = engine_of(1).run("SELECT current_setting('autoinstall_known_extensions'), current_setting('TimeZone')")
    assert told == [(False, "UTC")]


def test_a_schema_that_fits_has_no_problems() -> None:
    assert problems(_SUMS, ibis.schema(_SUMS.storage())) == []
