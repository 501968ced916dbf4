"""The commands that ask, judge, print and guard what was found: each turns words into one action.

Actions are imported where they are called: they bring the engine and the libraries of statistics with them, which
take seconds to load, and ``--help`` and completion must answer at once.
"""
# ruff: noqa: PLC0415, FBT002

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vialtrace.cli import options, screen
from vialtrace.cli.app import app, desk_of
from vialtrace.cli.options import CasePath, EngineName, Json, Language, Memory, RunName, Threads, Who


@app.command(rich_help_panel="A case")
def show(
    case: CasePath,
    what: Annotated[
        str,
        typer.Argument(
            metavar="[ID]",
            help="A network, a member, a claim, a merge, an identifier, a place, a file, or a row as file:row. "
            "Default: the networks.",
        ),
    ] = "",
    limit: Annotated[int, typer.Option(min=0, help="Rows as received to show at most.")] = 20,
    by: Who = "",
    json: Json = False,
) -> None:
    """Show a network, member, claim, row, or whatever else has an id, with the evidence under it.

    That it was looked at is entered in the ledger. Donors stand behind pseudonyms.
    """
    from vialtrace import actions
    from vialtrace.cli import showing, telling

    desk = desk_of(by)
    if what:
        found = actions.show(case, what, desk, limit=limit)
        screen.as_json(found) if json else showing.shown(found)
        return
    ran = actions.overview(case, desk)
    if json:
        screen.as_json({"run": ran.run.digest, "networks": [screen.plain(each) for each in ran.networks]})
    else:
        telling.networks(ran, case)


@app.command(rich_help_panel="A case")
def decide(  # noqa: PLR0913, PLR0917  each is one thing a person types
    case: CasePath,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A network, party, claim, merge or identifier; a source to grade."
        ),
    ],
    act: Annotated[
        str,
        typer.Argument(
            metavar="ACT",
            help="accept, reject, hold; merge, split; overshared; withdraw; status; grade; note.",
        ),
    ],
    other: Annotated[
        str,
        typer.Argument(
            metavar="[OTHER]",
            help="The other party to merge or split; the network a party is judged in; the status; the grade (B2).",
        ),
    ] = "",
    why: Annotated[str, typer.Option("--why", help="The reason. It is kept with the decision.")] = "",
    on: Annotated[str, typer.Option("--on", help="For a status: its day, YYYY-MM-DD.")] = "",
    source: Annotated[str, typer.Option("--source", help="For a status: the paper that says so.")] = "",
    by: Who = "",
    json: Json = False,
) -> None:
    """Accept, reject, hold, merge, split, withdraw, or note; nothing is unwritten, and a later decision overrules."""
    from vialtrace import actions

    done = actions.decide(case, what, act, desk_of(by), other=other, why=why, on=on, source=source)
    if json:
        screen.as_json(screen.plain(done))
    else:
        screen.say(f"entry {done.entry.seq}  {done.entry.at}  {done.entry.who}: {done.entry.what} ({done.entry.why})")
        screen.say(f"It takes effect {done.takes_effect}.")


@app.command(rich_help_panel="A case")
def report(
    case: CasePath,
    network: Annotated[str, typer.Argument(metavar="[ID]", help="One network. Default: all of them.")] = "",
    language: Language = "en",
    pdf: Annotated[bool, typer.Option("--pdf", help="On paper as well: print each page to PDF with Chromium.")] = False,
    run: RunName = "",
    by: Who = "",
    json: Json = False,
) -> None:
    """Write the case file: one printable page a network, and an index."""
    from vialtrace import actions

    made = actions.report(case, desk_of(by), network=network, language=language, run=run, pdf=pdf)
    if json:
        screen.as_json(
            {
                "index": str(made.index),
                "pages": {name: str(path) for name, path in made.pages.items()},
                "pdfs": {name: str(path) for name, path in made.pdfs.items()},
            }
        )
        return
    for name, path in made.pages.items():
        screen.say(f"{name:<10} {path}")
    for name, path in made.pdfs.items():
        screen.say(f"{name:<10} {path}")
    screen.say(f"index      {made.index}")


@app.command(rich_help_panel="A case")
def export(
    case: CasePath,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="json, ftm, ftm-statements, case-uco, graphml, gexf, xlsx, geojson, csv (a zip), "
            "disclosure (a zip: what favours the accused, decisions, notes, ledger), "
            "bagit (a folder), or donors-key (sealed to a passphrase).",
        ),
    ] = "json",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; a new folder for bagit. Default: standard output.")
    ] = None,
    language: Language = "en",
    why: Annotated[str, typer.Option("--why", help="The reason, for donors-key. It is kept in the ledger.")] = "",
    run: RunName = "",
    by: Who = "",
) -> None:
    """Hand the case file to other tools, or the whole case, signed, to another person.

    Donors stand behind pseudonyms in every form but bagit, which holds the files as received. The keys never leave.
    """
    from vialtrace import actions
    from vialtrace.errors import BadInput

    if form == actions.KEY:
        if output is None:
            raise BadInput("The donors' key goes to a file.", expected="-o FILE.", way_out="Say where with -o.")
        actions.needs_reason(why)
        passphrase = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
        actions.write(output, actions.sealed_key(case, desk_of(by), passphrase, why=why, run=run))
        screen.say(f"{form} {output}")
        return
    if form == actions.BAG:
        if output is None:
            raise BadInput("A bag is a folder.", expected="-o DIR, a new folder.", way_out="Say where with -o.")
        made = actions.bag(case, desk_of(by), output, run=run)
        screen.say(f"{form:<10} {made.folder} ({made.n_files} files, signed by key {made.key})")
        return
    content = actions.export(case, desk_of(by), form=form, language=language, run=run)
    if output is None:
        screen.raw(content)
    else:
        actions.write(output, content)
        screen.say(f"{form:<10} {output}")


