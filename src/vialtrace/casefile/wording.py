"""The page's own words, in the language asked for, and the forms of its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from vialtrace.casefile.charts import REGIONS
from vialtrace.errors import UnknownName
from vialtrace.kit import chance
from vialtrace.model import RECORDS, table
from vialtrace.model.tables import FACETS, LINES, ROLES

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Words:
    """Every word a page says of itself; the labels of tables, roles and kinds of evidence come from the model."""

    language: str
    texts: Mapping[str, tuple[str, str]]

    @property
    def _place(self) -> int:
        return LANGUAGES.index(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The text called ``key``, with ``{name}`` filled from ``values``."""
        if key not in self.texts:
            raise UnknownName(
                "text of the catalogue", key, [known for known in self.texts if known.startswith(key[:4])]
            )
        text = self.texts[key][self._place]
        return text.format(**values) if values else text

    def one_or_many(self, key: str, n: int, **values: object) -> str:
        """The text called ``key`` for a count: ``key.one`` when it is 1 and there is one, else ``key``."""
        chosen = f"{key}.one" if n == 1 and f"{key}.one" in self.texts else key
        return self(chosen, n=count(n), **values)

    def known(self, group: str, word: str | None) -> str:
        """The label of one of a fixed list of words; a word nobody listed is shown as it is."""
        found = self.texts.get(f"{group}.{word}")
        return found[self._place] if found else (word or "").replace("_", " ")

    def label(self, table_name: str, column: str) -> str:
        """A column's declared label."""
        return table(table_name).column(column).label[self._place]

    def title(self, table_name: str) -> str:
        """A table's declared label."""
        return table(table_name).label[self._place]

    def record(self, kind: str) -> str:
        """A record kind's declared label."""
        return RECORDS[kind].label[self._place] if kind in RECORDS else kind

    def records(self, kinds: Iterable[str]) -> str:
        """The labels of several record kinds as one list."""
        return self.joined([self.record(kind) for kind in kinds])

    def role(self, name: str) -> str:
        """A role's declared label."""
        return ROLES[name][self._place] if name in ROLES else self.known("place_role", name)

    def line(self, name: str) -> str:
        """The declared label of a kind of evidence."""
        return LINES[name][self._place] if name in LINES else name

    def facet(self, name: str) -> str:
        """The declared label of what evidence shows."""
        return FACETS[name][self._place] if name in FACETS else name

    def region(self, code: str | None) -> str:
        """A region's name, where the map knows it."""
        return str(REGIONS[code][2 + self._place]) if code in REGIONS else ""

    def joined(self, parts: list[str]) -> str:
        """Several texts as one list."""
        return self.comma.join(parts)

    @property
    def comma(self) -> str:
        """What stands between the parts of a list."""
        return (", ", "、")[self._place]

    @property
    def pause(self) -> str:
        """What stands between two halves of a sentence."""
        return (", ", "，")[self._place]

    @property
    def colon(self) -> str:
        """What stands between a word and what it is."""
        return (": ", "：")[self._place]

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return (".", "。")[self._place]

    @property
    def semicolon(self) -> str:
        """What stands between things that may hold commas themselves."""
        return ("; ", "；")[self._place]


@cache
def words(language: str = "en") -> Words:
    """The catalogue in ``language``.

    Raises:
        UnknownName: with the languages there are.
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    texts = yaml.safe_load(files("vialtrace.casefile").joinpath("catalogue.yaml").read_text(encoding="utf-8"))
    return Words(language, {str(key): (str(english), str(chinese)) for key, (english, chinese) in texts.items()})


def count(value: float | Decimal | None) -> str:
    """A count with thousands separated; an unknown one is a dash."""
    return "–" if value is None else f"{round(value):,}"


def money(amount: float | Decimal | None, currency: str | None) -> str:
    """An amount to the whole unit, after its currency."""
    return "–" if amount is None else f"{currency or ''} {round(amount):,}".strip()


def amount(value: float | None, unit: str | None, unit_is_currency: bool = False) -> str:  # noqa: FBT001, FBT002
    """An estimate's value: money with its currency, else a count."""
    return money(value, unit) if unit_is_currency else count(value)


def day(value: date | datetime | None) -> str:
    """A day as ISO 8601."""
    return "–" if value is None else value.strftime("%Y-%m-%d")


def instant(value: datetime | None) -> str:
    """A time to the minute; midnight to the second is a day whose time no record gives."""
    if value is None:
        return "–"
    return (
        value.strftime("%Y-%m-%d")
        if (value.hour, value.minute, value.second) == (0, 0, 0)
        else value.strftime("%Y-%m-%d %H:%M")
    )


share = chance.share


def percent(value: float) -> str:
    """A share as per cent: whole, and to one place below ten."""
    return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}"


def weight(value: float | None) -> str:
    """A log10 likelihood ratio, with its sign."""
    return "–" if value is None else "0" if abs(value) < 0.05 else f"{value:+.1f}".replace("-", "−")


def small(value: float | None) -> str:
    """A p-value: in full down to a thousandth, then as a power of ten."""
    if value is None:
        return "–"
    if value == 0:
        return "< 1e-300"
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}"


def plain(value: float | None) -> str:
    """A measured number: whole where it is large, to two places where it is small."""
    return "–" if value is None else f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


def spans(exhibits: Sequence[str]) -> list[tuple[str, str]]:
    """Exhibit numbers as runs, each with its first: ``F-1``, ``F-1–F-3``; what does not follow stands alone."""
    runs: list[list[str]] = []
    for each in exhibits:
        letter, number = _split(each)
        if runs and number and _split(runs[-1][-1]) == (letter, number - 1):
            runs[-1].append(each)
        else:
            runs.append([each])
    shown = [[each.removeprefix("m-") for each in run] for run in runs]
    return [
        (run[0], said[0] if len(run) == 1 else f"{said[0]}–{said[-1]}") for run, said in zip(runs, shown, strict=True)
    ]


def _split(exhibit: str) -> tuple[str, int]:
    """What an exhibit's number begins with, and the number; 0 where it has none."""
    letters = exhibit.rstrip("0123456789")
    return letters, int(exhibit[len(letters) :] or 0)
