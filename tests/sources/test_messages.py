"""Standard messages: what each becomes, what it refuses, and that nothing of it is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vialtrace import sources
from vialtrace.errors import UnreadableSource
from vialtrace.sources.edifact import segments
from vialtrace.sources.passenger_list import country_of
from vialtrace.sources.supply_events import parcels

LIST = (
    "UNB+UNOA:4+A+B+240304:0600+1'UNH+1+PAXLST:D:02B:UN:IATA'BGM+745'NAD+MS+++OFFICE'TDT+20+ZZ123'LOC+125+CAN'"
    "DTM+189:2403041010:201'LOC+87+SIN'DTM+232:2403041410:201'NAD+FL+++DOE:JANE'DTM+329:800102'NAT+2+SGP'"
    "DOC+V+VISA1'DOC+P:110:111+K1234567A'NAD+FM+++O?'HARA:R'DTM+329:150203'NAD+DDU+++TRANSIT:T'UNT+9+1'UNZ+1+1'"
)


def _staged(path: Path, sheet_name: str | None = None) -> list[dict[str, Any]]:
    """The staged rows of a file's sheet, by header, with ``row_no`` and ``problem``."""
    sheets = sources.sniff(path)
    sheet = sheets[0] if sheet_name is None else next(each for each in sheets if each.sheet == sheet_name)
    target = path.parent / "staged.parquet"
    staged = sources.stage(path, sheet, target)
    names = {f"c{place}": header for place, header in enumerate(sheet.headers)}
    rows = [{names.get(key, key): cell for key, cell in row.items()} for row in pq.read_table(target).to_pylist()]
    assert len(rows) + staged.n_blank == staged.n_rows
    return rows


def _file(folder: Path, text: str, name: str = "message.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_passenger_list_tells_the_journey_and_the_byte(tmp_path: Path) -> None:
    jane, crew, transit = _staged(_file(tmp_path, LIST))
    assert (jane["document_no"], jane["traveller_name"], jane["birth_date"]) == ("K1234567A", "DOE JANE", "1980-01-02")
    assert (jane["left_country"], jane["left_port"], jane["left_at"]) == ("CN", "CAN", "2024-03-04 10:10")
    assert (jane["reached_country"], jane["reached_port"], jane["reached_at"]) == ("SG", "SIN", "2024-03-04 14:10")
    assert jane["row_no"] == LIST.index("NAD+FL")
    assert (crew["traveller_name"], crew["birth_date"], crew["document_no"]) == ("O'HARA R", "2015-02-03", None)
    assert transit["problem"].startswith("a passenger in transit")


def test_other_service_characters_blanks_and_groups_change_nothing(tmp_path: Path) -> None:
    plain = _staged(_file(tmp_path, LIST))
    other = LIST.replace("?'", "\x01").replace("+", "*").replace("'", "$\r\n ").replace("\x01", "'")
    other = "UNA:*.? $\n" + other.replace("UNH*", "UNG *PAXLST*A*B*240304:0600*1*UN*D:02B$\nUNH*", 1)
    again = _staged(_file(tmp_path, other))
    assert [{**row, "row_no": 0} for row in again] == [{**row, "row_no": 0} for row in plain]
    assert other.encode()[again[0]["row_no"] :].startswith(b"NAD*FL")


def test_a_list_without_times_has_no_time(tmp_path: Path) -> None:
    rows = _staged(_file(tmp_path, LIST.replace("DTM+189:2403041010:201'", "").replace("2403041410:201", "240304:101")))
    assert (rows[0]["left_at"], rows[0]["reached_at"]) == (None, "2024-03-04")


def test_of_two_legs_the_one_between_countries_counts(tmp_path: Path) -> None:
    feeder = "TDT+20+ZZ001'LOC+125+PEK'LOC+87+CAN'DTM+189:2403040700:201'"
    rows = _staged(_file(tmp_path, LIST.replace("TDT+20+ZZ123", feeder + "TDT+20+ZZ123")))
    assert (rows[0]["left_port"], rows[0]["left_at"]) == ("CAN", "2024-03-04 10:10")


def test_reservations_are_no_crossings(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"PNRGOV.*reservations"):
        sources.sniff(_file(tmp_path, LIST.replace("PAXLST", "PNRGOV")))


def test_places_have_countries_by_airport_or_by_their_own_code() -> None:
    assert [country_of(code) for code in ("HKG", "szx", "CNSZX", "HKHKG", "???", "")] == [
        "HK",
        "CN",
        "CN",
        "HK",
        "",
        "",
    ]


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=("Z", "Cc")), max_size=20
)


