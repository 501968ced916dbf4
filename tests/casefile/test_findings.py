"""The findings of the hand-made world: the published form, rows as file:row, the same bytes twice."""

import json
import sys
from pathlib import Path

import jsonschema
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.actions import searching
from vialtrace.casefile.cells import Notes, RowViewer
from vialtrace.casefile.scrub import scrubber
from vialtrace.casefile.wording import words

TABLES, _ = world.tables(n_parcels=300)
FINDINGS = casefile.findings(TABLES, case_name="case", run="9f2c")


def member(name):
    return next(
        each for each in FINDINGS["networks"][0]["members"] if {"type": "name", "value": name} in each["identifiers"]
    )


def test_findings_keep_to_the_published_form():
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(casefile.schema(), format_checker=checker).validate(FINDINGS)
    jsonschema.Draft202012Validator(casefile.schema()).validate(casefile.findings({}, case_name="empty", run="0"))


def test_the_same_tables_give_the_same_findings_in_any_order_of_rows():
    turned = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in TABLES.items()}
    assert json.dumps(casefile.findings(turned, case_name="case", run="9f2c")) == json.dumps(FINDINGS)


def test_a_row_is_shown_by_its_file_sheet_and_number():
    rows = [row for each in member("周婷")["evidence"] for row in each["rows"]]
    assert "orders.xlsx#Sheet1:3" in rows
    assert "adverts.csv:3" in rows


def test_a_claim_on_more_than_two_hundred_rows_lists_the_first_and_says_how_many_there_are():
    claim = next(each for each in member("黄伟强")["evidence"] if "senders in 6 regions" in each["claim"])
    assert len(claim["rows"]) == 200
    assert claim["claim"].endswith("(The first 200 of 300 rows are listed.)")
    assert claim["rows"][0] == "waybills.csv:2"


def test_a_shorter_claim_lists_every_row_and_adds_nothing():
    claim = next(each for each in member("CHAN TAI MAN")["evidence"] if "paid CHAN TAI MAN" in each["claim"])
    assert len(claim["rows"]) == 23
    assert claim["claim"] == "钱慧敏 paid CHAN TAI MAN on 23 days, each time within a day of a trip."


def test_a_claim_names_members_and_calls_a_donor_a_protected_person():
    claims = [each["claim"] for each in member("黄伟强")["evidence"]]
    assert "A seized tube names a protected person, a client who sent to 黄伟强." in claims


def test_estimates_are_the_reconciled_ones():
    network = FINDINGS["networks"][0]
    assert network["samples"] == {
        "estimate": 812.4,
        "low": 640.2,
        "high": 1033.0,
        "unit": "persons",
        "basis": ["Counted from the reconciled, two tubes a person."],
    }
    assert network["kept"]["unit"] == "CNY"
    assert member("钱慧敏")["proceeds"]["estimate"] == 52_000.0


def test_what_speaks_against_has_the_form_of_evidence():
    (against,) = member("卓志明")["against"]
    assert against["weight"] < 0
    assert against["rows"]


def test_a_network_without_estimates_says_that_no_record_speaks_to_them():
    bare = {name: TABLES[name] for name in ("network", "member", "party", "party_identifier")}
    (network,) = casefile.findings(bare, case_name="case", run="9f2c")["networks"]
    assert network["samples"]["basis"] == ["No record speaks to it."]
    jsonschema.Draft202012Validator(casefile.schema()).validate(casefile.findings(bare, case_name="case", run="9f2c"))


def taken_for(member: str, what: str, *identifiers: tuple[str, str]) -> dict[str, pa.Table]:
    """The tables with one more party, called 陈嘉天, that is taken for a member, or for an account of the member's."""
    party = TABLES["party"].to_pylist()
    other = f"{member}-b"
    extra = [
        {"party_id": other, "identifier_type": kind, "value": value, "n_rows": 1, "first_on": None, "last_on": None}
        for kind, value in identifiers
    ]
    alias = {
        "network_id": world.NETWORK,
        "party_id": member,
        "alias_id": other,
        "what": what,
        "chance": 0.01,
        "reason": "One full name.",
    }
    return {
        **TABLES,
        "party": pa.Table.from_pylist(
            [*party, {**party[0], "party_id": other, "name": "陈嘉天"}], schema=TABLES["party"].schema
        ),
        "party_identifier": pa.concat_tables(
            [TABLES["party_identifier"], pa.Table.from_pylist(extra, schema=TABLES["party_identifier"].schema)]
        ),
        "member_alias": pa.Table.from_pylist([alias], schema=casefile.shelf.arrow_schema("member_alias")),
    }


