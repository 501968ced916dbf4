"""Texts as the lexicon's patterns see them: one spelling for what traders write in many.

Words of the trade are hidden by full-width and styled letters, letters of other scripts that look alike, traditional
script, radicals, emoji that stand for words, characters written as their halves, joiners and punctuation inside words,
and homophones. Each is undone by a table of characters or, for homophones, by reading the text aloud: Chinese
characters become their syllables without tones. The text as received stays what it was; only patterns see this one.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue, Table

from vialtrace.detect.lexicon import lexicon
from vialtrace.kit.names import rewritten, script_table, syllable_table

# Small letters of other scripts that are taken for Latin ones.
_LOOK_ALIKE = dict(
    zip("аеорсухіјѕԁԛԝһкмтвнзɡαβεικνοπρτυχωγժցհոսօ", "aeopcyxijsdqwhkmtbh3gabeikvonptuxwydghnuo", strict=True)
)
_DROPPED = (
    r"[\s\.,，。、;；!！?？~～·•\-—_*#|/\\'\"“”‘’()（）\[\]【】「」『』<>《》…`^=+&%$￥¥]|"
    r"[\x{00AD}\x{034F}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FE00}-\x{FE0F}\x{FEFF}\x{20E3}]"
)
# Two regional letters make a flag: they are words only together.
_FLAGS = (("🇭🇰", "香港"), ("🇺🇸", "美国"))


@cache
def fold_table() -> pa.Table:
    """Each character that is not its own plain form (``character``) beside that form (``written``)."""
    simple = dict(zip(script_table()["traditional"].to_pylist(), script_table()["simplified"].to_pylist(), strict=True))
    made: dict[str, str] = dict(simple) | _LOOK_ALIKE
    for code in range(0xA0, 0x30000):
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character).lower()
        plain = "".join(simple.get(each, _LOOK_ALIKE.get(each, each)) for each in plain)
        is_said = all((each.isascii() and each.isalnum()) or "\u4e00" <= each <= "\u9fff" for each in plain)
        if plain != character and is_said and len(plain) <= 4:
            made.setdefault(character, plain)
    made |= {sign: words for sign, words, _ in lexicon().signs}
    return pa.table({"character": list(made), "written": list(made.values())})


@cache
def _spoken_table() -> pa.Table:
    syllables = syllable_table()
    return pa.table({"character": syllables["character"], "written": syllables["syllable"]})


def folded(texts: Table) -> Table:
    """Each distinct ``text`` beside ``whole``, its folded form."""
    lower = texts.select("text").distinct().mutate(lower=_flags(texts.text.lower()))
    forms = rewritten(lower.select(text=lower.lower), fold_table())
    plain = lower.join(forms, [lower.lower == forms.text]).select(text=lower.text, plain=forms.written)
    return plain.select("text", whole=_joined(plain.plain.lower().re_replace(_DROPPED, "")))


def spoken(texts: Table) -> Table:
    """Each distinct ``whole`` beside ``sound``: its Chinese characters as syllables without tones."""
    forms = rewritten(texts.select(text=texts.whole), _spoken_table())
    return forms.select(whole=forms.text, sound=forms.written)


def _flags(text: StringValue) -> StringValue:
    for flag, words in _FLAGS:
        text = text.replace(flag, words)
    return text


def _joined(text: StringValue) -> StringValue:
    for halves, character in lexicon().parts:
        text = text.replace(halves, character)
    return text


@ibis.udf.scalar.builtin(name="regexp_extract_all")  # type: ignore[untyped-decorator]
def extract_all(text: str, pattern: str) -> list[str]:  # type: ignore[empty-body]
    """Every match of ``pattern`` in ``text``."""
