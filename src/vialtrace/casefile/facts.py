"""What a case file says about the case itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The rows as received: source row to column header to the text that stood there.
Received = Callable[[list[int]], dict[int, dict[str, str]]]

#: A party's keyed pseudonym.
Pseudonym = Callable[[str], str]


@dataclass(frozen=True)
class Mended:
    """One cell that a person put right: the row and its column, what the run read there, and who, on which day, why.

    ``text`` is empty where the cell is read as holding nothing. The file itself stays as received.
    """

    row_id: int
    column: str
    text: str
    who: str
    on: str
    why: str


@dataclass(frozen=True)
class CaseFacts:
    """The case a page belongs to, and what the run behind it was made from.

    ``run`` is the run's content digest; ``parameters`` are those that differ from their defaults, as text;
    ``grades`` are the grades of sources, by file, and claims, by id, as people gave them: code, who, day, reason;
    ``statuses`` are the procedural status of parties as a person entered it: status, day, source;
    ``reasons`` are who decided last on a subject (and in which network), when, and why;
    ``taken_in`` are the day each file was received and who took it in, by file;
    ``mended`` are the cells that people put right, as the run read them, in the order of their rows;
    ``ledger`` are its entries, given for a disclosure only;
    ``made_from`` is what went into the run beside the sources: name and digest or version, in order.
    """

    name: str
    purpose: str
    legal_basis: str
    owner: str
    jurisdiction: str
    run: str
    version: str
    time_zone: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    made_from: tuple[tuple[str, str], ...] = ()
    statuses: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    grades: Mapping[str, tuple[str, str, str, str]] = field(default_factory=dict)
    taken_in: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    mended: tuple[Mended, ...] = ()
    ledger: tuple[Mapping[str, Any], ...] = ()
