"""Names as they are written, and what they can be compared by."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.kit import names
from vialtrace.resolve.beside import beside

# A surname with a title, or a familiar form, is a partial name: 王女士 and 小王 are anybody called 王 on that
# telephone, 阿强 anybody whose name ends so, Mrs Sharma anybody of that surname.
_TITLE = r"^([\p{Han}]{1,2})(?:先生|女士|小姐|太太|阿姨|大姐|大哥|老师|医生|经理|老板|总|姐|哥|叔|姨)$"
_FAMILIAR = r"^[小老]([\p{Han}])$"
_COURTESY = r"(?i)^(?:mr|mrs|ms|miss|dr|shri|smt|madam)[.\s]+([a-z'’\-]+)$"
_PET = r"^阿([\p{Han}])$"

# What stands between the parts of a name without being part of it.
_SEPARATORS = r"[\s,，.·・'’\-‐]"


def name_key(name: ir.StringValue) -> ir.StringValue:
    """The name without blanks and punctuation, lower case; stars of a mask stay."""
    return name.re_replace(_SEPARATORS, "").lower().nullif("")


def spelling(profile: ir.Table) -> ir.Table:
    """Take each distinct name once: its key, its sound, and what a partial name shows.

    The sound of a full name is its romanised form, so that 张三 at the border as ZHANG SAN is one name; names that
    sound alike are kept apart by everything else about them.
    """
    written = profile.filter(profile["name"].notnull()).select("name").distinct()
    syllables = ibis.memtable(names.syllable_table())
    sounded = beside(written, names.romanised(written, syllables), "name")
    name = sounded["name"]
    key = name_key(name)
    first = ibis.coalesce(name.re_extract(_TITLE, 1).nullif(""), name.re_extract(_FAMILIAR, 1).nullif(""))
    last = ibis.coalesce(name.re_extract(_PET, 1).nullif(""), name_key(name.re_extract(_COURTESY, 1)).nullif(""))
    is_familiar = first.notnull() | last.notnull()
    is_partial = names.is_masked(name) | is_familiar
    nothing, empty = ibis.null("string"), ibis.literal("")
    starts = ibis.ifelse(is_familiar, first.fill_null(""), key.re_extract(r"^([^*]*)", 1))
    ends = ibis.ifelse(is_familiar, ibis.coalesce(last, empty), key.re_extract(r"([^*]*)$", 1))
    return sounded.filter(key.notnull()).select(
        "name", name_key=key,
        label=ibis.ifelse(is_partial, nothing, ibis.coalesce(sounded["order_free"], key)),
        is_partial=is_partial,
        starts=ibis.ifelse(is_partial, starts, nothing),
        ends=ibis.ifelse(is_partial, ends, nothing),
        is_organisation=names.is_organisation(name),
    )
