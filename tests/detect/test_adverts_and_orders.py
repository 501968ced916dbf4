"""Adverts and order sheets, in worlds of a few rows: who is named, by which rows, and who is left alone."""

from __future__ import annotations

import pytest
from hand_tables import World, about

POSTS = """
row | posted_at  | account   | text                                                     | contact
1   | 2025-03-01 | momshop   | 想知道是男宝还是女宝？验血就知道 加微 v: babylab99         | babylab99
2   | 2025-03-02 | momshop   | 7周可查男女 验血知性别 私信                                |
3   | 2025-03-02 | clinic    | 本院开展无创DNA产前筛查，预约电话请咨询门诊                |
4   | 2025-03-03 | police    | 严禁非法鉴定胎儿性别，切勿寄血到香港，举报请联系我们       |
5   | 2025-03-04 | babywear  | 男宝女宝纯棉连体衣现货，私信下单                           |
6   | 2025-03-04 | auntie    | 第二胎是女儿，开心                                         |
7   | 2025-03-05 | engclinic | Fetal gender blood test, know early! WhatsApp me           |
8   | 2025-03-06 | blogger   | 香港验血查男女是真的吗                                     |
"""

ORDERS = """
row | ordered_at | service           | agent  | client   | waybill_no | price | client_region
1   | 2025-03-01 | 胎儿性别鉴定      | Seller | Anna     | W1         | 3500  | 湖南
2   | 2025-03-02 | 香港验血查男女    | Seller | Bella    | W2         | 3500  | 广东
3   | 2025-03-03 | 套餐B             | Seller | Cora     | W3         | 4200  | 广东
4   | 2025-03-04 | 验血知性别        | Seller | Dora     | W4         | 3500  |
5   | 2025-03-04 | 无创产前筛查      | Clinic | Elsa     | W5         | 1800  | 广东
6   | 2025-03-05 | 血常规            | Clinic | Fanny    |            | 80    | 广东
7   | 2025-03-05 | 套餐A             | Clinic | Gina     |            | 900   | 广东
8   | 2025-03-06 | 甲功五项          | Clinic | Hanna    |            | 120   |
9   | 2025-03-06 | 测y染色体         | Friend | Ida      |            | 3000  |
"""

