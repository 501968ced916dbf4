"""The answers of actions, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vialtrace.actions import (
    Added,
    Checked,
    Example,
    MappingChecked,
    NetworkLine,
    Previewed,
    Ran,
    Refused,
    Screened,
    SheetCount,
    SheetSeen,
    Survey,
    VersionTold,
    evaluation_rows,
)
from vialtrace.cli.screen import say, table
from vialtrace.evaluate import Evaluation
from vialtrace.kit.chance import share
from vialtrace.kit.money import brief
from vialtrace.model import record
from vialtrace.model.tables import ROLES
from vialtrace.screen import LANGUAGES, gathered


def networks(ran: Ran, folder: Path) -> None:
    """The networks of a run, the path of what was found, and where to look next."""
    if not ran.is_new:
        say("Nothing has changed since this run was made; --again makes it once more.")
    if not ran.networks:
        say("No network of sample smugglers was found in these records.", style="bold")
    else:
        plural = "s" if len(ran.networks) > 1 else ""
        table(
            ("network", "score", "members", "samples", "paid", "period", "provinces"),
            [_network(each) for each in ran.networks],
            title=f"{len(ran.networks)} network{plural} in {ran.n_rows:,} records",
            right=(1,),
        )
        say("Leads, not verdicts: a person accepts or rejects each.")
    for each in ran.masked:
        told = f"masked     {each.kind}.{each.field}: {each.n_masked:,} of {each.n_values:,}"
        if _is_moment(each.kind, each.field):
            say(f"{told} {_WITHOUT_TIME}")
            continue
        say(
            f"{told} values arrived partly hidden; "
            f"{each.n_matched:,} could still be matched, {each.n_masked - each.n_matched:,} could not"
        )
    if ran.masked:
        say(f"`vialtrace check {folder}` names the files and the rows.")
    if ran.unasked:
        say(f"{len(ran.unasked)} questions could not be asked; `vialtrace check {folder}` says why.")
    say(f"run        {ran.run.folder}")


def _network(line: NetworkLine) -> tuple[str, ...]:
    roles = ", ".join(f"{n} {_many(ROLES[role][0]) if n > 1 else ROLES[role][0]}" for role, n in line.roles)
    return (
        line.network_id,
        share(line.score),
        f"{line.n_members}: {roles}",
        _range(line.samples),
        f"{' – '.join(brief(line.proceeds[end]) for end in ('low', 'estimate', 'high'))} {line.proceeds['unit']}",
        f"{line.period['from']} to {line.period['to']}",
        f"{len(line.regions)}: {' '.join(region.removeprefix('CN-') for region in line.regions)}",
    )


def _many(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _range(estimate: Mapping[str, Any]) -> str:
    return f"{estimate['low']:,.0f} – {estimate['estimate']:,.0f} – {estimate['high']:,.0f}"


def added(done: Added) -> None:
    """What was taken in, what was there already, what was refused."""
    for source in done.taken:
        for sheet in source.taken:
            shown = f"{source.name}#{sheet.sheet}" if sheet.sheet else source.name
            twin = f"  (the same bytes as {source.same_as})" if source.same_as else ""
            say(f"taken in   {shown}  {source.n_bytes:,} bytes  sha256 {source.sha256[:12]}…{twin}")
            count = done.counts[sheet.source_no]
            say(f"           {_became(count)}")
            if count.is_lost and not count.n_damaged:
                say(f"not read   {shown}: not one of its rows; `vialtrace check` says why", style="red")
            if count.n_damaged:
                rows = "1 row does" if count.n_damaged == 1 else f"{count.n_damaged:,} rows do"
                told = f"damaged    {shown}: {rows} not have the form of the file, first {count.first_damage}"
                say(told, style="red")
                say("           kept in quarantine with the text as received; if much is lost, ask for the file anew")
            if count.n_short:
                rows = "1 row ends" if count.n_short == 1 else f"{count.n_short:,} rows end"
                say(f"short      {shown}: {rows} before the last field, first {count.first_short}", style="yellow")
                say("           read, for what is there fits its columns and what is missing may be empty")
        for left in source.left:
            say(f"left out   {source.name}#{left.sheet}: {left.reason}", style="yellow")
    for source in done.known:
        say(f"there      {source.name}")
    stayed_out(done.refused, done.passed_over)


def stayed_out(refused: Sequence[Refused], passed_over: Sequence[object]) -> None:
    """Which files stay out, and why."""
    for each in refused:
        told = str(each.reason)
        # Most refusals begin with the file's name themselves.
        say(f"refused    {told if told.startswith(each.name) else f'{each.name}: {told}'}", style="red")
    for path in passed_over:
        say(f"hidden     {path}: passed over; name it itself to have it taken in", style="yellow")


def _became(count: SheetCount) -> str:
    """The rows of one sheet in a line; what is nought is not said."""
    told = [f"{count.n_rows:,} read"]
    told += [f"{count.n_quarantined:,} in quarantine"] if count.n_quarantined else []
    told += [f"{count.n_set_aside:,} set aside (totals, notes, blank rows)"] if count.n_set_aside else []
    told += [f"{count.n_issues:,} values left out of rows that were read"] if count.n_issues else []
    return ", ".join(told)


def checked(found: Checked, *, has_columns: bool) -> None:
    """What a case holds, what could not be read, and what would strengthen it."""
    rows = [
        (each.shown, each.kind + ("" if each.is_confirmed else " (guessed)"), *_counts(each)) for each in found.sheets
    ]
    table(("source", "kind", *_COUNTED.values()), rows, right=range(2, 9))
    for each in found.sheets:
        if has_columns:
            _columns(each)
        _doubts(each)
    for name, reason in found.left:
        say(f"  {name} was left out: {reason}", style="yellow")
    for name in found.stray:
        say(f"  sources/{name} was never taken in; add it with `vialtrace add`.", style="yellow")
    if found.lacks:
        say("What would strengthen the case:", style="bold")
    for lack in found.lacks:
        say(
            f"  {lack.kind} ({lack.help.rstrip('.').lower()}): "
            f"{len(lack.questions)} more question{'s' if len(lack.questions) > 1 else ''}, such as: {lack.questions[0]}"
        )


_COUNTED = {
    "n_file_rows": "rows in file",
    "n_header_rows": "header",
    "n_rows": "read",
    "n_quarantined": "quarantined",
    "n_set_aside": "set aside",
    "n_duplicates": "duplicates",
    "n_field_issues": "field issues",
}


def _counts(sheet: SheetSeen) -> tuple[str, ...]:
    return tuple(f"{sheet.counts[name]:,}" for name in _COUNTED)


def _columns(sheet: SheetSeen) -> None:
    """Every column with its field, and values before and after, masked where they could identify somebody."""
    rows = [
        (
            each.column or "(every row)",
            each.field or "–",
            f"{each.confidence:.0%}" if each.field else "",
            "  ".join(_example(shown) for shown in each.examples),
        )
        for each in sheet.columns
    ]
    table(("column", "field", "sure", "received → read (masked)"), rows, title=sheet.shown)


def _example(shown: Example) -> str:
    return shown.before if shown.after is None else f"{shown.before} → {shown.after or '(empty)'}"


def _doubts(sheet: SheetSeen) -> None:
    """What could not be read of a sheet, what it repeats, and whether its own figures agree."""
    for fault in sheet.faults:
        field = f"{fault.field}: " if fault.field else ""
        lost = "" if fault.is_row_lost else ", its row kept" if fault.n_rows == 1 else ", their rows kept"
        if not fault.is_row_lost and not fault.field:
            lost = ", read with its end empty" if fault.n_rows == 1 else ", read with their ends empty"
        example = f" [{fault.example}]" if fault.example else ""
        count = "1 row" if fault.n_rows == 1 else f"{fault.n_rows:,} rows"
        say(f"  {sheet.shown}: {field}{fault.reason} ({count}{lost}, first {fault.first}{example})", style="yellow")
    for each in sheet.overlaps:
        if each.other == sheet.shown:
            told = "of records that stand in the same file already"
        else:
            told = f"of records that {each.other} holds"
        rows = "1 row" if each.n_rows == 1 else f"{each.n_rows:,} rows"
        say(f"  {sheet.shown}: {rows} {told} (known by {each.identity}); each record counts once")
    if sheet.same_file_as:
        say(f"  {sheet.shown}: the same bytes as {sheet.same_file_as}")
    for stated in sheet.stated:
        what = " ".join(part for part in (stated.measure, stated.side, stated.field) if part)
        if stated.measure == "unnamed":
            say(f"  {stated.where} states {stated.stated}, a total without a named measure; no count or sum is that")
        elif stated.agrees is None:
            say(f"  {stated.where} states {what} {stated.stated}; nothing that was read tells whether that is so")
        else:
            verdict = "they agree" if stated.agrees else "THEY DIFFER"
            made = "counted" if stated.measure == "count" else "read"
            say(
                f"  {stated.where} states {what} {stated.stated}; {made} {stated.found}: {verdict}",
                style="" if stated.agrees else "red",
            )
    _masked(sheet)
    unmapped = [each.column for each in sheet.columns if not each.field]
    if unmapped:
        say(f"  {sheet.shown}: columns that are no field: {', '.join(unmapped)}")


_WITHOUT_TIME = "are days without a time of day: what asks for hours or minutes cannot be asked of them"


def _is_moment(kind: str, field: str) -> bool:
    return record(kind).column(field).kind_name == "time"


def _masked(sheet: SheetSeen) -> None:
    """What of a sheet arrived partly hidden, and what of it can still be told."""
    for each in sheet.masked:
        told = f"  {sheet.shown}: {each.field}: {each.n_masked:,} of {each.n_values:,}"
        if _is_moment(sheet.kind, each.field):
            say(f"{told} {_WITHOUT_TIME} (first {each.first})")
            continue
        told += " values arrived partly hidden"
        if each.n_matched is None:
            say(f"{told} (first {each.first}); a run says what can still be matched")
        else:
            n_lost = each.n_masked - each.n_matched
            first = f" (first {each.first})" if n_lost else ""
            say(f"{told}; {each.n_matched:,} could still be matched, {n_lost:,} could not{first}")


def mappings(found: Sequence[MappingChecked]) -> None:
    """Each mapping, and everything that is wrong with it."""
    for each in found:
        state = "confirmed" if each.is_confirmed else "guessed"
        say(f"{each.name}: " + (f"{each.kind}, {state}" if not each.problems else f"{len(each.problems)} problems"))
        for problem in each.problems:
            say(f"  - {problem}", style="red")
        for row in each.rows:
            verdict = f": {row.problem}" if row.problem else ""
            say(f"  row {row.row_no}{verdict}", style="yellow" if verdict else "")
            table(
                ("column", "field", "received (masked)", "read (masked)"),
                [
                    (column or "(told by the others)", field, shown.before, shown.after or "(empty)")
                    for column, field, shown in row.values
                ],
            )


def mapping_history(name: str, versions: Sequence[VersionTold]) -> None:
    """The versions of a mapping, and what each changed."""
    say(name, style="bold")
    for each in versions:
        say(f"version {each.number}  {each.at}  {each.who}  mappings/kept/{each.sha256}.yaml")
        for line in each.changes:
            say(f"  {line}")


def previewed(found: Previewed) -> None:
    """What would become of files, before anything is taken in."""
    for each in found.sheets:
        say(f"{each.shown}: {each.kind}, {each.confidence:.0%} sure", style="bold")
        if each.like:
            say(f"  read like {each.like}, whose mapping was confirmed")
        _columns(each)
        table(tuple(_COUNTED.values()), [_counts(each)], right=range(7))
        _doubts(each)
    for name, question in found.questions:
        say(f"to settle  {name}: {question}", style="yellow")
    for name, reason in found.left:
        say(f"left out   {name}: {reason}", style="yellow")
    for name in found.known:
        say(f"there      {name}")
    stayed_out(found.refused, found.passed_over)
    say("Nothing was taken in: this was a dry run.")


def guesses(found: Survey, *, is_taken: bool) -> None:
    """What was guessed where a match was unsure."""
    if not is_taken:
        return
    for proposal in found.proposals:
        for sheet in proposal.sheets:
            for question in sheet.questions:
                shown = f"{proposal.name}#{sheet.sheet.sheet}" if sheet.sheet.sheet else proposal.name
                say(f"guessed    {shown}: {question.what}: {question.why}", style="yellow")


def evaluated(found: Evaluation) -> None:
    """How good findings are."""
    table(("measure", "result"), evaluation_rows(found))


def screened(found: Screened, language: str) -> None:
    """How many new records show which network, then each hit with its reason, records without one left out."""
    place = LANGUAGES.index(language)
    say(f"{found.n_matched:,} of {found.n_records:,} records match", style="bold")
    if found.matched:
        table(("network", "records"), [(name, f"{n:,}") for name, n in sorted(found.matched.items())], right=(1,))
    last = ""
    for hit in found.hits:
        if hit.row != last:
            say()
            say(hit.row, style="bold")
            last = hit.row
        say(f"  {hit.why[place]}")
    if len(found.hits) < found.n_hits:
        say(f"{found.n_hits - len(found.hits):,} more hits; --limit tells more.")
    for each in found.gatherings:
        say()
        say(", ".join(found.where[row_id] for row_id in each.row_ids), style="bold")
        say(f"  {gathered(each)[place]}")
    if found.n_unread:
        say(f"{found.n_unread:,} values could not be read and were not held against anything.")
    if found.n_damaged:
        say(
            f"{found.n_damaged:,} rows have fewer or more cells than their sheet, or bytes that cannot be decoded: "
            "they were held against the networks as far as they could be read, and would not all be taken into a case.",
            style="yellow",
        )
    say("Leads, not verdicts: a match says where to look.")
