"""The order of recipes follows from the names of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from vialtrace.errors import BadInput, OurBug, UnknownName
from vialtrace.model.recipe import Recipe
from vialtrace.pipeline.order import Step, check_parameters, in_order, keywords, step_of
from vialtrace.pipeline.stages import TAKEN_IN, all_steps, questions, thresholds
from vialtrace.store import Settings


def place(
    waybill: ir.Table, mention: pa.Table, *, least: int = 2, names: tuple[str, ...] = (), connection: Any = None
) -> ir.Table:
    return waybill


def mention(waybill: ibis.Table) -> ir.Table:
    return waybill


def party(place: ir.Table) -> ir.Table:
    return place


def _steps(*functions: Callable[..., Any]) -> list[Step]:
    return [step_of(each, "resolve") for each in functions]


def test_a_recipe_says_what_it_makes_needs_and_wants_in_memory() -> None:
    step = step_of(place, "resolve")
    assert (step.makes, step.needs, step.in_memory) == (("place",), ("waybill", "mention"), {"mention": ()})
    assert (dict(step.thresholds), step.given) == ({"least": 2, "names": ()}, ("connection",))


def test_each_recipe_comes_after_what_it_needs() -> None:
    ordered = in_order(_steps(party, place, mention), ["waybill"])
    assert [step.name for step in ordered] == ["mention", "place", "party"]


def test_recipes_that_wait_for_each_other_are_named() -> None:
    def mention(party: ir.Table) -> ir.Table:
        return party

    with pytest.raises(OurBug, match=r"place \(waits for mention\), mention \(waits for party\)"):
        in_order(_steps(party, place, mention), ["waybill"])


def test_a_table_made_twice_and_a_table_made_by_none_are_told() -> None:
    with pytest.raises(OurBug, match="made twice"):
        in_order([*_steps(mention), *_steps(mention)], ["waybill"])
    with pytest.raises(OurBug, match="needs the table place"):
        in_order(_steps(party), ["waybill"])


def test_a_recipe_for_a_table_that_is_not_declared_is_our_bug() -> None:
    with pytest.raises(OurBug, match="not declared"):
        step_of(Recipe(("nonsense",), mention), "resolve")


def test_thresholds_a_person_sets_reach_the_recipe_in_its_own_type() -> None:
    settings = Settings("x", parameters={"place": {"least": 5, "names": ["a"]}})
    check_parameters(settings.parameters, {"place": {"least": 2, "names": ()}})
    assert keywords(step_of(place, "resolve"), settings, "handle") == {
        "connection": "handle",
        "least": 5,
        "names": ("a",),
    }


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"plaice": {"least": 1}}, UnknownName, "Known: place"),
        ({"place": {"most": 1}}, UnknownName, "Known: least"),
        ({"place": {"least": "two"}}, BadInput, "such as 2"),
        ({"place": {"least": True}}, BadInput, "such as 2"),
    ],
)
def test_parameters_that_nothing_reads_are_refused(parameters: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        check_parameters(parameters, {"place": {"least": 2}, "mention": {}})


def test_the_stages_stand_in_an_order_that_never_changes() -> None:
    steps = all_steps()
    assert steps == all_steps()
    made = set(TAKEN_IN)
    for step in steps:
        assert made >= set(step.needs), step.name
        made |= set(step.makes)
    assert {"party", "claim", "network", "estimate", "provision"} <= made


def test_every_detector_reads_declared_tables_and_its_thresholds_can_be_set() -> None:
    names = [detector.name for detector, _ in questions()]
    assert len(names) == len(set(names))
    assert set(names) <= set(thresholds())
