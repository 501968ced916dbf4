"""What a person reading the hand-made world would say."""

from __future__ import annotations

from datetime import date

from hand_made_world import (
    CONTACT,
    CROSSING,
    DECLARATION,
    ORDER,
    ORGANISATION,
    PAYMENT,
    POST,
    SEIZURE,
    SUBSCRIBER,
    WAYBILL,
    at,
)
from resolved_world import SOURCE, Resolved, run


def test_a_family_telephone_joins_rows_of_one_name_only(world: Resolved) -> None:
    assert world.one_party((WAYBILL + 1, "waybill.sender"), (WAYBILL + 2, "waybill.sender"))
    assert not world.one_party((WAYBILL + 1, "waybill.sender"), (WAYBILL + 3, "waybill.sender"))
    assert not world.one_party((WAYBILL + 4, "waybill.sender"), (WAYBILL + 1, "waybill.sender"))
    assert world.of("shared_identifier", value="+8613800138000")[0]["n_names"] == 2


def test_titles_masks_and_missing_names_on_a_personal_telephone_are_one_person(world: Resolved) -> None:
    places = [(WAYBILL + number, "waybill.sender") for number in (5, 6, 7, 8)]
    assert world.one_party(*places, (ORDER + 1, "order.client"), (CONTACT + 1, "contact.to"))


def test_a_courier_station_glues_nobody(world: Resolved) -> None:
    senders = {world.party(WAYBILL + 10 + number, "waybill.sender") for number in range(7)}
    assert len(senders) == 7
    told = world.of("shared_identifier", value="+8613600000009")
    assert told[0]["n_names"] == 7
    assert "uncommon name" in told[0]["reason"]


def test_one_traveller_has_two_documents_a_telephone_an_account_and_a_romanised_name(world: Resolved) -> None:
    assert world.one_party(
        (CROSSING + 1, "crossing.traveller"), (CROSSING + 2, "crossing.traveller"),
        (CROSSING + 3, "crossing.traveller"), (CROSSING + 5, "crossing.traveller"), (SEIZURE + 1, "seizure.carrier"),
        (SUBSCRIBER + 1, "subscriber.holder"), (SUBSCRIBER + 6, "subscriber.holder"),
        (PAYMENT + 1, "payment.payee"), (WAYBILL + 1, "waybill.receiver"), (CONTACT + 1, "contact.from"),
        (ORGANISATION + 1, "organisation.representative"),
    )


def test_a_namesake_born_on_another_day_is_another_person(world: Resolved) -> None:
    assert not world.one_party((CROSSING + 4, "crossing.traveller"), (CROSSING + 3, "crossing.traveller"))


def test_a_company_and_its_representative_are_two(world: Resolved) -> None:
    assert not world.one_party((ORGANISATION + 1, "organisation.itself"),
                               (ORGANISATION + 1, "organisation.representative"))


def test_a_company_without_its_number_is_found_by_its_registered_name(world: Resolved) -> None:
    assert world.one_party((ORGANISATION + 1, "organisation.itself"), (DECLARATION + 1, "declaration.exporter"),
                           (DECLARATION + 2, "declaration.exporter"))
    assert world.one_party((DECLARATION + 1, "declaration.consignee"), (DECLARATION + 2, "declaration.consignee"))


def test_a_lent_account_stays_apart_from_its_registered_holder(world: Resolved) -> None:
    assert not world.one_party((PAYMENT + 2, "payment.payee"), (SUBSCRIBER + 3, "subscriber.holder"))
    assert "Registered to another name" in world.of("shared_identifier", value="6222000011113333")[0]["reason"]


def test_a_number_that_passed_on_is_each_owners_in_their_time(world: Resolved) -> None:
    assert world.one_party((CONTACT + 2, "contact.from"), (SUBSCRIBER + 4, "subscriber.holder"))
    assert world.one_party((CONTACT + 3, "contact.from"), (SUBSCRIBER + 5, "subscriber.holder"))
    between = world.party(CONTACT + 4, "contact.from")
    assert between not in {world.party(SUBSCRIBER + 4, "subscriber.holder"),
                           world.party(SUBSCRIBER + 5, "subscriber.holder")}


