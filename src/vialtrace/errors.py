"""Every refusal vialtrace can give, as one tree.

::

    VialtraceError                 what was given, what was expected, the way out
    ├── BadInput                   a value a person gave cannot be used               exit 2   HTTP 400
    │   ├── UnknownName            a name nothing answers to; the known ones follow   exit 3   HTTP 404
    │   └── BadMapping             a mapping file: all its problems together          exit 4   HTTP 422
    ├── UnreadableSource           a file that cannot be taken in                     exit 5   HTTP 422
    ├── BrokenForm                 data breaks the form its table declares            exit 6   HTTP 500
    ├── WrongOrder                 a step before the one it needs                     exit 7   HTTP 409
    ├── CaseBusy                   another process holds the case                     exit 8   HTTP 423
    ├── StorageFailure             the disk is full, read-only, or forbids it         exit 9   HTTP 507
    ├── Tampered                   a digest or the ledger chain does not hold         exit 10  HTTP 409
    └── OurBug                     vialtrace itself is wrong; please report           exit 70  HTTP 500

A row that cannot be read is not an error: it goes to quarantine with file, row, field and reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

_WHOLE = ("Known: ", "There is no ", "The case is ", "\n")
"""How what is expected begins where it says it whole."""

_SMALL = frozenset({"A", "An", "The", "One", "Another", "At", "Both", "Each", "Only", "Two", "Files", "It", "Read"})
"""Words that begin what is expected, and are written small within a sentence."""


class VialtraceError(Exception):
    """The root of the tree: ``given`` met ``expected``; ``way_out`` is what the person can do next."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, given: str, *, expected: str = "", way_out: str = "") -> None:
        """Keep the three parts of the message apart, so that every face can lay them out its own way."""
        self.given = given
        self.expected = expected
        self.way_out = way_out
        super().__init__(" ".join(part for part in (given, self.expectation, way_out) if part))

    @property
    def expectation(self) -> str:
        """What was expected as a sentence of its own, for faces that give it no heading."""
        if not self.expected.strip() or self.expected.startswith(_WHOLE):
            return self.expected
        first, blank, rest = self.expected.partition(" ")
        return f"Expected: {first.lower() if first in _SMALL else first}{blank}{rest}"

    def as_dict(self) -> dict[str, str]:
        """The same three parts and the code, for ``--json`` and the API."""
        return {"code": self.code, "given": self.given, "expected": self.expected, "way_out": self.way_out}


class BadInput(VialtraceError):
    """A value a person gave cannot be used."""

    code = "bad-input"
    exit_code = 2
    http_status = 400


class UnknownName(BadInput):
    """A name that nothing answers to; the message lists the names that exist."""

    code = "unknown-name"
    exit_code = 3
    http_status = 404

    def __init__(self, what: str, name: str, known: Sequence[str] | None, *, way_out: str = "") -> None:
        """``what`` is the sort of thing (``"field"``), ``name`` the one asked for, ``known`` those there are.

        None stands for those that are too many to be named.
        """
        known, is_told = known or (), known is not None
        shown = ", ".join(known[:40]) + (f" and {len(known) - 40} more" if len(known) > 40 else "")
        super().__init__(
            f"No {what} is called {name!r}.",
            expected=f"Known: {shown}." if known else f"There is no {what} yet." if is_told else "",
            way_out=way_out,
        )


class BadMapping(BadInput):
    """A mapping file that cannot be used; ``problems`` holds every one of them."""

    code = "bad-mapping"
    exit_code = 4
    http_status = 422

    def __init__(self, file: str, problems: Sequence[str], *, way_out: str = "Edit the file and try again.") -> None:
        """All problems of one mapping together: nobody should have to mend them one at a time."""
        self.problems = tuple(problems)
        super().__init__(
            f"The mapping {file} has {len(problems)} problem{'s' if len(problems) != 1 else ''}:",
            expected="".join(f"\n  - {problem}" for problem in problems),
            way_out="\n" + way_out,
        )


class UnreadableSource(VialtraceError):
    """A file that cannot be taken in; the case is as it was."""

    code = "unreadable-source"
    exit_code = 5
    http_status = 422


class BrokenForm(VialtraceError):
    """Data that breaks the form its table declares."""

    code = "broken-form"
    exit_code = 6


class WrongOrder(VialtraceError):
    """A step asked for before the one it needs."""

    code = "wrong-order"
    exit_code = 7
    http_status = 409


class CaseBusy(VialtraceError):
    """Another process holds the case; nothing was touched."""

    code = "case-busy"
    exit_code = 8
    http_status = 423


class StorageFailure(VialtraceError):
    """The disk is full, read-only, or forbids it; the case folder is still whole."""

    code = "storage-failure"
    exit_code = 9
    http_status = 507


class Tampered(VialtraceError):
    """A digest or the chain of the ledger does not hold; the message names the place."""

    code = "tampered"
    exit_code = 10
    http_status = 409


class OurBug(VialtraceError):
    """vialtrace itself is wrong."""

    code = "our-bug"
    exit_code = 70

    def __init__(self, given: str, *, expected: str = "", way_out: str = "") -> None:
        """The way out of our own mistake is always the same: tell us."""
        super().__init__(given, expected=expected, way_out=way_out or "This is a defect of vialtrace: please report it.")
