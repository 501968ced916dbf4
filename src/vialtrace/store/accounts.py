"""Who may sign in to a workbench of several users: names, argon2 hashes, and a role for each case.

SQLite beside the case's keys by default, PostgreSQL by its connection string where several servers share them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import argon2
import sqlalchemy as sa

from vialtrace.errors import BadInput, StorageFailure, UnknownName
from vialtrace.kit.clock import Clock
from vialtrace.model.account_roles import ACCOUNT_ROLES
from vialtrace.store.case import Case

SHORTEST, LONGEST = 12, 256
"""Characters of a password; NIST SP 800-63B asks for no composition rules, and so are there none."""

MOST_FAILURES = 5
LOCKED_SECONDS = 900.0
"""After so many wrong passwords in a row an account is closed for a quarter of an hour."""

_METADATA = sa.MetaData()
_ACCOUNT = sa.Table(
    "account",
    _METADATA,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("hash", sa.String(300), nullable=False),
    sa.Column("n_failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Float, nullable=False),
)
_RIGHT = sa.Table(
    "case_right",
    _METADATA,
    sa.Column("name", sa.String(100), sa.ForeignKey("account.name", ondelete="CASCADE"), primary_key=True),
    sa.Column("case_id", sa.String(200), primary_key=True),
    sa.Column("role", sa.String(20), nullable=False),
)


@dataclass(frozen=True)
class Account:
    """One person's right to one case."""

    name: str
    role: str


class Accounts:
    """The accounts that can open one case."""

    def __init__(self, address: str, case_id: str, clock: Clock) -> None:
        """``address`` is a SQLAlchemy address; the tables are made where they are missing.

        Raises:
            BadInput: if it is no such address.
            StorageFailure: if the database cannot be reached.
        """
        try:
            self._engine = sa.create_engine(address, pool_pre_ping=True)
        except (sa.exc.ArgumentError, ImportError) as refusal:
            raise BadInput(
                "This is no address of a database of accounts.",
                expected="postgresql+pg8000://user:password@host/database, or sqlite:///file.",
            ) from refusal
        self._case_id = case_id
        self._clock = clock
        self._hasher = argon2.PasswordHasher()
        # Held against where there is no account, so that an unknown name takes as long as a wrong password.
        self._nobody = self._hasher.hash("nobody has this password")
        with self._begin() as connection:
            _METADATA.create_all(connection)

    @classmethod
    def of(cls, case: Case, address: str = "") -> Accounts:
        """The accounts of a case: at an address, or in its folder of keys, which is never handed over.

        A case is known by the digest of its first ledger entry, which stays the same wherever its folder goes.
        """
        place = case.folder / "keys" / "accounts.db"
        first = case.ledger.entries()[0].digest
        made = cls(address or f"sqlite:///{place.absolute()}", first, case.clock)
        if not address:
            place.chmod(0o600)
        return made

    def put(self, name: str, password: str, role: str) -> None:
        """Make an account, or give it another password and role; a lock is lifted.

        Raises:
            BadInput: if the name is empty or the password too short, too long, or the name itself.
            UnknownName: if there is no such role.
        """
        if role not in ACCOUNT_ROLES:
            raise UnknownName("role", role, ACCOUNT_ROLES)
        if not name.strip() or len(name) > 100:
            raise BadInput("An account needs a name.", expected="1 to 100 characters.")
        if not SHORTEST <= len(password) <= LONGEST or name.casefold() in password.casefold():
            raise BadInput(
                "This password will not do.", expected=f"{SHORTEST} to {LONGEST} characters, without the name in it."
            )
        told = {"hash": self._hasher.hash(password), "n_failures": 0, "locked_until": 0.0}
        with self._begin() as connection:
            changed = connection.execute(sa.update(_ACCOUNT).where(_ACCOUNT.c.name == name).values(**told)).rowcount
            if not changed:
                connection.execute(sa.insert(_ACCOUNT).values(name=name, **told))
            connection.execute(sa.delete(_RIGHT).where(self._mine(name)))
            connection.execute(sa.insert(_RIGHT).values(name=name, case_id=self._case_id, role=role))

    def remove(self, name: str) -> None:
        """Take away a person's right to this case, and the account where it opens no other.

        Raises:
            UnknownName: if they have none.
        """
        with self._begin() as connection:
            if not connection.execute(sa.delete(_RIGHT).where(self._mine(name))).rowcount:
                raise UnknownName("account", name, [each.name for each in self.all()])
            others = connection.execute(sa.select(_RIGHT.c.name).where(_RIGHT.c.name == name)).first()
            if others is None:
                connection.execute(sa.delete(_ACCOUNT).where(_ACCOUNT.c.name == name))

    def all(self) -> tuple[Account, ...]:
        """Who can open the case, by name."""
        chosen = (
            sa.select(_RIGHT.c.name, _RIGHT.c.role).where(_RIGHT.c.case_id == self._case_id).order_by(_RIGHT.c.name)
        )
        with self._begin() as connection:
            return tuple(Account(row.name, row.role) for row in connection.execute(chosen))

    def role(self, name: str) -> str | None:
        """The role a person has in this case now, or None."""
        with self._begin() as connection:
            return connection.execute(sa.select(_RIGHT.c.role).where(self._mine(name))).scalar()

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is right and it is not closed; a wrong one counts, and enough close it."""
        now = self._clock.now().timestamp()
        # No account is called so, and PostgreSQL takes no text that holds one.
        name = name.replace("\0", "\N{REPLACEMENT CHARACTER}")
        with self._begin() as connection:
            # The row is held until the count is written: parallel guesses count one by one.
            found = connection.execute(sa.select(_ACCOUNT).where(_ACCOUNT.c.name == name).with_for_update()).first()
            right = self._fits(found.hash if found else self._nobody, password)
            if found is None or found.locked_until > now:
                return None
            n_failures = 0 if right else found.n_failures + 1
            locked = now + LOCKED_SECONDS if n_failures >= MOST_FAILURES else 0.0
            connection.execute(
                sa.update(_ACCOUNT)
                .where(_ACCOUNT.c.name == name)
                .values(n_failures=0 if locked else n_failures, locked_until=locked)
            )
            role = connection.execute(sa.select(_RIGHT.c.role).where(self._mine(name))).scalar() if right else None
        return Account(name, role) if role else None

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _mine(self, name: str) -> sa.ColumnElement[bool]:
        return (_RIGHT.c.name == name) & (_RIGHT.c.case_id == self._case_id)

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password[:LONGEST])
        except argon2.exceptions.VerificationError:
            return False

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except (sa.exc.OperationalError, sa.exc.InterfaceError) as refusal:
            # The driver's own message may hold the address, and with it a password.
            raise StorageFailure(
                "The database of accounts cannot be used.", way_out="See that it runs and that the address is right."
            ) from refusal
