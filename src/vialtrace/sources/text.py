"""Text files as a stream of UTF-8, whatever they came in: encoding, compression, delimiter."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast

from vialtrace.errors import UnreadableSource

HEAD_BYTES = 1 << 20
"""How much of a text file is looked at before it is judged."""

MAX_EXPANSION = 400
"""A gzip file that grows more than this is a decompression bomb: tables of text compress 5 to 100 times."""

MAX_FREE_EXPANSION = 1 << 30
"""Up to this many bytes a gzip file may grow as it likes."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PAIR = re.compile(rb"[\x80-\xff]{2}")
_STRAY = 2
_JOINS_FEW = 0.8
_MOSTLY, _HARDLY = 0.8, 0.6
_DELIMITERS = (",", "\t", ";", "|", "，", "^")
REPLACEMENT = "\ufffd"
"""What stands where bytes could not be decoded."""

_HALF = re.compile("[\ud800-\udfff]")

_PIECES_AHEAD = 4

UNDECODABLE = "holds bytes that cannot be decoded"
"""The problem of a row with such bytes."""


class Utf8Stream(io.RawIOBase):
    """A text file as UTF-8 bytes: byte order mark and NULs removed, bytes that cannot be decoded as U+FFFD.

    Notes whether it passed on a quote or what could not be decoded, so that a reader need not look for these in every
    cell.
    """

    def __init__(self, path: Path, encoding: str, quote: str = '"') -> None:
        """Open ``path``, decompressing it if it is gzip; ``quote`` is the one to note."""
        self._path, self._quote = path, quote
        self._raw = open_bytes(path)
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._is_start, self._is_end, self._pending = True, False, b""
        self._size = path.stat().st_size
        self._compressed = self._size if is_gzip(path) else 0
        self.n_bytes = 0
        self.has_quote = self.has_damage = False

    def readable(self) -> bool:
        """A stream to read from."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` with the next decoded bytes."""
        if not self._pending:
            self._pending = self.next_piece()
        n = min(len(buffer), len(self._pending))
        buffer[:n] = self._pending[:n]
        self._pending = self._pending[n:]
        return n

    def next_piece(self) -> bytes:
        """The next decoded bytes, as many as come; none at the end."""
        piece = b""
        while not piece and not self._is_end:
            piece = self._decoded()
        return piece

    @property
    def share(self) -> float:
        """How much of the file has been read, of a compressed one as it lies on the disk."""
        # A compressed stream keeps the file it reads from under this name.
        place = self._raw.fileobj.tell() if self._compressed else self.n_bytes  # type: ignore[attr-defined]
        return min(1.0, place / self._size) if self._size else 1.0

    def _decoded(self) -> bytes:
        try:
            chunk = self._raw.read(HEAD_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise broken_gzip(self._path) from error
        self.n_bytes += len(chunk)
        if self._compressed and self.n_bytes > max(MAX_FREE_EXPANSION, MAX_EXPANSION * self._compressed):
            raise UnreadableSource(
                f"{self._path.name} grows more than {MAX_EXPANSION} times when decompressed.",
                expected="A compressed table of text grows 5 to 100 times.",
                way_out="If you trust it, decompress it yourself and add the result.",
            )
        self._is_end = not chunk
        text = self._decoder.decode(chunk, final=self._is_end)
        if self._is_start and text:
            text, self._is_start = text.removeprefix("\ufeff"), False
        self.has_quote = self.has_quote or self._quote in text
        self.has_damage = self.has_damage or REPLACEMENT in text
        return text.replace("\x00", "").encode("utf-8", errors="replace")

    def close(self) -> None:
        """Close the file underneath."""
        self._raw.close()
        super().close()


class ReadAhead(io.RawIOBase):
    """A stream of UTF-8 that is decoded by a thread of its own, some pieces ahead of whoever reads it."""

    def __init__(self, stream: Utf8Stream) -> None:
        """Read what ``stream`` has not given yet, and close it with this one."""
        self._stream = stream
        self._pool: ThreadPoolExecutor | None = None
        self._coming: deque[Future[tuple[bytes, float]]] = deque()
        self._held = memoryview(b"")
        self._is_begun = False
        self.share = 0.0
        """How much of the file has been given to whoever reads."""

    def readable(self) -> bool:
        """A stream to read from."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next ``size`` bytes, fewer only at the end; all that is left where no size is given."""
        parts: list[memoryview] = []
        wanted = size if size >= 0 else 1 << 62
        while wanted:
            if not self._held:
                self._held = memoryview(self._next())
                if not self._held:
                    break
            parts.append(self._held[:wanted])
            self._held = self._held[wanted:]
            wanted -= len(parts[-1])
        return b"".join(parts)

    def _next(self) -> bytes:
        if not self._is_begun:
            # A small file is read with its first piece, and no thread is begun for it.
            self._is_begun = True
            piece, self.share = self._piece()
            return piece
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1)
        while len(self._coming) < _PIECES_AHEAD:
            self._coming.append(self._pool.submit(self._piece))
        piece, self.share = self._coming.popleft().result()
        return piece

    def _piece(self) -> tuple[bytes, float]:
        return self._stream.next_piece(), self._stream.share

    def close(self) -> None:
        """Stop the thread and close the stream underneath."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._stream.close()
        super().close()


def sound(text: str) -> str:
    """A text without NULs, and with U+FFFD for half a character: JSON may hold one of a pair of escapes alone."""
    return _HALF.sub(REPLACEMENT, text.replace("\x00", ""))


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip does."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed if it is gzip."""
    return cast("IO[bytes]", gzip.GzipFile(path, "rb")) if is_gzip(path) else path.open("rb")


