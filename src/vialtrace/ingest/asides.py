"""Rows that are no records: totals, repeated headers, notes, and what the mapping excludes by a word in a column."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean import folded
from vialtrace.ingest.stating import NOTE, TOTALS
from vialtrace.model.mapping import Exclusion, Mapping, Sheet
from vialtrace.model.spec import Table

_TOTALS = (
    r"^(合\s*计|总\s*计|小\s*计|[累共]\s*计|本[页日月年期次季]\s*[合小]计|总\s*[额数]|总交易(单数|额)|"
    r"totals?|sub-?\s?total|grand total|sum)"
    r"([:：\s].*)?$"
)
_TOTAL_WORD = r"^\s*(合\s*计|总\s*计|小\s*计|累计|共计|本[页月日期年季]合计|本页小计|total|sub-?total|grand total)\s*$"
"""A cell that only says that its row adds up. No list of words: DuckDB makes a join of a long one, for every row."""

_FOOTER = (
    r"^(-{3,}|={3,}|\*{3,}|—{2,}|共\s*\d+\s*[条笔行单]|打印时间|导出时间|制表|审核|(经办|经手|负责|复核|制单|填表|核对|签收)人?(签[字名章])?[:：]|签[字名][:：]|(盖|签)章|备注[:：]|说明[:：]|注[:：]|第\s*\d+\s*页|"
    r"\d+\s+rows?\b|end of|以上|以下空白|"
    r"[已待]?(收入|支出)[:：]\s*\d+\s*笔|(中性交易|不计收支|其他)[:：]\s*\d+\s*笔|[-—]+\s*(end|结束|完))"
)
_CARRIED = (
    r"^(balance\s+)?(b|c)/f(wd)?(\s+balance)?$|^(balance\s+)?(brought|carried)\s+forward(\s+balance)?$|"
    r"^(opening|closing|previous|starting|ending)\s+balance$|"
    r"^(承前(页|期)?|上(期|页|日|月)|期初|期末|上年|本期|年初|月初)?(余额|结余)(结转|承前)?$|^(承上页|过次页|承前页|结转下页|期初|期末)$"
)
CARRIED = "a balance carried from one page or period to the next"
SUMMED_BESIDE = frozenset({"account", "name", "text", "identifier", "document", "waybill_no", "handle"})


def with_exclusions(base: ir.Table, mapping: Mapping, form: Table, plain: frozenset[str]) -> ir.Table:
    """Every row with ``excluded``: why it is no record although it may read like one, null where it may be one.

    A word of a total where a number or a name belongs is looked for in columns that are not wholly plain; to a name and
    a text it is as plain as any other.
    """
    null = ibis.null("string")
    for place, each in enumerate(mapping.exclusions):
        if each.to_end:
            found = base.filter(_has_word(base, mapping, each)).agg(**{f"end_{place}": lambda rows: rows.row_no.min()})
            base = base.cross_join(found)
    whole = base.problem.isnull()
    checks: list[tuple[ir.BooleanValue, str]] = []
    for place, each in enumerate(mapping.exclusions):
        told = base.row_no >= base[f"end_{place}"] if each.to_end else _has_word(base, mapping, each) & whole
        checks.append((ibis.coalesce(told, False), each.reason))
    required = [column for column in form.columns if column.required and column.kind_name in SUMMED_BESIDE]
    texts = [
        base[f"c{mapping.position(reading.column)}"]
        for column in required
        if (column.name not in plain or column.kind_name in ("name", "text"))
        and (reading := mapping.reading(column.name)) is not None
    ]
    if texts:
        checks.append((reduce(or_, (ibis.coalesce(is_total(text), False) for text in texts)) & whole, TOTALS))
    return base.mutate(excluded=ibis.cases(*checks, else_=null) if checks else null)


def _has_word(base: ir.Table, mapping: Mapping, each: Exclusion) -> ir.BooleanValue:
    text = ibis.coalesce(folded(base[f"c{mapping.position(each.column)}"]), "").lower()
    plain = [word.lower() for word in each.words if not word.endswith("*")]
    starts = [word[:-1].lower() for word in each.words if word.endswith("*")]
    return reduce(or_, ([text.isin(plain)] if plain else []) + [text.startswith(start) for start in starts])


def is_total(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a cell only says that its row adds up others."""
    return text.lower().re_search(_TOTAL_WORD)


def records_of(sheet: Sheet) -> Sheet:
    """The sheet with a sample of rows that may be records: a guess must not be misled by totals and notes."""
    kept = tuple(row for row in sheet.sample if not _is_aside(row))
    return replace(sheet, sample=kept or sheet.sample)


def _is_aside(row: tuple[str, ...]) -> bool:
    filled = [text for cell in row if (text := cell.strip(" \t`'").lower())]
    return bool(filled) and (
        bool(re.search(_TOTALS, filled[0]) or re.search(_FOOTER, filled[0]))
        or any(re.search(_TOTAL_WORD, text) or re.search(_CARRIED, text) for text in filled)
    )


def looks_aside(base: ir.Table, mapping: Mapping) -> ir.StringValue:
    """Why a row that cannot be read need not be: it repeats the header, adds up, or only divides or explains."""
    null = ibis.null("string")
    cells = [base[name] for name in base.columns if re.fullmatch(r"c\d+", name)]
    mapped = [(base[f"c{mapping.position(each.column)}"], each.column) for each in mapping.readings]
    if not mapped:
        return null
    n_alike = reduce(add, (ibis.ifelse(cell.strip() == header, 1, 0) for cell, header in mapped))
    first = ibis.coalesce(*cells).re_replace(r"^[\s`']+", "").strip()
    return ibis.cases(
        (n_alike * 2 >= max(2, len(mapped)), "the header again"),
        (first.lower().re_search(_TOTALS), TOTALS),
        (reduce(or_, (ibis.coalesce(is_total(cell), False) for cell in cells)), TOTALS),
        (first.lower().re_search(_FOOTER), NOTE),
        (reduce(or_, (ibis.coalesce(cell.strip().lower().re_search(_CARRIED), False) for cell in cells)), CARRIED),
        else_=null,
    )
