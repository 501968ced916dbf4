"""The commands: each turns words into one action and its answer into words.

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
from vialtrace.cli.options import CasePath, EngineName, Json, Language, Memory, RunName, Seed, Threads, Who
from vialtrace.model.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vialtrace.actions import Desk, Refused
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

_KINDS = "".join(f"\n\n{name}: {record.help}" for name, record in RECORDS.items())


def _desk(
    who: str = "",
    *,
    threads: int | None = None,
    memory: float | None = None,
    engine: str = "",
    progress: Progress | None = None,
) -> Desk:
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
    made = actions.new(case, _desk(by), chosen)
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

    desk = _desk(by, threads=threads, memory=memory)
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
        found = actions.check(case, _desk(by, threads=threads, memory=memory, progress=progress))
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
        versions = actions.mapping_history(case, name, _desk(by))
        screen.as_json([screen.plain(each) for each in versions]) if json else telling.mapping_history(name, versions)
        return
    found = actions.check_mappings(case, _desk(by), name=name)
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
        desk = _desk(by, threads=threads, memory=memory, engine=engine, progress=progress)
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

    desk = _desk(by)
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

    done = actions.decide(case, what, act, _desk(by), other=other, why=why, on=on, source=source)
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

    made = actions.report(case, _desk(by), network=network, language=language, run=run, pdf=pdf)
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
        actions.write(output, actions.sealed_key(case, _desk(by), passphrase, why=why, run=run))
        screen.say(f"{form} {output}")
        return
    if form == actions.BAG:
        if output is None:
            raise BadInput("A bag is a folder.", expected="-o DIR, a new folder.", way_out="Say where with -o.")
        made = actions.bag(case, _desk(by), output, run=run)
        screen.say(f"{form:<10} {made.folder} ({made.n_files} files, signed by key {made.key})")
        return
    content = actions.export(case, _desk(by), form=form, language=language, run=run)
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

    desk = _desk(by, threads=threads, memory=memory)
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

    desk = _desk(by)
    if not name:
        for each in actions.accounts(case, desk, accounts):
            screen.say(f"{each.role:<12}{each.name}")
    elif remove:
        actions.close_account(case, desk, name, accounts)
    else:
        if role not in actions.ROLES:
            raise UnknownName("role", role, actions.ROLES)
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
        desk = _desk(by, threads=threads, memory=memory, progress=progress)
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
        found = actions.verify(
            case, _desk(by, threads=threads, memory=memory, engine=engine, progress=progress), rerun=not quick, key=key
        )
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
        desk = _desk(by, threads=threads, memory=memory, progress=progress)
    demonstration.play(folder, desk, seed=seed, scale=scale)
