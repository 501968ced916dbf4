"""Addresses in the one form they are compared in."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

# Blanks and punctuation that the same address is written with or without.
_NOISE = r"[\s,，、。;；:：]+"

# What stands between the numbers of a building, a stair and a room: 12号3栋502室, 12-3-502.
_BETWEEN = r"[\-－—~#()（）【】\[\]]|号楼|号院|号|栋|幢|座|单元|室|房|户"
_FLOOR = "层|楼层"

_SHORT_LATIN = {
    "rd": "road",
    "st": "street",
    "str": "street",
    "ave": "avenue",
    "av": "avenue",
    "blvd": "boulevard",
    "ln": "lane",
    "dr": "drive",
    "sq": "square",
    "hwy": "highway",
    "bldg": "building",
    "bld": "building",
    "blk": "block",
    "fl": "floor",
    "flr": "floor",
    "rm": "room",
    "apt": "flat",
    "apartment": "flat",
    "ste": "suite",
    "opp": "opposite",
    "nr": "near",
    "ind": "industrial",
    "est": "estate",
    "ctr": "centre",
    "center": "centre",
    "no": "",
    "number": "",
    "the": "",
    "of": "",
}
# A number is its room's or its floor's, wherever they stand: "Flat 4B, 12 MG Road" and "12 MG Rd Apt 4b".
_UNIT = r"\b(flat|room|floor|block|suite|shop|unit|building|house|plot|stall) ([0-9]+[a-z]?|[a-z]?[0-9]+|[a-z])\b"

_WIDE = "０１２３４５６７８９（）－＃"
_NARROW = "0123456789()-#"


def normal(address: ir.StringValue) -> ir.StringValue:
    """The address in one form: narrow digits and brackets, Chinese without blanks and commas, Latin in upper case.

    Room numbers stay: in a tower of shops they tell one receiver from another.
    """
    # Looked for first: writing a text anew letter by letter costs ten times as much as seeing that none is wide.
    narrow = ibis.ifelse(address.re_search(f"[{_WIDE}]"), address.translate(_WIDE, _NARROW), address).upper()
    is_chinese = narrow.re_search(r"\p{Han}")
    return ibis.ifelse(is_chinese, narrow.re_replace(_NOISE, ""), narrow.re_replace(_NOISE, " ").strip()).nullif("")


def keyed(located: ir.Table) -> ir.Table:
    """Each ``address`` beside its ``key``: the same for every way of writing one address.

    ``located`` is what :func:`vialtrace.kit.regions.locate` says of addresses in their one form: ``address``,
    ``region``, ``city``, ``district`` and ``rest``. A key is the places an address lies in and its street, building and
    room. Whoever leaves out the district or the city means the one in which the case knows that street and number;
    where it knows several, or none, the address stays by itself. A masked address, and one without a number, is only
    what it says.
    """
    street = ibis.ifelse(located.rest.re_search(r"\p{Han}"), _chinese_street(located.rest), _latin_street(located.rest))
    is_whole = street.re_search(r"[0-9０-９]") & ~located.address.contains("*") & (street.length() >= _LEAST_STREET)
    told = located.select(
        "address", "region", "city", "district", street=ibis.ifelse(is_whole, street, ibis.null("string"))
    )
    for name, beside in (("city", ("region",)), ("district", ("region", "city"))):
        told = _completed(told, name, beside)
    parts = [told[name].fill_null("") for name in ("region", "city", "district", "street")]
    return told.select(
        "address",
        "region",
        "city",
        "district",
        key=ibis.ifelse(told.street.isnull(), told.address, ibis.literal("|").join(parts)),
    )


_LEAST_STREET = 4


def _completed(told: ir.Table, name: str, beside: tuple[str, ...]) -> ir.Table:
    """``told`` with ``name`` filled in where the same street in the same wider places is known under one such name."""
    known = told.filter(told.street.notnull() & told[name].notnull())
    only = known.group_by("street", *beside).agg(n_known=known[name].nunique(), known=known[name].min())
    only = only.filter(only.n_known == 1).drop("n_known")
    asked = told.filter(told.street.notnull() & told[name].isnull() & told[beside[0]].notnull())
    filled = asked.inner_join(only, ["street", *beside]).select("address", "known")
    joined = told.left_join(filled, "address").select(*told.columns, "known")
    return joined.mutate(**{name: ibis.coalesce(joined[name], joined.known)}).drop("known")


def _chinese_street(rest: ir.StringValue) -> ir.StringValue:
    """``科苑路12号3栋502室`` and ``科苑路12-3-502`` as one text."""
    plain = rest.lower().re_replace(_FLOOR, "楼")
    return plain.re_replace(_BETWEEN, "-").re_replace("-+", "-").strip().re_replace("^-|-$", "")


def _latin_street(rest: ir.StringValue) -> ir.StringValue:
    """The words in order of the alphabet, short forms in full, a room's number bound to its room."""
    words = ibis.literal(" ") + rest.lower().re_replace(r"[.'’]", "").re_replace("[^a-z0-9/]+", " ") + " "
    for short, whole in _SHORT_LATIN.items():
        words = words.re_replace(rf" {re.escape(short)} ", f" {whole} " if whole else " ")
    bound = words.strip().re_replace(_UNIT, r"\1\2")
    return bound.split(" ").filter(lambda word: word != "").sort().join(" ")
