"""Start a case."""

from __future__ import annotations

from pathlib import Path

from vialtrace.actions.desk import Desk
from vialtrace.kit.clock import zone
from vialtrace.store import Case, Settings


def new(folder: Path, desk: Desk, settings: Settings) -> Case:
    """Start a case folder.

    Raises:
        BadInput: if the folder holds something, or a setting is wrong.
        StorageFailure: if it cannot be made.
    """
    zone(settings.time_zone)
    return Case.create(folder, settings, who=desk.who, clock=desk.clock)
