"""One run: everything that goes in is named by a digest, everything that comes out stands under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from vialtrace import casefile
from vialtrace.errors import OurBug, Tampered, WrongOrder
from vialtrace.kit.clock import Clock, stamp
from vialtrace.kit.ids import canonical, digest
from vialtrace.model import table
from vialtrace.pipeline import decisions, stages
from vialtrace.pipeline.asking import ask
from vialtrace.pipeline.order import Step, check_parameters, keywords
from vialtrace.pipeline.progress import Progress
from vialtrace.pipeline.reusing import Reused
from vialtrace.pipeline.staging import sheets_of
from vialtrace.pipeline.taking import take_in
from vialtrace.pipeline.version import build, code_digest, libraries
from vialtrace.store import (
    Answering,
    Case,
    Engine,
    Machine,
    PartialRun,
    Run,
    SparkEngine,
    TablesOf,
    findings_digest,
    findings_text,
    short,
)
from vialtrace.store.run import FINDINGS, MANIFEST, RECORD

_GROWING = frozenset({"resolve", "detect"})
"""Stages whose tables grow with the records; what comes after them is small whatever the records were."""


@dataclass
class _Times:
    """Seconds spent on each step."""

    clock: Clock
    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0

    def start(self) -> None:
        self._since = self.clock.elapsed()

    def stop(self, name: str) -> None:
        self.seconds[name] = round(self.clock.elapsed() - self._since, 3)


def inputs_of(case: Case) -> dict[str, Any]:
    """All that goes into a run and can change what comes out.

    Raises:
        WrongOrder: if the case has no sources.
        BadInput: if a parameter is unknown or of a wrong type.
    """
    sheets = sheets_of(case)
    if not sheets:
        raise WrongOrder(
            f"{case.folder} has no sources yet.",
            expected="At least one file.",
            way_out=f"Add some with `vialtrace add {case.folder} FILES`.",
        )
    settings = case.settings
    check_parameters(settings.parameters, stages.thresholds())
    in_force = decisions.in_force(case.ledger.entries("decision"))
    return {
        "sources": [{"file": source.name, "sheet": taken.sheet, "sha256": source.sha256} for source, taken in sheets],
        "mappings": {taken.mapping: digest(case.mapping_text(taken.mapping).encode()) for _, taken in sheets},
        "decisions": [{"act": each.act, "subject": each.subject, "other": each.other} for each in in_force],
        "parameters": {name: dict(values) for name, values in settings.parameters.items()},
        "jurisdiction": settings.jurisdiction,
        "time_zone": settings.time_zone,
        "vialtrace": build(),
        "code": code_digest(),
    }


def run_digest(inputs: Mapping[str, Any]) -> str:
    """The name of the run that these inputs make."""
    return digest(canonical(inputs))


def make(case: Case, machine: Machine, progress: Progress, *, who: str, again: bool = False) -> Run:
    """Run the whole chain, or give the run that these inputs have made already; the caller holds the case.

    With ``again`` it is made anew in any case, and held against the one that was there.

    Raises:
        OurBug: if a run made anew differs from the one that was there.
    """
    inputs = inputs_of(case)
    name = run_digest(inputs)
    before = case.run_of(name)
    if before is not None and not again:
        _enter(case, before, who)
        return before
    partial = case.begin_run(name)
    try:
        _fill(case, partial, machine, progress, inputs, is_anew=again)
        if before is not None:
            _compare(before, partial)
        run = partial.finish()
    finally:
        partial.discard()
    _enter(case, run, who)
    return run


def remake(case: Case, machine: Machine, progress: Progress, run: Run) -> None:
    """Make the last run once more beside it, hold the two together, and throw the new one away.

    Raises:
        WrongOrder: if the case has changed since, or another vialtrace made the run.
        OurBug: if they differ.
    """
    inputs = inputs_of(case)
    if run_digest(inputs) != run.digest:
        changed = [name for name, value in inputs.items() if run.manifest["inputs"].get(name) != value]
        raise WrongOrder(
            f"The run {run.folder.name} cannot be repeated as things are: these differ: {', '.join(changed)}.",
            expected=f"vialtrace {run.manifest['inputs'].get('vialtrace')} and the case as it was.",
            way_out=f"Make a new run with `vialtrace run {case.folder}`.",
        )
    partial = case.begin_run(run.digest)
    try:
        _fill(case, partial, machine, progress, inputs, is_anew=True)
        _compare(run, partial)
    finally:
        partial.discard()


def _fill(
    case: Case,
    partial: PartialRun,
    machine: Machine,
    progress: Progress,
    inputs: Mapping[str, Any],
    *,
    is_anew: bool = False,
) -> None:
    """Make every file of a run; with ``is_anew`` from the sources as received, whatever the cache holds."""
    started, times = stamp(case.clock.now()), _Times(case.clock)
    chosen = machine.engine or case.settings.engine
    share = machine.memory_gb / 2 if chosen == "spark" else machine.memory_gb
    engine = Engine(replace(machine, memory_gb=share), spill=partial.spill)
    # Another engine is held against this one: it computes everything itself, as does a run made anew.
    earlier = () if is_anew or chosen == "spark" else _earlier(case)
    reused = Reused.of(earlier, inputs, libraries(chosen), partial.tables)
    spark: SparkEngine | None = None
    try:
        if chosen == "spark":
            # First of all: where it cannot be had nothing else is begun.
            spark = SparkEngine(engine, partial.tables, memory_gb=share)
        times.start()
        take_in(case, engine, partial.tables, progress, is_anew=is_anew)
        for name, made in decisions.tables(decisions.in_force(case.ledger.entries("decision"))).items():
            engine.write(table(name), made, partial.tables)
        times.stop("read")
        steps = stages.all_steps()
        for done, step in enumerate(steps):
            progress(step.stage, done, len(steps) + 1, ", ".join(step.makes))
            times.start()
            if not reused.take(step, engine):
                perform(step, spark if spark and step.stage in _GROWING else engine, case, partial.tables)
            times.stop(step.name)
        progress("casefile", len(steps), len(steps) + 1, "findings")
        tables = TablesOf(partial.tables)
        times.start()
        findings = findings_text(casefile.findings(tables, case_name=case.settings.name, run=run_digest(inputs)))
        times.stop("findings")
        unasked = tables["unasked"]["detector"].to_pylist()
    finally:
        if spark:
            spark.close()
        engine.close()
    manifest = {
        "digest": run_digest(inputs),
        "inputs": dict(inputs),
        "versions": libraries(chosen),
        "tables": reused.tables(),
        "findings": findings_digest(findings),
        "unasked": unasked,
    }
    record = {
        "started_at": started,
        "finished_at": stamp(case.clock.now()),
        "seconds": times.seconds,
        "reused": reused.steps,
        "engine": chosen,
        "memory_gb": machine.memory_gb,
        "threads": machine.threads,
        "ledger": list(case.ledger.head()),
    }
    partial.write(FINDINGS, findings)
    partial.write(MANIFEST, _json(manifest))
    partial.write(RECORD, _json(record))
    progress("casefile", len(steps) + 1, len(steps) + 1, "done")


def _earlier(case: Case) -> tuple[Run, ...]:
    """The runs before this one, none if any of them is damaged: that is for `verify` to tell, not for a new run."""
    try:
        return case.runs
    except Tampered:
        return ()


def perform(step: Step, engine: Answering, case: Case, folder: Path) -> None:
    """Run one step and write its tables."""
    if step.makes == stages.CLAIMS:
        ask(engine, case.settings, folder)
        return
    needed = [
        _in_memory(engine, name, step.in_memory[name]) if name in step.in_memory else engine.table(name)
        for name in step.needs
    ]
    made = step.function(*needed, **keywords(step, case.settings, engine.backend))
    by_name = made if isinstance(made, Mapping) else {step.makes[0]: made}
    if set(by_name) != set(step.makes):
        raise OurBug(
            f"The recipe {step.name} made {', '.join(by_name)}.", expected=f"It declares {', '.join(step.makes)}."
        )
    for name in step.makes:
        engine.write(table(name), by_name[name], folder)


def _in_memory(engine: Answering, name: str, columns: tuple[str, ...]) -> pa.Table:
    """A table in memory: all of it, or the columns that a step reads."""
    rows = engine.table(name)
    return engine.arrow(rows.select(*columns) if columns else rows)


def _compare(run: Run, partial: PartialRun) -> None:
    told, found = run.manifest["tables"], partial.table_digests()
    differing = [name for name in {**told, **found} if told.get(name) != found.get(name)]
    if differing:
        raise OurBug(
            f"Made once more, the run {run.folder.name} differs in: {', '.join(differing)}.",
            expected="The same inputs give the same digests, unless files in the case's cache were altered.",
        )


def _enter(case: Case, run: Run, who: str) -> None:
    """Enter a run into the ledger, once: records were combined."""
    content, record = (digest((run.folder / name).read_bytes()) for name in (MANIFEST, RECORD))
    told = {"run": run.digest, "manifest": content, "record": record}
    if told not in [dict(entry.payload) for entry in case.ledger.entries("combination")]:
        case.ledger.append("combination", f"run {short(run.digest)}", who=who, payload=told)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n"
