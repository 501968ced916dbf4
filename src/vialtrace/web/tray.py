"""Files that were uploaded and wait to be taken in: looked at, asked about, and still outside the case's sources."""

from __future__ import annotations

import secrets
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import BinaryIO

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.store.atomic import storage

MOST_FILES = 200
"""Files in one upload; a folder of more is added on the command line."""

_MOST_NAME_BYTES = 200
"""What every file system takes, with room for a number and a suffix of our own."""

_FORBIDDEN = '<>:"/\\|?*\0'
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_PIECE = 1 << 20


def cleaned_name(given: str) -> str:
    """The last part of a file's name as a browser sent it, without anything a file system or a reader trips over.

    >>> cleaned_name("../../etc/passwd"), cleaned_name("C:\\\\data\\\\运单.csv"), cleaned_name(".htaccess")
    ('passwd', '运单.csv', 'htaccess')
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(
        "_" if letter in _FORBIDDEN else letter
        for letter in last
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    ).strip(" .")
    path = PurePosixPath(kept or "file")
    stem, suffix = path.stem, path.suffix
    if stem.lower() in _DEVICES:
        stem = f"_{stem}"
    while stem and len((stem + suffix).encode()) > _MOST_NAME_BYTES:
        stem = stem[:-1]
    return (stem + suffix).encode()[:_MOST_NAME_BYTES].decode(errors="ignore") or "file"


@dataclass(frozen=True)
class Waiting:
    """One upload: whose, where its files lie, and how they would be read."""

    key: str
    who: str
    folder: Path
    found: actions.Survey

    @property
    def n_files(self) -> int:
        """Files that can be taken in."""
        return len(self.found.proposals)

    def sheet(self, file_no: int, sheet_no: int) -> actions.SheetProposal:
        """One sheet of one file, both counted from 0.

        Raises:
            UnknownName: if there is none.
        """
        if not 0 <= file_no < len(self.found.proposals):
            raise UnknownName("file of this upload", str(file_no), [str(n) for n in range(len(self.found.proposals))])
        sheets = self.found.proposals[file_no].sheets
        if not 0 <= sheet_no < len(sheets):
            raise UnknownName("sheet of this file", str(sheet_no), [str(n) for n in range(len(sheets))])
        return sheets[sheet_no]

    def with_sheet(self, file_no: int, sheet_no: int, sheet: actions.SheetProposal) -> Waiting:
        """The upload with one sheet read in another way."""
        proposals = list(self.found.proposals)
        sheets = list(proposals[file_no].sheets)
        sheets[sheet_no] = sheet
        proposals[file_no] = replace(proposals[file_no], sheets=tuple(sheets))
        return replace(self, found=replace(self.found, proposals=tuple(proposals)))

    @property
    def settled(self) -> actions.Survey:
        """What was shown and not changed any more, as a person has confirmed it by taking it in."""
        return replace(
            self.found,
            proposals=tuple(
                replace(each, sheets=tuple(sheet.settled(sheet.mapping) for sheet in each.sheets))
                for each in self.found.proposals
            ),
        )


class Tray:
    """The uploads of one server; each is seen by whoever sent it only, and gone when the server ends."""

    def __init__(self, place: Path) -> None:
        """``place`` is a folder that may be removed whole; it is made when the first file comes."""
        self._place = place
        self._held: dict[str, Waiting] = {}
        self._lock = Lock()

    def put(self, who: str, sent: Sequence[tuple[str, BinaryIO]]) -> Waiting:
        """Keep files under their cleaned names, look at them, and propose how to read each.

        Raises:
            BadInput: if nothing was sent, or too many files.
            StorageFailure: if they cannot be kept.
        """
        if not sent:
            raise BadInput("No file was sent.", expected="One file or more.", way_out="Choose files, then upload.")
        if len(sent) > MOST_FILES:
            raise BadInput(
                f"{len(sent)} files at once.", expected=f"At most {MOST_FILES}.", way_out="Upload them in parts."
            )
        key = secrets.token_hex(8)
        folder = self._place / key
        with storage(self._place):
            self._place.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        try:
            paths = [_kept(folder / str(number), name, file) for number, (name, file) in enumerate(sent)]
            waiting = Waiting(key, who, folder, actions.survey(paths))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            self._held[key] = waiting
        return waiting

    def of(self, who: str) -> tuple[Waiting, ...]:
        """The uploads of one person, the oldest first."""
        with self._lock:
            return tuple(each for each in self._held.values() if each.who == who)

    def get(self, key: str, who: str) -> Waiting:
        """One upload of a person.

        Raises:
            UnknownName: if they have none of that key.
        """
        found = {each.key: each for each in self.of(who)}
        if key not in found:
            raise UnknownName("upload", key, list(found), way_out="Upload the files again.")
        return found[key]

    def change(self, key: str, who: str, change: Callable[[Waiting], Waiting]) -> Waiting:
        """Replace an upload by what ``change`` makes of it."""
        before = self.get(key, who)
        after = change(before)
        with self._lock:
            if self._held.get(key) is not before:
                raise BadInput("This upload was changed meanwhile.", way_out="Look at it again, then repeat.")
            self._held[key] = after
        return after

    def drop(self, key: str) -> None:
        """Forget an upload and remove its files."""
        with self._lock:
            found = self._held.pop(key, None)
        if found:
            shutil.rmtree(found.folder, ignore_errors=True)

    def clear(self) -> None:
        """Remove every file, those a killed server left behind included."""
        with self._lock:
            self._held.clear()
        shutil.rmtree(self._place, ignore_errors=True)


def _kept(folder: Path, name: str, file: BinaryIO) -> Path:
    """Write a file piece by piece; the memory it takes does not depend on its size."""
    with storage(folder):
        folder.mkdir()
        path = folder / cleaned_name(name)
        with path.open("wb") as target:
            while piece := file.read(_PIECE):
                target.write(piece)
        path.chmod(0o400)
    return path
