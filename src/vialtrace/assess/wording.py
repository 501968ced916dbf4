"""What the provisions say in two languages: English as the packs have it, Chinese from one list beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from vialtrace.assess.facts import Facts, Showing
from vialtrace.assess.pack import Element, Rule
from vialtrace.assess.predicates import PREDICATES
from vialtrace.errors import OurBug


@cache
def _chinese() -> Mapping[str, str]:
    text = (resources.files("vialtrace.assess") / "chinese.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.safe_load(text)
    return found


@dataclass(frozen=True)
class Tongue:
    """One of the two languages: 0 is English, 1 Chinese."""

    place: int

    def __call__(self, english: str) -> str:
        """A text of a pack, or of a fact, in this language.

        Raises:
            OurBug: if it has no Chinese.
        """
        if not self.place or not english:
            return english
        if english not in _chinese():
            raise OurBug(
                f"This text of a rule pack has no Chinese: {english}", expected="A line in assess/chinese.yaml."
            )
        return _chinese()[english]

    def either(self, english: str, chinese: str) -> str:
        """One of two texts."""
        return chinese if self.place else english

    def explained(self, rule: Rule, element: Element, facts: Facts) -> str:
        """Both sides of an element, in words."""
        speaks_for, speaks_against = (
            self.said(rule, element.supports, facts),
            self.said(rule, element.contradicts, facts),
        )
        parts = [self.either(f"Speaks for it: {speaks_for}.", f"支持：{speaks_for}。")] if speaks_for else []
        if speaks_against:
            parts.append(self.either(f"Speaks against it: {speaks_against}.", f"抵触：{speaks_against}。"))
        if not parts:
            asked = self.either("; ", "；").join(
                self(PREDICATES[name].words) for name in (*element.supports, *element.contradicts)
            )
            looked = self.either(f" Looked for: {asked}.", f"已查找：{asked}。") if asked else ""
            parts = [self.either("No record of the case speaks to it.", "本案记录未涉及。") + looked]
        return self.either(" ", "").join(parts)

    def said(self, rule: Rule, names: Sequence[str], facts: Facts) -> str:
        """The facts of these names that lie in the rule's time, in words."""
        sentences = []
        for name in names:
            showings = shown(rule, name, facts)
            if showings:
                counted, words = self.counted(showings), self(PREDICATES[name].words)
                sentences.append(self.either(f"{words} ({counted})", f"{words}（{counted}）"))
        return self.either("; ", "；").join(sentences)

    def counted(self, showings: Sequence[Showing]) -> str:
        """How many claims and rows, from when to when, and what is said besides."""
        claims = sum(bool(each.evidence_id) for each in showings)
        rows = sum(
            each.n_rows for each in showings if not each.evidence_id and not each.said[0] and not each.counted[0]
        )
        days = [day for each in showings for day in each.days]
        parts = [self.either(f"{claims} claim{'s' if claims != 1 else ''}", f"{claims} 项主张")] if claims else []
        parts += [self.either(f"{rows:,} row{'s' if rows != 1 else ''}", f"{rows:,} 行")] if rows else []
        forms = [(each.counted[self.place], each.n_rows) for each in showings if each.counted[self.place]]
        parts += [form.format(n=f"{n:,}") for form, n in forms]
        parts += [each.said[self.place] for each in showings if each.said[self.place]]
        parts += [self.either(f"{min(days)} to {max(days)}", f"{min(days)} 至 {max(days)}")] if days else []
        return self.either(", ", "，").join(parts)

    def about(self, rule: Rule) -> tuple[str, str]:
        """Who is liable, and what the entry is: the last row of each rule."""
        if self.place:
            reviewed = f"由 {rule.reviewer} 审阅" if rule.reviewer else "未经法律专业人员审阅"
            start = f"自 {rule.valid_from} 起施行" if rule.valid_from else "在本案记录之前已施行"
            end = f"，至 {rule.valid_to} 止" if rule.valid_to else ""
            dates = f"{start}{end}。{self(rule.dates_note)}"
            said = f"{self(rule.summary)}本条目{reviewed}；来源 {rule.source}，等级 {rule.grade}；{dates}"
            return f"责任主体：{self(rule.liable)}", said
        reviewed = f"reviewed by {rule.reviewer}" if rule.reviewer else "not reviewed by a lawyer"
        start = f"in force since {rule.valid_from}" if rule.valid_from else "in force since before these records"
        end = f", until {rule.valid_to}" if rule.valid_to else ""
        dates = f"{start}{end}. {rule.dates_note}".strip()
        said = f"{rule.summary} Entry {reviewed}; source {rule.source}, grade {rule.grade}; {dates}"
        return f"Who is liable: {rule.liable}", said


TONGUES = (Tongue(0), Tongue(1))


def shown(rule: Rule, name: str, facts: Facts) -> list[Showing]:
    """The showings of a fact that lie in the rule's time."""
    return [kept for each in facts.get(name, ()) if (kept := each.within(rule.valid_from, rule.valid_to))]
