"""An Ibis expression worked out for one row in Python, as DuckDB would for a million.

Cleaners are written once, as expressions. A single record that comes over a wire cannot wait for a database to plan
half a megabyte of SQL; here the same expression becomes Python closures. Only what works row by row can be read so: no
join, no window, no aggregate. Patterns are RE2's and are rewritten for Python's engine (ASCII digits, blanks and word
characters, scripts by their code points, ``$`` as the end of the text).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from vialtrace.errors import OurBug

Row = Mapping[str, Any]
Memory = dict[str, Any]
Compute = Callable[[Row, Memory], Any]

# Unicode 15.1, Scripts.txt, sc=Han.
_HAN = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufa6d\ufa70-\ufad9\U00016fe2-\U00016fe3\U00016ff0-\U00016ff1\U00020000-\U0002a6df\U0002a700-\U0002b739"
    "\U0002b740-\U0002b81d\U0002b820-\U0002cea1\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1d"
    "\U00030000-\U0003134a\U00031350-\U000323af"
)
_WORD = "0-9A-Za-z_"
_BLANK = r"\t\n\f\r "
_EDGE = f"(?:(?<![{_WORD}])(?=[{_WORD}])|(?<=[{_WORD}])(?![{_WORD}]))"
_CLASSES = {"d": "0-9", "s": _BLANK, "w": _WORD}
_TRIMMED = " \t\n\r\v\f"


def compiled(value: ir.Value) -> Callable[[Row], Any]:
    """A function from a row (column name to value) to the value of the expression.

    Raises:
        OurBug: if the expression holds something that cannot be worked out row by row.
    """
    made = _of(value.op(), {})

    def of_row(row: Row) -> Any:
        return made(row, {})

    return of_row


@cache
def pattern(written: str) -> re.Pattern[str]:
    """A pattern of RE2 as one of Python's that finds the same."""
    flags = re.IGNORECASE if written.startswith("(?i)") else 0
    text = written.removeprefix("(?i)")
    out, place, in_class = [], 0, False
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            piece, place = _escaped(text, place, in_class=in_class)
            out.append(piece)
            continue
        if letter == "[" and not in_class:
            in_class = True
            # A bracket or caret that opens the class belongs to it.
            opening = re.match(r"\[\^?\]?", text[place:])
            taken = opening.group() if opening else "["
            out.append(taken)
            place += len(taken)
            continue
        if in_class:
            in_class = letter != "]"
            out.append("\\" + letter if letter in "[&~|" else letter)
        else:
            out.append(r"\Z" if letter == "$" else letter)
        place += 1
    return re.compile("".join(out), flags)


def _escaped(text: str, place: int, *, in_class: bool) -> tuple[str, int]:
    """What stands for the escape at ``place``, and where the text goes on."""
    kind = text[place + 1]
    if kind == "x" and text[place + 2 : place + 3] == "{":
        end = text.index("}", place)
        return re.escape(chr(int(text[place + 3 : end], 16))), end + 1
    if kind == "p":
        end = text.index("}", place)
        name = text[place + 3 : end]
        inside = _HAN if name == "Han" else _letters()
        return (inside if in_class else f"[{inside}]"), end + 1
    if kind in _CLASSES:
        return (_CLASSES[kind] if in_class else f"[{_CLASSES[kind]}]"), place + 2
    if kind.lower() in _CLASSES and not in_class:
        return f"[^{_CLASSES[kind.lower()]}]", place + 2
    if kind == "b" and not in_class:
        return _EDGE, place + 2
    return text[place : place + 2], place + 2


