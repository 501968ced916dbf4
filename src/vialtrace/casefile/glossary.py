"""The code words found in what the network wrote, each with the rows it stands in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from vialtrace.casefile.folded import fold
from vialtrace.casefile.shelf import Shelf

# The free texts of a record kind that are read for code words.
_TEXTS = {
    "post": ("text",),
    "order": ("service",),
    "waybill": ("contents",),
    "payment": ("memo",),
    "seizure": ("material",),
    "declaration": ("goods",),
    "specimen": ("test",),
}
_MOST_WORDS = 60
_LONGEST_EXAMPLE = 140


@dataclass(frozen=True)
class CodeWord:
    """A word of the trade: what it speaks for, how often it stands in the network's rows, and one of those rows.

    ``text`` is that row's text as cleaned: it may name a donor and must pass ``RowViewer.text`` before it is shown.
    A word that is not ``is_literal`` stands there in other characters: signs between, sounds, pictures.
    """

    word: str
    topic: str
    n_rows: int
    kinds: tuple[str, ...]
    row_id: int
    text: str
    row_ids: tuple[int, ...] = ()
    is_literal: bool = True


def glossary(shelf: Shelf, row_ids: set[int]) -> list[CodeWord]:
    """The words of the lexicon in the texts of these rows, most frequent first; topic ``other`` is left out."""
    stands_in: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, fields in _TEXTS.items():
        found = shelf.where(kind, "row_id", row_ids)
        for field in fields:
            for row_id, text in zip(found["row_id"].to_pylist(), found[field].to_pylist(), strict=True):
                if text:
                    stands_in[text].append((row_id, kind))
    words: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for reading in shelf.rows("reading", "text", stands_in):
        if reading["topic"] == "other":
            continue
        for word in sorted(set(reading["words"] or ())):
            words[word, reading["topic"]] += [
                (row_id, kind, reading["text"]) for row_id, kind in stands_in[reading["text"]]
            ]
    listed = [_code_word(word, topic, rows) for (word, topic), rows in words.items()]
    # A spelling of the lexicon's own is told by the word that stands there, where one does in the very same rows.
    written = {(each.topic, each.row_ids) for each in listed if each.is_literal}
    kept = [each for each in listed if each.is_literal or (each.topic, each.row_ids) not in written]
    return sorted(kept, key=lambda each: (-each.n_rows, each.topic, each.word))[:_MOST_WORDS]


def _code_word(word: str, topic: str, rows: list[tuple[int, str, str]]) -> CodeWord:
    literal = [each for each in rows if fold(word) in fold(each[2])]
    row_id, _, text = min(literal or rows)
    row_ids = tuple(sorted({each for each, _, _ in rows}))
    kinds = tuple(sorted({kind for _, kind, _ in rows}))
    return CodeWord(word, topic, len(row_ids), kinds, row_id, text, row_ids, bool(literal))


def around(text: str, word: str) -> str:
    """The part of a text that holds the word, cut at both ends; the word may be folded in another way than the text."""
    start = max(text.casefold().find(word) - _LONGEST_EXAMPLE // 2, 0)
    part = text[start : start + _LONGEST_EXAMPLE]
    return ("… " if start else "") + part + (" …" if start + _LONGEST_EXAMPLE < len(text) else "")
