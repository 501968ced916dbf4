"""What runs after what: read from the names of tables that recipes take and make."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from vialtrace.errors import BadInput, OurBug, UnknownName
from vialtrace.model import TABLES
from vialtrace.model.recipe import Recipe
from vialtrace.store import Settings

# Keyword-only parameters that are no thresholds: the engine's connection, and what the case itself says.
_GIVEN = ("connection", "jurisdiction", "time_zone")


@dataclass(frozen=True)
class Step:
    """One recipe: the tables it makes and needs, which of them it wants in memory, and its thresholds.

    Of a table in memory that grows with the records a recipe names the columns it reads, as
    ``Annotated[pa.Table, "party_id", "value"]``; without names it has all.
    """

    name: str
    stage: str
    makes: tuple[str, ...]
    needs: tuple[str, ...]
    in_memory: Mapping[str, tuple[str, ...]]
    thresholds: Mapping[str, object]
    given: tuple[str, ...]
    function: Callable[..., Any] = field(repr=False)


def step_of(recipe: Recipe | Callable[..., Any], stage: str) -> Step:
    """A recipe as a step: its positional parameters are tables, its keyword-only ones thresholds.

    Raises:
        OurBug: if a table is not declared.
    """
    function = recipe.function if isinstance(recipe, Recipe) else recipe
    makes = recipe.makes if isinstance(recipe, Recipe) else (function.__name__,)
    hints = typing.get_type_hints(function, include_extras=True)
    needs, thresholds, given = [], {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            needs.append(name)
        elif name in _GIVEN:
            given.append(name)
        else:
            thresholds[name] = parameter.default
    for name in (*makes, *needs):
        if name not in TABLES:
            raise OurBug(f"The recipe {function.__name__} of {stage} names the table {name}, which is not declared.")
    wanted = {name: _columns(hints[name]) for name in needs if name in hints}
    in_memory = {name: columns for name, columns in wanted.items() if columns is not None}
    return Step(function.__name__, stage, tuple(makes), tuple(needs), in_memory, thresholds, tuple(given), function)


def _columns(hint: Any) -> tuple[str, ...] | None:
    """The columns of a table that a recipe wants in memory, none for all of them; None where it wants an expression."""
    if hint is pa.Table:
        return ()
    if typing.get_origin(hint) is typing.Annotated and typing.get_args(hint)[0] is pa.Table:
        return tuple(typing.get_args(hint)[1:])
    return None


def in_order(steps: Sequence[Step], there: Collection[str]) -> tuple[Step, ...]:
    """The steps so that each comes after those that make what it needs; ``there`` are tables that exist before any.

    Among steps that could come next, the one listed first comes first: the order never depends on chance.

    Raises:
        OurBug: if two steps make one table, a table is made by none, or steps wait for each other in a circle.
    """
    made: dict[str, str] = {}
    for step in steps:
        for name in step.makes:
            if name in made or name in there:
                raise OurBug(f"The table {name} is made twice: by {made.get(name, 'the sources')} and by {step.name}.")
            made[name] = step.name
    for step in steps:
        for name in step.needs:
            if name not in made and name not in there:
                raise OurBug(f"The recipe {step.name} needs the table {name}, which no recipe makes.")
    done, waiting, ordered = set(there), list(steps), []
    while waiting:
        ready = next((step for step in waiting if done.issuperset(step.needs)), None)
        if ready is None:
            circle = ", ".join(
                f"{step.name} (waits for {', '.join(sorted(set(step.needs) - done))})" for step in waiting
            )
            raise OurBug(f"These recipes wait for each other: {circle}.")
        waiting.remove(ready)
        ordered.append(ready)
        done.update(ready.makes)
    return tuple(ordered)


def check_parameters(
    parameters: Mapping[str, Mapping[str, object]], thresholds: Mapping[str, Mapping[str, object]]
) -> None:
    """See that every parameter a person set is a threshold of a recipe, and of its type.

    Raises:
        UnknownName: with the recipes or thresholds there are.
        BadInput: if the type differs.
    """
    for recipe, values in parameters.items():
        if recipe not in thresholds:
            raise UnknownName(
                "recipe with parameters", recipe, sorted(name for name, each in thresholds.items() if each)
            )
        for name, value in values.items():
            known = thresholds[recipe]
            if name not in known:
                raise UnknownName(f"parameter of {recipe}", name, sorted(known))
            if not _same_type(value, known[name]):
                raise BadInput(
                    f"[parameters.{recipe}] {name} is {value!r}.",
                    expected=f"A {type(known[name]).__name__}, such as {known[name]!r}.",
                    way_out="Mend the line in case.toml.",
                )


def _same_type(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, tuple | list | frozenset):
        return isinstance(value, list)
    return default is None or isinstance(value, type(default))


def keywords(step: Step, settings: Settings, connection: object) -> dict[str, object]:
    """The keyword arguments of a step: what the case gives, and the thresholds a person set."""
    gifts: dict[str, object] = {
        "connection": connection,
        "jurisdiction": settings.jurisdiction,
        "time_zone": settings.time_zone,
    }
    chosen: dict[str, object] = {name: gifts[name] for name in step.given}
    for name, value in settings.parameters.get(step.name, {}).items():
        default = step.thresholds[name]
        chosen[name] = type(default)(value) if isinstance(default, tuple | frozenset | float) else value  # type: ignore[arg-type,call-overload]
    return chosen
