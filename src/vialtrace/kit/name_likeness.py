"""How alike two written names are, whatever the script, the order of the parts, titles and legal forms.

For pairs that something else has already brought together (a date of birth, an address): a few dozen microseconds a
pair, so never for all pairs. The score is between 0 and 1; what it is worth as evidence is for `resolve` to say.

Parts are matched one to one: the same letters, the same sound across spellings (Mohammed, Muhammad), a slip of the
pen, an initial. One part on each side that finds no partner means two people (Hugo Beltrán, Hugo Banzer); parts that
only one side has mean little for people and more for companies. Arabic beside its romanised form is mostly missed:
its short vowels are not written.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from vialtrace.kit import names

ALIKE = 0.75
"""From here on two names may be one: all but a quarter, by weight, finds a partner. Set by reasoning, not fitted."""

_TITLES = frozenset((
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lady", "lord", "dame", "shri", "smt", "madam", "sheikh",
    "shaykh", "hajji", "haji", "mullah", "president", "general", "colonel", "captain", "rev", "herr", "frau",
    "monsieur", "madame", "gospodin", "mag", "dipl", "ing",
))
_PARTICLES = frozenset((
    "al", "el", "ul", "ad", "as", "ibn", "bin", "bint", "ben", "de", "del", "der", "den", "di", "da", "dos", "du",
    "la", "le", "van", "von", "of", "the", "and", "y", "e",
))
_LEGAL = {
    "limited": "ltd", "ltd": "ltd", "incorporated": "inc", "inc": "inc", "corporation": "corp", "corp": "corp",
    "company": "co", "co": "co", "aktiengesellschaft": "ag", "ag": "ag", "gmbh": "gmbh", "llc": "llc", "llp": "llp",
    "lp": "lp", "plc": "plc", "pte": "pte", "pty": "pty", "sa": "sa", "sarl": "sarl", "spa": "spa", "srl": "srl",
    "bv": "bv", "nv": "nv", "ab": "ab", "as": "as", "oy": "oy", "kg": "kg", "ooo": "ooo", "oao": "oao", "zao": "zao",
    "pao": "pao", "jsc": "jsc", "ojsc": "jsc", "pjsc": "jsc", "sdn": "sdn", "bhd": "bhd", "holding": "holding",
    "holdings": "holding", "group": "group", "gesellschaft": "gmbh",
}
_EXPANDED = (
    (r"gesellschaft mit beschr[aä]nkter haftung", "gmbh"), (r"public limited company", "plc"),
    (r"limited liability company", "llc"), (r"obshchestvo s ogranichennoi otvetstvennost\w*", "ooo"),
    (r"joint stock company", "jsc"), (r"societe anonyme", "sa"),
)
_NUMBERS = {
    "first": "1", "second": "2", "third": "3", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "1st": "1", "2nd": "2", "3rd": "3",
}
# Spellings of one sound, as romanisers of Arabic, Cyrillic and Chinese names differ in them. In order.
_SOUNDS = tuple((re.compile(pattern), written) for pattern, written in (
    (r"sch", "s"), (r"shch", "s"), (r"tch|tsch|ch|cz", "c"), (r"sh|sz", "s"), (r"kh|gh|ck|q|c(?=[aou])", "k"),
    (r"ph", "f"), (r"[wv]", "v"), (r"th|dh", "t"), (r"zh", "z"), (r"dj|dzh", "j"), (r"ts|tz", "z"),
    (r"x", "ks"), (r"ou|oo|o", "u"), (r"e[iy]|a[iy]|ie|ee|ey|y|e|j", "i"), (r"iu", "u"), (r"ia", "a"), (r"h", ""),
    (r"z", "s"),
))
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Written:
    """One name as it is compared: its parts, its legal forms, and whether it is a company's."""

    parts: tuple[str, ...]
    forms: frozenset[str]
    joined: str


def likeness(one: str, other: str, *, is_company: bool = False) -> float:
    """How alike two names are, from 0 (nothing in common) to 1 (the same but for how it is written)."""
    left, right = written(one, is_company=is_company), written(other, is_company=is_company)
    if not left.parts or not right.parts:
        return float(left == right and bool(left.forms))
    score = _aligned(left.parts, right.parts, is_company=is_company)
    if left.joined == right.joined:
        score = 1.0
    elif score < ALIKE and is_slip(left.joined, right.joined):
        score = 0.85
    if left.forms and right.forms and not left.forms & right.forms:
        score -= 0.3  # Deutsche Bank AG is not Deutsche Bank GmbH
    return max(score, 0.0)


class _Letters(dict[int, str]):
    """Each character in Latin letters, found when first met.

    Cyrillic and Arabic by the tables below, Han by its usual reading, other scripts by the sound in the name that
    Unicode gives a character (HANGUL SYLLABLE GIM, DEVANAGARI LETTER KA, ETHIOPIC SYLLABLE BI).
    """

    def __missing__(self, code: int) -> str:
        self[code] = found = self._read(chr(code))
        return found

    @staticmethod
    def _read(character: str) -> str:
        if character in _WRITTEN_AS:
            return _WRITTEN_AS[character]
        plain = "".join(each for each in unicodedata.normalize("NFD", character) if not unicodedata.combining(each))
        if plain.isascii() or plain in _WRITTEN_AS:
            return _WRITTEN_AS.get(plain, plain).lower()
        if "\u3400" <= character <= "\u9fff":
            return _readings().get(character, "") + " "
        if not unicodedata.category(character).startswith("L"):
            return "" if unicodedata.combining(character) else _vowel(character)
        sound_of = unicodedata.name(character, "").rpartition(" ")[2].lower()
        return sound_of + " " if "\uac00" <= character <= "\ud7a3" else sound_of


