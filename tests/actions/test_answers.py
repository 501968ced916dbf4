"""Questions are answered by a number, by words, by a person's own rule, at a terminal or in a file; once for a bank."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from vialtrace import actions
from vialtrace.errors import BadInput, UnknownName
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))
_HEAD = "交易卡号,交易时间,交易金额,收付标志,交易对手账卡号,对手户名,交易余额\n"
OWN, OTHER = "6222000000000001234", "6217000000000005678"


def _statement(folder: Path, name: str, *rows: tuple[str, str, str], own: str = OWN) -> Path:
    """A statement of one holder: amount, code and balance of each row."""
    lines = [
        f"{own},2024-03-0{n} 10:00:00,{amount},{code},{OTHER},赵小六,{balance}\n"
        for n, (amount, code, balance) in enumerate(rows, start=1)
    ]
    (folder / name).write_text(_HEAD + "".join(lines), encoding="utf-8")
    return folder / name


@pytest.fixture
def case(tmp_path: Path) -> Path:
    actions.new(tmp_path / "case", _DESK, Settings("answers"))
    return tmp_path / "case"


def _asked(path: Path, case: Path | None = None) -> tuple[actions.SheetProposal, tuple[str, ...]]:
    known = actions.confirmed(case, _DESK) if case else ()
    ((sheet,),) = [each.sheets for each in actions.survey([path], known=known).proposals]
    return sheet, tuple(each.what for each in sheet.questions)


def _rule(sheet: actions.SheetProposal) -> dict[str, str]:
    reading = sheet.mapping.reading("flow")
    assert reading is not None
    return dict(reading.words)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("1", {"借": "out", "贷": "in"}),
        ("2", {"借": "in", "贷": "out"}),
        ("words: 借=in, 贷=out", {"借": "in", "贷": "out"}),
        ("借=in, 贷=in", {"借": "in", "贷": "in"}),
        ("借＝in，贷＝out", {"借": "in", "贷": "out"}),
    ],
)
def test_the_direction_is_told_by_a_number_or_by_a_rule(tmp_path: Path, said: str, rule: dict[str, str]) -> None:
    sheet, asked = _asked(_statement(tmp_path, "a.csv", ("30", "借", ""), ("40", "贷", "")))
    assert asked == ("flow",)
    (question,) = sheet.questions
    assert "借=in" in actions.own_words(sheet, question)
    told = actions.answered(sheet, question, actions.meant(sheet, question, said))
    assert (_rule(told), told.questions) == (rule, ())


@pytest.mark.parametrize("said", ["", "0", "3", "借=in", "借=in, 贷=sideways", "借=in, 贷=out, 出=in", "(no column)"])
def test_an_answer_that_settles_less_or_more_is_none(tmp_path: Path, said: str) -> None:
    sheet, _ = _asked(_statement(tmp_path, "a.csv", ("30", "借", ""), ("40", "贷", "")))
    with pytest.raises(UnknownName):
        actions.meant(sheet, sheet.questions[0], said)


def test_whose_list_it_is_can_be_said_in_ones_own_words(tmp_path: Path) -> None:
    path = tmp_path / "流水导出.csv"
    path.write_text(f"交易时间,收支,金额,对方账号\n2024-03-05 10:00:00,收入,30,{OTHER}\n", encoding="utf-8")
    sheet, asked = _asked(path)
    assert asked == ("own_account",)
    told = actions.answered(sheet, sheet.questions[0], actions.meant(sheet, sheet.questions[0], OWN))
    assert dict(told.mapping.constants)["own_account"] == OWN


def _saved(folder: Path, told: object) -> Path:
    (folder / "answers.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return folder / "answers.yaml"


def test_saved_answers_settle_their_files_by_name_and_pattern_and_tell_what_was_not_asked(
    tmp_path: Path, case: Path
) -> None:
    _statement(tmp_path, "甲行1.csv", ("30", "借", ""))
    _statement(tmp_path, "甲行2.csv", ("30", "借", ""), own="6222000000000009999")
    saved = actions.read_answers(
        _saved(tmp_path, {"甲行*.csv": {"flow": {"借": "in"}, "paid_at": "order: dmy"}, "甲行2.csv": {"flow": 1}})
    )
    found = actions.survey([tmp_path / "甲行1.csv", tmp_path / "甲行2.csv"])
    told, unused = actions.with_answers(found, saved)
    assert unused == ("甲行*.csv: paid_at",)
    first, second = (each.sheets[0] for each in told.proposals)
    assert (_rule(first), _rule(second)) == ({"借": "in"}, {"借": "out"})
    assert first.mapping.confirmed
    assert len(actions.add(case, told, _DESK).taken) == 2


def test_a_saved_day_0_answers_what_small_numbers_mean(tmp_path: Path) -> None:
    rows = "".join(f"{day},A{day},B{day},{day * 10}.50\n" for day in range(1, 9))
    (tmp_path / "transactions.csv").write_text("time,payer_account,payee_account,amount\n" + rows)
    saved = actions.read_answers(_saved(tmp_path, {"transactions.csv": {"paid_at": {"day_0": "2024-01-01"}}}))
    told, _ = actions.with_answers(actions.survey([tmp_path / "transactions.csv"], kind="payment"), saved)
    reading = told.proposals[0].sheets[0].mapping.reading("paid_at")
    assert reading is not None
    assert (reading.form, reading.origin) == ("day_number", "2024-01-01")


@pytest.mark.parametrize("told", [["flow"], {"a.csv": "flow"}, {"甲.csv": {"flow": {"借": "sideways"}}}])
def test_answers_that_mean_nothing_are_refused(tmp_path: Path, told: object) -> None:
    path = _statement(tmp_path, "甲.csv", ("30", "借", ""))
    with pytest.raises(BadInput):
        actions.with_answers(actions.survey([path]), actions.read_answers(_saved(tmp_path, told)))


def test_the_rule_of_one_bank_is_asked_again_for_the_next_unless_its_balance_proves_it(
    tmp_path: Path, case: Path
) -> None:
    path = _statement(tmp_path, "甲行.csv", ("30", "借", ""))
    found, _ = actions.with_answers(
        actions.survey([path]), actions.read_answers(_saved(tmp_path, {"甲行.csv": {"flow": {"借": "in"}}}))
    )
    actions.add(case, found, _DESK)
    sheet, asked = _asked(_statement(tmp_path, "乙行.csv", ("50", "借", "")), case)
    assert (sheet.like, asked, sheet.mapping.confirmed) == ("甲行.csv", ("flow",), False)
    assert sheet.questions[0].candidates == ("words: 借=in", "words: 借=out")
    assert "甲行.csv" in sheet.questions[0].why
    same = (("50", "借", "150"), ("20", "借", "170"), ("30", "借", "200"))
    sheet, asked = _asked(_statement(tmp_path, "丙行.csv", *same), case)
    assert (sheet.like, asked, sheet.mapping.confirmed) == ("甲行.csv", (), True)
    other = (("50", "借", "150"), ("20", "借", "130"), ("30", "借", "100"))
    sheet, asked = _asked(_statement(tmp_path, "丁行.csv", *other), case)
    assert asked == ("flow",)
    assert "out" in sheet.questions[0].why


def test_at_a_terminal_the_question_is_asked_values_are_masked_and_the_answer_is_kept(
    tmp_path: Path, case: Path
) -> None:
    _statement(tmp_path, "甲行.csv", ("30", "借", ""), ("40", "贷", ""))
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "vialtrace", "add", str(case), str(tmp_path / "甲行.csv"), "--by", "me"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "COLUMNS": "160"})
    os.close(slave)
    os.write(master, "借=sideways\n借=in, 贷=out\n".encode())
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert process.wait(60) == 0, shown.decode()
    text = shown.decode()
    assert "No answer is called" in text
    assert "taken in" in text
    assert OWN not in text
    assert OTHER not in text
    assert "赵小六" not in text
    assert "赵**" in text
    assert _rule(_asked(tmp_path / "甲行.csv")[0]) != {"借": "in", "贷": "out"}
    mapping = yaml.safe_load((case / "mappings" / "甲行.csv.yaml").read_text(encoding="utf-8"))
    assert mapping["confirmed"] is True
    assert mapping["columns"]["flow"]["words"] == {"借": "in", "贷": "out"}