def head_of(path: Path) -> bytes:
    """The first decompressed bytes of a file."""
    try:
        with open_bytes(path) as file:
            return file.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken_gzip(path) from error


def broken_gzip(path: Path) -> UnreadableSource:
    """The refusal of a gzip file that cannot be decompressed."""
    return UnreadableSource(
        f"{path.name} is a damaged gzip file: it breaks off or its checksum is wrong.",
        expected="A complete gzip file.",
        way_out="Fetch the file again from where it came from.",
    )


def encoding_of(head: bytes, name: str) -> str:
    """The encoding of a text, from its first bytes.

    Raises:
        UnreadableSource: the bytes are no text in any encoding that tables come in.
    """
    if told := _by_mark_or_zeros(head):
        return told
    costs, n_wide = {}, max(1, sum(byte >= 0x80 for byte in head))
    for encoding in ("utf-8", "gb18030", "cp1252"):
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
        bad = text.count(REPLACEMENT)
        # Private-use characters are what other encodings look like when read as GB18030.
        bad += sum("\ue000" <= letter <= "\uf8ff" for letter in text) if encoding == "gb18030" else 0
        # One or two stray ones make no small table a binary file.
        n_control = len(_CONTROL.findall(text))
        costs[encoding] = (bad, n_control / max(1, len(text)) if n_control > _STRAY else 0.0)
    if costs["utf-8"][0] and costs["cp1252"][0] == 0 and costs["cp1252"][1] <= 0.0005 and not _PAIR.search(head):
        # Müller, José: single letters among plain ones. Chinese characters are pairs of such bytes.
        return "cp1252"
    if costs["utf-8"][0] and _is_big5(head):
        return "big5hkscs"
    # A few bad bytes among many good ones are damage, not another encoding.
    for encoding, tolerated in (("utf-8", 0.0), ("gb18030", 0.0), ("utf-8", 0.05), ("gb18030", 0.05)):
        if costs[encoding][0] <= tolerated * n_wide and costs[encoding][1] <= 0.002:
            return encoding
    if costs["cp1252"][0] == 0 and costs["cp1252"][1] <= 0.0005 and n_wide < 0.2 * len(head):
        return "cp1252"
    raise UnreadableSource(
        f"{name} is not text: its bytes fit neither UTF-8, UTF-16, GB18030 nor Big5.",
        expected="CSV, TSV, Excel (xlsx, xls), JSON Lines or Parquet.",
        way_out="Open it in the program it came from and export a table.",
    )


