"""Walk along the ties of a network: its graph, whoever dealt with a member, the way between two; each is entered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vialtrace.actions.desk import Desk
from vialtrace.casefile.facts import Pseudonym
from vialtrace.casefile.graph_seen import around, graph_seen, path_seen
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.wording import Words, words
from vialtrace.kit.ids import pseudonym


def graph_told(folder: Path, network: str, desk: Desk, *, language: str = "en") -> dict[str, Any]:
    """The members of a network as nodes, placed along the chain, and their ties with the evidence on each.

    Raises:
        UnknownName: if no network is called so.
        WrongOrder: if the case has no run.
    """
    return _told(folder, network, desk, language, graph_seen)


def around_told(folder: Path, network: str, party: str, desk: Desk, *, language: str = "en") -> dict[str, Any]:
    """Who else dealt with a member of a network; donors and clients behind pseudonyms.

    Raises:
        UnknownName: if no network, or no member of it, is called so.
    """

    def seen(shelf: Shelf, name: str, said: Words, *, pseudonym: Pseudonym) -> dict[str, Any]:
        return around(shelf, name, party, said, pseudonym=pseudonym)

    return _told(folder, network, desk, language, seen)


def path_told(folder: Path, network: str, one: str, other: str, desk: Desk, *, language: str = "en") -> dict[str, Any]:
    """The best supported way from one member of a network to another, with the evidence on each step.

    Raises:
        UnknownName: if no network, or no member of it, is called so.
    """

    def seen(shelf: Shelf, name: str, said: Words, *, pseudonym: Pseudonym) -> dict[str, Any]:
        return path_seen(shelf, name, said, one, other, pseudonym=pseudonym)

    return _told(folder, network, desk, language, seen)


def _told(folder: Path, network: str, desk: Desk, language: str, seen: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    case = desk.open(folder)
    made, key = case.run(), case.pseudonym_key
    found = seen(
        desk.shelf(made),
        network,
        words(language),
        pseudonym=lambda party: pseudonym(key, party),
    )
    case.ledger.append("consultation", "graph shown", who=desk.who, payload={"run": made.digest, "id": network})
    return {"network": network, **found}
