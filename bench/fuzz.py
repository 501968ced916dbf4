"""Does a damaged file ever break the reader? Random mutations of valid files of every kind are sniffed and staged.

``python -m bench.fuzz`` makes a million (``--count`` says another number, ``--first`` where to go on, ``--minutes`` how
long at most) on as many processes as there are processors (``--processes``), and prints what became of them. Mutation n
of a seed is the same file however many processes share the work, so that runs of parts of the numbers add up. It fails
when a file raises anything but a refusal, takes longer than its limit, or when rows staged, blank rows and the count of
rows differ; such files are kept and named, and the others are still read. One file in 1001 is cleaned, too, and every
row of it must be accounted for; one in 5003 is previewed, taken into a case and checked there, as a person would.
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from types import FrameType

import ibis
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt

from vialtrace import actions, ingest, sources
from vialtrace.errors import UnreadableSource
from vialtrace.store import Machine, Settings

SECONDS = 60
"""A small file that takes more processor time hangs; so does one that takes ten times as long on the clock."""

WORKBOOKS = 0.03
"""Share of workbooks beside one of any other file: each is opened in a process of its own, which takes long."""

_HEADERS = ("交易时间", "付款账号", "收款账号", "金额", "附言")
_ROWS = [
    (f"2024-03-0{n + 1} 10:20:3{n}", f"622202{n:010d}", f"622848{n:010d}", f"{n * 100 + 0.5:.2f}", f'note "{n}"')
    for n in range(6)
]
_TOKENS = (
    b"\x00", b"\xff\xfe", b'"', b"'", b",", b"\t", b"\r\n", b"\n\n", b"{", b"}", b"[[[[[[[[", b"<", b"</", b"<![CDATA[",
    b"&lol;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"UNA:+.? '", b"UNH+1+PAXLST:D'", b"?", b"\\u0000", b"1e999", b"NaN",
    b"\xef\xbb\xbf", b"\x1f\x8b", b"9" * 400, b"\xe5\x90", b"\x1a", b"null", b"-", b"\xa0",
)  # fmt: skip

_LIST = (
    "UNA:+.? 'UNB+UNOA:4+A+B+240304:0600+1'UNG+PAXLST+A+B+240304:0600+1+UN+D:02B'UNH+1+PAXLST:D:02B:UN:IATA'"
    "BGM+745'NAD+MS+++OFFICE'TDT+20+ZZ123+++ZZ'LOC+125+CAN'DTM+189:2403041010:201'LOC+87+SIN'DTM+232:2403041410:201'"
    "NAD+FL+++DOE:JANE'ATT+2++F'DTM+329:800102'NAT+2+SGP'DOC+P:110:111+K1234567A'LOC+91+SGP'\n"
    "NAD+FM+++ROE:R?'OY'DTM+329:790203'DOC+P+E7654321'CNT+42:2'UNT+20+1'UNE+1+1'UNZ+1+1'"
)
_STATEMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    "<BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ownr><Nm>HOLDER</Nm></Ownr></Acct>"
    + "".join(
        f'<Ntry><Amt Ccy="EUR">{n}8.85</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>'
        f"2024-03-0{n}</Dt></BookgDt><NtryDtls><TxDtls><Refs><TxId>T{n}</TxId></Refs><RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr>"
        "<DbtrAcct><Id><IBAN>NL56AGDH9619008421</IBAN></Id></DbtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>"
        for n in range(1, 4)
    )
    + "</Stmt></BkToCstmrStmt></Document>"
)
_EVENTS = (
    '{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "type": "EPCISDocument", "epcisBody": '
    '{"eventList": [{"type": "ObjectEvent", "eventTime": "2024-03-04T10:00:00Z", "action": "OBSERVE", "bizStep": '
    '"shipping", "epcList": ["urn:epc:id:sscc:0614141.1234567890"]}, {"type": "ObjectEvent", "eventTime": '
    '"2024-03-05T10:00:00Z", "bizStep": "receiving", "epcList": []}]}}'
)
_EVENTS_XML = (
    '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2"><EPCISBody><EventList><AggregationEvent><eventTime>'
    "2024-03-04T10:00:00Z</eventTime><parentID>urn:epc:id:sscc:0614141.1234567890</parentID><action>ADD</action>"
    "<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep></AggregationEvent></EventList></EPCISBody>"
    "</epcis:EPCISDocument>"
)
_ENTITIES = """{"id": "a", "schema": "BankAccount", "properties": {"accountNumber": ["622202"], "owner": ["p"]}}
{"id": "b", "schema": "BankAccount", "properties": {"iban": ["NL56AGDH9619008421"]}}
{"id": "p", "schema": "Person", "properties": {"name": ["A"]}}
{"id": "t", "schema": "Payment", "properties": {"payerAccount": ["a"], "beneficiaryAccount": ["b"], "amount": ["5"]}}
{"id": "c", "schema": "Company", "properties": {"name": ["C"]}}
"""


def seeds() -> dict[str, bytes]:
    """A small valid file of every kind, by file name."""
    lines: list[tuple[str, ...]] = [_HEADERS, *_ROWS]
    csv = "\r\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in lines)
    rows = "\n".join(
        "{" + ", ".join(f'"{name}": "{cell}"' for name, cell in zip(_HEADERS, row[:4], strict=False)) + "}"
        for row in _ROWS
    )
    return {
        "a.csv": csv.encode("gb18030"),
        "a.tsv": "\n".join("\t".join(row) for row in lines).encode("utf-8-sig"),
        "a.csv.gz": gzip.compress(csv.encode(), mtime=0),
        "a.jsonl": rows.encode(),
        "a.json": ("[" + rows.replace("\n", ",\n") + "]").encode(),
        "a.xlsx": _xlsx(lines),
        "a.xls": _xls(lines),
        "a.parquet": _parquet(),
        "a.edi": _LIST.encode(),
        "camt.xml": _STATEMENT.encode(),
        "epcis.jsonld": _EVENTS.encode(),
        "epcis.xml": _EVENTS_XML.encode(),
        "ftm.json": _ENTITIES.encode(),
    }


def _xlsx(lines: list[tuple[str, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for row in lines:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xls(lines: list[tuple[str, ...]]) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("a")
    for place, row in enumerate(lines):
        for column, cell in enumerate(row):
            page.write(place, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet() -> bytes:
    out = io.BytesIO()
    columns = {name: [row[place] for row in _ROWS] for place, name in enumerate(_HEADERS)}
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def mutated(name: str, data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A file with one to four random changes; every second workbook is changed inside one of its parts."""
    if name.endswith(".xlsx") and chance.random() < 0.5:
        return _with_part(data, chance, others)
    if name.endswith(".gz") and chance.random() < 0.5:
        return gzip.compress(_changed(gzip.decompress(data), chance, others), 1, mtime=0)
    return _changed(data, chance, others)


