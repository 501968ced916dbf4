"""The case: one folder with sources, mappings, runs, the ledger and the key, which can be zipped and handed over."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from vialtrace.errors import BadInput, WrongOrder
from vialtrace.kit.clock import Clock, stamp
from vialtrace.kit.file_names import given_name, plain_name, shortened
from vialtrace.store import lock, received, run, settings, versions
from vialtrace.store.atomic import make_folder, storage, write_whole
from vialtrace.store.ledger import Ledger
from vialtrace.store.received import Copied, SheetLeft, SheetTaken, SourceFile
from vialtrace.store.run import PartialRun, Run
from vialtrace.store.settings import Settings
from vialtrace.store.versions import MappingVersion

_FOLDERS = ("sources", "mappings", "runs", "keys", "cache", "reports")
TRAY = Path("cache", "tray")
"""Where in the case folder uploads wait to be taken in."""
_LEDGER_FILES = ("decisions.db", "decisions.db-journal", "decisions.seal")


_MAPPING_BYTES = 240
"""Of the 255 that a disk allows: the ending and a number follow."""


@dataclass(frozen=True)
class Case:
    """A case folder; nothing is kept in memory, so what is read is what stands on the disk."""

    folder: Path
    clock: Clock = field(repr=False)

    @classmethod
    def create(cls, folder: Path, chosen: Settings, *, who: str, clock: Clock) -> Case:
        """Start a case in ``folder``, which is made; case.toml is written last, so that a case is whole or not there.

        Raises:
            BadInput: if the folder holds anything already.
            StorageFailure: if it cannot be written.
        """
        make_folder(folder)
        with storage(folder):
            if any(folder.iterdir()) and not _interrupted(folder):
                raise BadInput(
                    f"{folder} is not empty.", expected="A new folder, or an empty one.", way_out="Choose another name."
                )
            for name in _FOLDERS:
                (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / "keys").chmod(0o700)
        case = cls(folder, clock)
        case.ledger.create()
        if not (folder / "keys" / "pseudonym.key").exists():
            write_whole(folder / "keys" / "pseudonym.key", secrets.token_bytes(32), mode=0o600)
        if not case.ledger.entries():
            case.ledger.append("alteration", "case started", who=who, payload={"name": chosen.name})
        write_whole(folder / settings.NAME, settings.text_of(chosen))
        return case

    @classmethod
    def open(cls, folder: Path, *, clock: Clock) -> Case:
        """The case in ``folder``.

        Raises:
            WrongOrder: if there is none.
            BadInput: if its settings are unreadable.
        """
        settings.read(folder)
        return cls(folder, clock)

    @property
    def settings(self) -> Settings:
        """What case.toml says."""
        return settings.read(self.folder)

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return Ledger(self.folder / "decisions.db", self.clock)

    @property
    def pseudonym_key(self) -> bytes:
        """The key behind the pseudonyms of protected parties.

        Raises:
            WrongOrder: if the case came without its key, as exported cases do.
        """
        path = self.folder / "keys" / "pseudonym.key"
        if not path.exists():
            raise WrongOrder(
                f"{self.folder} has no pseudonym key.",
                expected="keys/pseudonym.key, 32 bytes.",
                way_out="The key is never handed over with a case: ask its owner, or work from the reports.",
            )
        with storage(path):
            return path.read_bytes()

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files taken in, in order."""
        return received.read_index(self.folder / "sources")

    def source_path(self, source: SourceFile) -> Path:
        """Where a source stands."""
        return self.folder / "sources" / source.name

    def is_own(self, path: Path) -> bool:
        """Whether a file is one that a case is made of; a source never taken in and an upload that waits are not."""
        here, given = self.folder.resolve(), path.resolve()
        if not given.is_relative_to(here):
            return False
        first, *below = given.relative_to(here).parts or ("",)
        if first == "sources":
            return below == [received.INDEX]
        if [first, *below[:1]] == list(TRAY.parts):
            return False
        return first in _FOLDERS or first in {settings.NAME, *_LEDGER_FILES, lock.NAME}

    def mapping_text(self, name: str) -> str:
        """A mapping as its file has it.

        Raises:
            WrongOrder: if the file is gone.
        """
        path = self.folder / "mappings" / name
        if not path.exists():
            raise WrongOrder(f"The mapping {path} is missing.", way_out="Put it back, or add the source again.")
        with storage(path):
            return path.read_text(encoding="utf-8")

    def keep_mappings(self, who: str) -> None:
        """Keep every mapping that has changed since it was last used as its next version; the caller holds the case."""
        names = [each.mapping for source in self.sources for each in source.taken]
        versions.keep(self.folder / "mappings", names, self.ledger, who=who)

    def rewrite_mapping(self, name: str, text: str, *, who: str, why: str) -> None:
        """Give a mapping another text, as its next version, for a reason; the caller holds the case.

        What stood there is kept first, whoever wrote it.
        """
        self.keep_mappings(who)
        write_whole(self.folder / "mappings" / name, text)
        versions.keep(self.folder / "mappings", (name,), self.ledger, who=who, why=why)

    def mapping_versions(self, name: str) -> tuple[MappingVersion, ...]:
        """The versions of a mapping, the first first.

        Raises:
            Tampered: if one is not what was entered in the ledger.
        """
        return versions.history(self.folder / "mappings", name, self.ledger)

    @property
    def cache(self) -> Path:
        """What can be made anew from the sources."""
        return self.folder / "cache"

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that are whole, oldest first."""
        return run.all_runs(self.folder / "runs")

    def run(self, name: str = "") -> Run:
        """The run whose digest begins with ``name``, or the last one.

        Raises:
            WrongOrder: if there is none yet.
            UnknownName: if none is called so.
        """
        if name:
            return run.run_named(self.folder / "runs", name)
        if not self.runs:
            raise WrongOrder(
                f"{self.folder} has no run yet.",
                expected="A run.",
                way_out=f"Make one with `vialtrace run {self.folder}`.",
            )
        return self.runs[-1]

    def run_of(self, digest: str) -> Run | None:
        """The run of exactly this digest, or None."""
        folder = self.folder / "runs" / run.short(digest)
        return Run.open(folder) if folder.exists() else None

    def begin_run(self, digest: str) -> PartialRun:
        """A run in the making; the caller holds the case."""
        return PartialRun.begin(self.folder / "runs", digest)

    @contextmanager
    def writing(self, command: str) -> Iterator[None]:
        """Hold the case while the block changes it; first clear away what a killed process left.

        Raises:
            CaseBusy: if another process holds it.
            StorageFailure: if it cannot be written.
        """
        with lock.held(self.folder, command=command, clock=self.clock), storage(self.folder):
            for name in _FOLDERS:
                (self.folder / name).mkdir(exist_ok=True)
                received.remove_leftovers(self.folder / name)
            received.remove_leftovers(self.folder)
            run.remove_partial(self.folder / "runs")
            self._enter_what_is_missing()
            yield

    def take(
        self,
        path: Path,
        *,
        sheets: Sequence[tuple[str, Callable[[str], str]]],
        left: Sequence[SheetLeft],
        who: str,
        told: Callable[[int], None] = lambda _: None,
    ) -> SourceFile:
        """Take one file in: copy it, write a mapping for each of its ``sheets``, enter it; the caller holds the case.

        ``sheets`` are pairs of a sheet's name and the text of its mapping, given the name the file gets in the case.
        ``told`` hears how many bytes are copied.

        Raises:
            UnreadableSource: if the file cannot be read.
            StorageFailure: if the case cannot be written.
        """
        known = self.sources
        copied = received.copy_in(path, self.folder / "sources", known, told)
        first = 1 + sum(len(each.taken) for each in known)
        taken, used = [], {sheet.mapping for each in known for sheet in each.taken}
        for source_no, (sheet, mapping) in enumerate(sheets, start=first):
            name = _mapping_name(copied.name, sheet, used)
            used.add(name)
            write_whole(self.folder / "mappings" / name, mapping(copied.name))
            taken.append(SheetTaken(source_no, sheet, name))
        source = self._source(copied, path, known, tuple(taken), tuple(left), who)
        received.write_index(self.folder / "sources", (*known, source))
        self._enter_what_is_missing()
        self.keep_mappings(who)
        return source

    def _source(
        self,
        copied: Copied,
        path: Path,
        known: Sequence[SourceFile],
        taken: tuple[SheetTaken, ...],
        left: tuple[SheetLeft, ...],
        who: str,
    ) -> SourceFile:
        twin = next((each.name for each in known if each.sha256 == copied.sha256), "")
        return SourceFile(
            copied.name,
            copied.sha256,
            copied.n_bytes,
            who,
            stamp(self.clock.now()),
            given_name(path),
            taken,
            left,
            same_as=twin,
        )

    def _enter_what_is_missing(self) -> None:
        """Enter into the ledger each source that is not: a process may die between index and ledger."""
        entered = {entry.payload.get("name") for entry in self.ledger.entries("collection")}
        for source in self.sources:
            if source.name not in entered:
                self.ledger.append("collection", f"source {source.name}", who=source.added_by, payload=asdict(source))

    def clear_cache(self) -> None:
        """Remove what can be made anew."""
        shutil.rmtree(self.cache, ignore_errors=True)


def _mapping_name(source: str, sheet: str, used: Collection[str]) -> str:
    """The file name of a mapping: the source's, and the sheet's in a workbook, without what no file name may hold.

    Two sheets whose names differ in that only have a number behind them.
    """
    part = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in plain_name(sheet))
    stem = shortened(f"{source}#{part}" if sheet else source, _MAPPING_BYTES)
    tried, number = f"{stem}.yaml", 1
    while tried in used:
        number += 1
        tried = f"{stem}-{number}.yaml"
    return tried


def _interrupted(folder: Path) -> bool:
    """Whether ``folder`` holds only what an interrupted start leaves: no settings, no source, no run."""
    names = {each.name for each in folder.iterdir()}
    return (
        bool(names)
        and settings.NAME not in names
        and names <= {*_FOLDERS, *_LEDGER_FILES}
        and not any(
            any((folder / name).iterdir()) for name in ("sources", "mappings", "runs") if (folder / name).exists()
        )
    )
