"""What to ask for next, ranked: what would give a member a further kind of evidence, or narrow the estimate most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vialtrace.casefile.associated import Associated
from vialtrace.casefile.cast import Member
from vialtrace.casefile.shelf import Row

# The kind of evidence that records of a kind can give of a member, and the source of the estimate they would be.
_GIVES: dict[str, tuple[tuple[str, ...], str]] = {
    "post": (("advert",), ""),
    "order": (("order", "shared_clients"), "orders"),
    "waybill": (("parcel", "shared_clients"), "parcels"),
    "payment": (("payment", "payee_names", "shared_clients"), "payments"),
    "crossing": (("crossing", "coupling"), "trips"),
    "seizure": (("seizure",), "seizures"),
    "specimen": (("seizure",), "tube_labels"),
    "declaration": (("declaration",), ""),
    "organisation": (("register",), ""),
    "contact": (("contact",), ""),
}
# The records that a member's part leaves behind; asking for others is a search without a reason.
_OF_ROLE = {
    "organiser": ("payment", "contact", "crossing", "organisation"),
    "recruiter": ("post", "order", "payment", "contact"),
    "collector": ("waybill", "order", "payment", "contact"),
    "hub": ("waybill", "payment", "contact", "seizure"),
    "mule": ("crossing", "payment", "contact", "seizure"),
    "treasurer": ("payment", "contact", "organisation"),
    "laboratory": ("payment", "declaration", "organisation", "contact"),
}
# Sources of one amount read overlapping rows: any two errors are taken to be half correlated, as `estimate` does.
_SHARED = 0.5
_NORMAL = 1.959964
# Membership takes two kinds of evidence; whoever has just two would fall with one of them.
_FEW_LINES = 2


@dataclass(frozen=True)
class Ask:
    """Records to ask for: to whom they would give a further kind of evidence, and what interval they would leave.

    ``gain`` is what the rank goes by: the share by which the interval would narrow, plus the share of thinly shown
    members and associated parties who would get a further kind of evidence.
    """

    kind: str
    members: tuple[Member, ...]
    associated: tuple[Associated, ...]
    interval: tuple[float, float] | None
    gain: float


def asks(
    members: Sequence[Member],
    tied: Sequence[Associated],
    samples: Row | None,
    methods: Iterable[Row],
    estimates: Mapping[str, Mapping[str, Row]],
) -> list[Ask]:
    """Record kinds worth asking for, the most telling first.

    Args:
        members: the members, with the kinds of evidence each has.
        tied: the associated parties, with what they lack.
        samples: the reconciled number of persons' samples.
        methods: the sources it was reconciled from.
        estimates: reconciled estimates by party; members without one for samples are asked for too.
    """
    sources = {row["method"]: row for row in methods if not row["party_id"] and row["measure"] == "samples"}
    found = [_ask(kind, members, tied, samples, sources, estimates) for kind in _GIVES]
    return sorted((each for each in found if each.gain > 0), key=lambda each: (-each.gain, each.kind))


def _ask(
    kind: str,
    members: Sequence[Member],
    tied: Sequence[Associated],
    samples: Row | None,
    sources: Mapping[str, Row],
    estimates: Mapping[str, Mapping[str, Row]],
) -> Ask:
    lines, method = _GIVES[kind]
    helped = tuple(
        member
        for member in members
        if kind in _OF_ROLE.get(member.role, ())
        and not set(lines) & set(member.lines)
        and (member.n_lines <= _FEW_LINES or "samples" not in estimates.get(member.party_id, {}))
    )
    further = tuple(each for each in tied if kind in each.lacks)
    thin = sum(member.n_lines <= _FEW_LINES for member in members) + len(tied)
    interval = _with_source(samples, sources) if samples and method and method not in sources else None
    narrowed = (
        1 - math.log(interval[1] / interval[0]) / math.log(samples["high"] / samples["low"])
        if interval and samples
        else 0.0
    )
    return Ask(kind, helped, further, interval, narrowed + (len(helped) + len(further)) / max(thin, 1))


def _with_source(samples: Row, sources: Mapping[str, Row]) -> tuple[float, float] | None:
    """The interval as it would be with one more source, as sharp as the middle one of those in hand."""
    now = _deviation(samples)
    each = sorted(found for row in sources.values() if (found := _deviation(row)) is not None)
    if now is None or not each:
        return None
    other = each[len(each) // 2]
    ours, theirs = 1 / now**2, 1 / other**2
    parts = [ours / (ours + theirs) * now, theirs / (ours + theirs) * other]
    then = math.sqrt((1 - _SHARED) * sum(part**2 for part in parts) + _SHARED * sum(parts) ** 2)
    if then >= now:
        return None
    return samples["value"] * math.exp(-_NORMAL * then), samples["value"] * math.exp(_NORMAL * then)


def _deviation(row: Row) -> float | None:
    """The standard deviation on the log scale that an interval stands for; none where it has no width."""
    if not row["low"] or not row["high"] or row["low"] >= row["high"]:
        return None
    return math.log(row["high"] / row["low"]) / (2 * _NORMAL)
