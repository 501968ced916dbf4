"""Which exhibits stand on the page of a network, and which on sheets of their own beside it.

A network of a hundred thousand parcels has ten thousand batches. Its page holds the first exhibits of each letter; the
others follow on sheets of bounded size, which the page lists, and every link leads to the sheet its exhibit stands on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

#: Exhibits of one letter that the page itself holds: twice what most networks have, some forty printed pages.
MOST_ON_PAGE = 200
#: Exhibits of one sheet: about a megabyte, which any browser opens at once.
MOST_ON_SHEET = 500

_LINK = re.compile(r'href="#([^"]+)"')
_ROW = re.compile(r"r-([A-Z]-\d+)-")


def sheets(numbers: Iterable[str], most: int = MOST_ON_PAGE) -> dict[str, int]:
    """The sheet of each exhibit that the page does not hold, from 1; of each letter it holds the first ``most``."""
    seen: Counter[str] = Counter()
    found: dict[str, int] = {}
    for number in numbers:
        seen[number[0]] += 1
        if seen[number[0]] > most:
            found[number] = len(found) // MOST_ON_SHEET + 1
    return found


def linked(text: str, sheet: int, where: Mapping[str, int], names: Mapping[int, str]) -> str:
    """A page or sheet with each link leading to the file its anchor stands in.

    Args:
        text: what was rendered, with links that know no file.
        sheet: the sheet it is; 0 is the page.
        where: the sheet of each exhibit that the page does not hold.
        names: the file of each sheet, and of the page.
    """

    def led(link: re.Match[str]) -> str:
        anchor = link[1]
        row = _ROW.match(anchor)
        there = where.get(row[1] if row else anchor, 0)
        return link[0] if there == sheet else f'href="{names[there]}#{anchor}"'

    return _LINK.sub(led, text) if where else text
