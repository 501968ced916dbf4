"""The engine is a choice of means: what Spark makes of a case is, to the byte, what DuckDB makes of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis
import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.store import Engine, Machine, SparkEngine


def _missing() -> str:
    """Why Spark cannot be had on this machine, or nothing."""
    try:
        import pyspark  # noqa: F401, PLC0415
    except ImportError:
        return "PySpark is not installed: make test-spark installs it"
    return (
        "" if shutil.which("java") or os.environ.get("JAVA_HOME") else "there is no Java: make test-spark installs it"
    )


needs_spark = pytest.mark.skipif(bool(_missing()), reason=_missing() or "Spark is here")

# Spark's own use of sockets and threads is not ours to tidy.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"
)


@needs_spark
@pytest.mark.slow
def test_a_run_on_spark_is_to_the_byte_the_run_on_duckdb(case_copy: Callable[[], Path]) -> None:
    case = case_copy()
    desk = actions.Desk("a tester", machine=Machine(3.0, 2, "spark"))
    before = desk.open(case).run()
    made = actions.run(case, desk, again=True).run
    assert made.record["engine"] == "spark"
    assert "pyspark" in made.manifest["versions"]
    assert made.digest == before.digest
    assert made.manifest["findings"] == before.manifest["findings"]
    assert made.manifest["tables"] == before.manifest["tables"]
    assert made.findings["networks"]
    assert not list(case.rglob("spark"))


@needs_spark
def test_what_is_asked_of_texts_and_numbers_is_answered_alike(spark: SparkEngine, tmp_path: Path) -> None:
    rows = ibis.memtable(
        {
            "place": [1, 1, 1, 2, 2],
            "text": ["张三 flat 2", "flat 12号楼b", "ŞTRASSE\n", None, "A[1]&B"],
            "value": [0.285, 1e7, 2.5, 7.0, -0.005],
            "n": [7, 70, 21, 3, 1],
        }
    )
    said = rows.select(
        "place",
        "text",
        edge=rows.text.re_search(r"\bflat [0-9]+\b"),
        ends=rows.text.re_search("E$"),
        han=rows.text.re_extract(r"^(\p{Han}{2})", 1),
        bare=rows.text.re_replace(r"[\[\]&]", "-"),
        turned=rows.text.re_replace(r"(flat) ([0-9]+)", r"\2 \1"),
        told=rows.value.round(2).cast("string"),
        is_tenth=rows.n >= rows.n * 10 * 0.1,
        share=rows.n / 3,
        floor=(rows.n // 2),
        words=rows.text.split(" ").filter(lambda word: word != "flat").join("+"),
        parts=rows.text.length(),
        days=ibis.range(rows.n - 2, rows.n + 1),
        none=ibis.range(rows.n, rows.n - 2),
    )
    grouped = said.group_by("place").agg(
        names=said.text.group_concat(sep="|", order_by=said.text),
        first=said.text.first(order_by=[said.share.desc(), said.text]),
        n=said.count(where=said.is_tenth),
        few=said.parts.collect(where=said.parts > 1000),
        edge=said.edge.any(),
    )
    engine = spark._driver
    for expression, order in ((said, ["place", "share"]), (grouped, ["place"])):
        asked = [(name, "ascending") for name in order]
        assert spark.arrow(expression).sort_by(asked).to_pylist() == engine.arrow(expression).sort_by(asked).to_pylist()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    folder = tmp_path_factory.mktemp("spark")
    driver = Engine(Machine(1.0, 2), spill=folder / "spill")
    engine = SparkEngine(driver, folder, memory_gb=1.0)
    yield engine
    engine.close()
    driver.close()


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownName, match="duckdb, spark"):
        Machine.within(engine="abacus")


def test_a_machine_without_java_is_told_so_before_anything_is_read(
    case_copy: Callable[[], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadInput, match="Java 17"):
        actions.run(case_copy(), actions.Desk("a tester", machine=Machine(2.0, 1, "spark")), again=True)
