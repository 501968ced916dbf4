"""The form of a stage: a function and the tables it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """A function that makes the tables named in ``makes``; a plain function makes the one table it is named for."""

    makes: tuple[str, ...]
    function: Callable[..., Any]