def _with_part(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        names = given.namelist()
        chosen = chance.choice([name for name in names if name.startswith("xl/")] or names)
        for each in names:
            content = given.read(each)
            made.writestr(each, _changed(content, chance, others) if each == chosen else content)
    return out.getvalue()


def _changed(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        to = min(len(data), at + chance.choice((1, 1, 2, 8, 64, 400)))
        match chance.randint(0, 6):
            case 0:
                data = data[:at] + chance.randbytes(to - at) + data[to:]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:to] + data[at:to] * chance.choice((1, 1, 3, 50)) + data[to:]
            case 3:
                data = data[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 2, 300)) + data[at:]
            case 4:
                data = data[:at]
            case 5:
                other = chance.choice(others)
                start = chance.randint(0, len(other))
                data = data[:at] + other[start : start + 200] + data[at:]
            case _:
                flipped = bytes(byte ^ (1 << chance.randint(0, 7)) for byte in data[at:to])
                data = data[:at] + flipped + data[to:]
    return data


def outcome(path: Path, place: Path, *, is_cleaned: bool = False, is_walked: bool = False) -> str:
    """Read a file as `add` does; how it went: ``refused`` or ``read``.

    Where it ``is_walked`` it goes through a case of its own as well.

    Raises:
        AssertionError: a row is unaccounted for.
    """
    try:
        for sheet in sources.sniff(path):
            guess = ingest.guess(sheet)
            if sheet.why_not:
                continue
            target = place / "staged.parquet"
            staged = sources.stage(path, sheet, target)
            with pq.ParquetFile(target) as written:
                numbers = written.read(["row_no"], use_threads=False).column(0).to_pylist()
            assert len(numbers) + staged.n_blank == staged.n_rows, (len(numbers), staged)
            assert len(set(numbers)) == len(numbers), "two rows have one number"
            if is_cleaned and guess.confidence > 0:
                _clean(target, guess.mapping, len(numbers))
        if is_walked:
            _walk(path, place / "case")
    except UnreadableSource:
        return "refused"
    return "read"


def _clean(target: Path, mapping: ingest.Mapping, n_rows: int) -> None:
    connection = ibis.duckdb.connect()
    received = connection.read_parquet(target)
    wide = ingest.judged_rows(received, mapping, source_no=1, time_zone="Asia/Shanghai")
    cleaned = ingest.parted(wide, mapping)
    parts = (cleaned.rows, cleaned.quarantine, cleaned.set_aside)
    found = sum(int(connection.to_pyarrow(each.count()).as_py()) for each in parts)
    connection.disconnect()
    assert found == n_rows, f"{n_rows} rows staged, {found} accounted for"


