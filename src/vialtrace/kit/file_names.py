"""Names of files as text: whatever bytes a disk gave them, and a form that every disk takes."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

MOST_BYTES = 200
"""Disks allow 255 bytes, which is 85 Chinese characters; what is made of a name in a case needs some of them."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def given_name(path: Path) -> str:
    """The last part of a path as text: names from a Chinese archive are often GB18030, which is no UTF-8."""
    name = path.name
    if name.isprintable() or not any("\ud800" <= letter <= "\udfff" for letter in name):
        return name
    raw = os.fsencode(name)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", errors="replace")


def plain_name(name: str) -> str:
    """A name without line breaks and characters that cannot be seen, and no longer than a disk takes.

    A long name is cut in its middle, so that its beginning and its ending stay. The name of a file half written, which
    would be cleared away, is none for a source.
    """
    shown = "".join("_" if unicodedata.category(letter) in _UNSEEN else letter for letter in name)
    if shown.startswith(".") and shown.endswith(".part"):
        shown = f"_{shown}"
    return shortened(shown, MOST_BYTES)


def shortened(name: str, most: int) -> str:
    """A name of at most ``most`` bytes, with ``~`` where something was left out before its ending."""
    if len(name.encode()) <= most:
        return name
    ending = name[-_ENDING:].encode()
    begun = name.encode()[: most - len(ending) - 1].decode(errors="ignore")
    return f"{begun}~{ending.decode()}"


_ENDING = 12
"""Letters at the end that are kept: ``.csv``, ``.tar.gz``, and a number before it."""
