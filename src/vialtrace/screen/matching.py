"""Many new records at once: sightings joined with what is watched for.

Each step is small and is written out before the next: a planner that sees two joins at once may begin with every trait
or every name of every network.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, StringValue, Table

from vialtrace.kit import names

MASKED = ("phone", "document", "account")
"""What may come with stars in it."""

TRAITS = ("contents", "amount", "port")
"""What counts only beside something else."""

LEAST_TAIL = 4
"""Characters after the last star that must show: with fewer, thousands of numbers fit in one town."""

LEAST_SHOWN = 6
"""Characters that must show in all, a country code not counted."""

_WATCHED = (
    "network_id", "what", "value", "party_id", "member_id", "called", "role", "rule", "is_support", "n_rows", "row_ids",
    "from_on", "to_on",
)  # fmt: skip


def candidates(sightings: Table, watch: Table) -> Table:
    """Each sighting with each thing watched for that it may show, whatever name stands beside it; traits aside.

    ``how`` is ``same`` or ``masked``. A masked form matches a whole one that shows the same characters, never another
    masked one.
    """
    signs = watch.filter(~watch.is_support)
    same = _joined(sightings, signs, [sightings.what == signs.what, sightings.seen == signs.value], "same")
    return same.union(_masked(sightings, signs))


def matches(candidates: Table, watch_name: Table) -> Table:
    """The candidates beside whose sighting stands the name that the watch asks for."""
    return _by_name(candidates, watch_name)


def beside(sightings: Table, matches: Table) -> Table:
    """Traits seen in records that show a network already, with that network: half of all parcels have one."""
    shown = matches.select("row_id", met_network="network_id").distinct()
    return sightings.filter(sightings.what.isin(TRAITS)).join(shown, "row_id")


def supports(beside: Table, watch: Table) -> Table:
    """The traits of `beside` that are habits of the network, in the form of `matches`."""
    traits = watch.filter(watch.is_support)
    met = beside.join(
        traits,
        [beside.what == traits.what, beside.seen == traits.value, beside.met_network == traits.network_id],
    )
    seen = [name for name in beside.columns if name not in {"what", "met_network"}]
    return met.select(*seen, *_WATCHED).mutate(how=ibis.literal("same"))


def _joined(sightings: Table, watch: Table, on: list[BooleanValue], how: str) -> Table:
    met = sightings.join(watch, on)
    seen = [name for name in sightings.columns if name != "what"]
    return met.select(*seen, *_WATCHED).mutate(how=ibis.literal(how))


def head(value: StringValue) -> StringValue:
    """What shows before the first star."""
    return value.re_extract(r"^([^*]*)", 1)


def tail(value: StringValue) -> StringValue:
    """What shows after the last star."""
    return value.re_extract(r"([^*]*)$", 1)


def _masked(sightings: Table, watch: Table) -> Table:
    """A masked form on either side, with a whole one on the other."""
    here = sightings.filter(sightings.what.isin(MASKED) & (sightings.seen.length() > LEAST_TAIL))
    there = watch.filter(watch.what.isin(MASKED) & (watch["value"].length() > LEAST_TAIL))
    starred, whole = here.filter(here.seen.contains("*")), here.filter(~here.seen.contains("*"))
    by_mask = there.filter(there["value"].contains("*"))
    by_whole = there.filter(~there["value"].contains("*"))
    one = _fitting(starred, by_whole, is_seen_masked=True)
    return one.union(_fitting(whole, by_mask, is_seen_masked=False))


def _fitting(here: Table, there: Table, *, is_seen_masked: bool) -> Table:
    left = here.mutate(end=here.seen.right(LEAST_TAIL), n=here.seen.length())
    right = there.mutate(end_=there["value"].right(LEAST_TAIL), n_=there["value"].length())
    met = left.join(right, [left.what == right.what, left.end == right.end_, left.n == right.n_])
    mask, full = (met.seen, met["value"]) if is_seen_masked else (met["value"], met.seen)
    n_shown = head(mask).replace("+86", "").length() + tail(mask).length()
    fitting = met.filter(
        (tail(mask).length() >= LEAST_TAIL)
        & (n_shown >= LEAST_SHOWN)
        & full.startswith(head(mask))
        & full.endswith(tail(mask))
    )
    seen = [name for name in here.columns if name != "what"]
    rule = ibis.ifelse(fitting.rule == "none", "fits", fitting.rule)
    return fitting.mutate(rule=rule).select(*seen, *_WATCHED).mutate(how=ibis.literal("masked"))


def _by_name(found: Table, watch_name: Table) -> Table:
    """Matches whose name is as the rule asks; where no name can stand beside, one that fits is not asked for."""
    is_free = (found.rule == "none") | ((found.rule == "fits") & ~found.has_name & (found.how == "same"))
    free = found.filter(is_free)
    bound = found.filter(~is_free & found.name.notnull())
    shown = names.shown(bound.name)
    told = bound.mutate(name_key=names.name_key(bound.name), starts=shown.starts, ends=shown.ends)
    known = watch_name.select("network_id", "party_id", known_key="name_key", known_starts="starts", known_ends="ends")
    met = told.join(known, ["network_id", "party_id"])
    is_full = met.starts.isnull() & met.known_starts.isnull()
    is_same = is_full & (met.name_key == met.known_key)
    is_fit = (met.starts.notnull() & met.known_starts.isnull() & names.fit(met.starts, met.ends, met.known_key)) | (
        met.starts.isnull() & met.known_starts.notnull() & names.fit(met.known_starts, met.known_ends, met.name_key)
    )
    # Two masked forms, of the number and of the name, leave too many people it could be.
    as_asked = is_same | (is_fit & (met.rule == "fits"))
    return free.union(met.filter(as_asked.fill_null(False)).select(*found.columns).distinct())  # noqa: FBT003
