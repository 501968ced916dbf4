"""What an earlier run of the case has made already: a step's tables, if all that it depends on is the same.

A step depends on the code and its libraries, on what the case sets for it, and on the tables it reads. All of these
stand in an earlier run's manifest, the tables by their digests, so that nothing has to be remembered beside it. A
decision, a threshold or a file that repeats what is known changes few tables; what does not follow from them is taken
over, as far down as digests agree again.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vialtrace.kit.ids import file_digest
from vialtrace.model import RECORDS
from vialtrace.pipeline import stages
from vialtrace.pipeline.order import Step
from vialtrace.store import Engine, Run, TablesOf, storage
from vialtrace.store.form import n_rows

_SAME = ("code", "jurisdiction", "time_zone")
"""Inputs that any step may depend on."""


@dataclass
class Reused:
    """The tables of the run in the making, and the earlier runs that may have made them."""

    earlier: tuple[Run, ...]
    inputs: Mapping[str, Any]
    folder: Path
    steps: list[str] = field(default_factory=list)
    """The steps whose tables were taken over."""
    _digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, runs: tuple[Run, ...], inputs: Mapping[str, Any], versions: Mapping[str, str], folder: Path
    ) -> Reused:
        """What ``runs``, the oldest first, can give to a run of these inputs in ``folder``."""
        alike = [
            run
            for run in reversed(runs)
            if all(run.manifest["inputs"].get(name) == inputs[name] for name in _SAME)
            and run.manifest["versions"] == versions
        ]
        return cls(tuple(alike), inputs, folder)

    def digest(self, name: str) -> str:
        """The digest of a table that stands in the folder."""
        if name not in self._digests:
            self._digests[name] = file_digest(self._path(name))
        return self._digests[name]

    def tables(self) -> dict[str, dict[str, Any]]:
        """Rows and digest of every table in the folder, as the manifest names them."""
        made = TablesOf(self.folder)
        return {name: {"rows": made.count(name), "sha256": self.digest(name)} for name in made}

    def take(self, step: Step, engine: Engine) -> bool:
        """Take a step's tables over from an earlier run; whether there was one."""
        made = next((run for run in self.earlier if self._is_made_by(run, step)), None)
        if made is None:
            return False
        for name in step.makes:
            with storage(self._path(name)):
                shutil.copyfile(made.tables.path(name), self._path(name))
            # What was altered there since is made anew here.
            if self.digest(name) != made.manifest["tables"][name]["sha256"]:
                for each in step.makes:
                    self._digests.pop(each, None)
                    self._path(each).unlink(missing_ok=True)
                return False
        for name in step.makes:
            engine.attach(name, self._path(name))
        self.steps.append(step.name)
        return True

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _is_made_by(self, run: Run, step: Step) -> bool:
        """Whether ``run`` made this step's tables from the same."""
        told, made = run.manifest["tables"], run.manifest["inputs"]["parameters"]
        if not all(name in told and run.tables.path(name).exists() for name in step.makes):
            return False
        ours = self.inputs["parameters"]
        recipes, is_alike = [step.name], True
        if step.makes == stages.CLAIMS:
            # Every question has its thresholds, and one is not asked where its kind of record is absent.
            recipes = [question.name for _, question in stages.questions()]
            is_alike = all(
                kind in told and bool(told[kind]["rows"]) == bool(n_rows(self._path(kind))) for kind in RECORDS
            )
        return (
            is_alike
            and all(made.get(name, {}) == ours.get(name, {}) for name in recipes)
            and all(name in told and told[name]["sha256"] == self.digest(name) for name in step.needs)
        )
