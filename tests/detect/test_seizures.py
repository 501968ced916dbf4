"""Seizures, in a world of a few dozen rows: who carried, sent, was to receive, and whose clients were on the tubes."""

from __future__ import annotations

import pytest
from hand_tables import World, about
from scipy import stats

SEIZURES = """
row | seizure_id | seized_at        | material       | carrier  | document_no | waybill_no | quantity | unit
1   | Z1         | 2025-03-10 10:00 | 孕妇血样       | Mo       | D-Mo        |            | 40       | 支
2   | Z2         | 2025-03-12 10:00 | 血液样本       | Homeward | D-Home      |            | 3        | 支
3   | Z3         | 2025-03-14 10:00 | 香烟           | Smoker   | D-Smoke     |            | 20       | 条
4   | Z4         | 2025-03-15 10:00 | 人体血液样本   |          |             | W1         | 2        | 支
5   | Z5         | 2025-03-16 10:00 | 血样           |          |             | W2         | 1        | 支
6   | Z6         | 2025-03-17 10:00 | 不明液体       | Mystery  | D-Myst      |            | 9        | 支
7   | Z7         | 2025-03-18 10:00 | 手机           |          |             | W3         | 1        | 件
"""
CROSSINGS = """
row | crossed_at       | direction | traveller | document_no
1   | 2025-03-10 09:40 | exit      | Mo        | D-Mo
2   | 2025-03-12 09:40 | entry     | Homeward  | D-Home
3   | 2025-03-12 08:00 | exit      | Other     | D-Other
"""
WAYBILLS = """
row | waybill_no | accepted_at      | sender               | receiver
1   | W1         | 2025-03-13 10:00 | Collie @ 湖南-Lane 1 | Keeper @ 广东-Hub
2   | W2         | 2025-03-14 10:00 | Collie @ 湖南-Lane 1 | Keeper @ 广东-Hub
3   | W3         | 2025-03-15 10:00 | Phone @ 广东-Shop    | Buyer @ 湖南-Home
4   | W4         | 2025-03-15 10:00 | Donor @ 湖南-Home 4  | Keeper @ 广东-Hub
"""
SPECIMENS = """
row | specimen_id | seizure_id | label
1   | T1          | Z6         | 张美丽 28岁 12周
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World(seizure=SEIZURES, crossing=CROSSINGS, waybill=WAYBILLS, specimen=SPECIMENS)


def test_who_carried_specimens_outward_is_named_and_who_came_in_or_carried_cigarettes_is_not(world: World) -> None:
    found = world.ask("seized_carriers")
    assert about(found) == [("Mo",), ("Mystery",)]
    assert [each["rows"] for each in found] == [["seizure:1"], ["seizure:6"]]
    assert {each["facet"] for each in found} == {"matter"}


@pytest.mark.parametrize(
    ("results", "is_told"),
    [
        (("动物源", "非人源", "人源"), False),
        (("animal origin", "non-human", "not tested"), False),
        (("人源", "人类母源血液", "动物源"), True),
        (("human", "male fetal DNA", ""), True),
        (("", "未检", ""), True),
    ],
    ids=["mostly animals", "in English", "mostly people", "people in English", "not tested"],
)
def test_what_a_laboratory_found_to_be_of_animals_is_no_human_specimen(
    results: tuple[str, ...], is_told: bool
) -> None:
    tubes = "row | specimen_id | seizure_id | result\n" + "\n".join(
        f"{number} | T{number} | Z1 | {result}" for number, result in enumerate(results, 1)
    )
    found = World(seizure=SEIZURES, crossing=CROSSINGS, specimen=tubes).ask("seized_carriers")
    assert (("Mo",) in about(found)) is is_told


def test_tubes_registered_under_a_seizure_make_it_one_of_specimens_whatever_the_material_is_called(
    world: World,
) -> None:
    found = {row["seizure_id"]: row["is_inbound"] for row in world.rows("sample_seizure")}
    assert found == {"Z1": False, "Z2": True, "Z4": False, "Z5": False, "Z6": False}


def test_a_seized_parcel_leads_forward_to_its_receiver_and_its_address(world: World) -> None:
    found = world.ask("seized_parcels")
    assert about(found) == [("Keeper",), ("广东-Hub",)]
    assert all(each["rows"] == ["waybill:1", "waybill:2", "seizure:4", "seizure:5"] for each in found)


def test_a_seized_parcel_leads_backward_to_who_sent_several_and_never_to_who_sent_one(world: World) -> None:
    assert about(world.ask("seized_parcel_senders")) == [("Collie",)]
    once = World(seizure="\n".join(SEIZURES.strip().splitlines()[:5]), waybill=WAYBILLS)
    assert once.ask("seized_parcel_senders") == []


NAMES = [f"{surname}{given}" for surname in "王李张刘陈杨赵黄周吴" for given in ("美丽", "小红", "秀英", "桂兰")]


def _labelled(names: list[str]) -> World:
    """Tubes labelled with ``names``, seized on 20 March, and forty women's payments to four payees before it."""
    tubes = "row | specimen_id | seizure_id | label\n" + "\n".join(
        f"{number} | T{number} | Z1 | {name} 12周" for number, name in enumerate(names, 1)
    )
    lines = [
        (f"P{number}/{name}", ("Till", "Grocer", "Tutor", "Gym")[number // 10]) for number, name in enumerate(NAMES)
    ]
    paid = "row | paid_at | payer | payee | amount\n" + "\n".join(
        f"{number} | 2025-03-{1 + number % 14:02d} 12:00 | {payer} | {payee} | 3000"
        for number, (payer, payee) in enumerate(lines, 1)
    )
    seized = "row | seizure_id | seized_at | material | carrier | document_no\n1 | Z1 | 2025-03-20 | 血样 | Mo | D-Mo"
    return World(specimen=tubes, payment=paid, seizure=seized)


def test_women_on_seized_tubes_lead_back_to_the_payee_they_were_clients_of() -> None:
    found = _labelled(NAMES[:6]).ask("seizure_backward")
    assert about(found) == [("Till",)]
    assert found[0]["n_observed"] == 6
    # Six of forty visits are theirs, and each point has ten: 10 x 6 / 40.
    assert found[0]["n_expected"] == pytest.approx(10 * 6 / 40, abs=1e-6)
    assert [row for row in found[0]["rows"] if row.startswith("specimen")] == [
        f"specimen:{number}" for number in range(1, 7)
    ]


def test_women_who_are_clients_of_everybody_alike_lead_back_to_nobody() -> None:
    assert _labelled([*NAMES[:2], *NAMES[10:12], *NAMES[20:22], *NAMES[30:32]]).ask("seizure_backward") == []


def test_women_on_the_tubes_a_traveller_carried_lead_to_the_one_they_were_clients_of() -> None:
    found = _labelled(NAMES[:6]).ask("carried_for")
    assert about(found) == [("Till", "Mo")]
    assert found[0]["n_observed"] == 6
    # Six women; Till has a quarter of all visits.
    assert found[0]["n_expected"] == pytest.approx(6 * 10 / 40, abs=1e-6)
    assert found[0]["p_value"] == pytest.approx(stats.poisson.sf(5, 1.5), rel=1e-8)
    # Each of the four points was asked about.
    assert found[0]["q_value"] == pytest.approx(4 * stats.poisson.sf(5, 1.5), rel=1e-8)
    assert found[0]["facet"] == "chain"


def test_women_who_are_clients_of_everybody_alike_tie_a_traveller_to_nobody() -> None:
    mixed = [*NAMES[:2], *NAMES[10:12], *NAMES[20:22], *NAMES[30:32]]
    assert _labelled(mixed).ask("carried_for") == []


def _two_carriers(names: list[str], others: list[str]) -> World:
    """Tubes labelled with ``names`` found with Mo and with ``others`` found with Jo, a week apart."""
    labels = [(name, "Z1") for name in names] + [(name, "Z2") for name in others]
    tubes = "row | specimen_id | seizure_id | label\n" + "\n".join(
        f"{number} | T{number} | {seizure} | {name} 12周" for number, (name, seizure) in enumerate(labels, 1)
    )
    seized = (
        "row | seizure_id | seized_at | material | carrier | document_no\n"
        "1 | Z1 | 2025-03-20 | 血样 | Mo | D-Mo\n2 | Z2 | 2025-03-20 | 血样 | Jo | D-Jo"
    )
    visits = [(name, ("Till", "Grocer", "Tutor", "Gym")[number // 10]) for number, name in enumerate(NAMES)]
    # Passers-by, so that the four serve a small part of all.
    visits += [(f"N{number}", f"Shop{number % 40}") for number in range(400)]
    paid = "row | paid_at | payer | payee | amount\n" + "\n".join(
        f"{number} | 2025-03-{1 + number % 14:02d} 12:00 | P{number}/{name} | {payee} | 3000"
        for number, (name, payee) in enumerate(visits, 1)
    )
    return World(specimen=tubes, payment=paid, seizure=seized)


def test_two_carriers_whose_tubes_name_clients_of_one_payee_carry_for_one_business() -> None:
    found = _two_carriers(NAMES[:4], NAMES[5:9]).ask("carried_with_others")
    assert about(found) == [("Jo",), ("Mo",)]
    ours = found[1]
    assert ours["n_observed"] == 4
    # Four women; the payee has 10 of the 440 visits of its sort in those weeks.
    assert ours["n_expected"] == pytest.approx(4 * 10 / 440, abs=1e-6)
    assert ours["facet"] == "chain"
    assert ours["line"] == "shared_clients"


def test_a_carrier_whose_tubes_name_clients_of_others_is_not_tied_to_them() -> None:
    found = _two_carriers(NAMES[10:14], NAMES[:4]).ask("carried_with_others")
    assert found == []
