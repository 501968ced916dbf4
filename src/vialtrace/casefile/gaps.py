"""What the case lacks, and which record would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.cast import Member
from vialtrace.casefile.flows import Month
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.model import RECORDS
from vialtrace.model.records import OWN_TIME

# What identifies a member well enough to ask somebody for the member's records.
_ASKED_FOR = {"person": ("name", "document", "phone", "account"), "organisation": ("name", "org_id", "account")}

# Registers and permits have no rhythm; a month without an entry in them says nothing.
_RHYTHMIC = ("post", "order", "waybill", "payment", "crossing", "contact")


@dataclass(frozen=True)
class MemberGap:
    """A member and the identifiers that no record gives."""

    member: Member
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class MonthGap:
    """A record kind and the months of the network's conduct in which the case holds none of it, for anybody."""

    kind: str
    months: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """Everything that is missing."""

    unasked: tuple[Row, ...]
    absent_kinds: tuple[str, ...]
    members: tuple[MemberGap, ...]
    months: tuple[MonthGap, ...]
    n_quarantined: int
    n_field_issues: int
    masked: tuple[Row, ...] = ()


def masked(shelf: Shelf) -> tuple[Row, ...]:
    """What arrived masked in each field of each file, and the first row that nothing matches."""
    locate = Locator.of(shelf)
    return tuple(
        {
            **row,
            "file": locate.file(row["source_no"] << 32),
            "n_lost": row["n_masked"] - row["n_matched"],
            "first": locate(row["first_lost"]) if row["first_lost"] is not None else "",
        }
        for row in shelf.all_rows("masking_loss")
    )


def gaps(shelf: Shelf, members: Sequence[Member], months: Sequence[Month]) -> Gaps:
    """What is missing for a network: questions not asked, kinds absent, members and months without records."""
    sources = shelf.all_rows("source")
    present = {row["kind"] for row in sources if (row["n_rows"] or 0) > 0}
    present |= {kind for kind in RECORDS if kind not in present and shelf.count(kind)}
    return Gaps(
        tuple(shelf.all_rows("unasked")),
        tuple(kind for kind in RECORDS if kind not in present),
        tuple(gap for gap in map(_member_gap, members) if gap.lacks),
        tuple(
            gap
            for gap in (
                _month_gap(shelf, kind, [month.month for month in months]) for kind in _RHYTHMIC if kind in present
            )
            if gap.months
        ),
        sum(row["n_quarantined"] or 0 for row in sources),
        sum(row["n_field_issues"] or 0 for row in sources),
        masked(shelf),
    )


def _member_gap(member: Member) -> MemberGap:
    held = {each["identifier_type"] for each in member.identifiers}
    wanted = _ASKED_FOR["organisation" if member.kind == "organisation" else "person"]
    return MemberGap(member, tuple(each for each in wanted if each not in held))


def _month_gap(shelf: Shelf, kind: str, wanted: list[str]) -> MonthGap:
    seen = {month for month, _ in monthly(shelf, kind)}
    return MonthGap(kind, tuple(month for month in wanted if month not in seen))


def monthly(shelf: Shelf, kind: str) -> tuple[tuple[str, int], ...]:
    """The months in which a kind has records of events, as ``2025-03``, each with how many, in order."""

    def counted() -> tuple[tuple[str, int], ...]:
        times = pc.drop_null(shelf.columns(kind, [OWN_TIME[kind]])[OWN_TIME[kind]]).cast(pa.timestamp("us"))
        months = pc.value_counts(pc.floor_temporal(times, unit="month")).to_pylist()
        return tuple(sorted((f"{each['values']:%Y-%m}", each["counts"]) for each in months))

    return shelf.once(("monthly", kind), counted, lambda found: 200 * len(found))
