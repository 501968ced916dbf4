"""The commands about worlds with known truth, and the demonstration on one."""
# ruff: noqa: PLC0415, FBT002

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vialtrace.cli import screen
from vialtrace.cli.app import app, desk_of
from vialtrace.cli.options import Json, Memory, Seed, Threads, Who


@app.command(rich_help_panel="Worlds with known truth")
def simulate(
    world: Annotated[
        str, typer.Argument(metavar="WORLD", help="reference, small_slow, fast_company, evasive, partial, lawful, ...")
    ],
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder: records go to DIR/records, the truth to DIR/truth.json."),
    ],
    seed: Seed = 0,
    scale: Annotated[
        float | None, typer.Option(help="The size of the world; reference at 1.0 has 100,000 samples.")
    ] = None,
    messy: Annotated[
        bool, typer.Option("--messy", help="As real files are: many headers, encodings, formats, masks and mistakes.")
    ] = False,
    lossless: Annotated[
        bool,
        typer.Option("--lossless", help="With --messy: only manners that destroy nothing: no masks, no lost digits."),
    ] = False,
    json: Json = False,
) -> None:
    """Make a world with known truth, to train on and to measure against."""
    from vialtrace import actions

    made = actions.simulate(world, folder, seed=seed, scale=scale, messy=messy, lossless=lossless)
    if json:
        screen.as_json(made)
    else:
        screen.say(f"records    {made.records} ({made.n_files} files)")
        screen.say(f"truth      {made.truth} ({made.n_networks} networks)")


@app.command(rich_help_panel="Worlds with known truth")
def evaluate(
    findings: Annotated[
        Path, typer.Argument(metavar="FINDINGS", readable=False, help="Findings of a run: findings.json.")
    ],
    truth: Annotated[Path, typer.Argument(metavar="TRUTH", readable=False, help="The truth of a world: truth.json.")],
    json: Json = False,
) -> None:
    """Say how good findings are, by role, with false accusations counted."""
    from vialtrace import actions
    from vialtrace.cli import telling

    found = actions.evaluate(findings, truth)
    screen.as_json(found) if json else telling.evaluated(found)


@app.command(rich_help_panel="Begin here")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="A new folder for the world and its case.")] = Path(
        "demo"
    ),
    seed: Seed = 0,
    scale: Annotated[
        float, typer.Option(help="The size of the world; 0.05 has 5,000 samples in about a million records.")
    ] = 0.05,
    threads: Threads = None,
    memory: Memory = None,
    by: Who = "",
) -> None:
    """A simulated case from files to case file, in a minute or two."""
    from vialtrace.cli import demonstration

    with screen.waiting() as progress:
        desk = desk_of(by, threads=threads, memory=memory, progress=progress)
    demonstration.play(folder, desk, seed=seed, scale=scale)
