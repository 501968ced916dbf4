"""The same expressions in Spark's words: where Ibis, Spark and Java mean something else than DuckDB, it is undone here.

Recipes are written once. What they say is defined by what DuckDB answers; this compiler makes Spark answer that:

- patterns are RE2's: Java's ``$`` also stops before a last line break, its ``\\b`` takes Chinese characters for
  letters of words, its ``[`` nests inside a class, and it calls the script Han by another name;
- a decimal literal is exact beside integers (seven of seventy is a tenth), a quotient is a double;
- rounding is of the double times a power of ten; a double prints its digits up to ten to the fifteenth;
- an aggregate that collects nothing is null, not an empty list; lists joined to a text may be empty;
- texts are joined in an order and first values taken in one, by sorting what was collected.
"""

from __future__ import annotations

import re
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

# Patterns see ASCII only, as RE2's do.
_WORD = "[0-9A-Za-z_]"
_MEANS = {
    "\\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    "\\s": r"[\t\n\f\r ]",
    "$": r"\z",
    ".": r"[^\n]",
}
_MEANS_IN_CLASS = {"\\s": r"\t\n\f\r ", "[": r"\[", "&": r"\&", "^": r"\^"}
_ATOM = re.compile(r"\\x\{[0-9A-Fa-f]+\}|\\[pP]\{\^?\w+\}|\\.|.", re.DOTALL)
_FLAGS = re.compile(r"\(\?([a-z]+)([:)])")

# Java holds a class as one function inside the other: of thousands of characters its stack overflows.
_MOST_IN_CLASS = 200


def java_pattern(pattern: str) -> str:
    """A pattern of RE2 as Java reads it."""
    made, at = [], 0
    while at < len(pattern):
        if pattern[at] == "[":
            text, at = _class(pattern, at)
        elif flags := _FLAGS.match(pattern, at):
            # RE2 folds the case of every script.
            text, at = f"(?{flags[1]}{'u' if 'i' in flags[1] else ''}{flags[2]}", flags.end()
        else:
            atom = _atom(pattern, at)
            text, at = _MEANS.get(atom) or _script(atom), at + len(atom)
        made.append(text)
    return "".join(made)


def _atom(pattern: str, at: int) -> str:
    found = _ATOM.match(pattern, at)
    assert found is not None  # noqa: S101  any character is one
    return found[0]


def _script(atom: str) -> str:
    r"""``\p{Han}`` is ``\p{IsHan}``; a general category of one or two letters is written alike."""
    if atom[:2] not in {"\\p", "\\P"} or atom[2:3] != "{":
        return atom
    letter, name = atom[1], atom[3:-1]
    if name.startswith("^"):
        letter, name = "pP"[letter == "p"], name[1:]
    return f"\\{letter}{{{name if len(name) <= 2 else 'Is' + name}}}"


def _class(pattern: str, at: int) -> tuple[str, int]:
    """The class of characters that begins at ``at`` as Java reads it, and where it ends."""
    at += 1
    is_negated = pattern.startswith("^", at)
    at += is_negated
    members: list[str] = []
    # A bracket that comes first stands for itself.
    while not members or pattern[at] != "]":
        atom = _atom(pattern, at)
        at += len(atom)
        text = r"\]" if atom == "]" else _MEANS_IN_CLASS.get(atom) or _script(atom)
        if pattern[at] == "-" and pattern[at + 1] != "]":
            last = _atom(pattern, at + 1)
            at += 1 + len(last)
            text += "-" + (_MEANS_IN_CLASS.get(last) or last)
        members.append(text)
    if len(members) <= _MOST_IN_CLASS:
        return f"[{'^' if is_negated else ''}{''.join(members)}]", at + 1
    pieces = [members[first : first + _MOST_IN_CLASS] for first in range(0, len(members), _MOST_IN_CLASS)]
    some = "(?:" + "|".join(f"[{''.join(piece)}]" for piece in pieces) + ")"
    return (f"(?!{some})[\\s\\S]" if is_negated else some), at + 1


def java_replacement(replacement: str) -> str:
    """What to put in place of a match, with groups as Java names them."""
    return re.sub(r"\\([0-9])", r"$\1", replacement.replace("$", "\\$"))


