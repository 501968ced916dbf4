"""The first page: what, who, how much, how sure, and what it rests on, each figure leading to where it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vialtrace.casefile.cast import Member
from vialtrace.casefile.claims import Claim
from vialtrace.casefile.shelf import Row
from vialtrace.casefile.wording import Words, amount, count, day, share
from vialtrace.model.tables import FACETS, LINES, ROLES


@dataclass(frozen=True)
class Figure:
    """One figure of the summary: what it is, the figure, what qualifies it, and where it is shown in full."""

    label: str
    headline: str
    detail: str
    anchor: str
    is_fact: bool = False
    name: str = ""


@dataclass(frozen=True)
class Support:
    """The claims of one kind of evidence, or about one of the three things a finding must show."""

    name: str
    n_for: int
    n_against: int
    strongest: tuple[Claim, ...]
    exhibits_for: tuple[str, ...] = ()
    exhibits_against: tuple[str, ...] = ()


def is_money(measure: str) -> bool:
    """Whether a measure is an amount of money."""
    return measure in {"gross_paid", "received", "kept"}


def figures(
    words: Words,
    network: Row,
    members: Sequence[Member],
    whole: Mapping[str, Row],
    regions: Sequence[Row],
    n_seizures: int,
    *,
    numbers: Mapping[tuple[str, str, str], str],
) -> list[Figure]:
    """The figures of the summary; lower bounds first. ``numbers`` are those of the estimates on the page."""
    roles = Counter(member.role for member in members)
    listed = words.joined([f"{roles[role]} × {words.role(role)}" for role in ROLES if roles[role]])
    found = [_estimated(words, "samples", whole.get("samples"), numbers)]
    found.append(Figure(words("figure.members"), count(len(members)), listed, "cast", name="members"))
    found += [
        _estimated(words, measure, whole.get(measure), numbers)
        for measure in ("gross_paid", "received", "kept")
        if measure in whole
    ]
    found.append(
        Figure(
            words("figure.period"),
            f"{day(network['from_on'])} – {day(network['to_on'])}",
            words("figure.period.detail"),
            "timeline",
            name="period",
        )
    )
    found.append(
        Figure(
            words("figure.regions"),
            count(len(regions)),
            words("figure.regions.detail"),
            "regions",
            is_fact=True,
            name="regions",
        )
    )
    if "trips" in whole:
        found.append(_estimated(words, "trips", whole["trips"], numbers))
    found.append(
        Figure(
            words("figure.seizures"),
            count(n_seizures),
            words("figure.seizures.detail"),
            "seizures",
            is_fact=True,
            name="seizures",
        )
    )
    found.append(
        Figure(
            words("figure.score"),
            share(network["score"]),
            words("figure.score.detail"),
            "method",
            name="score",
        )
    )
    return found


def _estimated(words: Words, measure: str, row: Row | None, numbers: Mapping[tuple[str, str, str], str]) -> Figure:
    anchor = numbers.get(("", measure, "reconciled"), "estimates")
    label = words.known("measure", measure)
    if row is None:
        return Figure(label, "–", words("figure.unknown"), "estimates", name=measure)
    low, value, high = (amount(row[end], row["unit"], is_money(measure)) for end in ("low", "value", "high"))
    if row["low"] == row["high"]:
        return Figure(label, value, words("figure.exact"), anchor, name=measure)
    return Figure(
        label,
        words("figure.at_least", low=low),
        words("figure.range", value=value, low=low, high=high),
        anchor,
        name=measure,
    )


def by_facet(words: Words, claims: Mapping[str, Claim]) -> list[Support]:
    """What supports each of the three things a finding must show: the chain, the matter, no lawful ground."""
    return [
        _support(words.facet(facet), [claim for claim in claims.values() if claim.facet == facet]) for facet in FACETS
    ]


def by_line(words: Words, claims: Mapping[str, Claim]) -> list[Support]:
    """What the network rests on, by kind of evidence; kinds without a claim are left out."""
    found = [_support(words.line(line), [claim for claim in claims.values() if claim.line == line]) for line in LINES]
    return [each for each in found if each.n_for or each.n_against]


def _support(name: str, claims: list[Claim]) -> Support:
    ranked = sorted(claims, key=lambda claim: (-claim.weight, claim.exhibit))
    return Support(
        name,
        sum(not claim.is_against for claim in claims),
        sum(claim.is_against for claim in claims),
        tuple(claim for claim in ranked if not claim.is_against)[:3],
        tuple(claim.exhibit for claim in claims if not claim.is_against),
        tuple(claim.exhibit for claim in claims if claim.is_against),
    )


def who_by_role(members: Sequence[Member]) -> list[tuple[str, list[Member]]]:
    """The members of each role, in the order of the roles."""
    return [(role, each) for role in ROLES if (each := [member for member in members if member.role == role])]