@given(st.lists(st.lists(st.lists(_TEXT, min_size=1, max_size=3), min_size=1, max_size=4), min_size=1, max_size=6))
def test_segments_written_by_the_standard_are_read_back(told: list[list[list[str]]]) -> None:
    def escaped(text: str) -> str:
        return "".join("?" + letter if letter in "?:+'" else letter for letter in text)

    written = ["ABC+" + "+".join(":".join(map(escaped, element)) for element in elements) for elements in told]
    data = "\n".join(text + "'" for text in written).encode()
    found = list(segments(data))
    assert [[list(element) for element in each.elements] for each in found] == told
    assert all(data[each.at :].startswith(b"ABC+") for each in found)


def _statement(entries: str, version: str = "053.001.08") -> str:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL1'
        f"</IBAN></Id><Ownr><Nm>HOLDER</Nm></Ownr></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def _entry(way: str, details: str, more: str = "", amount: str = "8.85") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}<BookgDt><Dt>2024-03-04+01:00</Dt>'
        f"</BookgDt><AcctSvcrRef>R1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(debtor: str = "NL2", creditor: str = "NL3", amount: str = "") -> str:
    return (
        f"<TxDtls>{amount}<RltdPties><Dbtr><Nm>PAYS</Nm></Dbtr><DbtrAcct><Id><IBAN>{debtor}</IBAN></Id></DbtrAcct>"
        f"<Cdtr><Pty><Nm>GETS</Nm></Pty></Cdtr><CdtrAcct><Id><Othr><Id>{creditor}</Id></Othr></Id></CdtrAcct>"
        "</RltdPties><RmtInf><Ustrd>for tea</Ustrd></RmtInf></TxDtls>"
    )


def test_a_credit_pays_the_holder_and_a_debit_the_creditor(tmp_path: Path) -> None:
    text = _statement(_entry("CRDT", _details()) + _entry("DBIT", _details()))
    credit, debit = _staged(_file(tmp_path, text))
    assert (credit["payer_account"], credit["payer_name"]) == ("NL2", "PAYS")
    assert (credit["payee_account"], credit["payee_name"]) == ("NL1", "HOLDER")
    assert (debit["payer_account"], debit["payee_account"], debit["payee_name"]) == ("NL1", "NL3", "GETS")
    assert (debit["amount"], debit["currency"], debit["paid_at"]) == ("8.85", "EUR", "2024-03-04")
    assert (debit["payment_id"], debit["memo"]) == ("R1", "for tea")
    assert text.encode()[credit["row_no"] :].startswith(b"<TxDtls>")


def test_a_reversed_debit_brings_the_money_back_from_its_creditor(tmp_path: Path) -> None:
    (row,) = _staged(_file(tmp_path, _statement(_entry("CRDT", _details("NL1"), "<RvslInd>true</RvslInd>"))))
    assert (row["payer_account"], row["payee_account"]) == ("NL3", "NL1")
    assert row["memo"] == "reversal of an earlier entry; for tea"


