"""The case file of one network as one HTML page, and the index page of the case.

The page needs nothing but itself: style, charts and rows are inside, no script, no network. What it says is handed to
the template as values; the words are in the catalogue, the labels in the model.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from vialtrace.casefile import telling, wording
from vialtrace.casefile.archive import archive
from vialtrace.casefile.cast import estimates_of
from vialtrace.casefile.facts import CaseFacts, Pseudonym, Received
from vialtrace.casefile.flows import MONEY_FLOWS
from vialtrace.casefile.gaps import masked
from vialtrace.casefile.paging import MOST_ON_PAGE, linked
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.view import NetworkView, network_view
from vialtrace.casefile.wording import Words, words
from vialtrace.errors import UnknownName
from vialtrace.kit.visible import cut, visible
from vialtrace.model.tables import ROLES

# A name or a port longer than this is no name; a cell of a row as received has its own limit.
_LONGEST_TEXT = 2_000


# Beyond this many lines a spreadsheet opens no list; it is cut then, and the parts are packed.
LONGEST_LIST = 500_000
# So many rows of an exhibit are listed in the order they are drawn in: found right, they rule out that more than three
# in a thousand are wrong, which nobody goes beyond by hand. The others follow as they stand in their files, for an
# order by chance cannot be packed: of a large network it took half of all there is to hand over.
LONGEST_DRAW = 1_000
_UNBROKEN = re.compile(r"\d{4}-\d{2}-\d{2}|\b[A-Z]-\d+(?:–[A-Z]-\d+)?")
_HEADER = "\ufeffexhibit,draw,file,row\r\n"


@dataclass(frozen=True)
class CaseFile:
    """The page of one network, the sheets of those exhibits it does not hold, and the list of rows behind them all.

    ``names`` has the file each is to be written to: sheet 0 is the page. ``rows`` is a CSV file, or a zip of several.
    """

    page: str
    rows: bytes
    sheets: tuple[str, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_packed(self) -> bool:
        """Whether the list of rows is a zip of several."""
        return self.rows.startswith(b"PK")


def case_file(
    tables: Mapping[str, pa.Table],
    *,
    network_id: str,
    case: CaseFacts,
    received: Received,
    pseudonym: Pseudonym,
    language: str = "en",
    fields: Mapping[int, Mapping[str, str]] | None = None,
    most_on_page: int = MOST_ON_PAGE,
) -> CaseFile:
    """The case file of one network: a self-contained HTML page that prints on A4, and the rows behind its exhibits.

    Args:
        tables: the tables of the run, by their declared names; a missing one is an empty one.
        network_id: the network.
        case: what the page says of the case.
        received: gives rows as received, column header to text, for a list of source rows.
        pseudonym: gives the keyed pseudonym of a party.
        language: ``en`` or ``zh``.
        fields: for each source number, its mapping from column header to field. Without it the headers are looked up in
            the declared synonyms, and what is not found there is withheld.
        most_on_page: how many exhibits of one letter the page holds; the others follow on sheets.

    Raises:
        UnknownName: no network is called so.
        OurBug: a protected party is listed as a member.
    """
    shelf = Shelf(tables)
    if not shelf.where("network", "network_id", [network_id]).num_rows:
        raise UnknownName("network", network_id, sorted(shelf.arrow("network")["network_id"].to_pylist()))
    said = words(language)
    view = network_view(
        shelf,
        network_id,
        said,
        received=received,
        pseudonym=pseudonym,
        fields=fields or {},
        case=case,
        most_on_page=most_on_page,
    )
    n_sheets = max(view.sheets.values(), default=0)
    names = {0: page_name(network_id, language)}
    names |= {sheet: page_name(network_id, language, sheet) for sheet in range(1, n_sheets + 1)}
    given = {"v": view, "names": names, "longest_draw": LONGEST_DRAW, **_about(shelf)}
    page, *others = (
        linked(
            rendered("exhibits.html.j2" if sheet else "report.html.j2", said, case, {**given, "sheet": sheet}),
            sheet,
            view.sheets,
            names,
        )
        for sheet in names
    )
    return CaseFile(page, _row_list(view), tuple(others), names)


def page_name(network_id: str, language: str, sheet: int = 0) -> str:
    """The file of a network's page, or of one sheet of its exhibits."""
    return f"{network_id}{f'.exhibits-{sheet}' if sheet else ''}{'' if language == 'en' else f'.{language}'}.html"


