"""New records held against a run's networks: files by joins in the engine, single records by lookups in memory."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vialtrace import ingest, screen
from vialtrace.errors import BadInput, UnknownName, WrongOrder
from vialtrace.model import table
from vialtrace.pipeline import decisions
from vialtrace.pipeline.progress import Progress
from vialtrace.pipeline.reading import Tried
from vialtrace.pipeline.staging import StagedSheet, staged_beside
from vialtrace.store import Case, Engine, Run

_CONTEXT = ("row_id", "field", "seen", "how")


@dataclass(frozen=True)
class Rejected:
    """What people rejected since: networks, and parties in a network or (under no network) everywhere."""

    networks: frozenset[str]
    parties: frozenset[tuple[str, str]]

    def leaves(self, watch: pa.Table) -> pa.Table:
        """The rows that are left of a table of what to watch for."""
        kept = watch.filter(
            pc.invert(pc.is_in(watch["network_id"], value_set=pa.array(sorted(self.networks), pa.string())))
        )
        if not self.parties or "member_id" not in watch.column_names:
            return kept
        out = [
            (member, network) in self.parties or (member, "") in self.parties
            for member, network in zip(kept["member_id"].to_pylist(), kept["network_id"].to_pylist(), strict=True)
        ]
        return kept.filter(pc.invert(pa.array(out, pa.bool_())))


def rejected(case: Case) -> Rejected:
    """What is rejected by the decisions in force."""
    out = [each for each in decisions.in_force(case.ledger.entries("decision")) if each.act == "reject"]
    return Rejected(
        frozenset(each.subject for each in out if not each.other), frozenset((each.subject, each.other) for each in out)
    )


def _tables(run: Run, out: Rejected) -> dict[str, pa.Table]:
    missing = [name for name in screen.TABLES if not run.tables.path(name).exists()]
    if missing:
        raise WrongOrder(
            f"The run {run.folder.name} was made by a vialtrace that did not screen: it has no {', '.join(missing)}.",
            way_out="Make a new run with `vialtrace run`.",
        )
    return {
        name: out.leaves(run.tables[name]) if "network_id" in table(name).names else run.tables[name]
        for name in screen.TABLES
    }


def _scores(run: Run) -> dict[str, float]:
    networks = run.tables["network"]
    return dict(zip(networks["network_id"].to_pylist(), networks["score"].to_pylist(), strict=True))


def _locator(run: Run) -> Callable[[int], str]:
    """Names a row of the case as ``file:row``."""
    files = {
        row["source_no"]: f"{row['file']}#{row['sheet']}" if row["sheet"] else row["file"]
        for row in run.tables["source"].select(["source_no", "file", "sheet"]).to_pylist()
    }
    return lambda row_id: f"{files.get(row_id >> 32, f'source {row_id >> 32}')}:{row_id & 0xFFFFFFFF}"


@dataclass(frozen=True)
class Screened:
    """What screening found: hits (the first of them, ``n_hits`` in all), and places where clients meet anew.

    ``matched`` counts records by network; ``n_unread`` fields that held something that could not be read, and
    ``n_damaged`` rows with fewer or more cells than their sheet, or bytes that could not be decoded.
    """

    n_records: int
    n_matched: int
    n_hits: int
    n_unread: int
    n_damaged: int
    matched: Mapping[str, int]
    hits: tuple[screen.Hit, ...]
    gatherings: tuple[screen.Gathering, ...]
    where: Mapping[int, str]


def screen_files(
    case: Case, run: Run, tried: Sequence[Tried], engine: Engine, progress: Progress, *, limit: int
) -> Screened:
    """Hold files that are not in the case against the networks of ``run``; the case stays as it is.

    Raises:
        BadInput: if a file is of a kind that cannot be screened.
        UnreadableSource: if a file turns out to be damaged further on.
        WrongOrder: if the run has no list of what to watch for.
    """
    for each in tried:
        _check(each.mapping.kind, each.path.name)
    tables = _tables(run, rejected(case))
    folder = engine.spill / "screen"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: _kept(engine, made, folder / f"{name}.parquet") for name, made in tables.items()}
    read: dict[str, list[ir.Table]] = defaultdict(list)
    shown: dict[int, str] = {}
    n_records = n_unread = n_damaged = 0
    for done, each in enumerate(tried):
        progress("read", done, len(tried), each.path.name)
        sheet = staged_beside(each.path, each.source, each.taken, folder)
        rows = _glanced(case, engine, each, sheet, folder)
        read[each.mapping.kind].append(rows)
        shown[each.taken.source_no] = sheet.shown
        ((n, unread),) = engine.run(f'SELECT count(*), coalesce(sum(n_unread), 0) FROM "{rows.get_name()}"')  # noqa: S608
        n_records, n_unread = n_records + n, n_unread + int(unread)
        n_damaged += sheet.staged.n_problems + sheet.staged.n_short
    progress("screen", len(tried), len(tried), f"{n_records:,} records")
    found = _matched(engine, read, kept, folder)
    of = _scores(run), _locator(run)
    hits = [_hit(row, shown, tried, *of) for row in found.slice(0, limit).to_pylist()]
    where, gathered = _gathered(engine, read, kept, shown)
    counted = found.select(["network_id", "row_id"]).group_by("network_id").aggregate([("row_id", "count_distinct")])
    matched = dict(zip(counted["network_id"].to_pylist(), counted["row_id_count_distinct"].to_pylist(), strict=True))
    n_matched = pc.count_distinct(found["row_id"]).as_py()
    return Screened(n_records, n_matched, found.num_rows, n_unread, n_damaged, matched, tuple(hits), gathered, where)


def _check(kind: str, given: str) -> None:
    if kind not in screen.FIELDS:
        raise BadInput(f"{given} holds records of the kind {kind}.", expected=f"One of: {', '.join(screen.FIELDS)}.")


def _kept(engine: Engine, made: pa.Table, path: Path) -> ir.Table:
    pq.write_table(made, path)
    return engine.read(path)


def _glanced(case: Case, engine: Engine, each: Tried, sheet: StagedSheet, folder: Path) -> ir.Table:
    """The fields of a sheet that are looked at, cleaned once."""
    fields, time_zone = screen.FIELDS[each.mapping.kind], case.settings.time_zone
    received = engine.read(sheet.path)
    narrow = ingest.narrowed(each.mapping, fields)
    (flags,) = engine.arrow(ingest.plain_fields(received, narrow, time_zone=time_zone)).to_pylist()
    made = ingest.glance(
        received,
        each.mapping,
        fields,
        source_no=each.taken.source_no,
        time_zone=time_zone,
        jurisdiction=case.settings.jurisdiction,
        plain=frozenset(name for name, is_plain in flags.items() if is_plain),
    )
    return engine.save(made, folder / f"{each.taken.source_no}-glance.parquet")


def _matched(
    engine: Engine, read: Mapping[str, list[ir.Table]], kept: Mapping[str, ir.Table], folder: Path
) -> pa.Table:
    """Every match of every record, in the order of the records."""
    seen = [screen.sightings(kind, rows) for kind, parts in read.items() for rows in parts]
    if not seen:
        return pa.table({"row_id": pa.array([], pa.int64()), "network_id": pa.array([], pa.string())})
    sightings = engine.save(reduce(ir.Table.union, seen), folder / "sightings.parquet")
    near = engine.save(screen.candidates(sightings, kept["watch"]), folder / "candidates.parquet")
    shown = engine.save(screen.matches(near, kept["watch_name"]), folder / "matches.parquet")
    beside = engine.save(screen.beside(sightings, shown), folder / "beside.parquet")
    supports = screen.supports(beside, kept["watch"])
    found = pa.concat_tables([engine.arrow(shown), engine.arrow(supports).select(list(shown.columns))])
    order = ("row_id", "network_id", "is_support", "field", "what", "value", "party_id")
    return found.sort_by([(name, "ascending") for name in order])


def _hit(
    row: Mapping[str, Any],
    shown: Mapping[int, str],
    tried: Sequence[Tried],
    scores: Mapping[str, float],
    locate: Callable[[int], str],
) -> screen.Hit:
    number, line = divmod(row["row_id"], 2**32)
    kind = next(each.mapping.kind for each in tried if each.taken.source_no == number)
    return screen.told(row, row=f"{shown[number]}:{line}", kind=kind, score=scores[row["network_id"]], locate=locate)


def _gathered(
    engine: Engine, read: Mapping[str, list[ir.Table]], kept: Mapping[str, ir.Table], shown: Mapping[int, str]
) -> tuple[dict[int, str], tuple[screen.Gathering, ...]]:
    """Places where clients meet anew, and the new rows they were seen in."""
    parts = [
        meeting
        for kind, rows in read.items()
        if (meeting := screen.meetings(kind, reduce(ir.Table.union, rows))) is not None
    ]
    if not parts:
        return {}, ()
    counted = engine.arrow(screen.met(reduce(ir.Table.union, parts), kept["watch_client"])).to_pylist()
    values = [row["value"] for row in counted]
    spared = _among(engine, kept["watch_spared"], values, ("what", "value"))
    watched = _among(engine, kept["watch"], values, ("network_id", "what", "value"))
    found = tuple(screen.gatherings(counted, spared=spared, watched=watched))
    rows = {row_id: f"{shown[row_id >> 32]}:{row_id & 0xFFFFFFFF}" for each in found for row_id in each.row_ids}
    return rows, found


def _among(engine: Engine, listed: ir.Table, values: Iterable[str], columns: tuple[str, ...]) -> frozenset[Any]:
    asked = ibis.memtable(pa.table({"value": pa.array(sorted(set(values)), pa.string())}))
    rows = engine.arrow(listed.semi_join(asked, "value").select(*columns).distinct())
    return frozenset(zip(*(rows[name].to_pylist() for name in columns), strict=True))


class Watch:
    """What to watch for, in memory, for records that come one at a time."""

    def __init__(self, case: Case, run: Run) -> None:
        """Read the lists of a run; what was rejected since is left out.

        Raises:
            WrongOrder: if the run has no such lists.
        """
        self.run = run.digest
        self.rejected = rejected(case)
        tables = _tables(run, self.rejected)
        self._lookup = screen.Lookup(tables["watch"], tables["watch_name"])
        self._scores, self._locate = _scores(run), _locator(run)
        clients: dict[str, tuple[str, ...]] = {}
        for network, client in zip(
            *(tables["watch_client"][name].to_pylist() for name in ("network_id", "client")), strict=True
        ):
            clients[client] = (*clients.get(client, ()), sys.intern(network))
        self._clients: Mapping[str, Sequence[str]] = clients
        self._n_networks = len({network for networks in clients.values() for network in networks})
        self._spared = frozenset(
            zip(*(tables["watch_spared"][name].to_pylist() for name in ("what", "value")), strict=True)
        )
        settings = case.settings
        self._readers = {
            kind: (
                ingest.glancer(kind, fields, country=settings.jurisdiction[:2].upper(), time_zone=settings.time_zone),
                screen.reader(kind),
            )
            for kind, fields in screen.FIELDS.items()
        }

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that records are held against."""
        return tuple(sorted(set(self._scores) - self.rejected.networks))

    def __call__(self, kind: str, records: Sequence[Mapping[str, Any]]) -> Screened:
        """Hold records of one kind, field name to value, against the networks; rows are numbered from 1.

        Raises:
            BadInput: if the kind cannot be screened, or a value is no text or number.
            UnknownName: if a field is none of the kind's.
        """
        _check(kind, "What was sent")
        read_row, see = self._readers[kind]
        known = set(table(kind).names)
        hits: list[screen.Hit] = []
        matched: dict[str, set[int]] = defaultdict(set)
        meeting: list[tuple[int, str, str, str]] = []
        for number, record in enumerate(records, start=1):
            read = read_row(_texts(record, known))
            seen = see(read)
            found = self._lookup(seen)
            for each in found:
                hits.append(self._told(each, number, kind))
                matched[hits[-1].network].add(number)
            meeting += screen.met_of(kind, read, seen, number) if len(records) > 1 else ()
        counted = screen.met_in_memory(meeting, self._clients, n_networks=self._n_networks)
        places = {(row["network_id"], row["what"], row["value"]) for row in counted}
        watched = frozenset(place for place in places if self._lookup.holds(*place))
        gathered = tuple(screen.gatherings(counted, spared=self._spared, watched=watched))
        hits.sort(key=lambda each: (int(each.row), each.network, each.is_support, each.field, each.what))
        return Screened(
            len(records),
            len(set().union(*matched.values())) if matched else 0,
            len(hits),
            n_unread=0,
            n_damaged=0,
            matched={network: len(rows) for network, rows in sorted(matched.items())},
            hits=tuple(hits),
            gatherings=gathered,
            where={row_id: str(row_id) for each in gathered for row_id in each.row_ids},
        )

    def _told(self, found: screen.Found, number: int, kind: str) -> screen.Hit:
        watched = self._lookup.row(found.place)
        row = {**watched, "field": found.sighting.field, "seen": found.sighting.seen, "how": found.how}
        return screen.told(
            row, row=str(number), kind=kind, score=self._scores[watched["network_id"]], locate=self._locate
        )


def _texts(record: Mapping[str, Any], known: set[str]) -> dict[str, str]:
    """The record's values as texts, as a file would hold them."""
    for name, value in record.items():
        if name not in known:
            raise UnknownName("field", name, sorted(known))
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
            raise BadInput(f"The field {name} holds {type(value).__name__}.", expected="A text, a number, or null.")
    return {name: str(value) for name, value in record.items() if value is not None}
