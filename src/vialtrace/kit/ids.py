"""Identifiers that vialtrace makes: source rows, pseudonyms, digests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from vialtrace.errors import OurBug

ROWS_PER_SOURCE = 2**32
"""Room for row numbers below the source number: more rows than any sheet or file we take in."""

_CHUNK = 1 << 20


def row_id(source_no: int, row_no: int) -> int:
    """The identifier of row ``row_no`` (from 1, header rows counted) of source ``source_no`` (from 1)."""
    if not (0 < source_no < 2**31 and 0 < row_no < ROWS_PER_SOURCE):
        raise OurBug(f"Row {row_no} of source {source_no} has no row_id.", expected="Both start at 1.")
    return source_no * ROWS_PER_SOURCE + row_no


def split_row_id(row_id: int) -> tuple[int, int]:
    """The source number and the row number in an identifier."""
    return row_id // ROWS_PER_SOURCE, row_id % ROWS_PER_SOURCE


def pseudonym(key: bytes, party_id: str) -> str:
    """How a protected party is shown: ``protected-`` and twelve characters that only ``key`` can tell back.

    HMAC-SHA256 (RFC 2104), cut to 60 bits, in base32: the chance that two of a million parties collide is below
    one in a million.
    """
    digest = hmac.new(key, party_id.encode(), hashlib.sha256).digest()
    return "protected-" + base64.b32encode(digest[:8]).decode()[:12]


def digest(content: bytes) -> str:
    """The SHA-256 digest of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 digest of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()


def canonical(value: Any) -> bytes:
    """A value as JSON in its one form: keys sorted, no blanks, UTF-8. Equal values have equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
