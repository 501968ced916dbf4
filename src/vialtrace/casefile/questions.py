"""What is open: what a careful reader would ask of the case, each with where it arises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vialtrace.casefile.associated import Associated
from vialtrace.casefile.cast import Member
from vialtrace.casefile.flows import FlowLine
from vialtrace.casefile.gaps import Gaps
from vialtrace.casefile.provisions import Provision
from vialtrace.casefile.shelf import Locator, Row, Shelf
from vialtrace.casefile.wording import Words, amount, count, money, share

# Below this the part a member plays is a guess between two.
_SURE_ROLE = 0.7
# An interval whose ends are further apart than this factor tells the order of magnitude only.
_WIDE = 2.0
_FEW_LINES = 2
_MOST_DISAGREEMENTS = 12


@dataclass(frozen=True)
class Question:
    """One open question as a sentence, and the anchors of what raises it."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """One field of a record that two files give differently: the row that is kept, and the other."""

    kind: str
    field: str
    kept: int
    other: int


@dataclass(frozen=True)
class Raised:
    """What open questions arise from."""

    members: Sequence[Member]
    associated: Sequence[Associated]
    lines: Sequence[FlowLine]
    rules: Sequence[Provision]
    whole: dict[str, Row]
    numbers: dict[tuple[str, str, str], str]
    gaps: Gaps
    status: str
    disagreements: Sequence[Disagreement]


def questions(words: Words, held: Raised, locate: Locator, called: Callable[[str], str]) -> list[Question]:
    """The open questions of a network, in the order of the page; ``called`` gives what a party is called there."""
    found = [Question(words("open.undecided"), ())] if held.status == "none" else []
    found += [_role(words, each) for each in held.members if (each.role_probability or 1.0) < _SURE_ROLE]
    found += [
        Question(words("open.thin", who=each.name, n=each.n_lines), (f"m-{each.number}",))
        for each in held.members
        if each.n_lines <= _FEW_LINES
    ]
    found += [
        Question(words("open.alias", who=each.name), (f"m-{each.number}",)) for each in held.members if each.aliases
    ]
    found += [_lent(words, each) for each in held.members if each.lent]
    found += [Question(words("open.associated", who=each.called), (each.number,)) for each in held.associated]
    found += _wide(words, held)
    found += [
        Question(words("open.nobody", n=count(line.n_rows), flow=words.known("flow", line.flow)), (line.exhibit,))
        for line in held.lines
        if (not line.from_id and not line.n_from) or (not line.to_id and not line.n_to)
    ]
    found += [_onward(words, line, called) for line in held.lines if line.flow == "onward"]
    found += _law(words, held.rules)
    if held.gaps.unasked:
        found.append(Question(words.one_or_many("open.unasked", len(held.gaps.unasked)), ("missing",)))
    return found + _differing(words, held.disagreements, locate)


def _role(words: Words, member: Member) -> Question:
    text = words("open.role", who=member.name, role=words.role(member.role), share=share(member.role_probability))
    return Question(text, (f"m-{member.number}",))


def _lent(words: Words, member: Member) -> Question:
    n = len(member.lent)
    text = words("open.lent.many", who=member.name, n=n) if n > 1 else words("open.lent", who=member.name)
    return Question(text, (f"m-{member.number}",))


def _onward(words: Words, line: FlowLine, called: Callable[[str], str]) -> Question:
    """What the money was for that a treasurer passed on; who took it, where the taker may not be named."""
    given = {"amount": money(line.amount, line.currency), "who": called(line.from_id), "n": count(line.n_rows)}
    if line.to_id:
        return Question(words("open.onward.named", taker=called(line.to_id), **given), (line.exhibit,))
    return Question(words("open.onward", **given), (line.exhibit,))


def _wide(words: Words, held: Raised) -> list[Question]:
    found = []
    for measure, row in held.whole.items():
        number = held.numbers.get(("", measure, "reconciled"))
        if number and row["low"] is not None and row["high"] > max(row["low"], 1e-9) * _WIDE:
            is_money = measure in ("gross_paid", "received", "kept")
            low, high = (amount(row[end], row["unit"], is_money) for end in ("low", "high"))
            found.append(
                Question(words("open.wide", measure=words(f"measure.{measure}"), low=low, high=high), (number,))
            )
    return found


def _law(words: Words, rules: Sequence[Provision]) -> list[Question]:
    """Rules of which elements that evidence could speak to are open; the last row of each says only who is liable."""
    found = []
    for place, rule in enumerate(rules, start=1):
        open_ = [
            str(each.number)
            for each in rule.elements[:-1]
            if each.verdict == "not_addressed" and not each.is_exemption and not each.facts
        ]
        if open_:
            found.append(
                Question(
                    words(
                        "open.law" if len(open_) > 1 else "open.law.one",
                        citation=rule.citation,
                        elements=words.joined(open_),
                    ),
                    (f"law-{place}",),
                )
            )
    return found


def _differing(words: Words, found: Sequence[Disagreement], locate: Locator) -> list[Question]:
    """Where two files give one record differently: the places and the field; the values may name a donor."""
    told = [
        Question(
            words(
                "open.disagreement",
                field=words.label(each.kind, each.field),
                one=locate(each.kept),
                other=locate(each.other),
            ),
            ("Q-1",),
        )
        for each in found[:_MOST_DISAGREEMENTS]
    ]
    if len(found) > len(told):
        told.append(Question(words("open.disagreements", n=count(len(found) - len(told))), ("Q-1",)))
    return told


def disagreements(shelf: Shelf, row_ids: set[int]) -> list[Disagreement]:
    """Rows of a network that another file gives again with another value, by place."""
    twins = {row["row_id"]: row["same_as"] for row in shelf.rows("duplicate", "same_as", row_ids)}
    return [
        Disagreement(row["kind"], row["field"], twins[row["row_id"]], row["row_id"])
        for row in shelf.rows("disagreement", "row_id", twins)
    ]
