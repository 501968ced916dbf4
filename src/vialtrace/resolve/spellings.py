"""Names as they are written, and what they can be compared by."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.kit import names
from vialtrace.resolve.beside import beside


def spelling(profile: ir.Table) -> ir.Table:
    """Take each distinct name once: its key, its sound, and what a partial name shows.

    The sound of a full name is its romanised form, so that 张三 at the border as ZHANG SAN is one name; names that
    sound alike are kept apart by everything else about them.
    """
    written = profile.filter(profile["name"].notnull()).select("name").distinct()
    syllables = ibis.memtable(names.syllable_table())
    sounded = beside(written, names.romanised(written, syllables), "name")
    name = sounded["name"]
    key, shown = names.name_key(name), names.shown(name)
    return sounded.filter(key.notnull()).select(
        "name", name_key=key,
        label=ibis.ifelse(shown.is_partial, ibis.null("string"), ibis.coalesce(sounded["order_free"], key)),
        is_partial=shown.is_partial,
        starts=shown.starts,
        ends=shown.ends,
        is_organisation=names.is_organisation(name),
    )
