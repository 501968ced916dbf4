"""What every export is made from: the views of all networks, the sources, and where each identifier stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from vialtrace.casefile.cells import Fields
from vialtrace.casefile.facts import CaseFacts, Pseudonym, Received
from vialtrace.casefile.flows import FlowLine
from vialtrace.casefile.opened import stands_in
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.casefile.view import NetworkView, network_view
from vialtrace.casefile.wording import Words, words
from vialtrace.kit.ids import canonical, digest

#: Rows cited by one thing at most: a hub's claim can rest on fifty thousand; the run's tables hold them all.
MOST_LOCATORS = 200


@dataclass(frozen=True)
class Dossier:
    """The case file as values, before it takes any form."""

    case: CaseFacts
    words: Words
    views: tuple[NetworkView, ...]
    sources: tuple[Row, ...]
    locate: Locator
    stands_in: Mapping[tuple[str, str, str], tuple[int, ...]]
    shelf: Shelf
    pseudonym: Pseudonym

    def locators(self, row_ids: tuple[int, ...]) -> list[str]:
        """Rows as file:row, as many as one thing cites at most."""
        return [self.locate(row_id) for row_id in row_ids[:MOST_LOCATORS]]

    def rows_of_identifier(self, party_id: str, identifier_type: str, value: str) -> tuple[int, ...]:
        """First rows that give a member this identifier."""
        return self.stands_in.get((party_id, identifier_type, value), ())


def dossier(
    tables: Mapping[str, pa.Table],
    *,
    case: CaseFacts,
    received: Received,
    pseudonym: Pseudonym,
    language: str = "en",
    fields: Fields | None = None,
) -> Dossier:
    """Gather the dossier of a case from the tables of a run.

    Args:
        tables: the tables of the run, by their declared names; a missing one is an empty one.
        case: what is said of the case.
        received: gives rows as received.
        pseudonym: gives the keyed pseudonym of a party.
        language: ``en`` or ``zh``.
        fields: for each source number, its mapping from column header to field.

    Raises:
        OurBug: a protected party is listed as a member.
    """
    shelf, said = Shelf(tables), words(language)
    networks = sorted(shelf.all_rows("network"), key=lambda row: (row["rank"], row["network_id"]))
    views = tuple(
        network_view(
            shelf,
            row["network_id"],
            said,
            received=received,
            pseudonym=pseudonym,
            fields=fields or {},
            case=case,
        )
        for row in networks
    )
    return Dossier(
        case,
        said,
        views,
        tuple(shelf.all_rows("source")),
        Locator.of(shelf),
        _stands_in(shelf, views),
        shelf,
        pseudonym,
    )


def _stands_in(shelf: Shelf, views: tuple[NetworkView, ...]) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """Where each identifier of each member stands first, in every kind of place it stands in."""
    bears = {party: party for view in views for party in view.veil.members}
    return stands_in(shelf, bears | {alias: member for view in views for alias, member in view.veil.aliases.items()})


def key(*parts: object) -> str:
    """A short name made from ``parts``, always the same."""
    return digest(canonical([str(part) for part in parts]))[:32]


def named_flows(view: NetworkView) -> Iterator[FlowLine]:
    """The flows of a network between two parties that may both be named."""
    return (line for line in (*view.money.lines, *view.goods.lines) if line.from_id and line.to_id)
