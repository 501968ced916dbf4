"""What chance alone would give, and what was counted: a picture of one test."""

from __future__ import annotations

import math

from markupsafe import Markup

from vialtrace.casefile.charts.svg import drawing, tag, text

_WIDTH, _HEIGHT, _BASE = 640.0, 170.0, 130.0
_MARGIN = 20.0
_MOST_BARS = 60


def chance(
    observed: float, expected: float, *, title: str, description: str, told_observed: str, told_expected: str
) -> Markup | None:
    """Bars of a Poisson distribution of mean ``expected``, with a line at ``observed``; none where there is no mean.

    The axis reaches from nought, or from where the bars begin, to whichever lies farther, the bars' end or the line.
    Where that is more than fits, each bar stands for several counts together.
    """
    if not (math.isfinite(expected) and math.isfinite(observed)) or expected <= 0 or observed < 0:
        return None
    spread = 4.0 * math.sqrt(expected) + 3.0
    first = max(math.floor(min(expected - spread, observed)), 0)
    last = math.ceil(max(expected + spread, observed)) + 1
    step = max(math.ceil((last - first + 1) / _MOST_BARS), 1)
    n_bars = math.ceil((last - first + 1) / step)
    shares = [0.0] * n_bars
    # Beyond this nothing can be seen of it, however far away the observed count lies.
    for count in range(max(first, math.floor(expected - 2 * spread)), min(last, math.ceil(expected + 2 * spread)) + 1):
        shares[(count - first) // step] += _poisson(count, expected)
    most = max(shares) or 1.0
    wide = (_WIDTH - 2 * _MARGIN) / n_bars
    bars = [
        tag(
            "rect",
            x=_MARGIN + number * wide,
            y=_BASE - 100.0 * share / most,
            width=max(wide - 1.0, 0.5),
            height=100.0 * share / most,
            class_="bar",
        )
        for number, share in enumerate(shares)
        if share / most > 0.002
    ]

    def at(value: float) -> float:
        return _MARGIN + ((value - first) / step + 0.5) * wide

    axis = tag("line", x1=_MARGIN, y1=_BASE, x2=_WIDTH - _MARGIN, y2=_BASE, class_="rule")
    mark = tag("line", x1=at(observed), y1=18, x2=at(observed), y2=_BASE, class_="seen")
    ends = [
        text(_MARGIN, _BASE + 16, f"{first:,}", class_="small"),
        text(_WIDTH - _MARGIN, _BASE + 16, f"{first + n_bars * step - 1:,}", class_="small", text_anchor="end"),
    ]
    is_right = at(observed) > _WIDTH / 2
    said = text(
        at(observed) + (-6 if is_right else 6),
        28,
        told_observed,
        class_="name",
        text_anchor="end" if is_right else "start",
    )
    mean = text(
        min(max(at(expected), 60.0), _WIDTH - 60.0), _BASE + 32, told_expected, class_="small", text_anchor="middle"
    )
    return drawing(_WIDTH, _HEIGHT, title, description, *bars, axis, mark, *ends, said, mean)


def _poisson(count: int, mean: float) -> float:
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1.0))
