"""XML, hardened: no declarations, no entities, nothing fetched, bounded depth; elements handed out as they end."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from vialtrace.errors import UnreadableSource
from vialtrace.sources.message import chunks_of

MAX_DEPTH = 200
"""No message nests deeper than some twenty elements."""

MAX_ELEMENT = 1 << 24
"""An entry with more text and children than this is an attack, not an entry."""

MAX_TOKEN = 1 << 22
"""One tag or comment may be this long."""

_PIECE = 1 << 16


@dataclass
class Element:
    """One element: its name without namespace, its namespace, attributes, children, text, and the byte it begins at."""

    name: str
    space: str
    attributes: dict[str, str]
    at: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def first(self, *path: str) -> Element | None:
        """The first element along a path of names; None where the path breaks off."""
        found: Element | None = self
        for name in path:
            found = next((child for child in found.children if child.name == name), None) if found else None
        return found

    def every(self, *path: str) -> list[Element]:
        """All elements along a path of names."""
        found = [self]
        for name in path:
            found = [child for each in found for child in each.children if child.name == name]
        return found

    def value(self, *path: str) -> str:
        """The text at the end of a path, in one line; empty where there is none."""
        found = self.first(*path)
        return re.sub(r"\s+", " ", found.text).strip() if found else ""


def is_markup(head: bytes) -> bool:
    """Whether a file begins as an XML document does, and not as a web page."""
    begins = re.match(rb"(?s)(<\?xml.*?\?>\s*)?(<!--.*?-->\s*)*<[!\w]", _beginning(head))
    return begins is not None and not is_page(head)


def is_page(head: bytes) -> bool:
    """Whether a file begins as a web page does, or as one saved with all its parts: many a bank's .xls is one."""
    text = _beginning(head).lower()
    page = rb"(?s)(<\?xml.*?\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|table|head|body|meta|style|div)\b"
    return text.startswith(b"mime-version:") or re.match(page, text) is not None


def _beginning(head: bytes) -> bytes:
    return head[:2000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def root_of(path: Path) -> Element:
    """The outermost element, without what is in it.

    Raises:
        UnreadableSource: it is no XML, or XML that is not safe to read.
    """
    for _, element in elements(path, frozenset(), is_root_only=True):
        return element
    raise _damaged(path, "it has no element")


def elements(
    path: Path, wanted: frozenset[str], *, is_root_only: bool = False
) -> Iterator[tuple[tuple[Element, ...], Element]]:
    """Each element with a wanted name as it ends, with those around it; it is not kept in them.

    Raises:
        UnreadableSource: it is damaged, nested without end, or declares entities.
    """
    builder = _Builder(path, wanted, is_root_only=is_root_only)
    parser = builder.parser
    try:
        for chunk in chunks_of(path):
            for start in range(0, len(chunk), _PIECE):
                piece = chunk[start : start + _PIECE]
                parser.Parse(piece, False)  # noqa: FBT003  expat's own
                builder.fed += len(piece)
                builder.refuse_endless()
                while builder.ended:
                    yield builder.ended.popleft()
                if is_root_only and builder.is_begun:
                    return
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    while builder.ended:
        yield builder.ended.popleft()


class _Builder:
    """Builds elements from what the parser says."""

    def __init__(self, path: Path, wanted: frozenset[str], *, is_root_only: bool) -> None:
        self.path, self.wanted, self.is_root_only = path, wanted, is_root_only
        self.ended: deque[tuple[tuple[Element, ...], Element]] = deque()
        self.is_begun = False
        self.fed = 0
        self._open: list[Element] = []
        self._size = 0
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._letters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._refuse

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        # A bare DOCTYPE says nothing; an external one is never fetched.
        if has_subset:
            self._refuse()

    def _refuse(self, *_: object) -> None:
        raise UnreadableSource(
            f"{self.path.name} declares entities or a document type of its own, which can multiply its content.",
            expected="A message without declarations: no standard message has any.",
            way_out="Ask the sender for the message as their system made it.",
        )

    def refuse_endless(self) -> None:
        """Refuse a tag or a comment that does not end: the parser reads it again with every piece."""
        if self.fed - max(0, self.parser.CurrentByteIndex) > MAX_TOKEN:
            raise UnreadableSource(
                f"{self.path.name} has a tag or comment of more than {MAX_TOKEN >> 20} MB that does not end.",
                expected="A well-formed message.",
                way_out="Fetch it again from where it came from.",
            )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        element = Element(local, space, attributes, self.parser.CurrentByteIndex)
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableSource(
                f"{self.path.name} nests elements more than {MAX_DEPTH} deep (byte {element.at}).",
                expected="A message; none nests deeper than some twenty.",
                way_out="Fetch it again from where it came from.",
            )
        if self.is_root_only and not self.is_begun:
            self.ended.append(((), element))
        self.is_begun = True
        if any(each.name in self.wanted for each in self._open) or local not in self.wanted:
            self._grow(element, 100)
        self._open.append(element)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        is_inside = any(each.name in self.wanted for each in self._open)
        if element.name in self.wanted and not is_inside:
            self.ended.append((tuple(self._open), element))
            self._size = 0
        elif self._open:
            self._open[-1].children.append(element)

    def _letters(self, text: str) -> None:
        if self._open:
            self._grow(self._open[-1], len(text))
            self._open[-1].text += text

    def _grow(self, element: Element, size: int) -> None:
        self._size += size
        if self._size > MAX_ELEMENT:
            raise UnreadableSource(
                f"{self.path.name} has an entry of more than {MAX_ELEMENT >> 20} MB, about byte {element.at}.",
                expected="Entries of some kilobytes.",
                way_out="Fetch it again from where it came from.",
            )


def _damaged(path: Path, why: str) -> UnreadableSource:
    return UnreadableSource(
        f"{path.name} is damaged XML: {why}.",
        expected="A complete, well-formed message.",
        way_out="Fetch the file again: it was probably cut short or edited on its way.",
    )