def test_an_agent_without_a_telephone_is_the_one_of_that_name(world: Resolved) -> None:
    assert world.one_party((ORDER + 1, "order.agent"), (ORDER + 2, "order.agent"))


def _ordered(row_id: int, agent: str | None, phone: str | None = None) -> dict[str, object]:
    return {"row_id": row_id, "ordered_at": at(2025, 1, 1), "service": "x", "client_name": f"客{row_id % SOURCE}",
            "agent_name": agent, "agent_phone": phone}


def test_agents_are_the_same_people_in_however_many_files_their_orders_come() -> None:
    """Forty agents, each with a telephone on one row of three, and a name that sixty telephones of parcels bear."""
    names = [f"{family}{given}" for family in "宋唐许韩冯邓曹彭" for given in ("甲一", "乙二", "丙三", "丁四", "戊五")]
    told = [(name, f"+86135000{place:05}" if turn == 0 else None)
            for turn in range(3) for place, name in enumerate([*names, "王伟", "小王", "王*"])]
    parcels = [{"row_id": WAYBILL + number, "waybill_no": f"P{number}", "accepted_at": at(2025, 1, 1),
                "sender_name": "王伟", "sender_phone": f"+86138000{number:05}"} for number in range(60)]

    def grouped(n_files: int) -> set[frozenset[int]]:
        rows = [_ordered((20 + place % n_files) * SOURCE + place, *each) for place, each in enumerate(told)]
        seen = run({"order": rows, "waybill": parcels})
        groups: dict[str, set[int]] = {}
        for row in seen.of("mention", slot="order.agent"):
            groups.setdefault(row["party_id"], set()).add(row["row_id"] % SOURCE)
        return {frozenset(each) for each in groups.values()}

    whole = grouped(1)
    assert {frozenset({place, place + 43, place + 86}) for place in range(40)} <= whole
    # A common name, a surname and a masked name are as many people as rows, beside the one with the telephone.
    assert {frozenset({place}) for place in (40, 41, 42, 83, 84, 85, 126, 127, 128)} <= whole
    assert grouped(4) == whole
    assert grouped(43) == whole


def test_agents_of_two_shops_with_one_common_name_are_two_people() -> None:
    bearers = [{"row_id": PAYMENT + number, "paid_at": at(2025, 1, 5), "payer_account": f"A{number}",
                "payer_name": "王伟", "payee_account": "B", "payee_name": "陈大文"} for number in range(60)]
    sheets = [_ordered(shop * SOURCE + number, name) for shop in (20, 21)
              for number, name in enumerate(["王伟", f"宋{shop % 10}甲"])]
    seen = run({"order": sheets, "payment": bearers})
    assert seen.party(20 * SOURCE, "order.agent") != seen.party(21 * SOURCE, "order.agent")


def test_a_name_alone_never_joins(world: Resolved) -> None:
    assert not world.one_party((ORDER + 2, "order.client"), (ORDER + 3, "order.client"))


def test_the_contact_in_an_advert_is_found_by_its_handle_and_not_glued_to_the_telephone_beside(world: Resolved) -> None:
    assert world.one_party((POST + 1, "post.contact"), (CONTACT + 1, "contact.to"))
    assert not world.one_party((POST + 1, "post.account"), (POST + 1, "post.contact"))
    assert not world.one_party((POST + 1, "post.contact"), (ORDER + 1, "order.agent"))


def test_a_place_without_a_name_takes_the_one_in_the_register(world: Resolved) -> None:
    keys = {(row["row_id"], row["slot"]): row["name_key"] for row in world.rows("mention")}
    assert keys[CONTACT + 2, "contact.from"] == "严老五"
    assert keys[CONTACT + 3, "contact.from"] == "葛小妹"
    assert keys[CONTACT + 4, "contact.from"] is None
    assert keys[CROSSING + 1, "crossing.traveller"] == "chendawen"