def _walk(path: Path, folder: Path) -> None:
    """Preview a file, take it into a case, check the case, and look at each sheet of it.

    Raises:
        AssertionError: preview and case tell different things of the file.
    """
    shutil.rmtree(folder, ignore_errors=True)
    desk = actions.Desk("fuzz", machine=Machine.within(threads=1))
    actions.new(folder, desk, Settings("fuzz", "", "", "fuzz", "CN", "Asia/Shanghai"))
    found = actions.survey([path])
    seen = actions.preview(folder, found, desk)
    added = actions.add(folder, found, desk, best_guess=True)
    assert seen.is_damaged == added.is_damaged, "preview and case differ"
    if added.taken:
        actions.check(folder, desk)
        for sheet in added.taken[0].taken:
            actions.sheet_told(folder, sheet.source_no, desk)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"took more than {SECONDS} s")


def _in_time(path: Path, place: Path, *, is_cleaned: bool, is_walked: bool) -> str:
    """How it went within the limit; a file that overruns it is read once more, for the machine may have stood still."""
    try:
        return _within(path, place, is_cleaned=is_cleaned, is_walked=is_walked)
    except TimeoutError:
        return _within(path, place, is_cleaned=is_cleaned, is_walked=is_walked)


def _within(path: Path, place: Path, *, is_cleaned: bool, is_walked: bool) -> str:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(10 * SECONDS)
    try:
        return outcome(path, place, is_cleaned=is_cleaned, is_walked=is_walked)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


Ends = Counter[tuple[str, str]]


def fuzz(
    numbers: range,
    seed: int,
    place: Path,
    *,
    clean_every: int = 1001,
    walk_every: int = 5003,
    seconds: float = float("inf"),
) -> tuple[Ends, list[str]]:
    """Make and read the mutations of these numbers, or as many as ``seconds`` allow.

    Returns how many files of each name came to each end, and the failures; a failure keeps its file in ``place``.
    """
    given = seeds()
    others = list(given.values())
    weights = [WORKBOOKS if name.endswith((".xlsx", ".xls")) else 1.0 for name in given]
    ends: Ends = Counter()
    failures: list[str] = []
    until = time.monotonic() + seconds
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    for number in numbers:
        if time.monotonic() > until:
            break
        chance = random.Random(seed * 1_000_003 + number)  # noqa: S311  no secret depends on it
        name = chance.choices(list(given), weights)[0]
        path = place / name
        path.write_bytes(mutated(name, given[name], chance, others))
        is_cleaned = number % clean_every == clean_every - 1
        is_walked = number % walk_every == walk_every - 1
        try:
            ends[name, _in_time(path, place, is_cleaned=is_cleaned, is_walked=is_walked)] += 1
        except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
            kept = path.replace(place / f"failed-{number}-{name}")
            ends[name, "failed"] += 1
            failures.append(f"mutation {number} of seed {seed}, {kept}: {error!r}")
    return ends, failures


def _share(told: tuple[range, int, str, float]) -> tuple[Ends, list[str], float]:
    """One process's part of the work, with the processor seconds that it and its workbooks took."""
    numbers, seed, place, seconds = told
    pa.set_cpu_count(1)
    ends, failures = fuzz(numbers, seed, Path(tempfile.mkdtemp(dir=place)), seconds=seconds)
    spent = os.times()
    return ends, failures, spent.user + spent.system + spent.children_user + spent.children_system


def _in_memory() -> str | None:
    """Where files live in memory, if the machine has it: opening one on a disk takes longer than reading it."""
    return "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None  # noqa: S108  its own folder


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutation")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    place = tempfile.mkdtemp(prefix="fuzz-", dir=_in_memory())
    began, last = time.monotonic(), chosen.first + chosen.count
    shares = [range(chosen.first + part, last, chosen.processes) for part in range(chosen.processes)]
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        parts = pool.map(_share, [(share, chosen.seed, place, 60 * chosen.minutes) for share in shares])
    ends: Ends = sum((each for each, _, _ in parts), Counter())
    failures = [each for _, told, _ in parts for each in told]
    for name in sorted({name for name, _ in ends}):
        print(f"{name:14} read {ends[name, 'read']:>8,}  refused {ends[name, 'refused']:>8,}")
    print("\n".join(failures[:20]))
    spent, took = sum(each for _, _, each in parts), time.monotonic() - began
    print(
        f"{sum(ends.values()):,} mutations, seed {chosen.seed}, {took:.0f} s, {spent:.0f} CPU seconds, "
        f"{len(failures)} failures"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
