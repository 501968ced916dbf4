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
from vialtrace.resolve.ruled import compared, identified, merge_id, rejected
from vialtrace.resolve.sharing import RESIDENT

_MASK = r"^([^*]+)\*+([^*]*)$"
_FACE = ("group_no", "name", "phone", "address", "birth_on", "document")


def comparable(profile: ir.Table, spelling: ir.Table, grouping: ir.Table, decision: ir.Table) -> ir.Table:
    """Describe what of each profile can be compared.

    Profiles of one group that differ in nothing comparable stand as one row. What a person marked as over-shared is
    compared by nobody.
    """
    written = profile.filter(profile["name"].notnull()).select(
        "profile_no", "row_id", "name", "phone", "address", "birth_on", "document",
    )
    known = compared(beside(written, grouping, "profile_no"), decision, ("phone", "address", "document"))
    # A resident identity number holds its bearer's date of birth: it meets the traveller of the same name and day.
    known = known.mutate(
        group_no=ibis.coalesce(known["group_no"], known["profile_no"]),
        birth_on=ibis.coalesce(known["birth_on"], born_of_resident(known["document"])),
    )
    faces = known.group_by(*_FACE).agg(profile_no=known["profile_no"].min(), row_id=known["row_id"].min())
    spelled = beside(faces, spelling.select("name", "name_key", "label", "starts", "ends"), "name")
    return spelled.select(
        "profile_no", "group_no", "row_id", "name_key", "label", "starts", "ends", "phone", "address", "birth_on",
        "document",
        phone_head=spelled["phone"].re_extract(_MASK, 1).nullif(""),
        phone_tail=ibis.ifelse(
            spelled["phone"].contains("*"), spelled["phone"].re_extract(_MASK, 2), ibis.null("string"),
        ),
    )


def paired(comparable: ir.Table, candidate: ir.Table, *, min_population: int = 10_000) -> ir.Table:
    """Keep of what can be compared the profiles that are in a pair, with how common what they hold is.

    Shares are of groups, as the best count of people so far.

    Args:
        comparable: what can be compared.
        candidate: pairs to compare.
        min_population: a small case says little about how rare a name is; see `hold`.
    """
    ends = candidate.select("profile_no").union(candidate.select(profile_no="other_profile_no"), distinct=True)
    shared = faces = comparable.semi_join(ends, "profile_no")
    population = ibis.greatest(comparable.select("group_no").distinct().count().as_scalar(), min_population)
    for column in ("label", "phone", "address"):
        # Of all faces only those that bear what somebody in a pair bears.
        holders = comparable.semi_join(faces.filter(faces[column].notnull()), column).select(column, "group_no")
        each = holders.distinct()
        shared = beside(shared, each.group_by(column).agg(**{f"n_{column}": each.count()}), column)
    shares = {
        f"tf_{column}": shared[f"n_{column}"].cast("float64") / population.cast("float64")
        for column in ("label", "phone", "address")
    }
    return shared.select(*comparable.columns, prior=ibis.literal(1.0) / population.cast("float64"), **shares)


def born_of_resident(document: ir.StringValue) -> ir.DateValue:
    """The date of birth in a resident identity number (GB 11643, digits 7 to 14); null for any other document."""
    digits = document.substr(6, 8)
    text = ibis.literal("-").join([digits.left(4), digits.substr(4, 2), digits.right(2)])
    is_day = document.re_search(RESIDENT) & digits.re_search(r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])$")
    is_late = digits.re_search(r"^(19|20)[0-9]{2}((0[13-9]|1[0-2])(29|30)|(0[13578]|1[02])31)$")
    return ibis.ifelse(is_day | (document.re_search(RESIDENT) & is_late), text, ibis.null("string")).cast("date")


def candidate(
    comparable: ir.Table, profile: ir.Table, decision: ir.Table, *, max_faces_at_address: int = 200,
) -> ir.Table:
    """Pair the profiles that agree in enough to be compared.

    Args:
        comparable: what can be compared.
        profile: distinct sets of identifiers.
        decision: what people decided; a pair whose merge was rejected is not compared again.
        max_faces_at_address: an address with more is a courier station or an office tower: living there is no
            likeness, and all pairs of it would be the square of it.
    """
    pairs = [
        _by_masked_phone(comparable), _by_address(comparable, max_faces_at_address), _by_birth(comparable),
    ]
    whole: ir.Table = reduce(ir.Table.union, pairs)
    found = whole.group_by("profile_no", "other_profile_no").agg(reason=whole["reason"].max())
    named = identified(found, profile)
    told = named.mutate(merge_id=merge_id(named["profile_id"] + named["other_profile_id"]))
    return told.anti_join(rejected(decision), "merge_id").select("profile_no", "other_profile_no", "reason")


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


_NAMED = ("profile_no", "group_no", "name_key", "label", "starts", "ends")


def _paired(ones: ir.Table, others: ir.Table, keys: list[str], reason: str) -> ir.Table:
    """Pairs of different groups that agree in ``keys`` and have names that fit, each pair once."""
    renamed = others.select(*keys, **{f"other_{column}": others[column] for column in _NAMED})
    met = ones.inner_join(renamed, keys)
    met = met.filter(met["group_no"] != met["other_group_no"])
    fitting = met.filter(ibis.or_(
        met["name_key"] == met["other_name_key"],
        met["label"] == met["other_label"],
        fit(met["starts"], met["ends"], met["other_name_key"]) & met["other_label"].notnull(),
        fit(met["other_starts"], met["other_ends"], met["name_key"]) & met["label"].notnull(),
    ))
    first = ibis.least(fitting["profile_no"], fitting["other_profile_no"])
    second = ibis.greatest(fitting["profile_no"], fitting["other_profile_no"])
    return fitting.select(profile_no=first, other_profile_no=second, reason=ibis.literal(reason)).distinct()
