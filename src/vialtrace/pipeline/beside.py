"""A large sheet typed while it is still being staged: what waits for one processor leaves another to work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from queue import Full, Queue

import ibis
import pyarrow as pa

from vialtrace.ingest import Outright
from vialtrace.model.mapping import Sheet
from vialtrace.model.spec import ROWS_A_GROUP
from vialtrace.store import Engine

_AHEAD = 2
"""Groups of rows that may wait to be typed: staging waits then, and no more of a sheet lies in memory."""

_LOOK_SECONDS = 0.2


class _GivenUp(Exception):  # noqa: N818  no failure
    """The rows that came are not those of the sheet: it is staged anew."""


@dataclass
class TypedBeside:
    """The rows of one sheet, typed in one pass while they are staged, where a sheet holds more than one group of them.

    What is written to ``path`` is what :meth:`Engine.stream` makes of the staged file: it counts only if the sheet
    turns out to be regular.
    """

    engine: Engine
    recipe: Callable[[Sheet, ibis.Table], Outright | None]
    """What makes records of the rows of a sheet in one pass; none where its mapping asks for more."""
    path: Path
    told: Callable[[float], None]
    """Told how much of the file has been read."""
    sheet: Sheet | None = None
    made: Outright | None = None
    _coming: Queue[tuple[pa.Table, float] | None] = field(default_factory=lambda: Queue(_AHEAD))
    _read: float = 0.0
    _done: float = 0.0
    """How much of the file has been read, and how much of it is typed."""
    _pool: ThreadPoolExecutor | None = None
    _typing: Future[None] | None = None
    _is_whole: bool = False

    def begin(self, sheet: Sheet) -> None:
        """Know what will come."""
        self.sheet = sheet

    def anew(self) -> None:
        """Forget what came so far."""
        self.give_up()
        self._coming, self._is_whole = Queue(_AHEAD), True
        self._read = self._done = 0.0

    def reach(self, share: float) -> None:
        """How much of the file has been read; what is told is how much is typed too, where that is done meanwhile."""
        self._read = share
        self.told(share if self._typing is None else self._done)

    def take(self, rows: pa.Table) -> None:
        """Have the next rows typed; the first group begins it."""
        if self._typing is None and self._is_whole and rows.num_rows == ROWS_A_GROUP:
            self._start(rows.schema)
        if self._typing is None:
            # Few rows, or rows that no single pass can type.
            self._is_whole = False
            return
        self._put((rows, self._read))

    def finish(self) -> bool:
        """Wait until all rows are typed; whether they stand in ``path``.

        Raises:
            BrokenForm: if columns, types or keys are not as declared.
            StorageFailure: if the disk fails.
        """
        if self._typing is None:
            return False
        self._put(None)
        try:
            while not wait([self._typing], _LOOK_SECONDS).done:
                self.told(self._done)
            self._typing.result()
        finally:
            typing, self._typing = self._typing, None
            typing.exception()
            self._close()
        return True

    def give_up(self) -> None:
        """Leave the rows that came, whatever became of them."""
        if self._typing is not None:
            self._is_whole = False
            self._put(None)
            typing, self._typing = self._typing, None
            # It fails for want of rows, or failed before; the sheet will be typed again, and what is wrong told then.
            typing.exception()
            self.path.unlink(missing_ok=True)
        self._close()

    def _start(self, schema: pa.Schema) -> None:
        with self.engine.lock:
            unbound = ibis.table(ibis.Schema.from_pyarrow(schema), name=f"coming_{self.path.stem}")
            self.made = None if self.sheet is None else self.recipe(self.sheet, unbound)
        if self.made is None:
            return
        reader = pa.RecordBatchReader.from_batches(schema, self._rows())
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._typing = self._pool.submit(self.engine.stream, self.made.rows, reader, self.path, declared=self.made.form)

    def _rows(self) -> Iterator[pa.RecordBatch]:
        given: deque[float] = deque()
        while (coming := self._coming.get()) is not None:
            rows, share = coming
            given.append(share)
            if len(given) > self.engine.threads:
                # Each thread works on one group: who asks for another has done with one.
                self._done = given.popleft()
            # In one piece each: the groups that are written are those that come.
            yield from rows.combine_chunks().to_batches()
        if not self._is_whole:
            raise _GivenUp

    def _put(self, coming: tuple[pa.Table, float] | None) -> None:
        """Hand rows over, unless nobody takes them any more."""
        while self._typing is not None and not self._typing.done():
            try:
                self._coming.put(coming, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