@app.command(rich_help_panel="A case")
def unseal(
    volume: Annotated[
        Path, typer.Argument(metavar="VOLUME", readable=False, help="A donors' key, as `export` seals it.")
    ],
    json: Json = False,
) -> None:
    """Open a donors' key with its passphrase, and say who stands behind each pseudonym.

    For whoever a court or an authority gave both to: it needs no case.
    """
    from vialtrace import actions
    from vialtrace.cli import showing

    told = actions.opened_key(volume, lambda: typer.prompt("Passphrase", hide_input=True, err=True))
    screen.as_json(told) if json else showing.donors(told)


@app.command(rich_help_panel="A case")
def serve(  # noqa: PLR0913, PLR0917  each is an option
    case: CasePath,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port. Default: a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    users: Annotated[bool, typer.Option("--users", help="Several people sign in; see `vialtrace account`.")] = False,
    host: Annotated[str, typer.Option(help="An address other machines reach; needs --users.")] = "127.0.0.1",
    accounts: options.AccountsAt = "",
    certificate: Annotated[Path | None, typer.Option(help="The certificate (PEM) for --host.")] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    threads: Threads = None,
    memory: Memory = None,
    by: Who = "",
) -> None:
    """Open the workbench in the browser, on this machine only unless told otherwise.

    The printed address opens one browser, once. Stop with Ctrl-C.
    """
    from vialtrace import web

    desk = desk_of(by, threads=threads, memory=memory)
    at = web.Listening(port, host, users, accounts, certificate, certificate_key)
    web.serve(case, who=desk.who, say=screen.say, at=at, opens_browser=not no_browser, machine=desk.machine)


@app.command(rich_help_panel="A case")
def account(
    case: CasePath,
    name: Annotated[str, typer.Argument(help="The person. Left out: who has an account.")] = "",
    role: Annotated[str, typer.Option(help="analyst, supervisor, auditor or read-only.")] = "analyst",
    remove: Annotated[bool, typer.Option("--remove", help="Take the account away.")] = False,
    accounts: options.AccountsAt = "",
    by: Who = "",
) -> None:
    """Say who may sign in to `vialtrace serve --users`, and as what. The password is asked for.

    An auditor sees the ledger and no case data; a supervisor may unseal a protected party.
    """
    from vialtrace import actions
    from vialtrace.errors import UnknownName

    desk = desk_of(by)
    if not name:
        for each in actions.accounts(case, desk, accounts):
            screen.say(f"{each.role:<12}{each.name}")
    elif remove:
        actions.close_account(case, desk, name, accounts)
    else:
        if role not in actions.ACCOUNT_ROLES:
            raise UnknownName("role", role, actions.ACCOUNT_ROLES)
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        actions.open_account(case, desk, name, password, role=role, address=accounts)


@app.command("screen", rich_help_panel="A case")
def screen_files(  # noqa: PLR0913, PLR0917  each is an option
    case: CasePath,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...", readable=False, help="New waybills, payments, crossings, declarations or posts."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the best guess where a match is unsure.")] = False,
    kind: Annotated[str | None, typer.Option(help="The record kind of all these files.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(readable=False, help="A mapping (YAML) that says how to read these files.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many hits are told one by one.", min=0)] = 1000,
    language: Language = "en",
    threads: Threads = None,
    memory: Memory = None,
    by: Who = "",
    json: Json = False,
) -> None:
    """Hold new records against the networks found: which match, by what, and why. Nothing is taken in.

    Networks that somebody rejected are left out; donors and clients never match.
    """
    from vialtrace import actions
    from vialtrace.cli import telling
    from vialtrace.errors import UnknownName
    from vialtrace.screen import LANGUAGES

    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    with screen.waiting(is_silent=json) as progress:
        desk = desk_of(by, threads=threads, memory=memory, progress=progress)
        given = actions.read_mapping(mapping) if mapping else None
        found = actions.survey(files, kind=kind, mapping=given, known=actions.confirmed(case, desk))
        screened = actions.screen(case, found.settled if yes else found, desk, limit=limit)
    if json:
        screen.as_json(actions.as_told(screened, ""))
    else:
        telling.screened(screened, language)


@app.command(rich_help_panel="A case")
def verify(
    case: CasePath,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out making the last run once more.")] = False,
    key: Annotated[str, typer.Option(help="The public key (minisign) that a bag must be signed by.")] = "",
    threads: Threads = None,
    memory: Memory = None,
    engine: EngineName = "",
    by: Who = "",
    json: Json = False,
) -> None:
    """Hold every digest against its file, follow the ledger, and make the last run once more."""
    from vialtrace import actions

    with screen.waiting(is_silent=json) as progress:
        desk = desk_of(by, threads=threads, memory=memory, engine=engine, progress=progress)
        found = actions.verify(case, desk, rerun=not quick, key=key)
    if json:
        screen.as_json(found)
        return
    if found.signed_by:
        screen.say(f"bag        whole, signed by key {found.signed_by}{'' if key else ', which came with it'}")
    screen.say(f"sources    {found.n_sources} as received")
    screen.say(f"ledger     {found.n_entries} entries, unbroken")
    screen.say(f"runs       {found.n_runs} with {found.n_tables} tables, unchanged")
    screen.say("last run   made once more, the same to the byte" if found.is_remade else "last run   not made again")
    for name in found.stray:
        screen.say(f"sources/{name} was never taken in and counts for nothing.", style="yellow")
