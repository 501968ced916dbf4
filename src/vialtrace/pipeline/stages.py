"""The stages of reasoning, from who is who to which law, and the order that follows from their recipes."""

from __future__ import annotations

from collections.abc import Mapping

from vialtrace import assess, detect, estimate, reconstruct, resolve
from vialtrace.detect import Detector
from vialtrace.model import RECORDS
from vialtrace.pipeline.order import Step, in_order, step_of

TAKEN_IN = (*RECORDS, "source", "quarantine", "set_aside", "field_issue", "duplicate", "decision", "party_decision")
"""Tables that are there before any reasoning."""

CLAIMS = ("claim", "claim_row", "unasked")
"""Tables that all detectors make together."""

_STAGES = (("resolve", resolve), ("detect", detect), ("reconstruct", reconstruct), ("estimate", estimate), ("assess", assess))


def detector_steps() -> tuple[tuple[Detector, Step], ...]:
    """Each detector with its recipe as a step."""
    return tuple((each, step_of(each.recipe, "detect")) for each in detect.DETECTORS)


def all_steps() -> tuple[Step, ...]:
    """Every step of a run in order; the detectors together are the one called ``claim``."""
    steps = [step_of(recipe, stage) for stage, room in _STAGES for recipe in room.RECIPES]
    needed = dict.fromkeys(name for _, step in _asked() for name in step.needs)
    asking = Step("claim", "detect", CLAIMS, tuple(needed), frozenset(), {}, (), detector_steps)
    return in_order([*steps, asking], TAKEN_IN)


def thresholds() -> Mapping[str, Mapping[str, object]]:
    """Every threshold a person may set, by recipe."""
    return {step.name: step.thresholds for step in (*all_steps(), *(step for _, step in _asked()))}


def _asked() -> tuple[tuple[Detector, Step], ...]:
    # Detectors answer in one form under their own names, which are no tables.
    return tuple((each, _question(each)) for each in detect.DETECTORS)


def _question(detector: Detector) -> Step:
    step = step_of_detector(detector)
    return step


def step_of_detector(detector: Detector) -> Step:
    """A detector's recipe as a step that makes claims."""
    from vialtrace.model.recipe import Recipe

    made = step_of(Recipe(("claim",), detector.recipe), "detect")
    return made
