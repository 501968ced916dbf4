"""Who may sign in to a case: opened, changed and closed on the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vialtrace.actions.desk import Desk
from vialtrace.store import Case

if TYPE_CHECKING:
    from vialtrace.store.accounts import Account, Accounts


def accounts(folder: Path, desk: Desk, address: str = "") -> tuple[Account, ...]:
    """Who can sign in to a case, and as what.

    Raises:
        StorageFailure: if the database of accounts cannot be reached.
    """
    with _accounts(desk.open(folder), address) as held:
        return held.all()


def open_account(folder: Path, desk: Desk, name: str, password: str, *, role: str, address: str = "") -> None:
    """Let somebody sign in, or give them another password and role.

    Raises:
        BadInput: if the name or password will not do.
        UnknownName: if there is no such role.
    """
    case = desk.open(folder)
    with _accounts(case, address) as held:
        held.put(name, password, role)
    case.ledger.append("alteration", f"account {name} is {role}", who=desk.who)


def close_account(folder: Path, desk: Desk, name: str, address: str = "") -> None:
    """Let somebody in no more; their open sessions end at once.

    Raises:
        UnknownName: if they have no account.
    """
    case = desk.open(folder)
    with _accounts(case, address) as held:
        held.remove(name)
    case.ledger.append("alteration", f"account {name} closed", who=desk.who)


@contextmanager
def _accounts(case: Case, address: str) -> Iterator[Accounts]:
    from vialtrace.store.accounts import Accounts  # noqa: PLC0415  0.3 s to load, and most commands never need it

    held = Accounts.of(case, address)
    try:
        yield held
    finally:
        held.close()
