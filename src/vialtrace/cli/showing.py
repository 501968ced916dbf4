"""What stands behind an id, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vialtrace.actions import Shown
from vialtrace.cli.screen import say, table
from vialtrace.kit.chance import share
from vialtrace.model.tables import ROLES


def shown(found: Shown) -> None:
    """A network, member, claim or row, with what stands under it."""
    _SHOWING[found.kind](found.told)


def _show_network(told: dict[str, Any]) -> None:
    say(f"{told['id']}  score {share(told['score'])}  {told['period']['from']} to {told['period']['to']}", style="bold")
    say(f"samples    {_range(told['samples'])} {told['samples']['unit']}")
    say(f"paid       {_range(told['proceeds'])} {told['proceeds']['unit']}")
    say(f"kept       {_range(told['kept'])} {told['kept']['unit']}")
    say(f"regions    {' '.join(told['regions'])}")
    rows = [
        (
            each["id"],
            _name(each),
            ROLES[each["role"]][0],
            share(each["score"]),
            str(len(each["evidence"])),
            str(len(each["against"])),
        )
        for each in told["members"]
    ]
    table(("member", "name", "role", "score", "claims for", "against"), rows, right=(3, 4, 5))
    for place in told["places"]:
        say(f"{place['role']:<10} {place['address']}")


_JUDGED = {"accept": "accepted", "reject": "rejected", "hold": "held"}


def _show_member(told: dict[str, Any]) -> None:
    say(
        f"{told['id']}  {_name(told)}  {ROLES[told['role']][0]}  "
        f"score {share(told['score'])}  in {', '.join(told['networks'])}"
        + (f"  {_JUDGED[told['judgement']]} by a person" if "judgement" in told else ""),
        style="bold",
    )
    for each in told["held"]:
        say(f"{each['type']:<10} {each['value']}  ({each['id']})")
    for each in told["merges"]:
        say(f"merged     {each['explanation']} ({each['id']})")
    for heading, claims in (("speaks for", told["evidence"]), ("speaks against", told["against"])):
        if claims:
            say(heading, style="bold")
        for each in claims:
            more = " …" if len(each["rows"]) > 3 else ""
            rows = f"{len(each['rows'])} rows, {', '.join(each['rows'][:3])}{more}"
            say(f"  {each['weight']:+.2f}  {each['claim']}  [{rows}]")
    say(f"claims     {' '.join(each['evidence_id'] for each in told['claims'])}")


def _show_claim(told: dict[str, Any]) -> None:
    say(f"{told['evidence_id']}  {told['detector']}  weight {told['weight']:+.2f}", style="bold")
    say(told["sentence"])
    for name in ("test", "n_observed", "n_expected", "p_value", "q_value", "first_on", "last_on"):
        if told[name] is not None:
            say(f"{name:<11} {told[name]}")
    for row in told["as_received"]:
        _show_cells(row)
    if len(told["rows"]) > len(told["as_received"]):
        say(f"… and {len(told['rows']) - len(told['as_received']):,} rows more; --limit shows them.")


def _show_row(told: dict[str, Any]) -> None:
    _show_cells(told)
    for name in ("kind", "quarantined", "set_aside", "same_as", "known_by"):
        if told[name]:
            say(f"{name.replace('_', ' '):<11} {told[name]}")
    for name in ("also_in", "disagrees_in"):
        if told[name]:
            say(f"{name.replace('_', ' '):<11} {', '.join(told[name])}")
    if told["claims"]:
        say(f"claims      {' '.join(told['claims'])}")


def _show_merge(told: dict[str, Any]) -> None:
    say(f"{told['id']}  {told['explanation']}", style="bold")
    say(f"party      {_called(told['party'])}")
    _say_held(told)
    if told["weight"] is not None:
        say(f"weight     {told['weight']:+.2f}")
    _say_decided(told)
    for row in told["as_received"]:
        _show_cells(row)


def _show_identifier(told: dict[str, Any]) -> None:
    say(f"{told['id']}  {told['type']}", style="bold")
    _say_held(told)
    for each in told["parties"]:
        say(f"used by    {_called(each)}, in {each['n_rows']:,} rows")
    if told["merges"]:
        say(f"merges     {' '.join(told['merges'])}")
    _say_decided(told)


def _show_part(told: dict[str, Any]) -> None:
    say(f"{told['id']}  the part of {_called(told['party'])} that a split would make", style="bold")
    _say_held(told)
    say(f"rows       {told['n_rows']:,}")


def _show_place(told: dict[str, Any]) -> None:
    say(f"{told['id']}  {told['address']}", style="bold")
    for each in told["networks"]:
        say(f"{each['role']:<10} {each['network']}, {each['n']:,} parcels of {each['n_senders']:,} senders")
        for claim in each["claims"]:
            say(f"  {claim['weight']:+.2f}  {claim['sentence']}  ({claim['evidence_id']})")
        if each["rows"]:
            say(f"rows       {', '.join(each['rows'])}")


def _show_file(told: dict[str, Any]) -> None:
    say(f"{told['id']}  {told['n_bytes']:,} bytes  sha256 {told['sha256']}", style="bold")
    say(f"added      {told['added_at']} by {told['added_by']}")
    if told["grade"]:
        say(f"grade      {told['grade']['code']}")
    for each in told["sheets"]:
        name = f"{each['sheet']}: " if each["sheet"] else ""
        left = f"{each['n_quarantined']:,} in quarantine, {each['n_set_aside']:,} set aside"
        say(f"holds      {name}{each['n_rows']:,} rows of {each['kind']}, {left}, {each['n_duplicates']:,} duplicates")
    _say_decided(told)


def _show_organisation(told: dict[str, Any]) -> None:
    where = f", but in the records of {', '.join(told['networks'])}" if told["networks"] else ""
    say(f"{told['id']}  {told['name']}  an organisation, no member of a network{where}", style="bold")
    if told["claims"]:
        say(f"claims     {' '.join(told['claims'])}")
    _say_decided(told)


def _show_decided(told: dict[str, Any]) -> None:
    say(f"{told['id']}  not among what the last run found{': ' + told['kind'] if told['kind'] else ''}", style="bold")
    _say_decided(told)


def _say_held(told: dict[str, Any]) -> None:
    say(f"{told['type']:<10} {'withheld' if told['value'] is None else told['value']}")


def _say_decided(told: dict[str, Any]) -> None:
    for each in told.get("judged", ()):
        say(f"decided    {each['act']} by {each['who']}, {each['at']}: {each['why']}")
    for each in told["notes"]:
        say(f"note       by {each['who']}, {each['at']}: {each['why']}")


def _called(party: dict[str, Any]) -> str:
    return f"{party['name']} ({party['id']})" if party["id"] else str(party["name"])


_SHOWING = {
    "network": _show_network,
    "member": _show_member,
    "claim": _show_claim,
    "row": _show_row,
    "merge": _show_merge,
    "identifier": _show_identifier,
    "part": _show_part,
    "place": _show_place,
    "file": _show_file,
    "organisation": _show_organisation,
    "decided": _show_decided,
}


def _show_cells(row: dict[str, Any]) -> None:
    say(row["row"], style="bold")
    for header, text in row["cells"].items():
        say(f"  {header}: {text}")


def _name(member: Mapping[str, Any]) -> str:
    return next((str(each["value"]) for each in member["identifiers"] if each["type"] == "name"), "–")


def _range(estimate: Mapping[str, Any]) -> str:
    return f"{estimate['low']:,.0f} – {estimate['estimate']:,.0f} – {estimate['high']:,.0f}"


def donors(told: dict[str, Any]) -> None:
    """Who stands behind each pseudonym of a run."""
    say(f"{len(told['protected']):,} protected people of run {told['run']}", style="bold")
    for each in told["protected"]:
        say(each["pseudonym"], style="bold")
        for kind, value in each["identifiers"]:
            say(f"  {kind:<10} {value}")
