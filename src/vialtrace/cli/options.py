"""Options that several commands share, each declared once."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

CasePath = Annotated[Path, typer.Argument(readable=False, metavar="CASE", help="The case folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]
Who = Annotated[
    str,
    typer.Option(
        "--by", envvar="VIALTRACE_USER", help="Who is at work; it goes into the ledger. Default: the login name."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, help="Processors to use. Default: all. The result does not depend on it."),
]
Memory = Annotated[
    float | None,
    typer.Option(
        "--memory",
        metavar="GB",
        help="Memory the engine may use, in GB; the rest goes to disk. Default: two thirds of the machine's.",
    ),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", help="duckdb or spark. Default: what case.toml says. The result does not depend on it."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The seed of chance: one seed, one world.")]
Language = Annotated[str, typer.Option("--language", help="Language of the pages: en or zh.")]
RunName = Annotated[
    str, typer.Option("--run", metavar="DIGEST", help="A run other than the last, by the first digits of its digest.")
]

AccountsAt = Annotated[
    str,
    typer.Option(
        "--accounts",
        envvar="VIALTRACE_ACCOUNTS",
        metavar="ADDRESS",
        help="The database of accounts, such as postgresql+pg8000://user:password@host/name. Default: the case's own.",
    ),
]


def person(named: str) -> str:
    """Who is at work: as named, or as logged in."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a number without a name.
        return f"user {os.getuid()}"