def test_of_who_lent_an_account_nothing_is_told_but_the_account_that_passed_the_money_on():
    own = [("name", "陈嘉天"), ("phone", "+8613700000077"), ("account", "6221555740902006960")]
    joined = taken_for("p-qian", "account", ("account", "6217000010001234567"), *own)
    payment = joined["payment"].to_pylist()
    flow = joined["flow_row"].to_pylist()
    row_id = next(row["row_id"] for row in flow if row["flow"] == "profit")
    joined["flow_row"] = pa.Table.from_pylist(
        [{**row, "from_id": "p-qian-b"} if row["row_id"] == row_id else row for row in flow],
        schema=joined["flow_row"].schema,
    )
    joined["payment"] = pa.Table.from_pylist(
        [{**row, "payer_account": "6217000010001234567"} if row["row_id"] == row_id else row for row in payment],
        schema=joined["payment"].schema,
    )
    found = casefile.findings(joined, case_name="case", run="9f2c")
    (qian,) = [each for each in found["networks"][0]["members"] if each["id"] == "p-qian"]
    assert {"type": "account", "value": "6217000010001234567"} in qian["identifiers"]
    assert not [value for _, value in own if value in json.dumps(found, ensure_ascii=False)]
    shelf = casefile.shelf.Shelf(joined)
    hidden = [casefile.veil.veil(shelf, world.NETWORK)]
    assert [each["sort"] for each in searching._parties(shelf, "+8613700000077", hidden)] == ["person"]
    (member_,) = searching._parties(shelf, "6217000010001234567", hidden)
    assert (member_["id"], member_["matched"]) == ("p-qian", ["account"])


def test_a_row_shows_of_who_lent_an_account_only_that_account_however_it_writes_the_name():
    own = [("name", "陈嘉天"), ("account", "6221555740902006960")]
    joined = taken_for("p-qian", "account", ("account", "6217000010001234567"), *own)
    row_id = next(row["row_id"] for row in joined["flow_row"].to_pylist() if row["flow"] == "profit")
    mention = [
        {**row, "party_id": "p-qian-b"} if (row["row_id"], row["slot"]) == (row_id, "payment.payer") else row
        for row in joined["mention"].to_pylist()
    ]
    joined["mention"] = pa.Table.from_pylist(mention, schema=joined["mention"].schema)
    joined["flow_row"] = pa.Table.from_pylist(
        [{**row, "from_id": "p-qian-b"} if row["row_id"] == row_id else row for row in joined["flow_row"].to_pylist()],
        schema=joined["flow_row"].schema,
    )
    # The row writes the name in another script than the register.
    received = {"付款账号": "6217000010001234567", "付款人": "陳嘉天", "附言": "陳嘉天转来"}
    joined["payment"] = pa.Table.from_pylist(
        [
            {**row, "payer_account": received["付款账号"], "payer_name": received["付款人"], "note": received["附言"]}
            if row["row_id"] == row_id
            else row
            for row in joined["payment"].to_pylist()
        ],
        schema=joined["payment"].schema,
    )
    shelf = casefile.shelf.Shelf(joined)
    hidden = casefile.veil.veil(shelf, world.NETWORK, pseudonym=world.pseudonym)
    known = scrubber(shelf, hidden, ["p-qian-b"], words("en"))
    viewer = RowViewer(shelf, hidden, known, [row_id], fields={}, notes=Notes("withheld", "cut"))
    account, name, note = viewer.show(row_id, received)
    assert (account.text, account.is_replaced) == (received["付款账号"], False)
    assert (name.text, name.is_replaced) == (hidden.unnamed("p-qian-b"), True)
    assert "陳" not in note.text


def test_a_member_under_two_parties_is_listed_once_with_the_identifiers_of_both():
    joined = taken_for("p-mule1", "person", ("phone", "+8613700000077"))
    members = casefile.findings(joined, case_name="case", run="9f2c")["networks"][0]["members"]
    assert len(members) == len(world.MEMBERS)
    (mule,) = [each for each in members if each["id"] == "p-mule1"]
    assert {"type": "phone", "value": "+8613700000077"} in mule["identifiers"]
