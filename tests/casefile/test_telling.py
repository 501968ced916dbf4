"""Sentences of other stages as a reader would say them: of one, of less than a hundredth, of who took money."""

import pytest

from vialtrace.casefile.flows import FlowLine
from vialtrace.casefile.questions import _onward
from vialtrace.casefile.telling import lent, sentence
from vialtrace.casefile.wording import words


def claim(text, detector="pays_handlers"):
    return {
        "claim": text,
        "detector": detector,
        "object_id": None,
        "n_observed": 5,
        "n_expected": 0.001,
        "line": "naming",
    }


PAID = (
    "{subject} received 5 payments from %s of the other members of the network, %s of whom pay people under the full "
    "names of those who were found with specimens, post them again and again or sell fetal sex tests."
)


@pytest.mark.parametrize(
    ("payers", "of_handlers", "told"),
    [
        ("1", "1", "from one other member of the network, who pays people"),
        ("3", "1", "from 3 other members of the network, one of whom pays people"),
        ("3", "2", "from 3 other members of the network, 2 of whom pay people"),
        ("11", "11", "from 11 other members of the network, 11 of whom pay people"),
    ],
)
def test_one_payer_pays_and_several_pay(payers, of_handlers, told):
    assert told in sentence(claim(PAID % (payers, of_handlers)), words("en"), 5)


def test_what_chance_hardly_ever_gives_is_not_written_as_nought():
    text = "{subject} paid 16 people, 5 of them under the full name of somebody; chance alone would give %s."
    assert sentence(claim(text % "0.0"), words("en"), 5).endswith("chance alone would give less than 0.01.")
    assert sentence(claim(text % "0.05"), words("en"), 5).endswith("chance alone would give 0.05.")
    assert sentence(claim(text % "10.0"), words("en"), 5).endswith("chance alone would give 10.0.")
    assert sentence(claim(text % "0.0"), words("zh"), 5).endswith("仅凭偶然为不足 0.01 人。")
    assert sentence(claim(text % "10.0"), words("zh"), 5).endswith("仅凭偶然为 10.0 人。")


@pytest.mark.parametrize(
    ("language", "taker", "told"),
    [
        ("en", "x", "What did the taker take the CNY 900 for that the treasurer passed on to it in 20 payments?"),
        ("en", "", "Who took the CNY 900 that the treasurer passed on in 20 payments, and what for?"),
        ("zh", "x", "the taker 因何收取 the treasurer 分 20 笔转出的 CNY 900？"),
        ("zh", "", "the treasurer 分 20 笔转出的 CNY 900 由何人收取"),
    ],
)
def test_what_was_passed_on_asks_for_the_purpose_of_a_named_taker_and_for_the_name_of_another(language, taker, told):
    line = FlowLine("F-9", "onward", "t", taker, 1, 1, 20, 900, "CNY", None, None, None, ())
    found = _onward(words(language), line, {"t": "the treasurer", "x": "the taker"}.__getitem__)
    assert found.text.startswith(told)
    assert found.cites == ("F-9",)


LENT = "An account in another name: {}% of what it paid out went on to this member, which got nothing back."


@pytest.mark.parametrize(
    ("language", "shares", "told"),
    [
        ("en", [98], "An account in another name: 98% of what it paid out went on to this member"),
        ("en", [100, 98, 98], "3 accounts in other names: 98% to 100% of what each paid out went on to this member"),
        ("zh", [98], "他人名下账户：其付出款项的 98% 转给该成员"),
        ("zh", [98, 98], "2 个他人名下账户：各账户付出款项的 98% 转给该成员"),
    ],
)
def test_accounts_in_other_names_are_told_of_once_and_their_holders_are_not(language, shares, told):
    said = lent([LENT.format(share) for share in shares], words(language))
    assert said.startswith(told)
    assert lent([], words(language)) == ""
