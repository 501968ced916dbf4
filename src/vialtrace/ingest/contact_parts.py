"""A person's name, telephone and address in one cell (``张三 13800138000``): told apart, each read as its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean import folded
from vialtrace.ingest.clean.cell import chain, let
from vialtrace.kit.scalars import compiled
from vialtrace.model.mapping import ADDRESS_PART, NAME_PART, PHONE_PART, Mapping, Question, Reading, Sheet, claims_of

WHOSE: dict[str, dict[str, dict[str, str]]] = {
    "waybill": {
        end: {NAME_PART: f"{end}_name", PHONE_PART: f"{end}_phone", ADDRESS_PART: f"{end}_address"}
        for end in ("sender", "receiver")
    },
    "order": {end: {NAME_PART: f"{end}_name", PHONE_PART: f"{end}_phone"} for end in ("client", "agent")},
}
"""For each kind whose people come with a telephone: the fields that the parts of a person's cell are read as."""

_CLEAR, _BY_OTHER_WORDS = 0.9, 0.85
_ENOUGH = 0.5
"""The share of a column's values that must hold both a name and a telephone: some rows have only one of them."""

_MOBILE = r"(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?[\d*]{4}[-\s]?[\d*]{4}"
_ABROAD = r"(?:\+|00)\d[\d\s-]{6,16}\d"
_LINE = r"0\d{2,3}[-\s]?\d{7,8}|\d{7,12}"
_PHONE = rf"(?:^|[^\d*+])({_MOBILE}|{_ABROAD}|{_LINE})(?:[^\d*]|$)"
_NUMBER = r"\+?\d[\d*\s-]{5,}[\d*xX]"
"""Any long number: of a telephone, or of a document that stands beside it."""

_WHO = (
    r"(?:收件人|寄件人|发件人|收货人|联系人|收方|寄方|客户|姓名|代理|name|recipient|consignee|sender|receiver|contact)"
)
_CALLED = rf"(?i){_WHO}\s*(?:姓名)?\s*:\s*([^,;、|/\d]+)"
_ADDRESS = r"(?i)(?:详细)?(?:收件|寄件|收货|发货|联系)?(?:地址|住址|\baddress)\s*:?\s*(.+)$"
_BEFORE_ADDRESS = r"(?i)[,;、|\s]*(?:详细)?(?:收件|寄件|收货|发货|联系)?(?:地址|住址|\baddress\b)\s*:?.*$"
_PHONE_WORD = r"(?i)(?:联系)?(?:电话|手机)(?:号码|号)?|联系方式|\btel\b|\bphone\b|\bmobile\b|\bmob\b"
_IS_PLACE = r"(?i)[省市区县镇乡村路街巷弄号栋幢室楼]|\b(?:road|street|avenue|lane|rd|st|ave|district|block|flat)\b"
_EDGES = r"^[\s,;、|/:()\[\].\-]+|[\s,;、|/:(\[.\-]+$|\s*\(\s*[\d+]*\s*\)\s*$|[\s\])]+$"
_LEAST_PLACE = 6
"""Letters of the shortest address: 区 and 路 stand in names, too."""


def part_of(text: ir.StringValue, form: str) -> Any:
    """One part of a cell, null where it has none; what stands between the parts is left out."""
    return let(folded(text), _PARTS[form])


def _phone(text: ir.StringValue) -> ir.Value:
    return text.re_extract(_PHONE, 1).nullif("")


def _name(text: ir.StringValue) -> ir.Value:
    def unlabelled(whole: ir.StringValue) -> ir.Value:
        head = whole.re_replace(_BEFORE_ADDRESS, "")
        return let(
            head,
            lambda rest: let(
                _tidy(rest.re_extract(rf"^(.*?)(?:{_NUMBER})", 1)),
                lambda before: ibis.cases(
                    (~rest.re_search(_NUMBER), _tidy(rest)),
                    (_is_place(before), before.re_extract(r"[\s,;]([^\s,;]+)$", 1)),
                    (before != "", before),
                    else_=let(
                        _tidy(rest.re_replace(rf"^.*(?:{_NUMBER})", "")),
                        lambda after: ibis.ifelse(_is_place(after), "", after),
                    ),
                ),
            ),
        )

    called = text.re_extract(_CALLED, 1).strip()
    return let(called, lambda told: ibis.ifelse(told != "", told, unlabelled(text)).nullif(""))


