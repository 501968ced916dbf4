"""Takes the names and numbers of people who are not shown in clear out of free text.

A memo or an advert can name a donor in its middle. The text is folded (full-width forms, case, blanks, characters of
no width), and at every place the longest known identifier is looked up; what belongs to someone shown in clear stays,
what belongs to anybody else becomes a pseudonym. A number long enough to be a telephone, a card or a document
that nobody shown in clear holds is masked whoever it belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.folded import FOLDED, NUMBER, digits_of, fold
from vialtrace.casefile.places import shown_addresses
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.standing import Standing
from vialtrace.casefile.veil import Veil
from vialtrace.casefile.wording import Words

_DAY = re.compile(r"(?:19|20)\d\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01])(?:\s\d{0,2})?")
_SHORTEST_LATIN = 4


def forms(identifier_type: str, value: str) -> set[str]:
    """The folded ways an identifier is written in running text: a phone without its country code, a bare handle."""
    found = {fold(value)}
    if identifier_type == "phone" and value.startswith("+"):
        found |= {value[1:], value.removeprefix("+86"), "0086" + value.removeprefix("+86")}
    if identifier_type == "handle" and ":" in value:
        found.add(fold(value.split(":", 1)[1]))
    return {form for form in found if len(form) >= (_SHORTEST_LATIN if form.isascii() else 2)}


@dataclass(frozen=True)
class Scrubber:
    """Known identifiers, folded: those that stay, those that give way to a pseudonym; and whose they are."""

    clear: frozenset[str]
    veiled: ChainMap[str, str]
    lengths: Mapping[str, tuple[int, ...]]
    words: Words
    parties: frozenset[str] = frozenset()

    @classmethod
    def of(cls, clear: Iterable[str], veiled: Mapping[str, str], said: Words, parties: Iterable[str] = ()) -> Scrubber:
        """A scrubber that keeps ``clear`` and replaces the keys of ``veiled`` by their values; all of them folded.

        ``said`` has the words that stand where nobody's pseudonym can.
        """
        kept = frozenset(form for form in clear if form)
        gone = {form: shown for form, shown in veiled.items() if form and form not in kept}
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in (*kept, *gone):
            lengths[form[0]].add(len(form))
        ordered = {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}
        return cls(kept, ChainMap(gone), ordered, said, frozenset(parties))

    def with_more(self, veiled: Mapping[str, str]) -> Scrubber:
        """The same, with the identifiers that one row names itself."""
        new = {form: shown for form, shown in veiled.items() if form not in self.veiled and form not in self.clear}
        if not new:
            return self
        lengths = dict(self.lengths)
        for form in new:
            lengths[form[0]] = tuple(sorted({*lengths.get(form[0], ()), len(form)}, reverse=True))
        return Scrubber(self.clear, self.veiled.new_child(new), lengths, self.words, self.parties)

    def scrub(self, text: str, *, mask_numbers: bool = True) -> str:
        """``text`` without the identifiers of people who are not shown in clear.

        Args:
            text: free text, as received.
            mask_numbers: whether long numbers of unknown owners are masked too; not so in a column of numbers that
                belong to things (waybills, orders).
        """
        spans = self._spans(text)
        if mask_numbers:
            spans += self._number_spans(text, spans)
        shown, end = [], 0
        for start, stop, replacement in sorted(spans):
            if replacement is None or start < end:
                continue
            shown += [text[end:start], replacement]
            end = stop
        return "".join((*shown, text[end:]))

    def _spans(self, text: str) -> list[tuple[int, int, str | None]]:
        """Where known identifiers stand; the replacement is None for those that stay."""
        pieces = [(folded, place) for place, character in enumerate(text) for folded in FOLDED[ord(character)]]
        folded = "".join(piece for piece, _ in pieces)
        found: list[tuple[int, int, str | None]] = []
        at = 0
        while at < len(folded):
            length = self._longest_at(folded, at)
            first, last = pieces[at][1], pieces[at + length - 1][1] if length else 0
            if length and _stands_alone(text, first, last + 1):
                form = folded[at : at + length]
                found.append((first, last + 1, None if form in self.clear else f"[{self.veiled[form]}]"))
                at += length
            else:
                at += 1
        return found

    def _longest_at(self, folded: str, at: int) -> int:
        for length in self.lengths.get(folded[at], ()):
            form = folded[at : at + length]
            if len(form) == length and (form in self.clear or form in self.veiled):
                return length
        return 0

    def _number_spans(self, text: str, known: list[tuple[int, int, str | None]]) -> list[tuple[int, int, str | None]]:
        """Long numbers that no known identifier covers, and that are no day of the calendar."""
        found: list[tuple[int, int, str | None]] = []
        for match in NUMBER.finditer(text):
            start, stop = match.span()
            is_known = any(start < other_stop and other_start < stop for other_start, other_stop, _ in known)
            digits = digits_of(match.group())
            is_day = _DAY.fullmatch(unicodedata.normalize("NFKC", match.group()).strip()) is not None
            if not is_known and not is_day and len(digits) >= 7:
                replacement = self.veiled.get(digits)
                shown = replacement or self.words("cell.number_withheld")
                found.append((start, stop, None if digits in self.clear else f"[{shown}]"))
        return found


def _stands_alone(text: str, start: int, stop: int) -> bool:
    """A Latin word or a number must not be cut out of a longer one; Chinese writes names without blanks."""

    def is_word(character: str) -> bool:
        return character.isascii() and character.isalnum()

    inner_start, inner_stop = text[start], text[stop - 1]
    before, after = text[start - 1 : start] if start else "", text[stop : stop + 1]
    return not (
        (is_word(inner_start) and before and is_word(before)) or (is_word(inner_stop) and after and is_word(after))
    )


def scrubber(
    shelf: Shelf, veil: Veil, party_ids: Iterable[str], said: Words, *, beside: Scrubber | None = None
) -> Scrubber:
    """The scrubber that knows the identifiers of these parties and of every member; ``said`` has its words.

    ``beside`` is one that knows some of them already: what it knows is not looked up again.
    """
    wanted = frozenset(party_ids) | veil.members | frozenset(veil.aliases)
    if beside is not None or veil.key is None:
        return _scrubber(shelf, veil, wanted, said, beside or Scrubber.of([], {}, said))
    key = ("scrubber", veil.key, said.language, wanted)
    return shelf.once(key, lambda: _scrubber(shelf, veil, wanted, said, Scrubber.of([], {}, said)), _n_bytes)


Knowing = Callable[[Iterable[str]], Scrubber]
"""Makes a scrubber for the texts it is given."""


def knowing(shelf: Shelf, veil: Veil, party_ids: Iterable[str], said: Words) -> Knowing:
    """The same for texts that are known: it learns, of all these identifiers, only those that may stand in them.

    What comes of the texts is what comes of them by :func:`scrubber`. A network has hundreds of thousands of clients,
    and its claims name hardly anybody.
    """
    wanted = frozenset(party_ids) | veil.members | frozenset(veil.aliases)

    def made(texts: Iterable[str]) -> Scrubber:
        return _scrubber(shelf, veil, wanted, said, Scrubber.of([], {}, said), standing=Standing.of(texts))

    return made


_BYTES_A_FORM = 300
"""About what one way of writing an identifier takes in memory, with its place in the dictionary and its party's id."""


