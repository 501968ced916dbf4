"""What some stage wrote in English, in the language of the page.

English is the detectors' own sentence. Chinese is made from the catalogue: by detector, with the numbers of the English
sentence in their order. A sentence with fewer numbers than its Chinese needs is told by its counts instead, so that a
detector can change what it says and nothing wrong is printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from vialtrace.casefile.shelf import Row
from vialtrace.casefile.wording import Words, count, plain
from vialtrace.casefile.wording import words as all_words

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Detectors write for any number; of one parcel it is said so.
_COUNTED = "parcel|post|client|payment|payer|member|order|trip|day|week|test"
_ONE = re.compile(rf"(?<![\d,.])1 ((?:other |public |different )?(?:{_COUNTED}))s\b")
_OTHERS = re.compile(r"\b(from|to) (\d+)(?: of the other members of the network\b|(?= and made))")
# What chance gives is written to two places; a nought there is no nought.
_NOUGHT = re.compile(r"\b(would give) 0\.0+(?![\d])")
_ONE_OF_WHOM = re.compile(r"(\bone other member of the network, )?\b1 of whom pay\b")
_NEEDED = re.compile(r"\{n(\d)\}")
# What may stand in a slot of an estimate's basis: a number, a currency or none, and lists of names with a number each.
_LIST = r"((?:[a-z ]+ [\d,.]+%?|\d+ [a-z ]+)(?:, (?:[a-z ]+ [\d,.]+%?|\d+ [a-z ]+))*)"
_SLOTS = {
    "{1}": r"(\d[\d,]*(?:\.\d+)?%?)",
    " {c}": r"(?: ([A-Z]{3}))?",
    "{c}": r"([A-Z]{3})?",
    "{methods}": _LIST,
    "{models}": _LIST,
    "{patterns}": _LIST,
}
_GROUPS = {"{methods}": "method_name", "{models}": "model_name", "{patterns}": "pattern_name"}


def sentence(row: Row, words: Words, n_rows: int) -> str:
    """A claim as a sentence, with {subject} and {object} for its two ends."""
    english, least = str(row["claim"] or ""), words("told.nought")
    if words.language == "en":
        counted = _OTHERS.sub(_one_other, _ONE.sub(r"1 \1", _NOUGHT.sub(rf"\1 {least}", english)))
        return _ONE_OF_WHOM.sub(lambda found: f"{found[1]}who pays" if found[1] else "one of whom pays", counted)
    numbers = {
        f"n{place}": least if re.fullmatch(r"0\.0+", each) else each
        for place, each in enumerate(_NUMBER.findall(english), start=1)
    }
    key = f"claim.{row['detector']}"
    needed = (
        max((int(place) for place in _NEEDED.findall(words.texts[key][1])), default=0) if key in words.texts else -1
    )
    is_told = 0 <= needed <= len(numbers)
    there = words("and.object", object="{object}") if row["object_id"] is not None else ""
    given = {
        "subject": "{subject}",
        "object": "{object}" if is_told else there,
        "rows": count(n_rows),
        "observed": plain(row["n_observed"]),
        "expected": plain(row["n_expected"]),
        "line": words.line(row["line"]),
    }
    return words(key if is_told else "claim.other", **given, **numbers).replace(f" {least}", least)


def _one_other(found: re.Match[str]) -> str:
    """``from 1 of the other members of the network`` as people say it."""
    end, n = found[1], found[2]
    ours = "other member" if n == "1" else "other members"
    return f"{end} {'one' if n == '1' else n} {ours}" + (" of the network" if "network" in found[0] else "")


def basis(row: Row, words: Words) -> str:
    """What an estimate was counted from and assumes, sentence by sentence, with every number of it.

    Where one sentence is of no form that the catalogue knows, the number of rows is told instead of a half.
    """
    english = str(row["basis"] or "")
    if words.language == "en":
        return english
    told, at = [], 0
    while at < len(english):
        found = next(((key, said) for key, form in _forms() if (said := form.match(english, at))), None)
        if found is None:
            return words("basis.other", rows=count(row["n_rows"]))
        told.append(_filled(words.texts[found[0]], found[1].groups(), words))
        at = found[1].end()
    return "".join(told)


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English sentences that a basis is made of, as patterns; in the order of the catalogue."""
    return tuple(
        (key, re.compile("".join(_SLOTS.get(part, re.escape(part)) for part in _split(english)) + r"\s*"))
        for key, (english, _) in all_words().texts.items()
        if key.startswith("basis.") and english
    )