@cache
def _letters() -> str:
    """Every letter (general category L) as ranges of a character class."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] == "L":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _of(node: Any, known: dict[Any, Compute]) -> Compute:
    """The closure of one operation; equal operations share one."""
    if node not in known:
        maker = _MAKERS.get(type(node))
        if maker is None:
            raise OurBug(f"{type(node).__name__} cannot be worked out for a single row.")
        known[node] = maker(node, lambda part: _of(part, known))
    return known[node]


Maker = Callable[[Any, Callable[[Any], Compute]], Compute]


def _strict(names: tuple[str, ...], work: Callable[..., Any]) -> Maker:
    """An operation that is null as soon as one of its parts is."""

    def maker(node: Any, of: Callable[[Any], Compute]) -> Compute:
        parts = [of(getattr(node, name)) for name in names]
        if len(parts) == 1:
            (only,) = parts

            def one(row: Row, memory: Memory) -> Any:
                value = only(row, memory)
                return None if value is None else work(value)

            return one

        def many(row: Row, memory: Memory) -> Any:
            values = []
            for part in parts:
                value = part(row, memory)
                if value is None:
                    return None
                values.append(value)
            return work(*values)

        return many

    return maker


def _literal(node: Any, of: Callable[[Any], Compute]) -> Compute:  # noqa: ARG001
    value = node.value
    return lambda row, memory: value  # noqa: ARG005


def _field(node: Any, of: Callable[[Any], Compute]) -> Compute:  # noqa: ARG001
    name = node.name
    return lambda row, memory: row.get(name)  # noqa: ARG005


def _argument(node: Any, of: Callable[[Any], Compute]) -> Compute:  # noqa: ARG001
    name = node.name
    return lambda row, memory: memory[name]  # noqa: ARG005


def _bound(node: Any, of: Callable[[Any], Compute]) -> Compute:
    """``let``: the only element of a list, through a function of it (ingest.clean.cell)."""
    mapped = node.arg
    if not isinstance(mapped, ops.ArrayMap) or not isinstance(mapped.arg, ops.Array) or len(mapped.arg.exprs) != 1:
        raise OurBug("Only a list of one element can be worked out for a single row.")
    value, use, name = of(mapped.arg.exprs[0]), of(mapped.body), mapped.param.name

    def bound(row: Row, memory: Memory) -> Any:
        # Never in place: an inner function may call its own by the same name.
        return use(row, {**memory, name: value(row, memory)})

    return bound


def _struct(node: Any, of: Callable[[Any], Compute]) -> Compute:
    parts = dict(zip(node.names, (of(each) for each in node.values), strict=True))

    def struct(row: Row, memory: Memory) -> Any:
        # Each part only when it is asked for: most structs hold a value and why there is none.
        return lambda name: parts[name](row, memory)

    return struct


def _struct_field(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, name = of(node.arg), node.field

    def part(row: Row, memory: Memory) -> Any:
        struct = arg(row, memory)
        return None if struct is None else struct(name)

    return part


def _if(node: Any, of: Callable[[Any], Compute]) -> Compute:
    test, yes, no = of(node.bool_expr), of(node.true_expr), of(node.false_null_expr)
    return lambda row, memory: yes(row, memory) if test(row, memory) else no(row, memory)


def _cases(node: Any, of: Callable[[Any], Compute]) -> Compute:
    branches = [(of(test), of(result)) for test, result in zip(node.cases, node.results, strict=True)]
    default = of(node.default)

    def cases(row: Row, memory: Memory) -> Any:
        for test, result in branches:
            if test(row, memory):
                return result(row, memory)
        return default(row, memory)

    return cases


def _and(node: Any, of: Callable[[Any], Compute]) -> Compute:
    left, right = of(node.left), of(node.right)

    def both(row: Row, memory: Memory) -> Any:
        one = left(row, memory)
        if one is False:
            return False
        other = right(row, memory)
        return False if other is False else (None if one is None or other is None else True)

    return both


def _or(node: Any, of: Callable[[Any], Compute]) -> Compute:
    left, right = of(node.left), of(node.right)

    def either(row: Row, memory: Memory) -> Any:
        one = left(row, memory)
        if one:
            return True
        other = right(row, memory)
        return True if other else (None if one is None or other is None else False)

    return either


def _is_null(*, wanted: bool) -> Maker:
    def maker(node: Any, of: Callable[[Any], Compute]) -> Compute:
        arg = of(node.arg)
        return lambda row, memory: (arg(row, memory) is None) is wanted

    return maker


def _coalesce(node: Any, of: Callable[[Any], Compute]) -> Compute:
    parts = [of(each) for each in node.arg]

    def first(row: Row, memory: Memory) -> Any:
        for part in parts:
            value = part(row, memory)
            if value is not None:
                return value
        return None

    return first


def _null_if(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, other = of(node.arg), of(node.null_if_expr)

    def unless(row: Row, memory: Memory) -> Any:
        value = arg(row, memory)
        return None if value == other(row, memory) else value

    return unless


def _concat(node: Any, of: Callable[[Any], Compute]) -> Compute:
    parts = [of(each) for each in node.arg]

    def joined(row: Row, memory: Memory) -> Any:
        values = [part(row, memory) for part in parts]
        return None if None in values else "".join(values)

    return joined


def _in_values(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg = of(node.value)
    options = frozenset(each.value for each in node.options)

    def among(row: Row, memory: Memory) -> Any:
        value = arg(row, memory)
        return None if value is None else value in options

    return among


def _search(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, found = of(node.arg), pattern(node.pattern.value).search

    def searched(row: Row, memory: Memory) -> Any:
        text = arg(row, memory)
        return None if text is None else found(text) is not None

    return searched


def _replace(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, substitute, written = of(node.arg), pattern(node.pattern.value).sub, node.replacement.value
    groups = re.split(r"\\(\d)", written)

    def rewritten(found: re.Match[str]) -> str:
        return "".join(
            piece if place % 2 == 0 else (found.group(int(piece)) or "") for place, piece in enumerate(groups)
        )

    told: Any = written if len(groups) == 1 and "\\" not in written else rewritten

    def replaced(row: Row, memory: Memory) -> Any:
        text = arg(row, memory)
        return None if text is None else substitute(told, text)

    return replaced


def _extract(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, found, group = of(node.arg), pattern(node.pattern.value).search, node.index.value

    def extracted(row: Row, memory: Memory) -> Any:
        text = arg(row, memory)
        if text is None:
            return None
        match = found(text)
        return (match.group(group) or "") if match else ""

    return extracted


def _translate(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, table = of(node.arg), str.maketrans(node.from_str.value, node.to_str.value)

    def translated(row: Row, memory: Memory) -> Any:
        text = arg(row, memory)
        return None if text is None else text.translate(table)

    return translated


def _substring(text: str, start: int, length: int) -> str:
    return text[start : start + length]


def _cast(node: Any, of: Callable[[Any], Compute]) -> Compute:
    arg, cast = of(node.arg), _CASTS.get(str(node.to).lstrip("!"))
    if cast is None:
        raise OurBug(f"A cast to {node.to} cannot be worked out for a single row.")

    def casted(row: Row, memory: Memory) -> Any:
        value = arg(row, memory)
        return None if value is None else cast(value)

    return casted


def _decimal(precision: int, scale: int = 4) -> Callable[[Any], Decimal | None]:
    def cast(value: Any) -> Decimal | None:
        text = str(value).strip(_TRIMMED) if not isinstance(value, Decimal) else value
        try:
            # DuckDB rounds half away from nought.
            made = Decimal(text).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
        except InvalidOperation:
            return None
        return made if abs(made) < Decimal(10) ** (precision - scale) else None

    return cast


def _integer(value: Any) -> int | None:
    text = str(value).strip(_TRIMMED)
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None


def _day(value: Any) -> Any:
    from datetime import date  # noqa: PLC0415  the only use

    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


_CASTS: dict[str, Callable[[Any], Any]] = {
    "int64": _integer,
    "float64": _number,
    "string": _text,
    "date": _day,
    "decimal(20, 4)": _decimal(20),
    "decimal(18, 4)": _decimal(18),
    "decimal(38, 10)": _decimal(38, 10),
}


def _upper(text: str) -> str:
    """Letter by letter, as DuckDB does: the German sharp s stays one letter."""
    return "".join(large if len(large := letter.upper()) == 1 else letter for letter in text)


def _lower(text: str) -> str:
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


_BINARY = ("left", "right")
_MAKERS: dict[Any, Maker] = {
    ops.Literal: _literal,
    ops.Field: _field,
    ops.Argument: _argument,
    ops.ArrayIndex: _bound,
    ops.StructColumn: _struct,
    ops.StructField: _struct_field,
    ops.IfElse: _if,
    ops.SearchedCase: _cases,
    ops.And: _and,
    ops.Or: _or,
    ops.Not: _strict(("arg",), lambda value: not value),
    ops.IsNull: _is_null(wanted=True),
    ops.NotNull: _is_null(wanted=False),
    ops.Coalesce: _coalesce,
    ops.NullIf: _null_if,
    ops.StringConcat: _concat,
    ops.InValues: _in_values,
    ops.RegexSearch: _search,
    ops.RegexReplace: _replace,
    ops.RegexExtract: _extract,
    ops.Translate: _translate,
    ops.Cast: _cast,
    ops.TryCast: _cast,
    ops.Substring: _strict(("arg", "start", "length"), _substring),
    ops.StrRight: _strict(("arg", "nchars"), lambda text, n: text[-n:] if n else ""),
    ops.StringLength: _strict(("arg",), len),
    ops.StringContains: _strict(("haystack", "needle"), lambda text, part: part in text),
    ops.StartsWith: _strict(("arg", "start"), str.startswith),
    ops.EndsWith: _strict(("arg", "end"), str.endswith),
    ops.StringFind: _strict(("arg", "substr"), lambda text, part: text.find(part)),
    ops.StringReplace: _strict(("arg", "pattern", "replacement"), str.replace),
    ops.LPad: _strict(("arg", "length", "pad"), lambda text, n, pad: text.rjust(n, pad)),
    ops.Strip: _strict(("arg",), lambda text: text.strip(_TRIMMED)),
    ops.Uppercase: _strict(("arg",), _upper),
    ops.Lowercase: _strict(("arg",), _lower),
    ops.Equals: _strict(_BINARY, lambda one, other: one == other),
    ops.NotEquals: _strict(_BINARY, lambda one, other: one != other),
    ops.Less: _strict(_BINARY, lambda one, other: one < other),
    ops.LessEqual: _strict(_BINARY, lambda one, other: one <= other),
    ops.Greater: _strict(_BINARY, lambda one, other: one > other),
    ops.GreaterEqual: _strict(_BINARY, lambda one, other: one >= other),
    ops.Add: _strict(_BINARY, lambda one, other: one + other),
    ops.Subtract: _strict(_BINARY, lambda one, other: one - other),
    ops.Multiply: _strict(_BINARY, lambda one, other: one * other),
    # The remainder has the sign of what is divided, as in SQL.
    ops.Modulus: _strict(_BINARY, lambda one, other: abs(one) % other * (1 if one >= 0 else -1)),
    ops.Negate: _strict(("arg",), lambda value: -value),
    ops.Abs: _strict(("arg",), abs),
}
