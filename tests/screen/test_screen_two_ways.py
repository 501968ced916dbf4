"""Records in a file and records one by one: the same matches, on a case that has been run."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.pipeline import Screened, Watch
from vialtrace.store import Case, Machine
from vialtrace.store.form import n_rows

DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
REQUIRED = {
    "waybill": {"accepted_at": "2025-01-02 10:00:00"},
    "payment": {"paid_at": "2025-01-02 10:00:00", "amount": "2500"},
    "crossing": {"crossed_at": "2025-01-02 10:00:00", "direction": "exit"},
    "declaration": {"declared_at": "2025-01-02", "goods": "茶叶"},
    "post": {"posted_at": "2025-01-02", "text": "今天天气很好"},
}
COLUMNS = {
    "waybill": (
        "waybill_no",
        "accepted_at",
        "sender_name",
        "sender_phone",
        "sender_address",
        "receiver_name",
        "receiver_phone",
        "receiver_address",
        "contents",
    ),
    "payment": ("paid_at", "payer_account", "payer_name", "payee_account", "payee_name", "amount"),
    "crossing": ("document_no", "crossed_at", "direction", "traveller_name", "port", "vehicle_no"),
    "declaration": (
        "declaration_no",
        "declared_at",
        "goods",
        "exporter_name",
        "exporter_id",
        "consignee_name",
        "waybill_no",
    ),
    "post": ("platform", "account", "posted_at", "text"),
}


@pytest.fixture(scope="module")
def watch(run_case: Path) -> Watch:
    case = Case.open(run_case, clock=SystemClock())
    return Watch(case, case.run())


@pytest.fixture(scope="module")
def values(run_case: Path) -> list[str]:
    """Values of the case: of members, their names, donors and strangers."""
    tables = Case.open(run_case, clock=SystemClock()).run().tables
    held = tables["watch"]["value"].to_pylist()[:200] + tables["watch"]["called"].drop_null().to_pylist()
    strangers = tables["party_identifier"]["value"].to_pylist()[::997][:150]
    return sorted({str(each) for each in (*held, *strangers)})


def _disguised(value: str, how: int) -> str:
    """The value as a clerk, a spreadsheet or a platform writes it."""
    wide = value.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    ways = (
        value,
        value,
        value,
        wide,
        f" {value} ",
        f"'{value}",
        value.removeprefix("+86"),
        value.lower(),
        f"{value[:3]}****{value[-4:]}",
        f"{value[:7]}{'*' * max(1, len(value) - 11)}{value[-4:]}",
        f"{value[:1]}*" if len(value) < 5 else value,
        f"{value[:1]}女士" if len(value) < 5 else value,
    )
    return ways[how % len(ways)]


def _as_file(path: Path, kind: str, records: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[kind])
        writer.writeheader()
        writer.writerows(records)


def _found(screened: Screened, first: int) -> list[tuple[object, ...]]:
    """Hits without where the new record stands in its file; in a file the header is row 1."""
    return sorted(
        (
            int(hit.row.rpartition(":")[2]) - first,
            hit.network,
            hit.field,
            hit.what,
            hit.how,
            hit.member,
            hit.is_support,
            hit.why,
        )
        for hit in screened.hits
    )


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
@pytest.mark.parametrize("kind", COLUMNS)
def test_a_file_and_single_records_match_the_same(
    kind: str, watch: Watch, values: list[str], run_case: Path, tmp_path: Path, data: st.DataObject
) -> None:
    filled = st.tuples(st.sampled_from(values), st.integers(0, 50)).map(lambda pair: _disguised(*pair))
    row: Mapping[str, st.SearchStrategy[str]] = {
        name: st.one_of(filled, filled, st.just(REQUIRED[kind].get(name, "")))
        if name not in {"accepted_at", "paid_at", "crossed_at", "declared_at", "posted_at", "direction"}
        else st.just(REQUIRED[kind][name])
        for name in COLUMNS[kind]
    }
    records = data.draw(st.lists(st.fixed_dictionaries(row), min_size=60, max_size=100))
    path = tmp_path / f"{kind}.csv"
    _as_file(path, kind, records)
    survey = actions.survey([path], kind=kind)
    assert {each.field: each.column for each in survey.proposals[0].sheets[0].mapping.readings} == {
        name: name for name in COLUMNS[kind]
    }
    in_bulk = actions.screen(_copy(run_case, tmp_path), survey.settled, DESK, limit=100_000)
    one_by_one = watch(kind, records)
    assert _found(one_by_one, 1) == _found(in_bulk, 2)
    assert one_by_one.matched == dict(sorted(in_bulk.matched.items()))
    assert one_by_one.gatherings == tuple(in_bulk.gatherings) or {each.value for each in one_by_one.gatherings} == {
        each.value for each in in_bulk.gatherings
    }


def _copy(run_case: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    if not folder.exists():
        shutil.copytree(run_case, folder)
    return folder


def test_what_is_watched_is_small_and_holds_no_donor(run_case: Path) -> None:
    run = Case.open(run_case, clock=SystemClock()).run()
    protected = set(run.tables["protected_party"]["party_id"].to_pylist())
    watched = run.tables["watch"]
    assert n_rows(run.tables.path("watch")) > 50
    assert not protected & set(watched["party_id"].to_pylist())
    held = run.tables["party_identifier"]
    of_donors = {
        (what, value)
        for party, what, value in zip(
            *(held[name].to_pylist() for name in ("party_id", "identifier_type", "value")), strict=True
        )
        if party in protected and what in {"phone", "account", "document", "handle"}
    }
    rules = zip(*(watched[name].to_pylist() for name in ("what", "value", "rule")), strict=True)
    assert {rule for what, value, rule in rules if (what, value) in of_donors} <= {"full"}
