"""The lexicon as data: signs, split characters, and words with their topics and meanings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from vialtrace.kit.names import syllable_table

# What `reading` decides by.
TOPICS = ("trade", "sex", "test", "sample", "not_human", "lawful_test", "warning", "carriage", "invite")
# What only helps to tell an advert of the trade from its neighbours.
NEIGHBOURS = (
    "offer",
    "child",
    "probe",
    "blood",
    "expecting",
    "early",
    "abroad",
    "sending",
    "asks",
    "goods",
    "hospital",
    "agents",
)

# A pattern that matches no text.
NOTHING = r"(\z\A.)"
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Word:
    """One entry: a pattern (RE2), the topic it speaks for, what it means, and whether it is held against the sound."""

    topic: str
    pattern: str
    means: str
    heard: bool = False


@dataclass(frozen=True)
class Lexicon:
    """All entries, in the order of the file."""

    signs: tuple[tuple[str, str, str], ...]
    parts: tuple[tuple[str, str], ...]
    words: tuple[Word, ...]

    def pattern(self, topic: str, *, heard: bool = False) -> str:
        """One pattern for a topic, with one group round the whole; it matches nothing where the topic has no entry."""
        every = [each.pattern for each in self.words if each.topic == topic and each.heard == heard]
        inner = "|".join(f"(?:{pattern.replace('(', '(?:')})" for pattern in every)
        return f"({inner})" if inner else NOTHING

    def sound(self, topic: str) -> str:
        """The pattern of a topic as it sounds: its Chinese phrases of two characters and more, in syllables."""
        spoken = [
            phrase for each in self.words if each.topic == topic and not each.heard for phrase in _said(each.pattern)
        ]
        inner = "|".join(f"(?:{phrase.replace('(', '(?:')})" for phrase in spoken)
        return f"({inner})" if inner else NOTHING

    def meaning(self, word: str) -> tuple[str, str] | None:
        """Topic and meaning of a word that a pattern of ``TOPICS`` found; None where none did."""
        for each in self.words:
            if each.topic in TOPICS and re.fullmatch(each.pattern, word):
                return each.topic, each.means
        return None


def _said(pattern: str) -> list[str]:
    """The alternatives of a pattern that hold two Chinese characters or more, each character as its syllable."""
    depth, parts = 0, [""]
    for character in pattern:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    table = syllable_table()
    syllables = dict(zip(table["character"].to_pylist(), table["syllable"].to_pylist(), strict=True))
    classes = re.compile(r"\[([^\]^]*[\u4e00-\u9fff][^\]]*)\]")
    spoken = []
    for part in parts:
        if len(_HAN.findall(part)) >= 2:
            opened = classes.sub(lambda found: "(" + "|".join(found[1]) + ")", part)
            spoken.append(_HAN.sub(lambda found: f"({syllables.get(found[0], found[0])})", opened))
    return spoken


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    text = resources.files("vialtrace.detect").joinpath("lexicon.yaml").read_text("utf-8")
    held = yaml.safe_load(text)
    return Lexicon(
        tuple((each["sign"], each["words"], each["means"]) for each in held["signs"]),
        tuple((each["halves"], each["character"]) for each in held["parts"]),
        tuple(Word(**each) for each in held["words"]),
    )