def test_parties_have_kind_name_and_days(world: Resolved) -> None:
    by_id = {row["party_id"]: row for row in world.rows("party")}
    carrier = by_id[world.party(SEIZURE + 1, "seizure.carrier")]
    assert (carrier["kind"], carrier["name"]) == ("person", "陈大文")
    assert by_id[world.party(ORGANISATION + 1, "organisation.itself")]["kind"] == "organisation"
    assert by_id[world.party(POST + 1, "post.account")]["kind"] == "unknown"
    assert carrier["last_on"] == date(2025, 3, 3)


def test_every_merge_explains_itself_without_values(world: Resolved) -> None:
    values = {row["value"] for row in world.rows("party_identifier")}
    for row in world.rows("merge"):
        assert row["explanation"].endswith(".")
        assert not any(value in row["explanation"] for value in values)
    carrier = world.party(SEIZURE + 1, "seizure.carrier")
    sentences = {row["explanation"] for row in world.of("merge", party_id=carrier)}
    assert "The same document stands in 3 rows of border crossings." in sentences
    assert any("dates of birth are the same" in sentence for sentence in sentences)


def test_places_are_found_once_however_they_are_written(world: Resolved) -> None:
    hub = world.of("place", address="广东省深圳市罗湖区东门路1号3栋501")[0]
    assert (hub["region"], hub["city"], hub["n_parties"]) == ("CN-GD", "深圳市", 1)


def test_one_place_has_one_entry_for_all_the_ways_of_writing_its_address() -> None:
    parcel = {"accepted_at": at(2025, 1, 1), "receiver_name": "陈大文", "receiver_phone": "+8613900000001"}
    written = ["广东省深圳市罗湖区东门路1号3栋501室", "广东深圳罗湖区东门路 1 号3栋501", "深圳市东门路1-3-501",
               "广东省深圳市罗湖区东门路1号3栋501室", "广东省深圳市罗湖区东门路1号3栋502室"]
    seen = run({"waybill": [{"row_id": WAYBILL + number, "waybill_no": f"P{number}", "receiver_address": each, **parcel}
                            for number, each in enumerate(written)]})
    assert sorted((row["address"], row["n_rows"]) for row in seen.rows("place")) == [
        ("广东省深圳市罗湖区东门路1号3栋501室", 4), ("广东省深圳市罗湖区东门路1号3栋502室", 1),
    ]
    assert [(row["region"], row["city"], row["district"]) for row in seen.rows("place")] == [
        ("CN-GD", "深圳市", "罗湖区"),
    ] * 2
    assert {row["written"] for row in seen.rows("address_form")} == set(written)


def test_every_party_named_is_described_and_every_place_too(world: Resolved) -> None:
    mentions = world.rows("mention")
    assert {row["party_id"] for row in mentions} - {None} == {row["party_id"] for row in world.rows("party")}
    assert {row["place_id"] for row in mentions} - {None} == {row["place_id"] for row in world.rows("place")}


def test_a_name_is_as_common_as_the_sort_of_identifier_says_that_knows_it_least() -> None:
    """Whoever changes telephones makes a rare name look common among telephones; among accounts it has its own one."""
    def accounts(names: list[str]) -> list[dict[str, object]]:
        return [{"row_id": PAYMENT + number, "paid_at": at(2025, 1, 5), "payer_account": f"A{number}",
                 "payer_name": name, "payee_account": "A0", "payee_name": names[0]}
                for number, name in enumerate(names)]

    crowd = ["欧阳震华", *(f"林{one}{two}" for one in "甲乙丙丁戊己庚辛壬癸" for two in "东西南北中上下左右前后")]
    parcels = [{"row_id": WAYBILL + number, "waybill_no": f"P{number}", "accepted_at": at(2025, 1, 1),
                "receiver_name": "欧阳震华", "receiver_phone": f"+86138000{number:05}"} for number in range(110)]
    station = [{"row_id": WAYBILL + 200 + number, "waybill_no": f"Q{number}", "accepted_at": at(2025, 1, 1),
                "receiver_name": name, "receiver_phone": "+8613999999999", "receiver_address": f"某街{number}号"}
               for number, name in enumerate(["欧阳震华", *crowd[1:12], "欧阳震华"])]
    seen = run({"waybill": parcels + station, "payment": accounts(crowd)})
    assert seen.one_party((WAYBILL + 200, "waybill.receiver"), (WAYBILL + 212, "waybill.receiver"))


