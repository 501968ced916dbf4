"""Payments, in a world of a few dozen rows: many strangers paying like amounts, beside rent and wages."""

from __future__ import annotations

from hand_tables import World, about


def payments(*lines: tuple[str, str, int, int]) -> str:
    """A block of payments from (payer, payee, amount, day of March 2025)."""
    made = ["row | paid_at | payer | payee | amount"]
    made += [
        f"{number} | 2025-03-{day:02d} 12:00 | {payer} | {payee} | {amount}"
        for number, (payer, payee, amount, day) in enumerate(lines, 1)
    ]
    return "\n".join(made)


def world() -> World:
    clients = [(f"Client{number}", "Till", 3500, number % 27 + 1) for number in range(40)]
    shops = [
        (f"Cust{shop}x{number}", f"Shop{shop}", 7 + 13 * number * number % 997, number % 27 + 1)
        for shop in range(5)
        for number in range(12)
    ]
    rent = [(f"Tenant{number}", "Landlord", 2000, day) for number in range(12) for day in (1, 8, 15, 22)]
    return World(payment=payments(*clients, *shops, *rent))


def test_who_is_paid_one_sum_by_forty_strangers_stands_out_and_shops_and_landlords_do_not() -> None:
    found = world().ask("client_payments")
    assert about(found) == [("Till",)]
    assert found[0]["rows"] == [f"payment:{number}" for number in range(1, 41)]
    assert found[0]["n_observed"] == 40


def test_equal_payments_alone_name_nobody() -> None:
    for each in world().ask("client_payments"):
        assert each["facet"] == "chain"
        assert 0 < each["weight"] <= 0.7


CAUGHT = "row | seizure_id | seized_at | material | carrier | document_no\n" + "\n".join(
    f"{number} | Z{number} | 2025-03-20 | 血样 | {name} | D-{name}"
    for number, name in enumerate(("Mo", "Jo", "Lu", "Bo"), 1)
)
WAGES = [(f"Firm{number % 8}", f"Worker{number}", 5000, number % 27 + 1) for number in range(80)]


def _payers(ours: list[str]) -> World:
    """A boss who pays ``ours``, eight firms' wages, and four carriers caught with tubes."""
    return World(seizure=CAUGHT, payment=payments(*((("Boss", name, 300, 5)) for name in ours), *WAGES))


def test_who_pays_those_who_were_caught_is_told_by_their_names() -> None:
    found = _payers(["Acct1/Mo", "Acct2/Jo", "Acct3/Lu", "Grocer"]).ask("pays_handlers")
    assert about(found) == [("Boss",)]
    (told,) = found
    assert told["n_observed"] == 3
    # Three of the 84 pairs of payer and payee bear a carrier's name; the boss pays four.
    assert abs(told["n_expected"] - 4 * 3 / 84) < 1e-6
    assert (told["line"], told["facet"]) == ("payee_names", "chain")
    assert [row for row in told["rows"] if row.startswith("payment")] == ["payment:1", "payment:2", "payment:3"]


def test_one_namesake_of_a_carrier_is_nothing() -> None:
    assert _payers(["Acct1/Mo", "Grocer", "Tutor", "Gym"]).ask("pays_handlers") == []


def _namesakes(ours: list[str], *, n_wages: int = 40) -> set[tuple[str, str, int]]:
    """Whom the table of namesakes takes for whom, and with how many others they were met."""
    wages = [(f"Firm{number % 8}", f"Worker{number}", 5000, number % 27 + 1) for number in range(80 * n_wages)]
    paid = payments(*((("Boss", name, 300, 5)) for name in ours), *wages)
    rows = World(seizure=CAUGHT, payment=paid).rows("namesake")
    return {(row["party_id"], row["other_id"], row["n_named"]) for row in rows if row["n_named"]}


def test_whom_one_pays_beside_other_handlers_is_the_handler_of_that_name() -> None:
    found = _namesakes(["Acct1/Mo", "Acct2/Jo", "Acct3/Lu", "Grocer"])
    assert found == {("Mo", "Acct1", 3), ("Jo", "Acct2", 3), ("Lu", "Acct3", 3)}


