"""Simulated identifiers carry the check digits a register would give them."""

from __future__ import annotations

import numpy as np

from vialtrace.simulate import checkdigits
from vialtrace.simulate.china import CHINA
from vialtrace.simulate.people import populate


def test_resident_numbers_satisfy_gb_11643() -> None:
    rng = np.random.default_rng(1)
    births = np.array(["1990-02-28"] * 200, dtype="datetime64[D]")
    for number in checkdigits.resident_numbers(rng, np.array(["44"] * 200), births):
        weighted = sum((2 ** (17 - i) % 11) * int(c) for i, c in enumerate(number[:17]))
        assert number[6:14] == "19900228"
        assert "10X98765432"[weighted % 11] == number[17]


def test_credit_codes_satisfy_gb_32100() -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for code in checkdigits.credit_codes(np.random.default_rng(1), np.array(["44"] * 200)):
        weighted = sum(pow(3, i, 31) * alphabet.index(c) for i, c in enumerate(code[:17]))
        assert alphabet[(31 - weighted % 31) % 31] == code[17]


def test_bank_cards_satisfy_luhn() -> None:
    for card in checkdigits.bank_cards(np.random.default_rng(1), 200):
        total = sum(sum(divmod(int(c) * (2 if i % 2 else 1), 10)) for i, c in enumerate(reversed(card)))
        assert len(card) == 19
        assert total % 10 == 0


def test_people_share_phones_change_numbers_and_have_namesakes() -> None:
    people = populate(np.random.default_rng(3), CHINA, 4000, {"lab": 5}, 400, "2024-03-01")
    phones = [people.phone.every(who) for who in range(people.n_persons)]
    assert sum(len(each) > 1 for each in phones) > 200
    assert len({each[0] for each in phones}) < people.n_persons
    assert len(set(people.name[: people.n_persons].tolist())) < people.n_persons


def test_a_timeline_gives_the_value_of_the_time() -> None:
    people = populate(np.random.default_rng(3), CHINA, 300, {"lab": 2}, 400, "2024-03-01")
    timeline = people.phone.changed(np.array([7]), np.array([1000]), np.array(["+8613000000000"]))
    before, after = timeline.at(np.array([7, 7]), np.array([999, 1000]))
    assert before == people.phone.every(7)[0]
    assert after == "+8613000000000"
