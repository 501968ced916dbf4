"""What all commands share: the program itself, and the desk at which an action is done."""
# ruff: noqa: PLC0415, FBT002

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vialtrace.cli import options, screen

if TYPE_CHECKING:
    from vialtrace.actions import Desk
    from vialtrace.pipeline import Progress

app = typer.Typer(
    name="vialtrace",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a folder of records to a case file: who moved human biological samples out of a country unlawfully, "
    "by which chain, how many, when, for how much money, and under which law. "
    "It runs on this machine only and calls nobody.",
    epilog="Begin with: vialtrace demo",
)


def desk_of(
    who: str = "",
    *,
    threads: int | None = None,
    memory: float | None = None,
    engine: str = "",
    progress: Progress | None = None,
) -> Desk:
    """The desk of ``who`` on this machine, within the threads and gigabytes of ``memory`` that were asked for."""
    from vialtrace import actions
    from vialtrace.pipeline import silent
    from vialtrace.store import Machine

    machine = Machine.within(memory_gb=memory, threads=threads, engine=engine)
    return actions.Desk(options.person(who), machine=machine, progress=progress or silent)


def _version(wanted: bool) -> None:  # noqa: FBT001  the form of typer's callbacks
    if wanted:
        from vialtrace.pipeline import build

        screen.say(f"vialtrace {build()}")
        raise typer.Exit


@app.callback()
def _everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which vialtrace this is.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error arose. Error texts may then hold values of records.")
    ] = False,
) -> None:
    pass