def test_a_batch_gives_each_transfer_its_own_amount_or_none(tmp_path: Path) -> None:
    own = '<Amt Ccy="SEK">5</Amt>'
    one, other = _staged(_file(tmp_path, _statement(_entry("CRDT", _details(amount=own) + _details()))))
    assert (one["amount"], one["currency"]) == ("5", "SEK")
    assert other["problem"].startswith("one of 2 transfers booked as one sum")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (_entry("CRDT", _details(), "<Sts>PDNG</Sts>"), "pending"),
        (_entry("CRDT", ""), "other side"),
        (_entry("BOTH", _details()), "neither credit nor debit"),
        (_entry("CRDT", _details("NL1", "NL1")), "other side"),
    ],
)
def test_entries_that_are_no_payment_say_why(tmp_path: Path, entry: str, why: str) -> None:
    (row,) = _staged(_file(tmp_path, _statement(entry)))
    assert why in row["problem"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["CRDT", "DBIT"]), st.decimals(0, 10**9, places=2)), min_size=1, max_size=8))
def test_statements_are_read_back(tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("camt")
    rows = _staged(_file(folder, _statement("".join(_entry(way, _details(), amount=str(n)) for way, n in told))))
    assert [("DBIT" if row["payer_account"] == "NL1" else "CRDT", row["amount"]) for row in rows] == [
        (way, str(n)) for way, n in told
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>', "declares entities"),
        (_statement(_entry("CRDT", _details()))[:-30], "damaged XML"),
        (_statement(""), "without any entry"),
        ("<Document>" + "<a>" * 300 + "</a>" * 300 + "</Document>", "deep"),
        (_statement("<Ntry>" + "<a>" * 300 + "</a>" * 300 + "</Ntry>"), "deep"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "another kind"),
    ],
)
def test_xml_that_is_unsafe_damaged_or_foreign_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why):
        sources.sniff(_file(tmp_path, text, "message.xml"))


EVENT = (
    '{"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument", "epcisBody": '
    '{"eventList": [{"type": "ObjectEvent", "eventTime": "2024-03-04T10:00:00Z", "action": "OBSERVE", "bizStep": '
    '"STEP", "epcList": ["EPC"], "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:1.2.3"}]}, '
    '{"type": "TransformationEvent", "eventTime": "2024-03-05T10:00:00Z", "bizStep": "commissioning"}]}}'
)


@pytest.mark.parametrize("epc", ["urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908"])
@pytest.mark.parametrize("step", ["shipping", "https://ref.gs1.org/cbv/BizStep-shipping"])
def test_a_logistic_unit_sent_off_is_a_parcel(tmp_path: Path, epc: str, step: str) -> None:
    path = _file(tmp_path, EVENT.replace("STEP", step).replace('EPC"]', f'{epc}"]'), "events.jsonld")
    parcel, other = _staged(path)
    assert (parcel["waybill_no"], parcel["accepted_at"]) == ("106141412345678908", "2024-03-04T10:00:00Z")
    assert parcel["receiver_address"] == "urn:epc:id:sgln:1.2.3"
    assert other["problem"].startswith("the event's business step (commissioning)")


def test_events_that_are_no_parcel_are_said_and_counted(tmp_path: Path) -> None:
    path = _file(tmp_path, EVENT.replace("STEP", "receiving"), "events.jsonld")
    (sheet,) = sources.sniff(path)
    assert sheet.why_not.startswith("None of its 2 events is a parcel sent off: 1 × ")
    assert len(list(parcels(path, "epcis"))) == sheet.n_rows == 2


ENTITIES = """{"id": "a", "schema": "BankAccount", "properties": {"accountNumber": ["622202"]}}
{"id": "b", "schema": "BankAccount", "properties": {"iban": ["NL56AGDH9619008421"]}}
{"id": "o", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["a"]}}
{"id": "p", "schema": "Person", "properties": {"name": ["Zhang San"], "passportNumber": ["E12345678"]}}
{"id": "t", "schema": "Payment", "properties": {"payerAccount": ["a"], "beneficiaryAccount": ["b"], "amount": ["5"]}}
not an entity
{"id": "c", "schema": "Company", "properties": {"name": ["C"], "registrationNumber": ["91440300"]}}
{"id": "s", "schema": "Address", "properties": {"country": ["cn"], "city": ["Shenzhen"]}}
{"id": "e", "schema": "Address", "properties": {"country": ["hk"]}}
{"id": "v", "schema": "Trip", "properties": {"involved": ["p"], "startLocation": ["s"], "endLocation": ["e"]}}
"""