def test_a_row_without_a_name_on_a_telephone_of_two_is_not_the_registered_holders() -> None:
    """A recruiter writes his sister's telephone on order sheets; his sheets without a name must not be hers."""

    def order(number: int, name: str | None, handle: str | None = None) -> dict[str, object]:
        return {
            "row_id": ORDER + number, "ordered_at": at(2025, 1, 1), "service": "x", "client_name": f"客{number}",
            "agent_name": name, "agent_phone": "+8613342975350", "agent_handle": handle,
        }  # fmt: skip

    def parcel(number: int) -> dict[str, object]:
        return {
            "row_id": WAYBILL + number, "waybill_no": f"SF{number}", "accepted_at": at(2025, 1, 2),
            "sender_name": "曾萍诺", "sender_phone": "+8613342975350", "sender_address": "江苏省徐州市迎宾大道55号",
            "receiver_name": "王强", "receiver_phone": "+8613674043817", "receiver_address": None,
        }  # fmt: skip

    holder = {
        "row_id": SUBSCRIBER + 1, "identifier_type": "phone", "identifier": "+8613342975350", "holder_name": "曾萍诺",
        "holder_document": "320105197509230364", "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    orders = [order(n, "梁长涛", "douyin:hgub") for n in range(1, 5)] + [order(5, None), order(6, None, "douyin:hgub")]

    def made(n_parcels: int) -> Resolved:
        return run({
            "order": orders, "waybill": [parcel(n) for n in range(1, n_parcels + 1)], "subscriber": [holder],
            "contact": [{"row_id": CONTACT + 1, "from_identifier": "+8613342975350", "to_identifier": "+8613527137310",
                         "contacted_at": at(2025, 1, 3)}],
        })  # fmt: skip

    world = made(4)
    sister = world.party(WAYBILL + 1, "waybill.sender")
    assert world.one_party((ORDER + 1, "order.agent"), (ORDER + 6, "order.agent"))
    assert sister not in {world.party(ORDER + n, "order.agent") for n in range(1, 7)}
    # Nobody knows which of the two calls.
    assert world.party(CONTACT + 1, "contact.from") != sister
    assert {row["name"] for row in world.of("party", party_id=world.party(ORDER + 6, "order.agent"))} == {"梁长涛"}


def test_the_calls_of_a_telephone_that_posts_now_and_then_in_another_name_are_its_main_users() -> None:
    """A collector posts under a client's name above her own number now and then; a list of calls gives no names."""

    def parcel(number: int, name: str) -> dict[str, object]:
        return {
            "row_id": WAYBILL + number, "waybill_no": f"SF{number}", "accepted_at": at(2025, 1, 2),
            "sender_name": name, "sender_phone": "+8613404177218", "sender_address": "江苏省苏州市吴中区人民路390号",
            "receiver_name": "王强", "receiver_phone": "+8613674043817", "receiver_address": None,
        }  # fmt: skip

    call = {"row_id": CONTACT + 1, "from_identifier": "+8613404177218", "to_identifier": "+8613527137310",
            "contacted_at": at(2025, 1, 3)}  # fmt: skip

    def caller_is_sender(names: list[str]) -> bool:
        world = run({"waybill": [parcel(n, name) for n, name in enumerate(names, 1)], "contact": [call]})
        return world.one_party((WAYBILL + 1, "waybill.sender"), (CONTACT + 1, "contact.from"))

    assert caller_is_sender(["孟波嘉"] * 6 + ["石霞庆", "林素莉"])
    assert not caller_is_sender(["孟波嘉"] * 5 + ["石霞庆", "林素莉"]), "under three quarters it may be anybody's"
    assert not caller_is_sender(["孟波嘉"] * 2 + ["石霞庆"] * 0 + ["林素莉"]), "two rows show no custom"
