"""What a person can do with a case: take in, decide, show, report, export, verify."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from vialtrace import actions, casefile
from vialtrace.errors import BadInput, Tampered, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.pipeline import inputs_of, run_digest
from vialtrace.store import Case, Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))


def _case(folder: Path) -> Case:
    return Case.open(folder, clock=SystemClock())


@pytest.fixture
def empty_case(tmp_path: Path) -> Path:
    actions.new(tmp_path / "case", _DESK, Settings("a case"))
    return tmp_path / "case"


_GOOD = "document_no,crossed_at,direction\nE12345678,2024-05-01 08:00:00,exit\n"


def test_a_folder_is_taken_in_in_order_and_the_bad_file_is_refused_with_its_reason(
    empty_case: Path, tmp_path: Path
) -> None:
    records = tmp_path / "records"
    (records / "deep").mkdir(parents=True)
    (records / "b.csv").write_text(_GOOD)
    (records / "deep" / "a.csv").write_text(_GOOD)
    (records / "empty.csv").write_text("")
    (records / ".DS_Store").write_text("x")
    found = actions.survey([records])
    done = actions.add(empty_case, found, _DESK, best_guess=True)
    assert [each.name for each in done.taken] == ["b.csv", "a.csv"]
    assert [each.path.name for each in done.refused] == ["empty.csv"]
    assert [each.name for each in found.passed_over] == [".DS_Store"]
    assert [each.same_as for each in done.taken] == ["", "b.csv"]


def test_adding_the_same_folder_again_takes_nothing_twice(empty_case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_GOOD)
    for n_taken in (1, 0):
        done = actions.add(empty_case, actions.survey([tmp_path / "a.csv"]), _DESK, best_guess=True)
        assert (len(done.taken), len(done.known)) == (n_taken, 1 - n_taken)


def test_an_unsure_match_is_asked_and_nothing_is_taken_in_without_an_answer(empty_case: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("when,x,y,sum\n2024-05-01,6222020000000000011,6222020000000000029,100\n" * 3)
    found = actions.survey([tmp_path / "odd.csv"])
    if found.questions:
        with pytest.raises(BadInput, match="--yes"):
            actions.add(empty_case, found, _DESK)
    assert _case(empty_case).sources == ()


def test_a_place_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        actions.survey([tmp_path / "nowhere"])


def test_check_accounts_for_every_row_and_says_what_would_strengthen_the_case(
    run_case: Path, case_copy: Callable[[], Path]
) -> None:
    found = actions.check(case_copy(), _DESK)
    assert {each.kind for each in found.sheets} == {"order", "waybill", "payment", "crossing", "seizure"}
    assert "post" in {lack.kind for lack in found.lacks}
    for each in found.sheets:
        counts = each.counts
        assert (
            counts["n_header_rows"] + counts["n_rows"] + counts["n_quarantined"] + counts["n_set_aside"]
            == counts["n_file_rows"]
        )


def test_findings_keep_to_their_schema_and_their_disclosure_is_entered(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    findings = json.loads(actions.export(folder, _DESK))
    jsonschema.validate(findings, casefile.schema())
    assert _case(folder).ledger.entries("disclosure")[-1].payload["run"] == findings["run"]


def test_an_export_format_that_is_not_there_is_refused(run_case: Path) -> None:
    with pytest.raises(UnknownName, match="json"):
        actions.export(run_case, _DESK, form="pdf")


def test_a_report_has_a_page_for_each_network_and_an_index(case_copy: Callable[[], Path]) -> None:
    made = actions.report(case_copy(), _DESK)
    assert made.index.read_text().lstrip().startswith("<!")
    assert [path.exists() for path in made.pages.values()] == [True]


def test_a_network_a_member_a_claim_and_a_row_can_be_shown_and_no_client_in_them(
    case_copy: Callable[[], Path], small_world: Path
) -> None:
    folder = case_copy()
    network = actions.show(folder, _case(folder).run().findings["networks"][0]["id"], _DESK)
    member = actions.show(folder, network.told["members"][0]["id"], _DESK)
    claim = actions.show(folder, member.told["claims"][0]["evidence_id"], _DESK)
    row = actions.show(folder, claim.told["rows"][0], _DESK)
    assert [each.kind for each in (network, member, claim, row)] == ["network", "member", "claim", "row"]
    text = json.dumps([each.told for each in (network, member, claim, row)], default=str, ensure_ascii=False)
    truth = json.loads((small_world / "truth.json").read_text())
    phones = {
        each["value"]
        for party in truth["protected"]
        for each in party["identifiers"]
        if each["type"] in {"phone", "account"}
    }
    assert phones
    assert not [value for value in phones if value in text]
    assert len(_case(folder).ledger.entries("consultation")) == 4


def test_whom_a_pseudonym_stands_for_is_not_shown(run_case: Path) -> None:
    with pytest.raises(BadInput, match="no suspect"):
        actions.show(run_case, "protected-ABCDEFGHIJKL", _DESK)


def test_what_is_not_there_is_told_with_what_is(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    with pytest.raises(UnknownName, match="Known: N"):
        actions.show(folder, "N0", _DESK)
    with pytest.raises(UnknownName, match=r"waybill\.csv"):
        actions.show(folder, "nowhere.csv:3", _DESK)
    with pytest.raises(UnknownName):
        actions.show(folder, "waybill.csv:99999999", _DESK)


def test_a_decision_is_entered_with_its_reason_and_changes_the_next_run_only(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    case = _case(folder)
    before = run_digest(inputs_of(case))
    (network,) = case.run().findings["networks"]
    done = actions.decide(folder, network["id"], "accept", _DESK, why="The parcels were seen.")
    assert (done.entry.who, done.entry.why) == ("a tester", "The parcels were seen.")
    assert case.run().digest == before
    assert run_digest(inputs_of(case)) != before
    noted = run_digest(inputs_of(case))
    actions.decide(folder, network["id"], "note", _DESK, why="Ask the courier.")
    assert run_digest(inputs_of(case)) == noted


@pytest.mark.parametrize(
    ("act", "other", "why", "error"),
    [
        ("hang", "", "x", UnknownName),
        ("accept", "", "", BadInput),
        ("merge", "", "x", BadInput),
        ("accept", "N0", "x", UnknownName),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    case_copy: Callable[[], Path], act: str, other: str, why: str, error: type[Exception]
) -> None:
    folder = case_copy()
    (network,) = _case(folder).run().findings["networks"]
    with pytest.raises(error):
        actions.decide(folder, network["id"], act, _DESK, other=other, why=why)
    assert not _case(folder).ledger.entries("decision")


def test_an_untouched_case_verifies(run_case: Path) -> None:
    found = actions.verify(run_case, _DESK, rerun=False)
    assert (found.n_sources, found.n_runs, found.stray) == (5, 1, ())


@pytest.mark.slow
def test_a_case_verifies_to_the_byte_when_its_run_is_made_again(case_copy: Callable[[], Path]) -> None:
    assert actions.verify(case_copy(), _DESK).is_remade


_PLACES = {
    "source": "sources/waybill.csv",
    "index": "sources/index.json",
    "table": "runs/*/tables/party.parquet",
    "findings": "runs/*/findings.json",
    "manifest": "runs/*/manifest.json",
    "ledger": "decisions.db",
}


@pytest.mark.parametrize("place", _PLACES)
def test_one_changed_byte_anywhere_is_told_with_its_place(case_copy: Callable[[], Path], place: str) -> None:
    folder = case_copy()
    (path,) = folder.glob(_PLACES[place])
    content = bytearray(path.read_bytes())
    marks = {"index": b'"sha256": "', "manifest": b'"sha256": "', "ledger": b"source waybill."}
    at = content.rindex(marks[place]) + len(marks[place]) if place in marks else len(content) // 2
    content[at] = content[at] ^ 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))
    with pytest.raises(Tampered) as told:
        actions.verify(folder, _DESK, rerun=False)
    named = {"ledger": "ledger", "table": "party.parquet", "index": "index.json"}.get(place, path.name)
    assert named in str(told.value)


def test_a_table_that_was_slipped_in_is_told(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    (tables,) = folder.glob("runs/*/tables")
    (tables / "extra.parquet").write_bytes(b"")
    with pytest.raises(Tampered, match="does not name"):
        actions.verify(folder, _DESK, rerun=False)


def test_a_world_can_be_made_and_findings_scored_against_it(run_case: Path, small_world: Path, tmp_path: Path) -> None:
    made = actions.simulate("small_slow", tmp_path / "world", seed=1, scale=0.2)
    assert made.records.is_dir()
    assert made.n_networks == 1
    (findings,) = run_case.glob("runs/*/findings.json")
    rows = actions.evaluation_rows(actions.evaluate(findings, small_world / "truth.json"))
    assert rows


def test_a_file_that_is_no_truth_is_refused(tmp_path: Path, run_case: Path) -> None:
    (findings,) = run_case.glob("runs/*/findings.json")
    (tmp_path / "truth.json").write_text("[1, 2]")
    for path in (tmp_path / "truth.json", tmp_path / "nowhere.json"):
        with pytest.raises(BadInput):
            actions.evaluate(findings, path)


def test_an_answer_changes_the_mapping_as_it_says(tmp_path: Path) -> None:
    rows = "".join(f"{day},A{day},B{day},{day * 10}.50\n" for day in range(1, 9))
    (tmp_path / "transactions.csv").write_text("time,payer_account,payee_account,amount\n" + rows)
    ((sheet,),) = [each.sheets for each in actions.survey([tmp_path / "transactions.csv"], kind="payment").proposals]
    (question,) = [each for each in sheet.questions if each.what == "paid_at"]
    (candidate,) = [each for each in actions.choices(question) if actions.needs_origin(each)]
    with pytest.raises(BadInput, match="day 0"):
        actions.answered(sheet, question, candidate)
    settled = actions.answered(sheet, question, candidate, origin="2024-01-01")
    assert question not in settled.questions
    reading = settled.mapping.reading("paid_at")
    assert reading is not None
    assert (reading.form, reading.origin) == ("day_number", "2024-01-01")
    without = actions.answered(sheet, question, actions.choices(question)[-1])
    assert without.mapping.reading("paid_at") is None
    with pytest.raises(UnknownName):
        actions.answered(sheet, question, "whatever")


def test_a_rule_for_the_codes_of_a_bank_is_asked_and_taken_from_its_answer(tmp_path: Path) -> None:
    path = tmp_path / "流水.csv"
    path.write_text(
        "交易卡号,交易时间,交易金额,收付标志,交易对手账卡号\n"
        "6222000000000001,2024-03-05 10:00:00,30,借,6222000000000002\n",
        encoding="utf-8",
    )
    (proposal,) = actions.survey([path]).proposals
    (sheet,) = proposal.sheets
    (question,) = sheet.questions
    assert question.candidates == ("words: 借=out", "words: 借=in")
    told = actions.answered(sheet, question, question.candidates[1])
    reading = told.mapping.reading("flow")
    assert reading is not None
    assert (reading.words, told.questions) == ((("借", "in"),), ())