def test_entities_become_records_of_their_kinds_and_the_rest_is_counted(tmp_path: Path) -> None:
    path = _file(tmp_path, ENTITIES, "entities.ftm.json")
    sheets = {sheet.sheet: sheet for sheet in sources.sniff(path)}
    kinds = {name: sheet.kind for name, sheet in sheets.items() if sheet.kind}
    assert kinds == {
        "BankAccount": "subscriber", "Company": "organisation", "Payment": "payment", "Trip": "crossing",
    }  # fmt: skip
    assert sheets["Address"].why_not.startswith("2 of schema Address")
    assert sum(sheet.n_rows or 0 for sheet in sheets.values()) == len(ENTITIES.splitlines())
    (payment,) = _staged(path, "Payment")
    assert (payment["payer_account"], payment["payer_name"], payment["row_no"]) == ("622202", "Zhang San", 5)
    owned, unowned, junk = _staged(path, "BankAccount")
    assert (owned["identifier"], owned["holder_name"], owned["holder_document"]) == ("622202", "Zhang San", "E12345678")
    assert unowned["problem"].startswith("nobody in this file owns it")
    assert junk["problem"] == "not an entity: not an entity"
    (trip,) = _staged(path, "Trip")
    assert (trip["document_no"], trip["left_country"], trip["reached_country"]) == ("E12345678", "cn", "hk")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9_999_999_999)), min_size=1, max_size=8))
def test_of_any_events_each_is_a_parcel_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[bool, int]]
) -> None:
    events = [
        {
            "type": "ObjectEvent",
            "eventTime": "2024-03-04T10:00:00Z",
            "bizStep": "shipping" if is_sent else "receiving",
            "epcList": [f"urn:epc:id:sscc:0614141.{number:010d}"],
        }
        for is_sent, number in told
    ]
    text = json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "epcisBody": {"eventList": events},
        }
    )
    path = _file(tmp_path_factory.mktemp("events"), text, "events.jsonld")
    (sheet,) = sources.sniff(path)
    if not any(is_sent for is_sent, _ in told):
        assert f"None of its {len(told)} events" in sheet.why_not
        return
    rows = sorted(_staged(path), key=lambda row: row["row_no"])
    assert len(rows) == len(told)
    for row, (is_sent, number) in zip(rows, told, strict=True):
        assert (row["problem"] is None) == is_sent
        # The serial reference begins with the extension digit, which stands first in the number of the unit.
        digits = f"{number:010d}"
        assert not is_sent or str(row["waybill_no"]).startswith(f"{digits[0]}0614141{digits[1:]}")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["Company", "Address", "junk"]), min_size=1, max_size=10))
def test_of_any_entities_each_is_counted_once(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> None:
    lines = [
        "junk"
        if schema == "junk"
        else json.dumps({"id": f"e{n}", "schema": schema, "properties": {"name": [f"N{n}"], "country": ["cn"]}})
        for n, schema in enumerate(["Company", *told])
    ]
    path = _file(tmp_path_factory.mktemp("entities"), "\n".join(lines) + "\n", "entities.ftm.json")
    sheets = sources.sniff(path)
    assert sum(sheet.n_rows or 0 for sheet in sheets) == len(lines)
    rows = _staged(path, "Company")
    named = [row["org_name"] for row in rows if row["problem"] is None]
    assert named == [f"N{n}" for n, schema in enumerate(["Company", *told]) if schema == "Company"]