def _row_list(view: NetworkView) -> bytes:
    """Every row of every exhibit as CSV: exhibit, place in the order of drawing, file, row."""
    quoted = {number: _quoted(file) for number, file in view.locate.files.items()}
    lines = [
        f"{number},{place},{quoted.get(row_id >> 32, row_id >> 32)},{row_id & 0xFFFFFFFF}\r\n"
        for number, order in view.orders.items()
        for place, row_id in _placed(order)
    ]
    if len(lines) <= LONGEST_LIST:
        return "".join((_HEADER, *lines)).encode()
    return archive(
        {
            f"rows-{part}.csv": "".join((_HEADER, *lines[at : at + LONGEST_LIST])).encode()
            for part, at in enumerate(range(0, len(lines), LONGEST_LIST), start=1)
        }
    )


def _placed(order: Sequence[int]) -> list[tuple[int | str, int]]:
    """Rows with their places in the order of drawing; beyond the longest draw they stand as in their files."""
    return [*enumerate(order[:LONGEST_DRAW], start=1), *(("", row_id) for row_id in sorted(order[LONGEST_DRAW:]))]


def _quoted(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((text,))
    return out.getvalue()


def index(tables: Mapping[str, pa.Table], *, case: CaseFacts, pages: Mapping[str, str], language: str = "en") -> str:
    """The index page of a case: its networks, sources with digests, what could not be asked, method and versions.

    Args:
        tables: the tables of the run, by their declared names.
        case: what the page says of the case.
        pages: the address of each network's page, by network id.
        language: ``en`` or ``zh``.
    """
    shelf = Shelf(tables)
    said = words(language)
    networks = [
        _listed(shelf, said, row, pages)
        for row in sorted(shelf.all_rows("network"), key=lambda row: (row["rank"], row["network_id"]))
    ]
    return rendered(
        "index.html.j2",
        said,
        case,
        {
            "networks": networks,
            "unasked": shelf.all_rows("unasked"),
            "masked": masked(shelf),
            "rejected": _rejected(shelf, case),
            **_about(shelf),
        },
    )


def _rejected(shelf: Shelf, case: CaseFacts) -> list[dict[str, Any]]:
    """The leads a person rejected, each with who, when and why; by their ids only, nobody is named."""
    others = {row["decision_id"]: row["other_id"] or "" for row in shelf.all_rows("decision")}
    nobody = ("", "", "")
    return [
        {**row, "said": case.reasons.get((row["subject_id"], others.get(row["decision_id"], "")), nobody)}
        for row in shelf.all_rows("judged")
        if row["is_left_out"]
    ]


def _about(shelf: Shelf) -> dict[str, Any]:
    return {"sources": shelf.all_rows("source")}


def _listed(shelf: Shelf, said: Words, row: Row, pages: Mapping[str, str]) -> dict[str, Any]:
    """A network as one line of the index: counts and amounts only, nobody is named."""
    network_id = row["network_id"]
    roles = shelf.where("member", "network_id", [network_id])["role"].to_pylist()
    shown, _ = estimates_of(shelf, network_id)
    return {
        "id": network_id,
        "row": row,
        "page": pages.get(network_id),
        "estimates": shown.get("", {}),
        "members": said.joined([f"{roles.count(role)} × {said.role(role)}" for role in ROLES if role in roles]),
        "regions": pc.count_distinct(shelf.where("network_region", "network_id", [network_id])["region"]).as_py(),
    }


def rendered(template: str, said: Words, case: CaseFacts, values: Mapping[str, Any]) -> str:
    """A template filled: its words from the catalogue, its numbers in their forms, every value made safe to look at."""

    environment = _environment(said("cell.cut"))
    style = Markup(PackageLoader("vialtrace.casefile", "templates").get_source(environment, "style.css")[0])  # noqa: S704  our own file
    text: str = environment.get_template(template).render(
        w=said, case=case, f=wording, t=telling, style=style, money_flows=MONEY_FLOWS, **values
    )
    return text


@cache
def _environment(cut_note: str) -> Environment:
    """The templates, compiled once for all pages of a language; ``cut_note`` is what stands where a text is cut."""

    def shown(value: Any) -> Any:
        """What a template prints: hidden characters shown, endless texts cut; markup made here passes."""
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        return visible(cut(value[:_LONGEST_TEXT], len(value), cut_note, longest=_LONGEST_TEXT))

    def unbroken(value: str) -> Markup:
        """A text whose days and exhibit numbers no line end parts at their hyphens."""
        return Markup(_UNBROKEN.sub(r'<span class="nowrap">\g<0></span>', str(escape(shown(value)))))  # noqa: S704

    environment = Environment(
        loader=PackageLoader("vialtrace.casefile", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["unbroken"] = unbroken
    return environment
