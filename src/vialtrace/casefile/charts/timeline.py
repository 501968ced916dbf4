"""The timeline: one lane for each kind of event, one bar a month, each lane to its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vialtrace.casefile.charts.svg import drawing, tag, text, width_of

WIDTH = 900.0
_LEFT = 122.0
_LANE = 58.0
_BAR = 34.0
_TOP = 8.0


@dataclass(frozen=True)
class Lane:
    """One kind of event: its name, its value each month, and those values as short texts."""

    name: str
    unit: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    has_records: bool = True


def timeline(months: Sequence[str], lanes: Sequence[Lane], *, title: str, description: str, nothing: str) -> Markup:
    """Draw what each month saw.

    Args:
        months: the months as ``2025-03``, without gaps.
        lanes: one a kind of event.
        title: the chart's title.
        description: what it shows, for those who cannot see it.
        nothing: what stands in a lane for which the case holds no record at all.
    """
    height = _TOP + _LANE * len(lanes) + 40
    step = (WIDTH - _LEFT - 10) / max(len(months), 1)
    return drawing(
        WIDTH,
        height,
        title,
        description,
        *(part for index, lane in enumerate(lanes) for part in _lane(lane, _TOP + _LANE * index, step, nothing)),
        *_axis(months, step, _TOP + _LANE * len(lanes)),
    )


def _lane(lane: Lane, top: float, step: float, nothing: str) -> list[Markup]:
    floor = top + _LANE - 8
    parts = [
        text(_LEFT - 12, floor - 18, lane.name, class_="name", text_anchor="end"),
        text(_LEFT - 12, floor - 4, lane.unit, class_="small", text_anchor="end"),
        tag("line", x1=_LEFT, x2=WIDTH - 10, y1=floor, y2=floor, class_="rule"),
    ]
    if not lane.has_records:
        return [*parts, text(_LEFT + 8, floor - 8, nothing, class_="small none")]
    highest = max(lane.values, default=0.0) or 1.0
    is_roomy = all(width_of(words, 9.5) <= step + 2 for words in lane.texts)
    peak = lane.values.index(highest) if highest in lane.values else -1
    for index, (value, words) in enumerate(zip(lane.values, lane.texts, strict=True)):
        if value <= 0:
            continue
        bar = max(_BAR * value / highest, 1.5)
        x = _LEFT + step * index
        parts.append(
            tag(
                "rect",
                tag("title", words),
                x=x + step * 0.14,
                y=floor - bar,
                width=step * 0.72,
                height=bar,
                class_="bar",
            )
        )
        if is_roomy or index == peak:
            parts.append(text(x + step / 2, floor - bar - 3, words, class_="count", text_anchor="middle"))
    return parts


def _axis(months: Sequence[str], step: float, top: float) -> list[Markup]:
    """Month numbers, as many as fit, and the years under them."""
    parts: list[Markup] = []
    every = next(each for each in (1, 2, 3, 6, 12, 10_000) if step * each >= 18)
    for index, month in enumerate(months):
        x = _LEFT + step * index
        if (int(month[5:]) - 1) % every == 0:
            parts.append(text(x + step / 2, top + 8, month[5:], class_="count", text_anchor="middle"))
        if index == 0 or month.endswith("-01"):
            parts.append(tag("line", x1=x, x2=x, y1=_TOP, y2=top + 28, class_="year"))
            is_cut = index == 0 and len(months) > 1 and step * (13 - int(month[5:])) < 34 and not month.endswith("-01")
            if not is_cut:
                parts.append(text(x + 4, top + 26, month[:4], class_="name"))
    return parts
