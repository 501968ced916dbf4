"""A world a person can read: some twenty people, two companies, and every way they are written."""

from __future__ import annotations

from datetime import date, datetime

from resolved_world import SOURCE

POST, ORDER, WAYBILL, PAYMENT, CROSSING, SUBSCRIBER, ORGANISATION, CONTACT, SEIZURE, DECLARATION = (
    SOURCE * number for number in range(1, 11)
)
HUB = "广东省深圳市罗湖区东门路 1 号3栋501"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day)  # noqa: DTZ001  records carry local times


def _parcel(number: int, name: str | None, phone: str | None, address: str | None = None) -> dict[str, object]:
    return {
        "row_id": WAYBILL + number, "waybill_no": f"SF{number}", "accepted_at": at(2025, 1, number % 28 + 1),
        "sender_name": name, "sender_phone": phone, "sender_address": address,
        "receiver_name": "陈大文", "receiver_phone": "+8613900000001", "receiver_address": HUB,
    }


def _crossing(number: int, name: str | None, document: str, born: date | None) -> dict[str, object]:
    return {"row_id": CROSSING + number, "document_no": document, "crossed_at": at(2025, 2, number),
            "direction": "exit", "traveller_name": name, "birth_date": born}


def _holder(number: int, kind: str, value: str, name: str, document: str | None = None,
            since: date = date(2020, 1, 1), until: date | None = None) -> dict[str, object]:
    return {"row_id": SUBSCRIBER + number, "identifier_type": kind, "identifier": value, "holder_name": name,
            "holder_document": document, "valid_from": since, "valid_to": until}


def _payment(number: int, payer: tuple[str, str | None], payee: tuple[str, str | None]) -> dict[str, object]:
    return {"row_id": PAYMENT + number, "paid_at": at(2025, 1, 5), "payer_account": payer[0],
            "payer_name": payer[1], "payee_account": payee[0], "payee_name": payee[1]}


def _call(number: int, caller: str, called: str, on: date = date(2025, 1, 3)) -> dict[str, object]:
    return {"row_id": CONTACT + number, "from_identifier": caller, "to_identifier": called,
            "contacted_at": at(on.year, on.month, on.day)}


WORLD = {
    "waybill": [
        # A family's telephone: two full names, one of them also masked, and one row without a name.
        _parcel(1, "张三", "+8613800138000", "湖南省长沙市岳麓区麓山路1号"),
        _parcel(2, "张*", "+8613800138000", "湖南省长沙市岳麓区麓山路1号"),
        _parcel(3, "李四", "+8613800138000"),
        _parcel(4, None, "+8613800138000"),
        # One person, four ways.
        _parcel(5, "王女士", "+8613700000000"),
        _parcel(6, "王小梅", "+8613700000000", "四川省成都市武侯区一环路2号"),
        _parcel(7, None, "+8613700000000"),
        _parcel(8, "王**", "+86137****0000", "四川省成都市武侯区一环路2号"),
        # A courier station's telephone.
        *[_parcel(10 + number, name, "+8613600000009") for number, name in
          enumerate(["赵一鸣", "钱二虎", "孙三娘", "李思齐", "周五常", "吴六奇", "郑七星"])],
    ],
    "order": [
        {"row_id": ORDER + 1, "ordered_at": at(2025, 1, 1), "service": "x", "client_name": "王小梅",
         "client_phone": "+8613700000000", "client_handle": "wechat:wxm_88", "agent_name": "何建国",
         "agent_phone": "+8613511112222"},
        {"row_id": ORDER + 2, "ordered_at": at(2025, 1, 1), "service": "x", "client_name": "冯春花",
         "agent_name": "何建国"},
        {"row_id": ORDER + 3, "ordered_at": at(2025, 1, 1), "service": "x", "client_name": "冯春花",
         "agent_name": "何建国"},
    ],
    "crossing": [
        _crossing(1, "CHEN DAWEN", "CA1234567", date(1990, 1, 1)),
        _crossing(2, "陈大文", "CA1234567", date(1990, 1, 1)),
        _crossing(3, "陈大文", "CB7654321", date(1990, 1, 1)),  # renewed
        _crossing(4, "陈大文", "CC5555555", date(1971, 8, 9)),  # a namesake
        _crossing(5, None, "CA1234567", None),
    ],
    "subscriber": [
        _holder(1, "phone", "+8613900000001", "陈大文", "110101199001011237"),
        _holder(2, "account", "6222000011112222", "陈大文", "110101199001011237"),
        _holder(3, "account", "6222000011113333", "赵六", "110101197001011234"),  # lent
        # A number that passed from one owner to the next.
        _holder(4, "phone", "+8613400000004", "严老五", "310101196001011238", date(2018, 1, 1), date(2024, 6, 30)),
        _holder(5, "phone", "+8613400000004", "葛小妹", "320101199501011231", date(2024, 9, 1)),
        _holder(6, "vehicle", "粤B12345", "陈大文", "110101199001011237"),
    ],
    "payment": [
        _payment(1, ("A1", "王小梅"), ("6222000011112222", "陈大文")),
        _payment(2, ("A1", None), ("6222000011113333", "钱七")),
    ],
    "organisation": [
        {"row_id": ORGANISATION + 1, "org_name": "深圳市明德生物科技有限公司", "org_id": "91440300MA5EXAMP0X",
         "representative_name": "陈大文", "representative_document": "110101199001011237", "phone": "+8675512345678"},
    ],
    "declaration": [
        {"row_id": DECLARATION + 1, "declaration_no": "1", "declared_at": at(2025, 1, 1), "goods": "x",
         "exporter_name": "深圳市明德生物科技有限公司", "exporter_id": "91440300MA5EXAMP0X",
         "consignee_name": "HELIX LAB LIMITED"},
        {"row_id": DECLARATION + 2, "declaration_no": "2", "declared_at": at(2025, 1, 1), "goods": "x",
         "exporter_name": "深圳市明德生物科技有限公司", "consignee_name": "Helix Lab Limited"},
    ],
    "seizure": [{"row_id": SEIZURE + 1, "seizure_id": "S1", "seized_at": at(2025, 2, 1),
                 "document_no": "CB7654321", "carrier_name": "陈大文"}],
    "post": [{"row_id": POST + 1, "platform": "x", "account": "x:abc", "posted_at": at(2025, 1, 1),
              "text": "测男女 加v：wxm_88 电话一三五 一一一一 二二二二"}],
    "contact": [
        _call(1, "+8613900000001", "wechat:wxm_88"),
        _call(2, "+8613400000004", "+8613900000001", date(2023, 3, 3)),
        _call(3, "+8613400000004", "+8613900000001", date(2025, 3, 3)),
        _call(4, "+8613400000004", "+8613900000001", date(2024, 8, 8)),
    ],
}