def _by_mark_or_zeros(head: bytes) -> str:
    """The encoding a byte order mark names, or UTF-16 by the zeros that plain letters leave in it; or nothing."""
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    by_zeros = ""
    if zeros_odd > 0.3 * half and zeros_even < 0.05 * half:
        by_zeros = "utf-16-le"
    elif zeros_even > 0.3 * half and zeros_odd < 0.05 * half:
        by_zeros = "utf-16-be"
    return next((encoding for bom, encoding in _BOMS if head.startswith(bom)), by_zeros)


def _is_big5(head: bytes) -> bool:
    """Whether the bytes are Big5, as Hong Kong and Taiwan write: their characters are common ones so, and rare as GB.

    Both sets list the common characters first (Big5 A4 to C6, GB 2312 B0 to D7); what is written in the one and read as
    the other falls all over both.
    """
    shares = []
    for encoding, written, first, last in (("big5hkscs", "big5", 0xA4, 0xC6), ("gb18030", "gb2312", 0xB0, 0xD7)):
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
        if encoding == "big5hkscs" and REPLACEMENT in text:
            return False
        wide = Counter(letter for letter in text if letter >= "\u2e80")
        common = {letter for letter in wide if first <= (letter.encode(written, "replace") or b"?")[0] <= last}
        shares.append(sum(wide[letter] for letter in common) / max(1, wide.total()))
    as_big5, as_gb = shares
    return as_big5 >= _MOSTLY and as_gb < _HARDLY


def delimiter_of(text: str) -> str:
    """The delimiter whose lines agree best on a width above one; a tab for a text in which none does."""
    lines = [line for line in text.splitlines()[:400] if line.strip()]
    if lines and (told := re.match(r"^sep=(.)$", lines[0].strip().strip('"'))):
        return told.group(1)
    best, best_score = "\t", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(record) for record in read_records("\n".join(lines), delimiter, 400))
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = count / len(lines) + 0.01 * min(width, 30)
        if score > best_score + 0.05:
            best, best_score = delimiter, score
    return best


def quote_of(text: str, delimiter: str) -> str:
    """What stands around cells: the apostrophe where more records agree on a width by it, or most cells stand in two.

    One before a number, as spreadsheets keep its digits by, has none behind.
    """
    if "'" not in text:
        return '"'
    lines = "\n".join([line for line in text.splitlines()[:400] if line.strip()])
    usual, other = (read_records(lines, delimiter, 400, quote) for quote in ('"', "'"))
    cells = [cell.strip() for record in usual for cell in record if cell.strip()]
    if 2 * sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells) > len(cells):
        return "'"
    # A value may run over a few lines; a stray quote joins many.
    is_whole = len(other) >= _JOINS_FEW * len(usual)
    return "'" if is_whole and _n_agreeing(other) > _n_agreeing(usual) else '"'


def _n_agreeing(records: list[list[str]]) -> int:
    """How many records have the width that most have."""
    widths = Counter(len(record) for record in records if len(record) > 1)
    return max(widths.values(), default=0)


def read_records(text: str, delimiter: str, limit: int, quote: str = '"') -> list[list[str]]:
    """The first records of a delimited text, blank ones included."""
    csv.field_size_limit(1 << 30)
    records = []
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote):
        records.append(record)
        if len(records) >= limit:
            break
    return records


def head_text(path: Path, encoding: str) -> str:
    """The first decoded text of a file, cut at the last whole line."""
    head = head_of(path)
    text = (
        codecs.getincrementaldecoder(encoding)(errors="replace").decode(head).removeprefix("\ufeff").replace("\x00", "")
    )
    if len(head) >= HEAD_BYTES and "\n" in text:
        text = text[: text.rfind("\n")]
    return text
