"""A few words of SVG, escaped, with numbers in a fixed form."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

from vialtrace.kit.visible import visible


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


def tag(name: str, /, *inside: Markup | str, **attributes: float | str) -> Markup:
    """An element; ``class_`` and the like lose their underscore, inner underscores become hyphens."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value) if isinstance(value, int | float) else value)}"'
        for key, value in attributes.items()
    )
    body = "".join(str(escape(part)) for part in inside)
    return Markup(f"<{name}{written}>{body}</{name}>" if inside else f"<{name}{written}/>")  # noqa: S704  every part is escaped


def text(x: float, y: float, words: str, /, **attributes: float | str) -> Markup:
    """A line of text, hidden characters shown."""
    return tag("text", visible(words), x=x, y=y, **attributes)


def drawing(width: float, height: float, title: str, description: str, *inside: Markup) -> Markup:
    """A whole drawing with its title and description for those who cannot see it."""
    return tag(
        "svg",
        tag("title", visible(title)),
        tag("desc", visible(description)),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        # An image hides what is inside it from those who cannot see it; links must not be hidden.
        role="group" if any("<a " in each for each in inside) else "img",
        aria_label=visible(title),
        class_="chart",
    )


def width_of(words: str, size: float) -> float:
    """About how wide a text is: Chinese characters are square, Latin ones a little over half."""
    return sum(size * (1.0 if unicodedata.east_asian_width(each) in "WF" else 0.53) for each in words)


def fitted(words: str, size: float, width: float) -> str:
    """``words`` cut with an ellipsis to fit into ``width``."""
    words = visible(words[:200])
    if width_of(words, size) <= width:
        return words
    while words and width_of(words + "…", size) > width:
        words = words[:-1]
    return words + "…"
