"""Accounts: kept as argon2 hashes, closed after wrong guesses, and good for one case each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vialtrace.errors import BadInput, StorageFailure, UnknownName
from vialtrace.kit.clock import SteppingClock
from vialtrace.store import Case, Settings
from vialtrace.store.accounts import LOCKED_SECONDS, MOST_FAILURES, Accounts

PASSWORD = "a long enough sentence"  # noqa: S105  a test's


def clock() -> SteppingClock:
    return SteppingClock(datetime(2026, 1, 1, tzinfo=UTC), timedelta(0))


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = Accounts(f"sqlite:///{tmp_path / 'accounts.db'}", "case one", clock())
    yield made
    made.close()


def test_the_right_password_opens_and_every_other_does_not(accounts: Accounts) -> None:
    accounts.put("Wang", PASSWORD, "supervisor")
    found = accounts.check("Wang", PASSWORD)
    assert found
    assert (found.name, found.role) == ("Wang", "supervisor")
    for name, password in (("Wang", PASSWORD + "x"), ("Wang", ""), ("wang", PASSWORD), ("Li", PASSWORD)):
        assert accounts.check(name, password) is None


def test_no_password_is_kept(accounts: Accounts, tmp_path: Path) -> None:
    accounts.put("Wang", PASSWORD, "analyst")
    kept = (tmp_path / "accounts.db").read_bytes()
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_wrong_passwords_close_an_account_for_a_time(tmp_path: Path) -> None:
    ticking = clock()
    held = Accounts(f"sqlite:///{tmp_path / 'a.db'}", "case", ticking)
    held.put("Wang", PASSWORD, "analyst")
    for _ in range(MOST_FAILURES):
        assert held.check("Wang", "wrong wrong wrong") is None
    assert held.check("Wang", PASSWORD) is None
    ticking._step = timedelta(seconds=LOCKED_SECONDS + 1)
    assert held.check("Wang", PASSWORD)
    held.close()


def test_one_wrong_password_less_does_not_close_it(accounts: Accounts) -> None:
    accounts.put("Wang", PASSWORD, "analyst")
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            assert accounts.check("Wang", "wrong wrong wrong") is None
        assert accounts.check("Wang", PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 257, "my name is Wang, sir"])
def test_a_password_that_will_not_do_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(BadInput):
        accounts.put("Wang", password, "analyst")
    assert accounts.all() == ()


def test_an_account_opens_one_case(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shared.db'}"
    one, other = Accounts(address, "one", clock()), Accounts(address, "other", clock())
    one.put("Wang", PASSWORD, "analyst")
    assert other.check("Wang", PASSWORD) is None
    assert other.all() == ()
    other.put("Wang", PASSWORD, "auditor")
    one.remove("Wang")
    assert one.role("Wang") is None
    assert other.role("Wang") == "auditor"
    with pytest.raises(UnknownName):
        one.remove("Wang")
    one.close()
    other.close()


def test_a_case_keeps_its_accounts_where_nothing_is_handed_over(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", Settings("x"), who="x", clock=clock())
    held = Accounts.of(case)
    held.put("Wang", PASSWORD, "analyst")
    held.close()
    place = tmp_path / "case" / "keys" / "accounts.db"
    assert place.stat().st_mode & 0o077 == 0


def test_a_database_that_is_not_there_is_told_without_its_address() -> None:
    with pytest.raises(StorageFailure) as told:
        Accounts("postgresql+pg8000://me:hidden@127.0.0.1:1/x", "case", clock())
    assert "hidden" not in str(told.value)
    with pytest.raises(BadInput):
        Accounts("nothing", "case", clock())
