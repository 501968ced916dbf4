"""The engine: tables in their declared form, the same bytes whatever the threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace.errors import BrokenForm
from vialtrace.model import Column, Table
from vialtrace.model.spec import ROWS_A_GROUP
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


_MANY = """
    SELECT printf('%08d', (i * 7919) % 300000) AS group_id, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 13 END AS n,
        CAST(i * 0.0625 AS DECIMAL(20, 4)) AS amount, CASE WHEN i % 5 = 0 THEN [i, i + 1] ELSE [] END AS row_ids
    FROM range(300000) t(i)
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_that_is_adopted_has_the_bytes_that_writing_its_rows_gives(
    engine_of: Callable[[int], Engine], tmp_path: Path, threads: int
) -> None:
    engine, places = engine_of(threads), [tmp_path / name for name in ("written", "adopted", "again")]
    for place in places:
        place.mkdir()
    made = _made(engine, _MANY)
    engine.save(made, tmp_path / "saved.parquet", declared=_SUMS, is_sorted=True)
    written = engine.write(_SUMS, made, places[0])
    adopted = engine.adopt(_SUMS, [tmp_path / "saved.parquet"], places[1])
    again = engine.write(_SUMS, engine.read(tmp_path / "saved.parquet"), places[2])
    assert {each.n_rows for each in (written, adopted, again)} == {300_000}
    assert len({each.path.read_bytes() for each in (written, adopted, again)}) == 1
    assert engine.run("SELECT count(*), min(group_id), max(group_id) FROM sums") == [(300_000, "00000000", "00299999")]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_files_adopted_one_after_the_other_have_the_bytes_that_sorting_their_rows_gives(
    engine_of: Callable[[int], Engine], tmp_path: Path, threads: int
) -> None:
    engine = engine_of(threads)
    for place in ("written", "adopted"):
        (tmp_path / place).mkdir()
    made = _made(engine, _MANY)
    bounds, parts = ("00000000", "00000005", "00130001", "00299998", "1"), []
    for number, (low, high) in enumerate(pairwise(bounds)):
        part = made.filter((made.group_id >= low) & (made.group_id < high))
        parts.append(tmp_path / f"part-{number}.parquet")
        engine.save(part, parts[-1], declared=_SUMS, is_sorted=True)
    written = engine.write(_SUMS, made, tmp_path / "written").path.read_bytes()
    adopted = engine.adopt(_SUMS, parts, tmp_path / "adopted")
    assert adopted.n_rows == 300_000
    assert adopted.path.read_bytes() == written
    with pytest.raises(BrokenForm, match="out of order"):
        engine.adopt(_SUMS, parts[::-1], tmp_path / "adopted")


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_file_that_is_streamed_has_the_bytes_that_sorting_its_rows_gives(
    engine_of: Callable[[int], Engine], tmp_path: Path, threads: int
) -> None:
    engine, source = engine_of(threads), tmp_path / "source.parquet"
    rows = engine.arrow(_made(engine, _MANY)).sort_by("group_id")
    pq.write_table(rows, source, row_group_size=ROWS_A_GROUP)
    made = engine.read(source).mutate(n=lambda each: each.n + 1)
    engine.save(made, tmp_path / "saved.parquet", declared=_SUMS, is_sorted=True)
    engine.stream(made, source, tmp_path / "streamed.parquet", declared=_SUMS)
    assert (tmp_path / "streamed.parquet").read_bytes() == (tmp_path / "saved.parquet").read_bytes()


def test_rows_out_of_order_are_not_streamed(engine_of: Callable[[int], Engine], tmp_path: Path) -> None:
    engine, source = engine_of(1), tmp_path / "source.parquet"
    pq.write_table(_rows(group_id=["b", "a"]), source)
    with pytest.raises(BrokenForm, match="out of order"):
        engine.stream(engine.read(source), source, tmp_path / "streamed.parquet", declared=_SUMS)


def test_a_file_whose_keys_repeat_is_not_adopted(engine_of: Callable[[int], Engine], tmp_path: Path) -> None:
    engine = engine_of(1)
    made = ibis.memtable(_rows(group_id=["a", "a"]))
    engine.save(made, tmp_path / "saved.parquet", declared=_SUMS, is_sorted=True)
    (tmp_path / "run").mkdir()
    with pytest.raises(BrokenForm, match="two rows of one key"):
        engine.adopt(_SUMS, [tmp_path / "saved.parquet"], tmp_path / "run")
