"""The link chart: members by role from left to right, thicker lines for stronger evidence.

Layered drawing (Sugiyama, Tagawa and Toda 1981, with the layers given by the roles): those who recruit stand left,
those who test right, those who direct and hold the money above. Within a layer the order is by the mean place of the
neighbours, swept to and fro, which keeps crossings few; ties fall to the member's number, so the same members give the
same drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vialtrace.casefile.charts.svg import drawing, fitted, tag, text

LAYERS = ("recruiter", "collector", "hub", "mule", "laboratory")
ABOVE = ("organiser", "treasurer")

WIDTH = 900.0
_BOX = (146.0, 42.0)
_GAP = 16.0
_TOP = 6.0
_MARGIN = 4.0
_SWEEPS = 6
# A chart with more lines is read by nobody: the strongest are drawn, and the table below holds them all.
MOST_LINKS = 60

# Places for a number along its line, in per cent of the way: the middle first, then to both sides by turns.
_SHARES = (50, *(50 + sign * step for step in range(4, 40, 4) for sign in (-1, 1)))


@dataclass(frozen=True)
class Node:
    """A member to draw."""

    number: str
    name: str
    role: str
    role_label: str
    score: str
    anchor: str


@dataclass(frozen=True)
class Link:
    """What ties two members: its number in the chart, the weight of its evidence, and what it is.

    ``is_recorded`` marks a tie that rests on recorded payments or parcels only, without a claim; it is drawn dashed.
    """

    number: int
    source: str
    target: str
    weight: float
    label: str
    is_recorded: bool = False


@dataclass(frozen=True)
class LinkChart:
    """The drawing, and how many of the links it shows."""

    svg: Markup
    n_shown: int


Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


def link_chart(nodes: Sequence[Node], links: Sequence[Link], *, title: str, description: str) -> LinkChart:
    """Draw members and the links between them.

    Args:
        nodes: the members, numbered.
        links: what ties them, strongest first.
        title: for the chart's own title.
        description: what it shows, for those who cannot see it.
    """
    shown = list(links[:MOST_LINKS])
    at = _placed(nodes, shown)
    strongest = max((link.weight for link in shown), default=1.0) or 1.0
    boxes = [at[node.number] for node in nodes]
    curves = [(link, _clearest(at[link.source], at[link.target], boxes)) for link in shown]
    lowest = max((_on(curve, share / 20)[1] for _, curve in curves for share in range(21)), default=0.0)
    height = max(max((y for _, y in at.values()), default=_TOP) + _BOX[1], lowest) + _MARGIN
    marks = _marks([curve for _, curve in curves], boxes)
    return LinkChart(
        drawing(
            WIDTH,
            height,
            title,
            description,
            _arrow(),
            *(_line(link, curve, strongest) for link, curve in curves),
            *(_box(node, at[node.number]) for node in nodes),
            *(_mark(link, mark) for (link, _), mark in zip(curves, marks, strict=True)),
        ),
        len(shown),
    )


def _placed(nodes: Sequence[Node], links: Sequence[Link]) -> dict[str, Point]:
    """Where each box stands, by its upper left corner."""
    layers = {role: [node.number for node in nodes if node.role == role] for role in LAYERS}
    above = [node.number for role in ABOVE for node in nodes if node.role == role]
    near: dict[str, list[str]] = {node.number: [] for node in nodes}
    for link in links:
        near[link.source].append(link.target)
        near[link.target].append(link.source)
    used = [role for role in LAYERS if layers[role]]
    for sweep in range(_SWEEPS):
        for role in used if sweep % 2 == 0 else reversed(used):
            place = {
                number: index / max(len(layers[other]), 1)
                for other in used
                for index, number in enumerate(layers[other])
            }
            layers[role].sort(
                key=lambda number, place=place, role=role: (  # type: ignore[misc]
                    _mean(
                        [place[other] for other in near[number] if other in place and other not in layers[role]],
                        place[number],
                    ),
                    int(number[1:]),
                )
            )
    tallest = max((len(layers[role]) for role in used), default=0)
    top = _TOP
    at: dict[str, Point] = {}
    if above:
        at |= _rows_above(above)
        top = max(y for _, y in at.values()) + _BOX[1] + 84.0
    elif _has_long(links, nodes):
        top += 56.0  # Room for the lines that pass over a layer.
    pitch = (WIDTH - 2 * _MARGIN - _BOX[0]) / max(len(used) - 1, 1)
    for column, role in enumerate(used):
        x = _MARGIN + pitch * column if len(used) > 1 else (WIDTH - _BOX[0]) / 2
        slack = (tallest - len(layers[role])) * (_BOX[1] + _GAP) / 2
        at |= {number: (x, top + slack + index * (_BOX[1] + _GAP)) for index, number in enumerate(layers[role])}
    return at


def _rows_above(above: Sequence[str]) -> dict[str, Point]:
    """Those who direct and hold the money, in as many centred rows as they need."""
    step = _BOX[0] + 42.0
    most = int((WIDTH - 2 * _MARGIN - _BOX[0]) // step) + 1
    found: dict[str, Point] = {}
    for start in range(0, len(above), most):
        row = above[start : start + most]
        left = (WIDTH - step * (len(row) - 1) - _BOX[0]) / 2
        y = _TOP + (start // most) * (_BOX[1] + 2 * _GAP)
        found |= {number: (left + step * index, y) for index, number in enumerate(row)}
    return found


def _has_long(links: Sequence[Link], nodes: Sequence[Node]) -> bool:
    layer = {node.number: LAYERS.index(node.role) for node in nodes if node.role in LAYERS}
    return any(
        abs(layer[link.source] - layer[link.target]) > 1
        for link in links
        if link.source in layer and link.target in layer
    )


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _curves(source: Point, target: Point) -> list[Curve]:
    """Ways to join two boxes by a cubic Bézier curve, the plainest first; later ones bow out of the way."""
    wide, high = _BOX
    (ax, ay), (bx, by) = source, target
    if abs(ax - bx) < 1:  # One layer: out at one side, round, and back in at the same side.
        found = []
        for side, sign in ((wide, 1.0), (0.0, -1.0)):
            if _MARGIN < ax + side + sign * 40.0 < WIDTH - _MARGIN:
                start, end = (ax + side, ay + high / 2), (bx + side, by + high / 2)
                found += [
                    _through(start, end, (start[0] + sign * out, start[1]), (end[0] + sign * out, end[1]))
                    for out in (34.0, 52.0, 70.0)
                ]
        return found or [_through((ax, ay), (bx, by), (ax, ay), (bx, by))]
    rightward = bx > ax
    sides = ((ax + (wide if rightward else 0.0), ay + high / 2), (bx + (0.0 if rightward else wide), by + high / 2))
    reach = (sides[1][0] - sides[0][0]) * 0.5
    straight = [
        _through(*sides, (sides[0][0] + reach, sides[0][1] + bow), (sides[1][0] - reach, sides[1][1] + bow))
        for bow in (0.0, -52.0, 52.0, -84.0, 84.0, -120.0, 120.0, -170.0, 170.0, -230.0, 230.0)
    ]
    if abs(ay - by) < high * 1.6 or min(ay, by) > _TOP + 1:
        return straight
    # To or from those above: by the bottom edge above, and below by the top edge or the side that is free.
    is_down = ay < by
    upper, lower = (source, target) if is_down else (target, source)
    leave = (upper[0] + wide / 2, upper[1] + high)
    enter = [
        (lower[0] + wide / 2, lower[1], 0.0, -40.0),
        (lower[0], lower[1] + high / 2, -44.0, -16.0),
        (lower[0] + wide, lower[1] + high / 2, 44.0, -16.0),
        # Steeply from above, past a neighbour in the next layer.
        (lower[0] + wide, lower[1] + high / 2, 24.0, -110.0),
        (lower[0], lower[1] + high / 2, -24.0, -110.0),
    ]
    found = []
    for x, y, out, lift in enter:
        drop = (y - leave[1]) * 0.5
        curve = _through(leave, (x, y), (leave[0], leave[1] + drop), (x + out * 1.6, y + (lift if out else -drop)))
        found.append(curve if is_down else (curve[3], curve[2], curve[1], curve[0]))
    return [*found[:3], *straight, *found[3:]]


def _through(start: Point, end: Point, first: Point, second: Point) -> Curve:
    return start, first, second, end


def _clearest(source: Point, target: Point, boxes: Sequence[Point]) -> Curve:
    """The first of the curves that passes the fewest boxes and stays inside the drawing.

    It touches the two boxes it joins at their edges; through their middle it would end behind what it points at.
    """
    others = [(x - 4, x + _BOX[0] + 4, y - 4, y + _BOX[1] + 4) for x, y in boxes if (x, y) not in (source, target)]
    others += [(x + 4, x + _BOX[0] - 4, y + 4, y + _BOX[1] - 4) for x, y in (source, target)]

    def cost(curve: Curve) -> int:
        points = [_on(curve, share / 40) for share in range(1, 40)]
        lowest, highest = min(py for _, py in points), max(py for _, py in points)
        near = [each for each in others if each[2] < highest and lowest < each[3]]
        hit = sum(left < px < right and top < py < foot for px, py in points for left, right, top, foot in near)
        return hit + sum(py < _TOP or not 0.0 < px < WIDTH for px, py in points)

    return min(_curves(source, target), key=cost)


def _on(curve: Curve, share: float) -> Point:
    rest = 1 - share
    one, two, three, four = rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    return one * ax + two * bx + three * cx + four * dx, one * ay + two * by + three * cy + four * dy


def _marks(curves: Sequence[Curve], boxes: Sequence[Point]) -> list[Point]:
    """Where each line's number stands: on the line, clear of boxes and of other numbers as far as it goes."""
    taken: list[Point] = []
    for curve in curves:
        tries = [_on(curve, share / 100) for share in _SHARES]
        taken.append(max(tries, key=lambda point: (_room(point, taken, boxes), -tries.index(point))))
    return taken


