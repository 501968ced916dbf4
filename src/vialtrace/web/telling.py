"""What each page tells, once: the page is this with a template, the API is this as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from vialtrace import actions
from vialtrace.web.bench import Bench
from vialtrace.web.sessions import Session

Told = dict[str, Any]
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page: its path, its template, what it needs to be allowed, and what it tells."""

    path: str
    template: str
    right: str
    help: str
    tell: Callable[[Bench, Session, Asked], Told]


def _overview(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.case_told(bench.folder, bench.desk(session))


def _shown(bench: Bench, session: Session, asked: Asked) -> Told:
    return asdict(actions.show(bench.folder, asked["name"], bench.desk(session)))


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


def _sources(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    told = actions.case_told(bench.folder, bench.desk(session))
    return {"sources": told["sources"], "run": told["run"]}


def _ledger(bench: Bench, session: Session, asked: Asked) -> Told:
    after = asked.get("after", "")
    return actions.ledger_told(
        bench.folder,
        bench.desk(session),
        kind=asked.get("kind", ""),
        after=int(after) if after.isdigit() else 0,
    )


def _glossary(bench: Bench, session: Session, asked: Asked) -> Told:
    del asked
    return actions.glossary_told(bench.folder, bench.desk(session))


def _work(bench: Bench, session: Session, asked: Asked) -> Told:
    del session
    number = asked.get("number", "")
    job = bench.jobs.get(int(number)) if number.isdigit() else bench.jobs.last
    return {"job": asdict(job) if job else None}


PAGES = (
    Page("/", "overview.html.j2", "case", "The case: sources, networks, coverage, what is missing.", _overview),
    Page("/network/{name}", "network.html.j2", "case", "One network: members, places, amounts, period.", _network),
    Page("/party/{name}", "party.html.j2", "case", "One member: identifiers, part, evidence for and against.", _shown),
    Page("/claim/{name}", "claim.html.j2", "case", "One claim: the test behind it, and its rows.", _shown),
    Page("/row/{name:path}", "row.html.j2", "case", "One row as received, and where it is used.", _shown),
    Page("/sources", "sources.html.j2", "case", "The files, and what became of their rows.", _sources),
    Page("/glossary", "glossary.html.j2", "case", "Words of the trade in these records.", _glossary),
    Page("/ledger", "ledger.html.j2", "ledger", "What was done to this case, by whom, when and why.", _ledger),
    Page("/work", "work.html.j2", "case", "What is being worked on.", _work),
)
