"""How the findings of a case were reached: the questions asked, what each needs, thresholds, inputs and versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vialtrace.actions.desk import Desk
from vialtrace.detect import DETECTORS
from vialtrace.pipeline import all_steps, build, thresholds


def method_told(folder: Path, desk: Desk) -> dict[str, Any]:
    """The questions, the steps with their thresholds (and which the case changed), and what the run was made from.

    A case without a run is told the same but for the last.
    """
    case = desk.open(folder)
    made = case.runs[-1] if case.runs else None
    unasked = {row["detector"]: row["missing"] for row in made.tables["unasked"].to_pylist()} if made else {}
    chosen = case.settings.parameters
    return {
        "questions": [
            {
                "detector": each.name,
                "question": each.question,
                "needs": list(each.needs),
                "missing": list(unasked.get(each.name, ())),
            }
            for each in DETECTORS
        ],
        "steps": [
            {"name": each.name, "stage": each.stage, "makes": list(each.makes), "reads": list(each.needs)}
            for each in all_steps()
        ],
        "thresholds": [
            {
                "recipe": recipe,
                "name": name,
                "default": str(default),
                "value": str(chosen.get(recipe, {}).get(name, default)),
                "is_changed": name in chosen.get(recipe, {}),
            }
            for recipe, known in thresholds().items()
            for name, default in sorted(known.items())
        ],
        "build": build(),
        "run": made.digest if made else None,
        "inputs": made.manifest["inputs"] if made else None,
        "versions": made.manifest["versions"] if made else {},
    }