def _n_bytes(made: Scrubber) -> int:
    return _BYTES_A_FORM * (len(made.clear) + len(made.veiled))


def _scrubber(
    shelf: Shelf, veil: Veil, wanted: frozenset[str], said: Words, held: Scrubber, *, standing: Standing | None = None
) -> Scrubber:
    # Where a network stores and tests is no one's private address; the pages print it.
    clear = {form for address in shown_addresses(shelf, veil) for form in forms("address", address)}
    veiled: dict[str, str] = {}
    known: dict[str, tuple[bool, str]] = {}
    for party_id, kind, value in _identifiers(shelf, wanted - held.parties, standing):
        if party_id not in known:
            may_be_named = veil.is_clear(party_id)
            known[party_id] = (may_be_named, said("cell.withheld") if may_be_named else veil.called(party_id))
        may_be_named, called = known[party_id]
        if may_be_named and veil.may_show(kind, value):
            clear |= forms(kind, value)
        else:
            for form in forms(kind, value):
                veiled.setdefault(form, called)
    return Scrubber.of(clear | held.clear, {**veiled, **held.veiled}, said, wanted | held.parties)


def _identifiers(
    shelf: Shelf, wanted: frozenset[str], standing: Standing | None
) -> Iterator[tuple[str, str, str]]:
    """Party, type and value of each identifier, the party's name among them, in order; those that may stand there."""
    held = shelf.where("party_identifier", "party_id", wanted, ["party_id", "identifier_type", "value"])
    names = shelf.where("party", "party_id", wanted, ["party_id", "name"]).rename_columns(["party_id", "value"])
    names = names.filter(pc.not_equal(names["value"], ""))
    names = names.add_column(1, "identifier_type", pa.array(["name"] * names.num_rows, pa.string()))
    whole = pa.concat_tables([held, names.cast(held.schema)])
    whole = whole.filter(pc.is_valid(whole["value"]))
    if standing is not None:
        whole = whole.filter(standing.may_hold(whole["identifier_type"], whole["value"]))
    whole = whole.sort_by([(name, "ascending") for name in whole.column_names])
    return zip(*(whole[name].to_pylist() for name in whole.column_names), strict=True)
