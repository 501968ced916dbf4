"""The stages of reasoning, from who is who to which law, and the order that follows from their recipes."""

from __future__ import annotations

from collections.abc import Mapping

from vialtrace import assess, detect, estimate, reconstruct, resolve, screen
from vialtrace.detect import Detector
from vialtrace.model import RECORDS
from vialtrace.model.recipe import Recipe
from vialtrace.pipeline.order import Step, in_order, step_of

TAKEN_IN = (
    *RECORDS,
    "source",
    "quarantine",
    "set_aside",
    "stated",
    "field_issue",
    "duplicate",
    "disagreement",
    "decision",
    "party_decision",
)
"""Tables that are there before any reasoning."""

CLAIMS = ("claim", "claim_row", "unasked")
"""Tables that all detectors make together."""

_STAGES = (
    ("resolve", resolve),
    ("detect", detect),
    ("reconstruct", reconstruct),
    ("estimate", estimate),
    ("assess", assess),
    ("screen", screen),
)


def questions() -> tuple[tuple[Detector, Step], ...]:
    """Each detector, and its recipe as a step: it answers under its own name, and all answers make one table."""
    return tuple((each, step_of(Recipe(CLAIMS[:1], each.recipe), "detect")) for each in detect.DETECTORS)


def all_steps() -> tuple[Step, ...]:
    """Every step of a run in order; the detectors together are the one that makes ``CLAIMS``."""
    steps = [step_of(recipe, stage) for stage, room in _STAGES for recipe in room.RECIPES]
    needed = dict.fromkeys(name for _, step in questions() for name in step.needs)
    asking = Step("claim", "detect", CLAIMS, tuple(needed), {}, {}, (), questions)
    return in_order([*steps, asking], TAKEN_IN)


def thresholds() -> Mapping[str, Mapping[str, object]]:
    """Every threshold a person may set, by recipe."""
    return {step.name: step.thresholds for step in (*all_steps(), *(step for _, step in questions()))}
