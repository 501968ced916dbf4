"""Write the page of sample files: what each becomes, or why it is refused.

``python -m docs.make_formats`` reads every file of the published sample set beside the repository and writes the page;
with ``--check`` it writes nothing and fails when the page has drifted. Where the samples are absent it says so, and
neither fails nor writes.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import ibis

from docs.make_tables import NOTICE, grid
from vialtrace import ingest, sources
from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats"
PAGE = Path(__file__).parent / "formats.md"
JURISDICTION = "US"
"""The passenger lists of the sample set fly to the United States and Canada."""

_INTRO = """# Sample files

Public samples of standard messages, read as files of a case in the jurisdiction US. *Entries* are travellers of a
passenger list, transfers of a bank statement, events of a supply chain. Every entry is read, quarantined with a reason,
or set aside: `entries = read + quarantined + set aside` holds for each file. A file is refused as a whole when nothing
in it is one of the twelve record kinds, or when it is damaged.

| message | becomes | row number |
| --- | --- | --- |
| UN/EDIFACT PAXLST | `crossing`: direction, time and port from the end of the journey at the case's border | byte of the traveller's NAD |
| UN/EDIFACT PNRGOV | refused: a reservation tells who booked, not who crossed | |
| ISO 20022 camt.052, 053, 054 | `payment`: the account's holder on one side, the related party on the other | byte of the transfer's element |
| EPCIS 1.2, 2.0 (JSON, JSON-LD, XML) | `waybill` where a logistic unit, consignment, shipment or bill of lading is sent off; `specimen` for each object of an event that names its seizure | place among the events |
| FollowTheMoney, one entity a line | Payment → `payment`; Company, Organization, LegalEntity, PublicBody → `organisation`; BankAccount, CryptoWallet, UserAccount → `subscriber`; Call → `contact`; Trip → `crossing` | line |

"""  # noqa: E501  table rows cannot be broken


def page() -> str:
    """The page for the sample set."""
    files = sorted(each for each in SAMPLES.rglob("*") if each.is_file())
    rows = [row for file in files for row in _rows(file)]
    counts = Counter(row[1] or "refused" for row in rows)
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    head = ("file", "kind", "entries", "read", "quarantined", "set aside", "refused or quarantined, and why")
    return f"{NOTICE}{_INTRO}{len(files)} files: {told}.\n\n" + grid(head, rows)


def _rows(file: Path) -> Iterator[tuple[str, ...]]:
    name = file.relative_to(SAMPLES).as_posix()
    try:
        for sheet in sources.sniff(file):
            yield (name, *_read(file, sheet))
    except UnreadableSource as refusal:
        yield (name, "", "", "", "", "", refusal.given.replace(file.name, "It", 1))


def _read(file: Path, sheet: Sheet) -> tuple[str, ...]:
    """What a sheet becomes, in the order of the page's columns."""
    guess = ingest.guess(sheet)
    if guess.confidence <= 0:
        return "", str(sheet.n_rows or ""), "", "", "", guess.reason
    with tempfile.TemporaryDirectory() as place:
        staged = sources.stage(file, sheet, Path(place) / "staged.parquet")
        connection = ibis.duckdb.connect()
        table = connection.read_parquet(Path(place) / "staged.parquet")
        judged = ingest.judged_rows(table, guess.mapping, source_no=1, time_zone="UTC", jurisdiction=JURISDICTION)
        cleaned = ingest.parted(judged, guess.mapping)
        n_read, n_aside = (
            int(connection.to_pyarrow(each.count()).as_py()) for each in (cleaned.rows, cleaned.set_aside)
        )
        quarantined = connection.to_pyarrow(cleaned.quarantine).to_pylist()
        connection.disconnect()
    found = n_read + len(quarantined) + n_aside + staged.n_blank
    if found != staged.n_rows:
        raise AssertionError(f"{file.name}: {staged.n_rows} entries, {found} accounted for.")
    reasons = Counter(f"{row['field']}: {row['reason']}".removeprefix(": ") for row in quarantined)
    why = "; ".join(f"{count} × {reason}" for reason, count in sorted(reasons.items()))
    counts = (staged.n_rows, n_read, len(quarantined), n_aside + staged.n_blank)
    return (guess.mapping.kind, *map(str, counts), why)


def main(arguments: list[str]) -> int:
    """Write the page, or check it; the exit code."""
    if not SAMPLES.exists():
        sys.stdout.write("The sample files are not here: docs/formats.md is neither made nor checked.\n")
        return 0
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        sys.stderr.write("docs/formats.md has drifted from what the readers do. Run `make docs`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