WAYBILLS = """
row | waybill_no | accepted_at      | sender                 | receiver
1   | W1         | 2025-03-02 10:00 | Collie @ 湖南-Lane 1   | Keeper @ 广东-Hub
2   | W2         | 2025-03-03 10:00 | Collie @ 湖南-Lane 1   | Keeper @ 广东-Hub
3   | W3         | 2025-03-04 10:00 | Collie @ 湖南-Lane 1   | Keeper @ 广东-Hub
4   | W4         | 2025-03-05 10:00 | Dora @ 广西-Lane 4     | Keeper @ 广东-Hub
5   | W5         | 2025-03-05 10:00 | Elsa @ 广东-Lane 5     | Clinic @ 广东-Clinic
6   | X9         | 2025-03-06 10:00 | Stranger @ 广东-Lane 9 | Keeper @ 广东-Hub
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World(post=POSTS, order=ORDERS, waybill=WAYBILLS)


def test_only_who_solicits_is_named_and_the_handle_inside_the_post_with_them(world: World) -> None:
    found = world.ask("soliciting_adverts")
    assert about(found) == [("babylab99",), ("engclinic",), ("momshop",)]
    assert {each["facet"] for each in found} == {"matter"}
    by_subject = {each["subject_id"]: each for each in found}
    assert by_subject["momshop"]["rows"] == ["post:1", "post:2"]
    assert by_subject["babylab99"]["rows"] == ["post:1"]


def test_hospitals_warnings_baby_clothes_and_people_who_only_ask_solicit_nothing(world: World) -> None:
    named = {each["subject_id"] for each in world.ask("soliciting_adverts")}
    assert not named & {"clinic", "police", "babywear", "auntie", "blogger"}


def test_copies_of_one_advert_are_worth_little_more_than_one() -> None:
    line = "{0} | 2025-03-{0:02d} | momshop | 验血知男女 加微信咨询 | "
    one = World(post="row | posted_at | account | text | contact\n" + line.format(1))
    many = World(
        post="row | posted_at | account | text | contact\n" + "\n".join(line.format(day) for day in range(1, 26))
    )
    first, all_of_them = one.ask("soliciting_adverts")[0], many.ask("soliciting_adverts")[0]
    assert first["weight"] < all_of_them["weight"] <= first["weight"] + 0.5
    assert all_of_them["n_rows"] == 25


def test_a_bare_code_counts_as_an_order_for_the_test_only_at_a_seller_of_such_tests(world: World) -> None:
    found = {row["row_id"] % 2**32: row for row in world.rows("suspect_order")}
    assert sorted(found) == [1, 2, 3, 4, 9]
    assert not found[3]["is_explicit"]
    assert found[1]["is_explicit"]


def test_the_seller_is_named_and_the_clinic_is_not(world: World) -> None:
    found = world.ask("sample_orders")
    assert about(found) == [("Friend",), ("Seller",)]
    friend, seller = found
    assert seller["rows"] == ["order:1", "order:2", "order:3", "order:4"]
    assert seller["weight"] > friend["weight"], "one row may be a slip, three are a practice"


def test_a_clinic_with_one_misread_line_in_thirty_is_hardly_suspected() -> None:
    lines = [f"{number} | 2025-03-01 | 血常规 | Clinic | Client{number}" for number in range(1, 31)]
    lines.append("31 | 2025-03-02 | 香港验血查男女 | Clinic | Client31")
    found = World(order="row | ordered_at | service | agent | client\n" + "\n".join(lines)).ask("sample_orders")
    assert about(found) == [("Clinic",)]
    assert found[0]["weight"] <= 0.5


def test_the_receiver_of_ordered_parcels_is_told_as_a_person_and_as_a_place(world: World) -> None:
    found = world.ask("order_parcels")
    assert about(found) == [("Keeper",), ("广东-Hub",)]
    for each in found:
        assert each["rows"] == [f"order:{n}" for n in (1, 2, 3, 4)] + [f"waybill:{n}" for n in (1, 2, 3, 4)]
        assert each["facet"] == "matter"
    assert [each["subject_kind"] for each in found] == ["party", "place"]


def test_a_seller_is_linked_to_where_their_orders_went(world: World) -> None:
    found = world.ask("order_parcel_links")
    assert about(found) == [("Seller", "Keeper"), ("Seller", "广东-Hub")]
    assert {each["facet"] for each in found} == {"chain"}


def test_who_posts_for_several_clients_collects_and_who_posts_her_own_does_not(world: World) -> None:
    found = world.ask("order_collectors")
    assert about(found) == [("Collie",)]
    assert found[0]["rows"] == ["order:1", "order:2", "order:3", "waybill:1", "waybill:2", "waybill:3"]


def test_who_posts_for_two_sisters_is_no_collector() -> None:
    kept = "\n".join(WAYBILLS.strip().splitlines()[:3] + WAYBILLS.strip().splitlines()[4:])
    assert World(order=ORDERS, waybill=kept).ask("order_collectors") == []


def test_orders_for_other_tests_are_linked_to_where_their_parcels_went_and_are_no_matter() -> None:
    posted = WAYBILLS.replace("Clinic @ 广东-Clinic", "Depot @ 广东-Depot")
    found = World(order=ORDERS, waybill=posted).ask("order_destinations")
    assert about(found) == [("Clinic", "Depot"), ("Clinic", "广东-Depot")]
    assert {each["facet"] for each in found} == {"chain"}
    assert found[0]["rows"] == ["order:5", "waybill:5"]


def test_an_order_is_linked_by_one_question_only(world: World) -> None:
    told = {row for each in world.ask("order_parcel_links") for row in each["rows"]}
    assert not told & {row for each in world.ask("order_destinations") for row in each["rows"]}


def test_no_claim_about_orders_names_a_client_as_its_subject_or_object(world: World) -> None:
    clients = {"Anna", "Bella", "Cora", "Dora", "Elsa", "Fanny", "Gina", "Hanna", "Ida"}
    for name in ("sample_orders", "order_parcels", "order_parcel_links", "order_collectors", "order_destinations"):
        for each in world.ask(name):
            assert not clients & {each["subject_id"], each["object_id"]}, name


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("胎儿性别鉴定", "sex_test"),
        ("验血查男女", "sex_test"),
        ("测Y染色体", "sex_test"),
        ("验 血 查 男 女", "sex_test"),
        ("Fetal sex determination kit", "sex_test"),
        ("無創檢測胎兒性別", "sex_test"),
        ("港检", "sex_test"),
        ("性别早知道套餐A", "sex_test"),
        ("Gender DNA Package A", "sex_test"),
        ("香港体检套餐", "lawful_test"),
        ("早知道就不买了", "other"),
        ("无创产前基因检测 NIPT", "lawful_test"),
        ("Y染色体微缺失检测", "lawful_test"),
        ("亲子鉴定", "lawful_test"),
        ("孕妇外周血样", "sample"),
        ("Human blood samples in tubes", "sample"),
        ("严禁非法胎儿性别鉴定", "warning"),
        ("男宝女宝连体衣", "other"),
        ("茶叶", "other"),
        ("性别平等讲座", "other"),
    ],
)
def test_a_text_says_what_its_words_say(text: str, topic: str) -> None:
    world = World(order=f"row | ordered_at | service | agent | client\n1 | 2025-03-01 | {text} | A | B")
    assert [row["topic"] for row in world.rows("reading")] == [topic]


def test_an_account_of_a_sellers_name_that_the_sellers_clients_pay_is_the_sellers() -> None:
    """Each client also pays a shop or two, and the crowd pays the shop; nobody else is paid under the name."""

    def asked(payee: str, month: str = "03") -> list[dict[str, object]]:
        order = "row | ordered_at | service | agent | client\n" + "\n".join(
            f"{at} | 2025-03-{at:02d} | 胎儿性别鉴定 | Phone/戚小波 | c{at}/客{at}" for at in range(1, 4)
        )
        lines = [f"2025-{month}-{at + 2:02d} 12:00 | a{at}/客{at} | {payee} | 2800" for at in range(1, 4)]
        lines += [f"2025-03-{at + 3:02d} 13:00 | a{at}/客{at} | Shop/小店 | 30" for at in range(1, 4)]
        lines += [f"2025-03-{at % 27 + 1:02d} 14:00 | g{at}/路{at} | Shop/小店 | 30" for at in range(90)]
        payment = "row | paid_at | payer | payee | amount\n" + "\n".join(
            f"{number} | {line}" for number, line in enumerate(lines, 1)
        )
        return World(order=order, payment=payment).ask("same_seller")

    (told,) = asked("Account/戚小波")
    assert about([told]) == [("Phone", "Account")]
    assert (told["relation"], told["n_observed"]) == ("same_person", 3)
    assert told["weight"] > 2.0
    assert told["rows"] == ["order:1", "order:2", "order:3", "payment:1", "payment:2", "payment:3"]
    assert "客" not in str(told["claim"]), "a claim names no client"
    assert asked("Account/戚小敏") == [], "another name"
    assert asked("Account/戚小波", "09") == [], "half a year later"