class PortableCompiler(PySparkCompiler):  # type: ignore[misc]
    """Ibis's compiler for Spark, answering as DuckDB does."""

    __slots__ = ()

    # ---- patterns

    def _pattern(self, op: Any, pattern: Any) -> Any:
        return sge.convert(java_pattern(op.pattern.value)) if isinstance(op.pattern, ops.Literal) else pattern

    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> Any:  # noqa: N802, D102
        return self.f.anon.regexp_like(arg, self._pattern(op, pattern))

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, replacement: Any) -> Any:  # noqa: N802, D102
        if isinstance(op.replacement, ops.Literal):
            replacement = sge.convert(java_replacement(op.replacement.value))
        return self.f.anon.regexp_replace(arg, self._pattern(op, pattern), replacement)

    def visit_RegexExtract(self, op: Any, *, arg: Any, pattern: Any, index: Any) -> Any:  # noqa: N802, D102
        return self.f.anon.regexp_extract(arg, self._pattern(op, pattern), index)

    def visit_ScalarUDF(self, op: Any, **arguments: Any) -> Any:  # noqa: N802, D102
        name = self.__sql_name__(op)
        if name != "regexp_extract_all":
            return self.f.anon[name](*arguments.values())
        text, pattern = arguments.values()
        return self.f.anon.regexp_extract_all(text, self._pattern(op, pattern), 0)

    # ---- numbers

    def visit_Divide(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: ARG002, N802, D102
        return sge.Div(this=self._double(left), expression=self._double(right))

    def visit_FloorDivide(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802, D102
        return self.cast(self.f.floor(self._double(left) / self._double(right)), op.dtype)

    def visit_Round(self, op: Any, *, arg: Any, digits: Any) -> Any:  # noqa: N802, D102
        if op.arg.dtype.is_integer() or not isinstance(op.digits, ops.Literal | None):
            return super().visit_Round(op, arg=arg, digits=digits)
        scale = self.cast(sge.convert(10 ** (op.digits.value if op.digits else 0)), dt.float64)
        whole = self.f.anon.round(sge.paren(self._double(arg) * scale))
        return self.cast(whole / scale, op.dtype)

    def visit_Least(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802, D102
        return arg[0] if len(arg) == 1 else self.f.least(*arg)

    def visit_Greatest(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802, D102
        return arg[0] if len(arg) == 1 else self.f.greatest(*arg)

    def _double(self, value: Any) -> Any:
        return self.cast(sge.paren(value), dt.float64)

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802, D102
        if to.is_string() and op.arg.dtype.is_floating():
            # Spark writes 1.0E7; what a claim tells below a thousandth is rounded away before.
            value = self._double(arg)
            whole = self.f.concat(self.cast(self.cast(value, dt.int64), dt.string), ".0")
            return self.if_(self.f.abs(value) >= 1e7, whole, self.cast(value, dt.string))
        return super().visit_Cast(op, arg=arg, to=to)

    # ---- aggregates

    def visit_CountStar(self, op: Any, *, arg: Any, where: Any) -> Any:  # noqa: N802, D102
        if where is not None:
            return self.f.count(self.if_(where, sge.convert(1), NULL))
        return super().visit_CountStar(op, arg=arg, where=where)

    def visit_ArrayCollect(self, op: Any, *, arg: Any, where: Any, **more: Any) -> Any:  # noqa: N802, D102
        collected = super().visit_ArrayCollect(op, arg=arg, where=where, **more)
        return self.if_(self.f.anon.size(collected).eq(0), NULL, collected)

    def visit_GroupConcat(self, op: Any, *, arg: Any, sep: Any, where: Any, order_by: Any) -> Any:  # noqa: N802, D102
        if not order_by:
            return super().visit_GroupConcat(op, arg=arg, sep=sep, where=where, order_by=order_by)
        is_said = arg.is_(sg.not_(NULL))
        kept = is_said if where is None else sg.and_(is_said, where)
        sorted_ = self.f.anon.array_sort(self.f.anon.collect_list(self.if_(kept, self._ordered(order_by, arg), NULL)))
        texts = self.f.anon.transform(sorted_, self._told())
        return self.if_(self.f.anon.size(sorted_).eq(0), NULL, self.f.anon.array_join(texts, sep))

    def visit_First(self, op: Any, *, arg: Any, where: Any, order_by: Any, include_null: Any) -> Any:  # noqa: N802, D102
        if not order_by:
            return super().visit_First(op, arg=arg, where=where, order_by=order_by, include_null=include_null)
        is_said = arg.is_(sg.not_(NULL))
        kept = is_said if where is None else sg.and_(is_said, where)
        return self.f.anon.min_by(arg, self.if_(kept, self._ordered(order_by), NULL))

    def _ordered(self, order_by: Any, *told: Any) -> Any:
        """A struct that sorts as the keys do, nulls last, with what is told as ``told``; who falls must be a number."""
        fields: list[Any] = []
        for place, key in enumerate(order_by):
            value = sge.Neg(this=sge.paren(key.this)) if key.args.get("desc") else key.this
            fields += [f"is_null_{place}", sge.paren(value).is_(NULL), f"key_{place}", value]
        for each in told:
            fields += ["told", each]
        return self.f.anon.named_struct(*fields)

    @staticmethod
    def _told() -> Any:
        each = sg.to_identifier("each")
        return sge.Lambda(this=sge.Dot(this=each, expression=sg.to_identifier("told")), expressions=[each])

    # ---- lists and texts

    def visit_IntegerRange(self, op: Any, *, start: Any, stop: Any, step: Any) -> Any:  # noqa: N802, D102
        # Ibis subtracts without brackets: `stop - start` where the start is itself a difference.
        if not (isinstance(op.step, ops.Literal) and op.step.value == 1):
            return super().visit_IntegerRange(op, start=sge.paren(start), stop=sge.paren(stop), step=step)
        first, end = sge.paren(sge.convert(start)), sge.paren(sge.convert(stop))
        return self.if_(sge.LT(this=first, expression=end), self.f.anon.sequence(first, end - 1), self.f.array())

    def visit_ArrayStringJoin(self, op: Any, *, arg: Any, sep: Any) -> Any:  # noqa: ARG002, N802, D102
        return self.f.anon.array_join(arg, sep)
