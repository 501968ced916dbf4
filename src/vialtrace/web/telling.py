"""What each page tells, once: the page is this with a template, the API is this as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from vialtrace import actions
from vialtrace.errors import UnknownName
from vialtrace.model import RECORDS
from vialtrace.web.bench import Bench
from vialtrace.web.sessions import Session
from vialtrace.web.tray import MOST_FILES, Waiting

Told = dict[str, Any]
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page: its path, its template, what it needs to be allowed, what it tells, and what an address can ask."""

    path: str
    template: str
    right: str
    help: str
    tell: Callable[[Bench, Session, Asked], Told]
    asks: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[Told]:
        """What its address takes, as OpenAPI states it: places in the path, and what may follow a question mark."""
        places = re.findall(r"\{(\w+)", self.path)
        return [
            {"name": name, "in": where, "required": where == "path", "schema": {"type": "string"}}
            for where, names in (("path", places), ("query", self.asks))
            for name in names
        ]


def _overview(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.case_told(bench.folder, bench.desk(session))


def _claim(bench: Bench, session: Session, asked: Asked) -> Told:
    return _shown("claim", bench, session, asked)


def _row(bench: Bench, session: Session, asked: Asked) -> Told:
    return _shown("row", bench, session, asked)


def _shown(kind: str, bench: Bench, session: Session, asked: Asked) -> Told:
    """What stands behind an id of one kind; an id of another has a page of its own, or none."""
    shown = actions.show(bench.folder, asked["name"], bench.desk(session), language=asked.get("language", "en"))
    if shown.kind != kind:
        raise UnknownName(kind, asked["name"], None)
    return asdict(shown)


def _party(bench: Bench, session: Session, asked: Asked) -> Told:
    told = actions.party_told(bench.folder, asked["name"], bench.desk(session), language=asked.get("language", "en"))
    return {"told": told}


def _place(bench: Bench, session: Session, asked: Asked) -> Told:
    told = actions.place_told(bench.folder, asked["name"], bench.desk(session), language=asked.get("language", "en"))
    return {"told": told}


def _method(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.method_told(bench.folder, bench.desk(session))


def _network(bench: Bench, session: Session, asked: Asked) -> Told:
    return actions.network_told(
        bench.folder,
        asked["name"],
        bench.desk(session),
        month=asked.get("month", ""),
        region=asked.get("region", ""),
        member=asked.get("member", ""),
        language=asked.get("language", "en"),
    )


def _path(bench: Bench, session: Session, asked: Asked) -> Told:
    ends = (asked.get("from", ""), asked.get("to", ""))
    return actions.path_told(
        bench.folder, asked["name"], *ends, bench.desk(session), language=asked.get("language", "en")
    )


def graph(bench: Bench, session: Session, asked: Asked) -> Told:
    """The graph of a network, or with ``party`` whoever dealt with that member: what the picture draws."""
    desk, language = bench.desk(session), asked.get("language", "en")
    if asked.get("party"):
        return actions.around_told(bench.folder, asked["name"], asked["party"], desk, language=language)
    return actions.graph_told(bench.folder, asked["name"], desk, language=language)


def _sources(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    told = actions.case_told(bench.folder, bench.desk(session))
    return {"sources": told["sources"], "run": told["run"]}


def _taken(bench: Bench, session: Session, asked: Asked) -> Told:
    return actions.sheet_told(bench.folder, number_of(asked["number"]), bench.desk(session))


def number_of(text: str) -> int:
    """The number of a sheet as an address gives it; what is none stands for a sheet that there is not."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _ledger(bench: Bench, session: Session, asked: Asked) -> Told:
    return actions.ledger_told(
        bench.folder,
        bench.desk(session),
        kind=asked.get("kind", ""),
        after=max(0, number_of(asked.get("after", ""))),
    )


def _glossary(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.glossary_told(bench.folder, bench.desk(session))


def _add(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    waiting = bench.tray.of(session.who)
    return {"waiting": [_upload(each) for each in waiting], "most_bytes": bench.most_bytes, "most_files": MOST_FILES}


def _waiting(bench: Bench, session: Session, asked: Asked) -> Told:
    waiting = bench.tray.get(asked["name"], session.who)
    files = [
        {"file": proposal.name, "sheets": [_sheet(each) for each in proposal.sheets], "left": proposal.left}
        for proposal in waiting.found.proposals
    ]
    refused = [{"file": each.name, **each.reason.as_dict()} for each in waiting.found.refused]
    return {**_upload(waiting), "files": files, "refused": refused, "kinds": list(RECORDS)}


def _upload(waiting: Waiting) -> Told:
    named = [each.name for each in waiting.found.proposals]
    named += [each.name for each in waiting.found.refused]
    return {"key": waiting.key, "names": named, "n_files": waiting.n_files, "n_open": len(waiting.found.questions)}


def _sheet(proposal: actions.SheetProposal) -> Told:
    sheet, mapping = proposal.sheet, proposal.mapping
    columns = [
        {
            "column": each.column,
            "field": each.field,
            "confidence": each.confidence if each.field else None,
            "examples": [shown.before for shown in each.examples],
        }
        for each in actions.examples(proposal)
    ]
    questions = [
        {
            "what": each.what,
            "why": each.why,
            "choices": [
                {"text": choice, "needs_day": actions.needs_origin(choice)} for choice in actions.choices(each)
            ],
        }
        for each in proposal.questions
    ]
    return {
        "sheet": sheet.sheet,
        "kind": mapping.kind,
        "confidence": proposal.confidence,
        "n_rows": sheet.n_rows,
        "columns": columns,
        "constants": dict(mapping.constants),
        "fields": actions.fields_for(mapping.kind),
        "questions": questions,
    }


def _casefile(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.reports_told(bench.folder, bench.desk(session))


def _search(bench: Bench, session: Session, asked: Asked) -> Told:
    query = asked.get("q", "").strip()
    found = actions.search(bench.folder, query, bench.desk(session)) if query else None
    return {"q": query, "found": found}


def _unseal(bench: Bench, session: Session, asked: Asked) -> Told:
    del bench, session, asked
    return {"found": None}


def _runs(bench: Bench, session: Session, asked: Asked) -> Told:
    desk = bench.desk(session)
    runs = actions.case_told(bench.folder, desk)["runs"]
    if len(runs) < 2:
        return {"runs": runs, "difference": None}
    before, after = asked.get("from", ""), asked.get("to", "")
    return {"runs": runs, "difference": actions.compare(bench.folder, desk, before=before, after=after)}


def _work(bench: Bench, session: Session, asked: Asked) -> Told:
    del session
    number = asked.get("number", "")
    job = bench.jobs.get(number_of(number)) if number else bench.jobs.last
    return {"job": asdict(job) if job else None}


_SAID = ("language",)
_LENS = ("month", "region", "member", *_SAID)
_ENDS = ("from", "to", *_SAID)

PAGES = (
    Page("/", "overview.html.j2", "case", "The case: sources, networks, coverage, what is missing.", _overview),
    Page(
        "/network/{name}", "network.html.j2", "case", "One network: members, places, amounts, period.", _network, _LENS
    ),
    Page(
        "/network/{name}/path", "path.html.j2", "case", "The way between two members, with its evidence.", _path, _ENDS
    ),
    Page(
        "/party/{name}",
        "party.html.j2",
        "case",
        "One member: identifiers, part, evidence for and against.",
        _party,
        _SAID,
    ),
    Page("/place/{name}", "place.html.j2", "case", "One place: what came there, when, from where.", _place, _SAID),
    Page("/claim/{name}", "claim.html.j2", "case", "One claim: the test behind it, and its rows.", _claim, _SAID),
    Page("/row/{name:path}", "row.html.j2", "case", "One row as received, and where it is used.", _row),
    Page("/sources", "sources.html.j2", "case", "The files, and what became of their rows.", _sources),
    Page("/sources/{number}", "sheet.html.j2", "case", "One sheet: how it is read, and its quarantine.", _taken),
    Page("/add", "add.html.j2", "add", "Files that wait to be taken in.", _add),
    Page("/add/{name}", "waiting.html.j2", "add", "One upload: how it would be read, and what is unsure.", _waiting),
    Page("/search", "search.html.j2", "case", "Names, numbers, handles and words, whole or masked.", _search, ("q",)),
    Page("/unseal", "unseal.html.j2", "unseal", "Who stands behind one pseudonym; asked for with a reason.", _unseal),
    Page(
        "/runs", "runs.html.j2", "case", "The difference between two runs, and because of what.", _runs, ("from", "to")
    ),
    Page("/casefile", "casefile.html.j2", "case", "The case file as written, and what can be handed out.", _casefile),
    Page("/glossary", "glossary.html.j2", "case", "Words of the trade in these records.", _glossary),
    Page("/method", "method.html.j2", "case", "How the findings were reached: questions, thresholds, inputs.", _method),
    Page(
        "/ledger",
        "ledger.html.j2",
        "ledger",
        "What was done to this case, by whom, when and why.",
        _ledger,
        ("kind", "after"),
    ),
    Page("/work", "work.html.j2", "case", "What is being worked on.", _work, ("number",)),
)
