"""The commands that take records in and work on them: each turns words into one action and its answer into words.

Actions are imported where they are called: they bring the engine and the libraries of statistics with them, which
take seconds to load, and ``--help`` and completion must answer at once.
"""
# ruff: noqa: PLC0415, FBT002

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vialtrace.cli import options, screen
from vialtrace.cli.app import app, desk_of
from vialtrace.cli.options import CasePath, EngineName, Json, Memory, Threads, Who
from vialtrace.model.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vialtrace.actions import Refused

_KINDS = "".join(f"\n\n{name}: {record.help}" for name, record in RECORDS.items())


@app.command(rich_help_panel="A case")
def new(
    case: CasePath,
    name: Annotated[str, typer.Option(help="What the case is called. Default: the folder's name.")] = "",
    purpose: Annotated[str, typer.Option(help="Why these records are processed.")] = "",
    legal_basis: Annotated[str, typer.Option(help="The authority or law that allows it.")] = "",
    owner: Annotated[str, typer.Option(help="Who answers for the case. Default: who starts it.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="Whose law the facts are held against.")] = "CN",
    time_zone: Annotated[str, typer.Option(help="The zone of times without an offset.")] = "Asia/Shanghai",
    by: Who = "",
) -> None:
    """Start a case folder."""
    from vialtrace import actions
    from vialtrace.store import Settings

    person = options.person(by)
    chosen = Settings(name or case.resolve().name, purpose, legal_basis, owner or person, jurisdiction, time_zone)
    made = actions.new(case, desk_of(by), chosen)
    screen.say(f"case       {made.folder}")
    screen.say(f"Next: vialtrace add {made.folder} FILES")


@app.command(rich_help_panel="A case", epilog=f"Record kinds:{_KINDS}")
def add(  # noqa: PLR0913, PLR0917  each is one thing a person types
    case: CasePath,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", readable=False, help="Files, or folders with all that is in them."),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take the best guess where a match is unsure, and say so.")
    ] = False,
    kind: Annotated[
        str | None, typer.Option(help="The record kind of all these files, where the guess is wrong.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(readable=False, help="A mapping (YAML) that says how to read these files, instead of a guess."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            help="Answers written down (YAML): file to question to answer. What they leave open is asked.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would become of every column and row, and take nothing in."),
    ] = False,
    threads: Threads = None,
    memory: Memory = None,
    by: Who = "",
    json: Json = False,
) -> None:
    """Take files in: copy, hash, guess kind and columns, ask what is unsure.

    CSV, TSV, Excel, JSON Lines and Parquet. A file that cannot be taken in is named with the reason, and so is the
    first row that has more or fewer fields than its header; all the rest goes in, and the exit code tells.
    """
    from vialtrace import actions
    from vialtrace.cli import asking, telling

    desk = desk_of(by, threads=threads, memory=memory)
    desk.open(case)
    found = actions.survey(
        files,
        kind=kind,
        mapping=actions.read_mapping(mapping) if mapping else None,
        known=actions.confirmed(case, desk),
    )
    unused: tuple[str, ...] = ()
    if answers is not None:
        found, unused = actions.with_answers(found, actions.read_answers(answers))
    for each in () if json else unused:
        screen.say(f"not asked  {each}", style="yellow")
    if dry_run:
        seen = actions.preview(case, found, desk)
        if json:
            refusals = [{"file": str(each.path), **each.reason.as_dict()} for each in seen.refused]
            screen.as_json({**screen.plain(seen), "refused": refusals})
        else:
            telling.previewed(seen)
        _exit_for(seen.refused, is_damaged=seen.is_damaged)
        return
    if found.questions and not yes and not json and screen.is_interactive():
        found = asking.answers(found)
    with screen.waiting(is_silent=json) as progress:
        done = actions.add(case, found, replace(desk, progress=progress), best_guess=yes)
    if json:
        screen.as_json(
            {
                "taken": done.taken,
                "counts": done.counts,
                "known": done.known,
                "not_asked": unused,
                "passed_over": [str(each) for each in done.passed_over],
                "refused": [{"file": str(each.path), **each.reason.as_dict()} for each in done.refused],
            }
        )
    else:
        telling.guesses(found, is_taken=yes)
        telling.added(done)
        if done.taken:
            screen.say(f"Next: vialtrace check {case} (what was left out, and why), then vialtrace run {case}")
    _exit_for(done.refused, is_damaged=done.is_damaged)


def _exit_for(refused: Sequence[Refused], *, is_damaged: bool) -> None:
    """A script learns from the exit code that a file stayed out, or went in with rows that lack the file's form."""
    from vialtrace.errors import UnreadableSource

    if refused:
        raise typer.Exit(refused[0].reason.exit_code)
    if is_damaged:
        raise typer.Exit(UnreadableSource.exit_code)


@app.command(rich_help_panel="A case")
def check(
    case: CasePath,
    columns: Annotated[
        bool, typer.Option("--columns", help="Show every column with values before and after cleaning, masked.")
    ] = False,
    by: Who = "",
    threads: Threads = None,
    memory: Memory = None,
    json: Json = False,
) -> None:
    """Say what is mapped, quarantined and missing, and what would strengthen the case."""
    from vialtrace import actions
    from vialtrace.cli import telling

    with screen.waiting(is_silent=json) as progress:
        found = actions.check(case, desk_of(by, threads=threads, memory=memory, progress=progress))
    screen.as_json(found) if json else telling.checked(found, has_columns=columns)


@app.command(rich_help_panel="A case")
def mapping(
    act: Annotated[str, typer.Argument(metavar="check|history", help="What to do with mappings.")],
    case: CasePath,
    name: Annotated[str, typer.Argument(metavar="[FILE]", help="One mapping, by its file's name. Default: all.")] = "",
    by: Who = "",
    json: Json = False,
) -> None:
    """Hold mappings against their sheets, with all problems and what becomes of three rows; or tell their versions.

    A mapping is a file that may be edited. Every version that is used is kept with the case; `history` shows what each
    changed.
    """
    from vialtrace import actions
    from vialtrace.cli import telling
    from vialtrace.errors import BadInput, BadMapping, UnknownName

    if act not in ("check", "history"):
        raise UnknownName("act", act, ["check", "history"])
    if act == "history":
        if not name:
            raise BadInput("No mapping is named.", expected="vialtrace mapping history CASE FILE.", way_out="Name one.")
        versions = actions.mapping_history(case, name, desk_of(by))
        screen.as_json([screen.plain(each) for each in versions]) if json else telling.mapping_history(name, versions)
        return
    found = actions.check_mappings(case, desk_of(by), name=name)
    screen.as_json([screen.plain(each) for each in found]) if json else telling.mappings(found)
    if any(each.problems for each in found):
        raise typer.Exit(BadMapping.exit_code)


@app.command(rich_help_panel="A case")
def run(
    case: CasePath,
    again: Annotated[
        bool, typer.Option("--again", help="Make a run anew that was made before, and hold the two against each other.")
    ] = False,
    threads: Threads = None,
    memory: Memory = None,
    engine: EngineName = "",
    by: Who = "",
    json: Json = False,
) -> None:
    """Run the whole chain, from records to networks.

    The same sources, mappings, decisions, parameters and version give the same digests, whatever the threads,
    the memory and the engine. Interrupted, it can simply be repeated.
    """
    from vialtrace import actions
    from vialtrace.cli import telling

    with screen.waiting(is_silent=json) as progress:
        desk = desk_of(by, threads=threads, memory=memory, engine=engine, progress=progress)
        ran = actions.run(case, desk, again=again)
        reported = actions.report(case, desk)
    if json:
        screen.as_json(
            {
                "run": ran.run.digest,
                "folder": str(ran.run.folder),
                "is_new": ran.is_new,
                "records": ran.n_rows,
                "networks": [screen.plain(each) for each in ran.networks],
                "unasked": ran.unasked,
                "case_file": str(reported.index),
            }
        )
        return
    telling.networks(ran, case)
    screen.say(f"case file  {reported.index}", style="bold")
    screen.say(f"Look closer: vialtrace show {case} {ran.networks[0].network_id if ran.networks else ''}".rstrip())
