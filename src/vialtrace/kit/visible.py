"""Foreign text made safe to look at: hidden characters are shown, endless cells are cut with a note.

Escaping for HTML is not done here: the templates escape everything. What is done here is against text that escapes
correctly and still deceives: characters that reverse the direction of writing, characters of no width, control codes.
"""

from __future__ import annotations

import unicodedata

LONGEST_CELL = 400

# Cf: bidi controls, zero-width characters, soft hyphen, tags. Cc: control codes. Co, Cn, Cs: no agreed look at all.
_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
_ALSO_HIDDEN = frozenset("\u2028\u2029\u115f\u1160\u3164\uffa0")
_BLANKS = frozenset("\t\n\r\v\f")


def _shown(character: str) -> str:
    if character in _BLANKS:
        return " "
    if unicodedata.category(character) in _HIDDEN or character in _ALSO_HIDDEN:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def visible(text: str) -> str:
    """``text`` with every hidden character written out as ⟨U+202E⟩ and line breaks as blanks."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def cut(text: str, whole_length: int, note: str, *, longest: int = LONGEST_CELL) -> str:
    """``text`` cut to ``longest`` characters, followed by ``note`` when anything of the whole is left out.

    Args:
        text: the text to show, which may itself be the beginning of something longer.
        whole_length: the length of the whole.
        note: what to say where something is left out; ``{n}`` in it is the whole length.
        longest: the most characters to keep. 400 are six lines of a printed table: enough for any advert.
    """
    if len(text) <= longest and whole_length <= len(text):
        return text
    return text[:longest] + " … " + note.replace("{n}", f"{whole_length:,}")