def _address(text: ir.StringValue) -> ir.Value:
    def unlabelled(whole: ir.StringValue) -> ir.Value:
        after = _tidy(whole.re_extract(rf"(?:{_NUMBER})(.*)$", 1))
        before = _tidy(whole.re_extract(rf"^(.*?)(?:{_NUMBER})", 1))
        return let(
            ibis.struct({"after": after, "before": before}),
            lambda sides: ibis.cases(
                (_is_place(sides["after"]), sides["after"]),
                (_is_place(sides["before"]), _tidy(sides["before"].re_replace(r"[\s,;][^\s,;]+$", ""))),
                else_="",
            ),
        )

    labelled = _tidy(text.re_extract(_ADDRESS, 1))
    return let(labelled, lambda told: ibis.ifelse(told != "", told, unlabelled(text)).nullif(""))


def _tidy(text: ir.StringValue) -> Any:
    """A part without the words and signs that join it to the others."""
    return chain(
        text,
        lambda one: one.re_replace(_PHONE_WORD, " "),
        lambda one: one.re_replace(rf"(?i)^\s*{_WHO}\s*:", ""),
        lambda one: one.re_replace(_EDGES, ""),
        lambda one: one.re_replace(_EDGES, ""),
    )


def _is_place(text: ir.StringValue) -> ir.BooleanValue:
    return (text.length() >= _LEAST_PLACE) & text.re_search(_IS_PLACE)


_PARTS: dict[str, Callable[[Any], ir.Value]] = {NAME_PART: _name, PHONE_PART: _phone, ADDRESS_PART: _address}


@cache
def _reader(form: str) -> Callable[[str], str | None]:
    """The same of one text, in Python."""
    rows = ibis.table({"x": "string"}, name="rows")
    part = compiled(part_of(rows.x, form))
    return lambda text: part({"x": text})


def with_parts(
    sheet: Sheet, mapping: Mapping, asked: tuple[Question, ...]
) -> tuple[Mapping, tuple[Question, ...]]:
    """The mapping with each column that holds a person's name and telephone read as both, and what is left to ask.

    A field that a column of its own holds stays with that.
    """
    for place, header in enumerate(sheet.headers):
        whose, sure = _whose(mapping, header)
        values = [row[place] for row in sheet.sample if row[place].strip()]
        if not whose or not _are_together(values):
            continue
        elsewhere = {each.field for each in mapping.readings if each.column != header} | {*dict(mapping.constants)}
        has_places = _share(values, ADDRESS_PART) >= _ENOUGH
        parts = tuple(
            Reading(field, header, form=form, confidence=sure)
            for form, field in whose.items()
            if field not in elsewhere and (form != ADDRESS_PART or has_places)
        )
        mapping = replace(mapping, readings=(*(r for r in mapping.readings if r.column != header), *parts))
        asked = tuple(each for each in asked if each.what == "kind" or header not in each.candidates[:1])
    return mapping, asked


_BESIDE_WORDS = re.compile(
    r"(姓名)?(信息|资料|及联系方式|和联系方式|联系方式|[及和与、/]?(联系)?(电话|手机)(号码|号)?)$|"
    r"(?i:[\s_]*(and|&|/|\+)?[\s_]*\b(phone|tel|mobile|contact|info|details|information)\b)"
)
_SHORT = {"寄件": "寄件人", "发件": "寄件人", "收件": "收件人", "收货": "收货人", "寄": "寄件人", "收": "收件人"}


def _whose(mapping: Mapping, header: str) -> tuple[dict[str, str], float]:
    """The fields of the person whom a header speaks of, and how plainly it does; none where it speaks of none."""
    bare = _BESIDE_WORDS.sub("", header.strip()).strip()
    for named, sure in ((header, _CLEAR), (_SHORT.get(bare, bare), _BY_OTHER_WORDS)):
        fields = {field for kind, field in claims_of(named) if kind == mapping.kind} if named else set()
        for parts in WHOSE.get(mapping.kind, {}).values():
            if fields & {parts[NAME_PART], parts[PHONE_PART]}:
                return parts, sure
    return {}, 0.0


def _are_together(values: Sequence[str]) -> bool:
    """Whether enough of a column's values hold a telephone and a name beside it."""
    both = sum(bool(_reader(PHONE_PART)(each) and _is_name(_reader(NAME_PART)(each))) for each in values)
    return bool(values) and both >= max(1, _ENOUGH * len(values))


def _is_name(text: str | None) -> bool:
    return bool(text) and not re.search(r"\d{3}", text or "") and bool(re.search(r"[^\W\d_]{2}", text or ""))


def _share(values: Sequence[str], form: str) -> float:
    return sum(bool(_reader(form)(each)) for each in values) / max(1, len(values))