def _split(form: str) -> list[str]:
    """A sentence of the catalogue as its slots and what stands between them; each number's slot is ``{1}``."""
    return [re.sub(r"\{\d\}", "{1}", part) for part in re.split(r"( ?\{c\}|\{\w+\})", form)]


def _filled(texts: tuple[str, str], values: tuple[str | None, ...], words: Words) -> str:
    """The Chinese of a sentence, with the values of the English one: slots are filled by name, alike ones in turn."""
    held: dict[str, list[str]] = defaultdict(list)
    for slot, value in zip(re.findall(r"\{\w+\}", texts[0]), values, strict=True):
        held[slot].append(value or "")
    told = re.sub(r"\{\w+\}", lambda found: _slot(found[0], held[found[0]], words), texts[1])
    return re.sub(r" +(?=[，；。、（])", "", told)


def _slot(slot: str, values: list[str], words: Words) -> str:
    value = values.pop(0) if len(values) > 1 else values[0]
    group = _GROUPS.get(slot)
    if group is None:
        return value
    return words.joined([_listed(each, group, words) for each in value.split(", ")])


def _listed(each: str, group: str, words: Words) -> str:
    """One of a list in a basis, such as ``multiple systems 31%`` or ``2 fan in``, in the page's language."""
    number = next(part for part in each.split() if part[0].isdigit())
    name = " ".join(part for part in each.split() if part != number)
    return f"{words.known(group, name.removesuffix(' model').replace(' ', '_'))} {number}"


# Why a party is taken for a member, as `reconstruct` writes it, and the sentence of the catalogue that says it.
_ALIASES = (
    (re.compile(r"One full name among the (?P<n>[\d,]+) .* (?P<chance>[\d.]+) of them\."), "cast.alias.near"),
    (re.compile(r"One full name, and only .* the (?P<n>[\d,]+) .* (?P<chance>[\d.]+) of them\."), "cast.alias.rare"),
    (re.compile(r"One rare full name, .* (?P<chance>[\d.]+) of the (?P<n>[\d,]+) who do\."), "cast.alias.near"),
    (re.compile(r"One full name, met .* names of (?P<n>[\d,]+) who .* (?P<chance>[\d.]+) of them\."), "cast.alias.met"),
    (re.compile(r"One full name, and a test .* (?P<chance>[\d.]+) of the (?P<n>[\d,]+) that .*"), "cast.alias.tied"),
)


# Of an account in another name, how much of what it paid out went on.
_LENT = re.compile(r"An account in another name: (?P<share>\d+)% of what it paid out went on .*")


def alias(reason: str, words: Words) -> str:
    """Why another party of the records is the same person as a member."""
    for form, key in _ALIASES:
        if found := form.fullmatch(reason):
            return words(key, n=f"{int(found['n'].replace(',', '')):,}", chance=found["chance"])
    return reason if words.language == "en" else words("cast.alias.reason")


def lent(reasons: Sequence[str], words: Words) -> str:
    """Why accounts in other names are a member's, said once of all of them: how much of what each paid out went on."""
    found = [_LENT.fullmatch(reason) for reason in reasons]
    shares = sorted({int(each["share"]) for each in found if each})
    if not shares or None in found:
        return " ".join(reasons)
    share = f"{shares[0]}%" if len(shares) == 1 else words("told.from_to", low=f"{shares[0]}%", high=f"{shares[-1]}%")
    return words("cast.alias.lent" if len(found) == 1 else "cast.alias.lent.many", n=len(found), share=share)


def question(row: Row, words: Words) -> str:
    """The question of a detector that could not be asked."""
    if words.language == "en":
        return str(row["question"] or row["detector"])
    return words.known("question", row["detector"])