def _room(point: Point, taken: Sequence[Point], boxes: Sequence[Point]) -> int:
    """How free a place is: 2 of everything, 1 of boxes only, 0 neither."""
    radius = 10.0
    is_boxed = any(
        x - radius < point[0] < x + _BOX[0] + radius and y - radius < point[1] < y + _BOX[1] + radius for x, y in boxes
    )
    is_crowded = any((point[0] - x) ** 2 + (point[1] - y) ** 2 < (2.1 * radius) ** 2 for x, y in taken)
    return 0 if is_boxed else 1 if is_crowded else 2


def _arrow() -> Markup:
    return tag(
        "defs",
        tag(
            "marker",
            tag("path", d="M0,0 L8,4 L0,8 z", class_="arrow"),
            id="arrow",
            viewBox="0 0 8 8",
            refX=7,
            refY=4,
            markerWidth=9,
            markerHeight=9,
            orient="auto",
            markerUnits="userSpaceOnUse",
        ),
    )


def _line(link: Link, curve: Curve, strongest: float) -> Markup:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    return tag(
        "path",
        tag("title", link.label),
        d=f"M{ax:.1f},{ay:.1f} C{bx:.1f},{by:.1f} {cx:.1f},{cy:.1f} {dx:.1f},{dy:.1f}",
        class_="link recorded" if link.is_recorded else "link",
        stroke_width=1.0 + 3.5 * max(link.weight, 0.0) / strongest,
        marker_end="url(#arrow)",
    )


def _mark(link: Link, at: Point) -> Markup:
    return tag(
        "a",
        tag("circle", cx=at[0], cy=at[1], r=9, class_="mark"),
        text(at[0], at[1] + 3.4, str(link.number), class_="mark-text", text_anchor="middle"),
        href=f"#link-{link.number}",
    )


def _box(node: Node, at: Point) -> Markup:
    x, y = at
    wide, high = _BOX
    return tag(
        "a",
        tag("title", f"{node.number} {node.name}, {node.role_label}"),
        tag(
            "rect",
            x=x,
            y=y,
            width=wide,
            height=high,
            rx=3,
            class_=f"box {node.role if node.role in (*LAYERS, *ABOVE) else ''}".strip(),
        ),
        text(x + 8, y + 17, fitted(node.name, 12.5, wide - 16), class_="name"),
        text(
            x + 8, y + 33, fitted(f"{node.number} · {node.score} · {node.role_label}", 10.5, wide - 16), class_="small"
        ),
        href=f"#{node.anchor}",
    )