def test_of_two_accounts_of_one_name_and_of_two_handlers_names_nobody_is_taken_for_another() -> None:
    assert ("Lu", "Acct3", 3) not in _namesakes(["Acct1/Mo", "Acct2/Jo", "Acct3/Lu", "Acct4/Lu"])
    assert _namesakes(["Acct1/Mo", "Acct2/Jo", "Grocer"]) == set()
    # Where one payee in thirty bears such a name anyway, the three may be chance.
    assert _namesakes(["Acct1/Mo", "Acct2/Jo", "Acct3/Lu", "Grocer"], n_wages=1) == set()


def test_who_is_paid_by_those_who_were_caught_is_told_by_their_names() -> None:
    paid = payments(*((name, "Till", 300, 5) for name in ("Acct1/Mo", "Acct2/Jo", "Acct3/Lu", "Acct9/Wu")), *WAGES)
    (told,) = World(seizure=CAUGHT, payment=paid).ask("paid_by_handlers")
    assert about([told]) == [("Till",)]
    assert told["n_observed"] == 3
    assert (told["line"], told["facet"]) == ("payee_names", "chain")
    assert _payers([]).ask("paid_by_handlers") == []


SOLD = "row | posted_at | text | account\n" + "\n".join(
    f"{number} | 2025-03-01 10:00 | 孕早期抽血验男女，送香港化验所，准确率99% | {who}"
    for number, who in enumerate(("h1/Ann", "h2/Bea", "h3/Cal"), 1)
)


def test_who_is_paid_by_those_who_advertise_is_told_with_what_they_do() -> None:
    paid = payments(*((name, "Till", 9000, 5) for name in ("Acct1/Ann", "Acct2/Bea", "Acct3/Cal")), *WAGES)
    (told,) = World(post=SOLD, payment=paid).ask("paid_by_handlers")
    assert about([told]) == [("Till",)]
    assert "advertised fetal sex tests or sold them" in told["claim"]
    assert [row for row in told["rows"] if row.startswith("post")] == ["post:1", "post:2", "post:3"]


def test_a_common_name_among_those_who_sell_does_not_drown_those_who_were_caught() -> None:
    common = [(f"Shop{at}", f"Any{at}/Ann", 40, at % 27 + 1) for at in range(120)]
    boss = [("Boss", name, 300, 5) for name in ("Acct1/Mo", "Acct2/Jo", "Acct3/Lu")]
    world = World(post=SOLD, seizure=CAUGHT, payment=payments(*common, *boss, *WAGES))
    (told,) = world.ask("pays_handlers")
    assert about([told]) == [("Boss",)]
    assert "found with human specimens" in told["claim"]


def _callers(names: list[str]) -> World:
    """Somebody who talks with ``names``, forty who talk among themselves, and four carriers caught with tubes."""
    pairs = [("Keeper", name) for name in names]
    pairs += [(f"Friend{number}", f"Friend{(number * 7 + step) % 40}") for number in range(40) for step in (1, 2)]
    calls = "row | contacted_at | from | to\n" + "\n".join(
        f"{number} | 2025-03-{number % 27 + 1:02d} 10:00 | {one} | {other}"
        for number, (one, other) in enumerate(pairs, 1)
    )
    return World(seizure=CAUGHT, contact=calls)


def test_who_talks_with_those_who_were_caught_is_told_by_their_names_whoever_calls() -> None:
    found = _callers(["Phone1/Mo", "Phone2/Jo", "Phone3/Lu", "Mother"]).ask("talks_with_handlers")
    assert about(found) == [("Keeper",)]
    (told,) = found
    assert told["n_observed"] == 3
    assert (told["line"], told["facet"]) == ("contact", "chain")
    assert [row for row in told["rows"] if row.startswith("contact")] == ["contact:1", "contact:2", "contact:3"]


def test_a_friend_of_one_carrier_is_not_told() -> None:
    assert _callers(["Phone1/Mo", "Mother", "Sister", "Baker"]).ask("talks_with_handlers") == []
