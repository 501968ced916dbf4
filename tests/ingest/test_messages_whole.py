"""Standard messages from the file to records: what each says, and that every entry is accounted for."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vialtrace import sources

Take = Callable[..., list[Any]]

_TRAVELLER = "NAD+FL+++{name}'DTM+329:800102'NAT+2+SGP'DOC+P:110:111+{number}'"
_BODY = (
    "UNH+1+PAXLST:D:02B:UN:IATA'BGM+745'NAD+MS+++OFFICE'TDT+20+ZZ123'LOC+125+CAN'DTM+189:2403041010:201'LOC+87+SIN'"
    "DTM+232:2403041410:201'"
)
_GROUPED = (
    "UNA:+.? '\r\nUNB+UNOA:4+A+B+240304:0600+1'UNG+PAXLST+A+B+240304:0600+1+UN+D:02B'\r\n"
    + _BODY.replace("'", "' \n")
    + _TRAVELLER.format(name="DOE:JANE", number="K1234567A")
    + " "
    + _TRAVELLER.format(name="ROE:R", number="E7654321")
    + "UNT+20+1'UNE+1+1'UNZ+1+1'"
)
_BARE = _BODY.replace("BGM+745'", "").replace("DTM+232:2403041410:201'", "") + _TRAVELLER.format(
    name="DOE:JANE", number="K1234567A"
)


@pytest.mark.parametrize(("text", "documents"), [(_GROUPED, ("K1234567A", "E7654321")), (_BARE, ("K1234567A",))])
def test_a_passenger_list_becomes_journeys_with_their_bytes(
    take: Take, tmp_path: Path, text: str, documents: tuple[str, ...]
) -> None:
    """With groups and stray blanks, and without what other senders leave out."""
    path = tmp_path / "list.edi"
    path.write_bytes(text.encode())
    (taken,) = take(path)
    # Whose border is crossed is the case's to say; without a jurisdiction each journey waits with its reason.
    seen = [*taken.rows, *taken.quarantine]
    assert sorted(row["row_no"] for row in seen) == [
        place for place in range(len(text)) if text.startswith("NAD+FL", place)
    ]
    assert len(seen) == len(documents)


_ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2024-03-04</Dt></BookgDt>'
    "<NtryDtls><TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><RltdPties><{party}><Nm>OTHER</Nm></{party}><{party}Acct>"
    "<Id><IBAN>NL56AGDH9619008421</IBAN></Id></{party}Acct></RltdPties></TxDtls></NtryDtls></Ntry>"
)


@pytest.mark.parametrize(
    ("space", "outer", "inner"),
    [
        ("camt.052.001.02", "BkToCstmrAcctRpt", "Rpt"),
        ("camt.053.001.02", "BkToCstmrStmt", "Stmt"),
        ("camt.053.001.08", "BkToCstmrStmt", "Stmt"),
        ("camt.054.001.04", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    ],
)
def test_statements_of_all_three_messages_become_payments(
    take: Take, tmp_path: Path, space: str, outer: str, inner: str
) -> None:
    entries = _ENTRY.format(amount="8.85", way="CRDT", party="Dbtr", n=1) + _ENTRY.format(
        amount="20", way="DBIT", party="Cdtr", n=2
    )
    path = tmp_path / "statement.xml"
    path.write_text(
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{space}"><{outer}><{inner}><Acct><Id><IBAN>NL26VAYB8060476890'
        f"</IBAN></Id><Ownr><Nm>HOLDER</Nm></Ownr></Acct>{entries}</{inner}></{outer}></Document>",
        encoding="utf-8",
    )
    (taken,) = take(path)
    own, other = "NL26VAYB8060476890", "NL56AGDH9619008421"
    assert taken.values("payer_account", "payee_account", "amount", "currency", "paid_at") == [
        (other, own, Decimal("8.85"), "EUR", dt.datetime(2024, 3, 4)),  # noqa: DTZ001  local by design
        (own, other, Decimal(20), "EUR", dt.datetime(2024, 3, 4)),  # noqa: DTZ001
    ]
    assert not taken.quarantine


@pytest.mark.parametrize("context", ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", None])
def test_events_become_parcels_sent_off(take: Take, tmp_path: Path, context: str | None) -> None:
    told = f'"@context": "{context}", ' if context else ""
    path = tmp_path / "events.jsonld"
    path.write_text(
        f'{{{told}"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {{"eventList": [{{"type": "ObjectEvent", '
        '"eventTime": "2024-03-04T10:00:00Z", "eventTimeZoneOffset": "+08:00", "action": "OBSERVE", "bizStep": "shipping", '
        '"epcList": ["urn:epc:id:sscc:0614141.1234567890"]}, {"type": "ObjectEvent", "eventTime": "2024-03-05T10:00:00Z", '
        '"eventTimeZoneOffset": "+08:00", "action": "OBSERVE", "bizStep": "receiving", "epcList": ["urn:epc:id:sscc:0614141.1234567890"]}]}}',
        encoding="utf-8",
    )  # fmt: skip
    taken = take(path)[0]
    assert taken.values("waybill_no", "accepted_at") == [
        ("106141412345678908", dt.datetime(2024, 3, 4, 18))  # noqa: DTZ001  the case's own time
    ]
    assert len(taken.quarantine) == 1


def test_objects_of_a_seizure_become_specimens(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "exhibits.jsonld"
    path.write_text(
        '{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "type": "EPCISDocument", "epcisBody": {"eventList": ['
        '{"type": "ObjectEvent", "eventTime": "2024-03-04T10:00:00Z", "action": "ADD", "bizStep": "holding", "disposition": "non_conformant_no_pass_through", '
        '"epcList": ["urn:epc:id:giai:0614141.TUBE1", "urn:epc:id:giai:0614141.TUBE2"], '
        '"bizTransactionList": [{"type": "https://customs.example/seizure", "bizTransaction": "https://customs.example/case/2024-031"}], '
        '"sensorElementList": [{"sensorReport": [{"type": "gs1:Temperature", "value": 39.2, "uom": "FAH"}]}]}, '
        '{"type": "ObjectEvent", "eventTime": "2024-03-05T10:00:00Z", "action": "OBSERVE", "bizStep": "inspecting", "epcList": ["urn:epc:id:giai:0614141.TUBE3"]}]}}',
        encoding="utf-8",
    )
    sheets = {each.sheet: each for each in sources.sniff(path)}
    assert sheets[""].why_not.startswith("None of its 1 events is a parcel")
    (taken,) = take(path, only="specimens")
    assert taken.values("specimen_id", "seizure_id", "temperature_celsius", "row_no") == [
        ("0614141.TUBE1", "2024-031", 4.0, 1),
        ("0614141.TUBE2", "2024-031", 4.0, 2),
    ]


_ENTITIES = """{"id": "p", "schema": "Person", "properties": {"name": ["Zhang San"], "passportNumber": ["E12345678"]}}
{"id": "c", "schema": "Company", "properties": {"name": ["Some Lab Ltd"], "registrationNumber": ["12345678"]}}
{"id": "a", "schema": "BankAccount", "properties": {"accountNumber": ["6222020200000000017"], "owner": ["p"]}}
{"id": "b", "schema": "BankAccount", "properties": {"iban": ["NL56AGDH9619008421"], "owner": ["c"]}}
{"id": "t", "schema": "Payment", "properties": {"payerAccount": ["a"], "beneficiaryAccount": ["b"], "amount": ["5"], "currency": ["CNY"], "date": ["2024-03-04"]}}
"""


def test_entities_become_records_of_their_kinds(tmp_path: Path, take: Take) -> None:
    path = tmp_path / "entities.ftm.json"
    path.write_text("\n".join(_ENTITIES.splitlines()[1:]) + "\n", encoding="utf-8")
    taken = {each.sheet.sheet: each for each in take(path)}
    assert taken["Company"].values("org_name", "org_id") == [("SOME LAB LTD", "12345678")]
    assert taken["Payment"].values("payer_account", "payee_account", "amount", "currency", "payee_name") == [
        ("6222020200000000017", "NL56AGDH9619008421", Decimal(5), "CNY", "SOME LAB LTD")
    ]
    assert [row[:2] for row in taken["BankAccount"].values("identifier", "holder_name")] == [
        ("NL56AGDH9619008421", "SOME LAB LTD")
    ]
