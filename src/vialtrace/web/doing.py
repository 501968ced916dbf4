"""What a person does at the workbench, once: forms and the API call the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from vialtrace import actions
from vialtrace.pipeline import Progress
from vialtrace.web.bench import Bench
from vialtrace.web.rights import require
from vialtrace.web.sessions import Session


def decide(bench: Bench, session: Session, *, subject: str, act: str, why: str, other: str = "") -> dict[str, Any]:
    """Enter a decision."""
    require(session, "decide")
    return asdict(actions.decide(bench.folder, subject, act, bench.desk(session), other=other, why=why))


def run(bench: Bench, session: Session) -> dict[str, Any]:
    """Begin a run in the background."""
    require(session, "run")

    def work(progress: Progress) -> dict[str, Any]:
        ran = actions.run(bench.folder, bench.desk(session, progress))
        return {"run": ran.run.digest, "is_new": ran.is_new, "networks": [asdict(each) for each in ran.networks]}

    return {"job": asdict(bench.jobs.start("run", session.who, work))}


def stop(bench: Bench, session: Session) -> dict[str, Any]:
    """Stop what is being worked on."""
    require(session, "run")
    bench.jobs.stop()
    return {"job": asdict(bench.jobs.last) if bench.jobs.last else None}
