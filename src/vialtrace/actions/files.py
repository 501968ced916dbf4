"""Which files a person means by the places named: files themselves, and folders with all that is in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from vialtrace.errors import BadInput

_LEFT_BESIDE = frozenset({"Thumbs.db", "desktop.ini"})


def files_at(places: Sequence[Path]) -> tuple[list[Path], tuple[Path, ...]]:
    """The files to look at, each once, and the hidden ones of folders that are passed over.

    Folders that are linked to are gone into, each once. What is no file that can be read, such as a link that leads
    nowhere, is named with the others, so that it is refused and not lost.

    Raises:
        BadInput: if a place does not exist, or a folder holds nothing to look at.
    """
    found: list[Path] = []
    passed_over: list[Path] = []
    for place in places:
        if not os.path.lexists(place):
            raise BadInput(f"There is no file {place}.", expected="A file or a folder.", way_out="Check the path.")
        if not os.path.isdir(place):  # noqa: PTH112  Path.is_dir fails on a name longer than any
            found.append(place)
            continue
        inside = sorted(_below(place))
        hidden = [each for each in inside if _is_hidden(each.name)]
        if len(hidden) == len(inside):
            state = "holds only hidden files" if hidden else "is empty"
            raise BadInput(f"The folder {place} {state}.", expected="Files in it.", way_out="Check the path.")
        passed_over += hidden
        found += [each for each in inside if not _is_hidden(each.name)]
    return list(dict.fromkeys(found)), tuple(passed_over)


def _is_hidden(name: str) -> bool:
    """Whether a file is one that systems and spreadsheets leave beside the real ones."""
    return name.startswith((".", "~$")) or name in _LEFT_BESIDE


def _below(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder."""
    been: set[str] = set()

    def refused(failure: OSError) -> None:
        raise BadInput(
            f"The folder {failure.filename} cannot be opened: {failure.strerror}.",
            expected="A folder with read permission.",
            way_out="Ask its owner for access, or name the files one by one.",
        ) from failure

    for above, folders, names in os.walk(folder, followlinks=True, onerror=refused):
        been.add(os.path.realpath(above))
        # A link to a folder above would lead round and round.
        folders[:] = [each for each in sorted(folders) if os.path.realpath(os.path.join(above, each)) not in been]  # noqa: PTH118
        yield from (Path(above, each) for each in names)
