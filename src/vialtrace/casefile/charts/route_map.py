"""Routes of parcels between regions, drawn on the map of tiles: the wider the line, the more parcels.

Lines are dark with a white rim, so that they are told apart where they cross, in print and without colour. Each leaves
the middle of one tile and ends at an arrow on the edge of another; what stays within a region is a ring in its corner.
The numbers are in the tiles: what a region sent, and what arrived there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vialtrace.casefile.charts.svg import drawing, number, tag, text
from vialtrace.casefile.charts.tile_map import LEFT, REGIONS, TILE, lines

# More lines than this are a tangle; the table beside the map has every route.
MOST_ROUTES = 40
_WIDEST, _THINNEST, _RIM = 8.0, 1.2, 2.6
_RING, _ARROW = 8.0, 9.0
# How far a line swings to its left, as a share of its length: there and back are two lines.
_SWING = 0.1


@dataclass(frozen=True)
class Way:
    """So many parcels from one region to another, by ISO 3166-2 codes."""

    origin: str
    destination: str
    n: int


def route_map(ways: Sequence[Way], *, title: str, description: str, arrived: str, language_no: int) -> Markup:
    """Draw the routes between regions of the map; others are left to the table.

    Args:
        ways: the routes.
        title: the map's title.
        description: what it shows, for those who cannot see it.
        arrived: what is said of parcels that arrived in a region; ``{n}`` in it is their number.
        language_no: 0 for English names, 1 for Chinese.
    """
    ranked = sorted(
        (way for way in ways if way.origin in REGIONS and way.destination in REGIONS),
        key=lambda way: (-way.n, way.origin, way.destination),
    )
    most = max((way.n for way in ranked), default=1)
    sent, came = Counter[str](), Counter[str]()
    for way in ranked:
        sent[way.origin] += way.n
        came[way.destination] += way.n
    parts = [_tile(code, is_end=code in came, is_used=code in sent) for code in sorted(REGIONS)]
    # The widest are drawn first, so that no thin one lies hidden below.
    parts += [_line(way, most, language_no) for way in ranked[:MOST_ROUTES]]
    for code in sorted(REGIONS):
        parts += _labels(code, sent[code], came[code], arrived, language_no)
    columns = max(column for column, *_ in REGIONS.values()) - LEFT + 1
    rows = max(row for _, row, *_ in REGIONS.values()) + 1
    return drawing(columns * TILE + 4, rows * TILE + 4, title, description, *parts)


def _corner(code: str) -> tuple[float, float]:
    column, row, *_ = REGIONS[code]
    return (column - LEFT) * TILE + 4, row * TILE + 4


def _middle(code: str) -> tuple[float, float]:
    x, y = _corner(code)
    return x + (TILE - 4) / 2, y + (TILE - 4) / 2


def _tile(code: str, *, is_end: bool, is_used: bool) -> Markup:
    x, y = _corner(code)
    kind = "route-tile end" if is_end else "route-tile used" if is_used else "route-tile"
    return tag("rect", x=x, y=y, width=TILE - 4, height=TILE - 4, class_=kind)


def _labels(code: str, n_sent: int, n_came: int, arrived: str, language_no: int) -> list[Markup]:
    x, y = _corner(code)
    name = str(REGIONS[code][2 + language_no])
    found = [text(x + 6, y + 16 + 11 * index, line, class_="small") for index, line in enumerate(lines(name))]
    if n_came:
        found.append(text(x + 6, y + TILE - 31, arrived.format(n=f"{n_came:,}"), class_="route-count"))
    if n_sent:
        found.append(text(x + 6, y + TILE - 11, f"{n_sent:,}", class_="route-count name"))
    return found


def _line(way: Way, most: int, language_no: int) -> Markup:
    width = _THINNEST + (_WIDEST - _THINNEST) * math.sqrt(way.n / most)
    said = f"{REGIONS[way.origin][2 + language_no]} → {REGIONS[way.destination][2 + language_no]}: {way.n:,}"
    if way.origin == way.destination:
        x, y = (each + TILE - 20 for each in _corner(way.origin))
        shapes = [
            tag("circle", cx=x, cy=y, r=_RING, class_=kind, stroke_width=wide)
            for kind, wide in (("route-rim", width + _RIM), ("route", width))
        ]
        return tag("g", tag("title", said), *shapes)
    (x0, y0), (x2, y2) = _middle(way.origin), _middle(way.destination)
    x1, y1 = (x0 + x2) / 2 + _SWING * (y2 - y0), (y0 + y2) / 2 - _SWING * (x2 - x0)
    # The arrow touches the tile it leads to, in the direction it arrives from; the middle is for the numbers.
    length = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    short = (TILE - 4) / 2 / max(abs(ux), abs(uy)) + _ARROW
    x2, y2 = x2 - short * ux, y2 - short * uy
    path = " ".join(map(number, (x0, y0))), " ".join(map(number, (x1, y1))), " ".join(map(number, (x2, y2)))
    d = f"M {path[0]} Q {path[1]} {path[2]}"
    half = _ARROW * 0.5 + width * 0.45
    corners = (
        (x2 + _ARROW * ux, y2 + _ARROW * uy),
        (x2 - half * uy, y2 + half * ux),
        (x2 + half * uy, y2 - half * ux),
    )
    points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    return tag(
        "g",
        tag("title", said),
        tag("path", d=d, class_="route-rim", stroke_width=width + _RIM),
        tag("path", d=d, class_="route", stroke_width=width),
        tag("polygon", points=points, class_="route-arrow"),
    )
