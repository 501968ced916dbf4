"""Which profiles are worth comparing: those that agree in at least two fields, one of them perhaps in part.

Every pair here shares a telephone's visible digits, an address or a date of birth, *and* a name that fits. Nobody is
compared for a name alone.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from vialtrace.kit.names import fit
from vialtrace.resolve.beside import beside
from vialtrace.resolve.ruled import compared, merge_id, rejected
from vialtrace.resolve.sharing import RESIDENT

_MASK = r"^([^*]+)\*+([^*]*)$"
_FACE = ("group_id", "name", "phone", "address", "birth_on", "document")


def comparable(
    profile: ir.Table, spelling: ir.Table, grouping: ir.Table, decision: ir.Table, *, min_population: int = 10_000,
) -> ir.Table:
    """Describe what of each profile can be compared, and how common it is.

    Profiles of one group that differ in nothing comparable stand as one row. Shares are of groups, as the best count
    of people so far.

    Args:
        profile: distinct sets of identifiers.
        spelling: distinct names.
        grouping: groups of profiles that strong identifiers hold together.
        decision: what people decided; an identifier marked as over-shared is compared by nobody.
        min_population: a small case says little about how rare a name is; see `hold`.
    """
    known = beside(beside(profile, spelling, "name"), grouping, "profile_id")
    known = compared(known, decision, ("phone", "address", "document"))
    # A resident identity number holds its bearer's date of birth: it meets the traveller of the same name and day.
    known = known.mutate(
        group_id=ibis.coalesce(known["group_id"], known["profile_id"]),
        birth_on=ibis.coalesce(known["birth_on"], born_of_resident(known["document"])),
    )
    named = known.filter(known["name"].notnull())
    faces = named.group_by(*_FACE).agg(
        profile_id=named["profile_id"].min(), row_id=named["row_id"].min(),
        **{column: named[column].min() for column in ("name_key", "label", "starts", "ends")},
    )
    population = ibis.greatest(faces.select("group_id").distinct().count().as_scalar(), min_population)
    shared = faces
    for column in ("label", "phone", "address"):
        holders = faces.filter(faces[column].notnull()).select(column, "group_id").distinct()
        count = holders.group_by(column).agg(**{f"n_{column}": holders.count()})
        shared = beside(shared, count, column)
    shares = {
        f"tf_{column}": (shared[f"n_{column}"].cast("float64") / population.cast("float64"))
        for column in ("label", "phone", "address")
    }
    return shared.select(
        "profile_id", "group_id", "row_id", "name_key", "label", "starts", "ends", "phone", "address", "birth_on",
        "document",
        phone_head=shared["phone"].re_extract(_MASK, 1).nullif(""),
        phone_tail=ibis.ifelse(
            shared["phone"].contains("*"), shared["phone"].re_extract(_MASK, 2), ibis.null("string"),
        ),
        prior=ibis.literal(1.0) / population.cast("float64"),
        **shares,
    )


def born_of_resident(document: ir.StringValue) -> ir.DateValue:
    """The date of birth in a resident identity number (GB 11643, digits 7 to 14); null for any other document."""
    digits = document.substr(6, 8)
    text = ibis.literal("-").join([digits.left(4), digits.substr(4, 2), digits.right(2)])
    is_day = document.re_search(RESIDENT) & digits.re_search(r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])$")
    is_late = digits.re_search(r"^(19|20)[0-9]{2}((0[13-9]|1[0-2])(29|30)|(0[13578]|1[02])31)$")
    return ibis.ifelse(is_day | (document.re_search(RESIDENT) & is_late), text, ibis.null("string")).cast("date")


def candidate(comparable: ir.Table, decision: ir.Table, *, max_faces_at_address: int = 200) -> ir.Table:
    """Pair the profiles that agree in enough to be compared.

    Args:
        comparable: what can be compared.
        decision: what people decided; a pair whose merge was rejected is not compared again.
        max_faces_at_address: an address with more is a courier station or an office tower: living there is no
            likeness, and all pairs of it would be the square of it.
    """
    pairs = [
        _by_masked_phone(comparable), _by_address(comparable, max_faces_at_address), _by_birth(comparable),
    ]
    whole: ir.Table = reduce(ir.Table.union, pairs)
    found = whole.group_by("profile_id", "other_profile_id").agg(reason=whole["reason"].max())
    named = found.mutate(merge_id=merge_id(found["profile_id"] + found["other_profile_id"]))
    return named.anti_join(rejected(decision), "merge_id").drop("merge_id")


def _by_masked_phone(faces: ir.Table) -> ir.Table:
    """A masked telephone, and one whose visible digits are the same under a name that fits."""
    masked = faces.filter(faces["phone_head"].notnull())
    shapes = masked.select(
        n_head=masked["phone_head"].length(), n_tail=masked["phone_tail"].length(), n_all=masked["phone"].length(),
    ).distinct()
    full = faces.filter(faces["phone"].notnull() & faces["phone_head"].isnull())
    shaped = full.cross_join(shapes)
    shaped = shaped.filter(shaped["phone"].length() == shaped["n_all"])
    visible = shaped["phone"].left(shaped["n_head"]) + "*" + shaped["phone"].right(shaped["n_tail"])
    keyed = masked.mutate(visible=masked["phone_head"] + "*" + masked["phone_tail"])
    whole = keyed.select(*_NAMED, "visible").union(shaped.select(*_NAMED, visible=visible))
    return _paired(keyed.select(*_NAMED, "visible"), whole, ["visible"], "masked_phone")


def _by_address(faces: ir.Table, max_faces: int) -> ir.Table:
    """The same address under names that fit."""
    housed = faces.filter(faces["address"].notnull())
    crowd = housed.group_by("address").agg(n=housed.count())
    quiet = housed.semi_join(crowd.filter(crowd["n"].between(2, max_faces)), "address").select(*_NAMED, "address")
    return _paired(quiet, quiet, ["address"], "address")


def _by_birth(faces: ir.Table) -> ir.Table:
    """The same name and date of birth on different documents: a renewed document."""
    born = faces.filter(faces["birth_on"].notnull() & faces["label"].notnull())
    keyed = born.select(*_NAMED, "birth_on", sound="label")
    return _paired(keyed, keyed, ["birth_on", "sound"], "birth")


_NAMED = ("profile_id", "group_id", "name_key", "label", "starts", "ends")


def _paired(ones: ir.Table, others: ir.Table, keys: list[str], reason: str) -> ir.Table:
    """Pairs of different groups that agree in ``keys`` and have names that fit, each pair once."""
    renamed = others.select(*keys, **{f"other_{column}": others[column] for column in _NAMED})
    met = ones.inner_join(renamed, keys)
    met = met.filter(met["group_id"] != met["other_group_id"])
    fitting = met.filter(ibis.or_(
        met["name_key"] == met["other_name_key"],
        met["label"] == met["other_label"],
        fit(met["starts"], met["ends"], met["other_name_key"]) & met["other_label"].notnull(),
        fit(met["other_starts"], met["other_ends"], met["name_key"]) & met["label"].notnull(),
    ))
    first = ibis.least(fitting["profile_id"], fitting["other_profile_id"])
    second = ibis.greatest(fitting["profile_id"], fitting["other_profile_id"])
    return fitting.select(profile_id=first, other_profile_id=second, reason=ibis.literal(reason)).distinct()
