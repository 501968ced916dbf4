"""Hold every mapping of a case against its sheet, and say all that is wrong at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vialtrace.actions.desk import Desk
from vialtrace.errors import BadMapping, UnknownName, VialtraceError
from vialtrace.pipeline import mapping_of, sheets_of, staged


@dataclass(frozen=True)
class MappingChecked:
    """One mapping of a case: its file, the kind it names (empty where it cannot be read), and all its problems."""

    name: str
    kind: str
    is_confirmed: bool
    problems: tuple[str, ...]


def check_mappings(folder: Path, desk: Desk, *, name: str = "") -> tuple[MappingChecked, ...]:
    """Every mapping of a case, or the one called ``name``, held against the sheet it is for.

    Raises:
        UnknownName: if no mapping is called so.
    """
    case = desk.open(folder)
    listed = sheets_of(case)
    names = [taken.mapping for _, taken in listed]
    if name and name not in names:
        raise UnknownName("mapping", name, names)
    checked = []
    with case.writing("mapping check"):
        for source, taken in listed:
            if name and taken.mapping != name:
                continue
            try:
                mapping = mapping_of(case, staged(case, source, taken))
                checked.append(MappingChecked(taken.mapping, mapping.kind, mapping.confirmed, ()))
            except BadMapping as refusal:
                checked.append(MappingChecked(taken.mapping, "", is_confirmed=False, problems=tuple(refusal.problems)))
            except VialtraceError as refusal:
                checked.append(MappingChecked(taken.mapping, "", is_confirmed=False, problems=(str(refusal),)))
    return tuple(checked)
