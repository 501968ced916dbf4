"""One-sided lists: a statement of one account holder, the calls of one number; and which way each row went.

The holder is the payer or the caller of a row that went out, and the payee or the called of one that came in.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean import folded
from vialtrace.ingest.clean.words import looked_up
from vialtrace.model.mapping import BY_SIGN, Mapping

SIDES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "payment": (("payer_account", "payee_account", "account"), ("payer_name", "payee_name", "name")),
    "contact": (("from_identifier", "to_identifier", "identifier"),),
}
"""For each kind that comes one-sided: the field it goes out from, the field it comes in to, and what they hold."""

FLOWS: dict[str, dict[str, tuple[str, ...]]] = {
    "payment": {
        "in": (
            "进",
            "贷",
            "收",
            "收入",
            "入",
            "转入",
            "in",
            "c",
            "cr",
            "crdt",
            "credit",
            "i",
            "贷方",
            "入账",
            "存入",
            "+",
            "收款",
            "贷记",
            "来账",
            "进账",
            "進",
            "貸",
            "轉入",
            "收款方",
        ),
        "out": (
            "出",
            "借",
            "付",
            "支出",
            "支",
            "转出",
            "out",
            "d",
            "dr",
            "dbit",
            "debit",
            "o",
            "借方",
            "出账",
            "支取",
            "-",
            "付款",
            "借记",
            "往账",
            "支付",
            "轉出",
            "付款方",
        ),
    },
    "contact": {
        "out": ("主叫", "呼出", "拨出", "去电", "out", "outgoing", "mo", "发送", "拨打", "caller", "主"),
        "in": ("被叫", "呼入", "接听", "来电", "in", "incoming", "mt", "接收", "received", "called", "被"),
    },
}
"""Words of a one-sided list; 贷 and 借 are read from the holder's side, as banks print them."""

NO_WAY = "it says neither in nor out: say what it stands for under words of flow in the mapping"
UNNAMED = "?"
"""Who stands on the other side of a payment that names nobody: one party for each holder, not one for each row."""

NOUGHT = r"^[\s¥￥+\-]*0*[.,]?0*$"
"""An amount that is empty or nought."""


def with_sides(base: ir.Table, mapping: Mapping, columns: dict[str, ir.StringValue]) -> ir.Table:
    """Every row with its two sides by its flow (``side_…``), ``went`` (in, out or null), and ``side_amount``.

    Where the account on the other side is empty, it is written as the own account, ``~`` and the name there: a person
    known to this holder by name, and never the same as one known to another.
    """
    constants = dict(mapping.constants)

    def told(name: str) -> ir.StringValue:
        fixed = constants.get(name)
        if name in columns:
            return columns[name] if fixed is None else ibis.coalesce(folded(columns[name]), ibis.literal(fixed))
        return ibis.literal(fixed, type="string")

    names = [name for name in columns if name in ("amount_in", "amount_out")]
    base = once(base.mutate(went=_went(mapping, columns), **{f"told_{name}": filled(columns[name]) for name in names}))
    made: dict[str, ir.StringValue] = {}
    if names:
        given = [base[f"told_{name}"] for name in names]
        made["side_amount"] = ibis.coalesce(*given, columns["amount"]) if "amount" in columns else ibis.coalesce(*given)
    for out_from, in_to, what in SIDES[mapping.kind]:
        own, other = told(f"own_{what}"), told(f"other_{what}")
        if what == "account":
            named = ibis.coalesce(folded(told("other_name")), UNNAMED)
            other = ibis.coalesce(folded(other), folded(own) + "~" + named.re_replace(r"\s+", "").left(40))
        for field, way in ((out_from, "out"), (in_to, "in")):
            made[f"side_{field}"] = ibis.cases(
                (base.went == way, own), (base.went.notnull(), other), else_=ibis.null("string")
            )
    return once(base.mutate(**made))


def _went(mapping: Mapping, columns: dict[str, ir.StringValue]) -> ir.StringValue:
    """``in``, ``out``, or null where a row says neither (or both)."""
    reading = mapping.reading("flow")
    if reading is None:
        comes, goes = (
            filled(columns[name]).notnull() if name in columns else ibis.literal(False)  # noqa: FBT003  a literal's value
            for name in ("amount_in", "amount_out")
        )
        return ibis.cases((comes & ~goes, "in"), (goes & ~comes, "out"), else_=ibis.null("string"))
    text = columns["flow"]
    if reading.form == BY_SIGN:
        return ibis.cases(
            (text.re_search(r"(?i)\d\s*dr\.?\s*$"), "out"),
            (text.re_search(r"^\s*[¥￥]?\s*[-−(]"), "out"),
            (text.re_search(r"\d"), "in"),
            else_=ibis.null("string"),
        )
    return looked_up(folded(text), FLOWS[mapping.kind])


def filled(text: ir.StringValue) -> ir.StringValue:
    """An amount's text, null where it is empty or nought: of two columns the other is meant."""
    return ibis.ifelse(text.re_search(NOUGHT), ibis.null("string"), text)


def once(table: ir.Table) -> ir.Table:
    """The same rows, with everything above worked out before anything below.

    Ibis writes a column's expression out wherever it is used; unnesting a list of one is where it must stop.
    """
    return table.mutate(once=ibis.array([1]).unnest()).drop("once")
