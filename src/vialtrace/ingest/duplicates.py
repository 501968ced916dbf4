"""The same record delivered again: in a second file, or twice in one."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.recording import ROW_BITS
from vialtrace.model import record

IDENTITIES: dict[str, tuple[str, ...]] = {
    "post": ("platform", "post_id"),
    "order": ("order_id", "ordered_at"),
    "waybill": ("waybill_no",),
    "payment": ("payment_id", "payer_account", "payee_account", "amount"),
    "crossing": (),
    "declaration": ("declaration_no", "goods", "hs_code", "value"),
    "permit": ("permit_no", "holder_name"),
    "seizure": ("seizure_id", "document_no", "waybill_no", "material"),
    "specimen": ("seizure_id", "specimen_id"),
    "organisation": (),
    "subscriber": (),
    "contact": (),
}
"""The fields that make two rows the same record, its own number first; empty where a kind has no number of its own."""


def duplicates(kind: str, rows: ir.Table) -> ir.Table:
    """The table ``duplicate``: every row that delivers again what a row with a lower id holds.

    Across files, rows with the same identity are one record; where the identity's number is missing, only rows equal in
    every field. Inside one file, only rows equal in every field count, and only if they have a number of their own: two
    equal payments without one are two payments.
    """
    form = record(kind)
    identity = IDENTITIES[kind]
    content = [name for name in form.names if name not in ("row_id", "is_day_only")]
    source = (rows.row_id // 2**ROW_BITS).cast("int64")
    numbered = rows.mutate(source=source, content=_key(rows, content), number=_number(rows, identity))
    same_content = numbered.mutate(
        copy=ibis.row_number().over(group_by=["content", "source"], order_by="row_id"),
        lowest=numbered.row_id.min().over(group_by="content"),
    )
    # The n-th copy in a later file repeats the n-th copy in the first; further copies are payments of their own.
    met = same_content.mutate(first=same_content.row_id.min().over(group_by=["content", "copy"]))
    by_content = ibis.ifelse(met.number.notnull(), met.lowest, met.first)
    found = met.mutate(by_content=by_content)
    found = _by_identity(found) if identity else found.mutate(same_as=found.by_content)
    again = found.filter(found.same_as < found.row_id)
    return again.select("row_id", kind=ibis.literal(kind), same_as=again.same_as)


def _by_identity(found: ir.Table) -> ir.Table:
    """Rows of other files with the same identity count as the same record, too."""
    lowest = found.row_id.min().over(group_by="number")
    first_source = found.source.min().over(group_by="number")
    is_other_file = found.number.notnull() & (found.source > first_source)
    return found.mutate(same_as=ibis.ifelse(is_other_file, ibis.least(found.by_content, lowest), found.by_content))


def deduplicated(rows: ir.Table, duplicate: ir.Table) -> ir.Table:
    """The rows that are not in ``duplicate``."""
    return rows.anti_join(duplicate, "row_id")


def _number(rows: ir.Table, identity: tuple[str, ...]) -> ir.StringValue:
    """The identity as one text, null where its first field is."""
    if not identity:
        return ibis.null("string")
    leading = identity[1] if identity[0] == "platform" else identity[0]
    return ibis.ifelse(rows[leading].notnull(), _key(rows, list(identity)), ibis.null("string"))


def _key(rows: ir.Table, names: list[str]) -> ir.StringValue:
    """Several fields as one text; a field separator keeps ``ab, c`` apart from ``a, bc``."""
    return ibis.literal("\x1f").join([ibis.coalesce(rows[name].cast("string"), "\x1e") for name in names])