def _vowel(character: str) -> str:
    """The sound of a vowel sign of an Indic or South-East Asian script; a blank for anything that is no letter."""
    kind, _, vowel = unicodedata.name(character, "").rpartition(" VOWEL SIGN ")
    return vowel.lower() if kind else " " if unicodedata.category(character)[0] in "ZPS" else ""


@cache
def _readings() -> dict[str, str]:
    table = names.syllable_table()
    return dict(zip(table["character"].to_pylist(), table["syllable"].to_pylist(), strict=True))


# Passport practice (ICAO 9303 for Cyrillic; the usual press spelling for Arabic, whose short vowels are not written).
_WRITTEN_AS = dict(zip(
    "абвгґдезийклмнопрстуфхыэієђјљњћўѓќѕ" + "ابتجدذرزسضطظفقكکگلمنوهيیپڤىةأإآؤئ" + "ßøłđðıœæ",
    ["a", "b", "v", "g", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
     "y", "e", "i", "e", "dj", "j", "lj", "nj", "c", "w", "g", "k", "z",
     "a", "b", "t", "j", "d", "d", "r", "z", "s", "d", "t", "z", "f", "q", "k", "k", "g", "l", "m", "n", "u", "h",
     "i", "i", "p", "v", "a", "a", "a", "i", "a", "u", "i", "ss", "o", "l", "d", "d", "i", "oe", "ae"],
    strict=True,
)) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ё": "yo",
    "ї": "yi", "џ": "dzh", "ث": "th", "ح": "h", "خ": "kh", "ش": "sh", "ص": "s", "ع": "a", "غ": "gh", "چ": "ch",
    "ژ": "zh", "ء": "", "þ": "th",
}
_LETTERS = _Letters()


@lru_cache(maxsize=1 << 16)
def written(name: str, *, is_company: bool) -> Written:
    """Bring a name to Latin letters and take titles, particles and legal forms out."""
    text = unicodedata.normalize("NFKC", name)
    text = text.lower() if text.isascii() else text.lower().translate(_LETTERS)
    text = re.sub(r"\b((?:[a-z]\.){2,})", lambda found: found[1].replace(".", ""), text + " ")
    text = re.sub(r"['’`ʹʻ]s?\b|['’`ʹʻ]", "", text).replace("&", " ")
    for pattern, form in _EXPANDED if is_company else ():
        text = re.sub(pattern, form, text)
    words = [_NUMBERS.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]
    forms = frozenset(_LEGAL[word] for word in words[1:] if word in _LEGAL) if is_company else frozenset()
    dropped = _LEGAL.keys() if is_company else _TITLES
    kept = [word for place, word in enumerate(words) if word not in dropped or (is_company and not place)]
    told = [word for word in kept if word not in _PARTICLES] or kept
    parts = tuple(dict.fromkeys(told))
    return Written(parts, forms, "".join(told))


@lru_cache(maxsize=1 << 16)
def sound(part: str) -> str:
    """What is left of a part when spellings of one sound are made one."""
    for pattern, letters in _SOUNDS:
        part = pattern.sub(letters, part)
    part = _DOUBLED.sub(r"\1", part)
    return part[:1] + re.sub(r"[aiu]+", "a", part[1:])


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by a slip of the pen: one letter in four to seven, two in eight and more."""
    shorter = min(len(one), len(other))
    most = 0 if shorter < 4 else 1 if shorter < 8 else 2
    return most > 0 and abs(len(one) - len(other)) <= most and _distance(one, other) <= most


def _aligned(left: tuple[str, ...], right: tuple[str, ...], *, is_company: bool) -> float:
    """Match the parts one to one, the surest first, and weigh what found no partner."""
    lefts, rights, matched, n_matched = list(left), list(right), 0.0, 0
    for agree, worth in _WAYS:
        for part in tuple(lefts):
            partner = next((each for each in rights if agree(part, each)), None)
            if partner is not None:
                lefts.remove(part)
                rights.remove(partner)
                matched += worth * (_weight(part) + _weight(partner))
                n_matched += 1
    if lefts and rights and is_close("".join(lefts), "".join(rights)):
        matched += 0.9 * sum(map(_weight, lefts + rights))
        n_matched, lefts, rights = n_matched + 1, [], []
    if lefts and rights:
        missing = 1.6 * sum(map(_weight, lefts + rights))
    else:
        share = 0.8 if is_company else 0.25 if n_matched > 1 else 1.0
        missing = share * sum(map(_weight, lefts + rights))
    return matched / (sum(map(_weight, left + right)) - sum(map(_weight, lefts + rights)) + missing)


def is_close(one: str, other: str) -> bool:
    """Whether two words are one sound, or differ by a slip."""
    return one == other or (len(one) > 2 and sound(one) == sound(other)) or is_slip(one, other)


def _same(one: str, other: str) -> bool:
    return one == other


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0] and one != other


def _short(one: str, other: str) -> bool:
    """Ben for Benjamin: three letters at least, and one begins as the other."""
    return min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))


_WAYS = ((_same, 1.0), (is_close, 0.9), (_initial, 0.9), (_short, 0.8))
"""How two parts can agree, the surest first, and what each is worth."""


def _weight(part: str) -> float:
    """A long part says more than a short one, an initial least."""
    return math.sqrt(min(len(part), 6))


@lru_cache(maxsize=1 << 16)
def _distance(one: str, other: str) -> int:
    """Letters added, lost, changed or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
