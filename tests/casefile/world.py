"""A hand-made network of eight members, forty donors, a passer-by and a hostile cell, as the tables of a run.

Everything a person would check is written out here: who is who, and what stands in each row as received. ``RAW`` is the
file as it came; ``FIELDS`` its mapping. Two donors share something with a member: one a phone, one a family name.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from vialtrace.casefile import CaseFacts
from vialtrace.casefile.shelf import arrow_schema

NETWORK = "N-7f3a"

FILES = {
    1: ("adverts.csv", "", "post"),
    2: ("orders.xlsx", "Sheet1", "order"),
    3: ("waybills.csv", "", "waybill"),
    4: ("payments.csv", "", "payment"),
    5: ("crossings.csv", "", "crossing"),
    6: ("seizures.csv", "", "seizure"),
    7: ("specimens.csv", "", "specimen"),
    8: ("register.csv", "", "organisation"),
}

# Party: kind, name, and identifiers by type.
MEMBERS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "p-li": (
        "person",
        "李国栋",
        "organiser",
        {"document": "440301197803121235", "phone": "+8613700000011", "account": "6222020200000000011"},
    ),
    "p-qian": ("person", "钱慧敏", "treasurer", {"phone": "+8613700000012", "account": "6222020200000000012"}),
    "p-adv1": ("person", "孕妈小助手", "recruiter", {"handle": "xiaohongshu:yunma_helper", "phone": "+8613700000013"}),
    "p-adv2": ("person", "周婷", "recruiter", {"handle": "wechat:zt_baby88", "account": "6222020200000000014"}),
    "p-nurse": ("person", "吴秀兰", "collector", {"phone": "+8613700000015", "account": "6222020200000000015"}),
    "p-hub": (
        "person",
        "黄伟强",
        "hub",
        {"phone": "+8613700000016", "address": "广东省深圳市罗湖区人民南路12号3栋502"},
    ),
    "p-mule1": ("person", "CHAN TAI MAN", "mule", {"document": "H12345678", "account": "6222020200000000017"}),
    "p-mule2": ("person", "卓志明", "mule", {"document": "C12345678", "phone": "+8613700000018"}),
    "o-lab": (
        "organisation",
        "Harbour Gene Diagnostics Ltd",
        "laboratory",
        {"org_id": "HK2233445", "account": "0120000000019"},
    ),
}
OUTSIDERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "x-courier": ("person", "赵送达", {"phone": "+8613900000901"}),
    "o-shop": (
        "organisation",
        "深圳市晨光茶业有限公司",
        {"org_id": "91440300MA5ABCDE1X", "address": "广东省深圳市罗湖区人民南路12号1栋"},
    ),
}
_FAMILY, _GIVEN = "王刘陈杨赵黄孙胡朱高", "欣怡梓涵雨桐诗雅佳宁"
DONORS: dict[str, tuple[str, dict[str, str]]] = {
    f"d-{n:02d}": (
        _FAMILY[n % 10] + _GIVEN[(3 * n) % 10] + _GIVEN[(n // 4) % 10] + ("" if n % 3 else "儿"),
        {
            "phone": f"+86138555{n:05d}",
            "account": f"62170001000{n:08d}",
            "address": f"四川省成都市锦江区春熙路{100 + n}号{n}单元",
        },
    )
    for n in range(40)
}
# A donor who once used the treasurer's phone: that phone would lead to her.
DONORS["d-39"][1]["other_phone"] = "+8613700000012"

HOSTILE = "</td><script>alert('x')</script>\u202egnp.exe\u202c & <b>tea</b>"
_START = datetime(2024, 11, 4, 9, 30)  # noqa: DTZ001  local times by declaration
_REGIONS = ("CN-SC", "CN-GD", "CN-ZJ", "CN-HB", "CN-JS", "CN-HN")


def row(source: int, number: int) -> int:
    """The row id of a row of a file."""
    return (source << 32) + number


class _World:
    """Gathers rows table by table, and the rows as received beside them."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.raw: dict[int, dict[str, str]] = {}

    def add(self, table: str, /, **values: Any) -> None:
        """Add a row of a table."""
        self.rows.setdefault(table, []).append(values)

    def record(self, source: int, number: int, raw: dict[str, str], slots: dict[str, str], /, **values: Any) -> int:
        """Add a record with its text as received and who stands where."""
        row_id, kind = row(source, number), FILES[source][2]
        self.raw[row_id] = raw
        self.add(kind, row_id=row_id, is_day_only=False, **values)
        for part, party_id in slots.items():
            self.add("mention", row_id=row_id, slot=f"{kind}.{part}", party_id=party_id)
        return row_id

    def flow(self, flow: str, row_id: int, **values: Any) -> None:
        """Add a flow row."""
        self.add("flow_row", network_id=NETWORK, row_id=row_id, flow=flow, **values)

    def claim(  # noqa: PLR0917
        self,
        number: int,
        line: str,
        facet: str,
        subject: str,
        other: str | None,
        relation: str | None,
        claim: str,
        weight: float,
        rows: list[int],
        *,
        test: str = "record",
        for_: tuple[str, ...] = (),
        **numbers: float,
    ) -> None:
        """Add a claim, its rows, and the members it counts for."""
        evidence_id = f"E{number:03d}"
        self.add(
            "evidence",
            evidence_id=evidence_id,
            detector=f"ask_{line}",
            line=line,
            facet=facet,
            subject_kind="party",
            subject_id=subject,
            object_kind="party" if other else None,
            object_id=other,
            relation=relation,
            claim=claim,
            weight=weight,
            test=test,
            first_on=date(2024, 11, 4),
            last_on=date(2025, 8, 20),
            n_rows=len(rows),
            **numbers,
        )
        for row_id in rows:
            self.add("evidence_row", evidence_id=evidence_id, row_id=row_id)
        for party_id in for_ or tuple(each for each in (subject, other) if each in MEMBERS):
            self.add(
                "member_evidence",
                network_id=NETWORK,
                party_id=party_id,
                evidence_id=evidence_id,
                weight=round(weight * 0.8, 3),
                is_against=weight < 0,
            )


def tables(n_parcels: int = 120, n_payers: int = 40) -> tuple[dict[str, pa.Table], dict[int, dict[str, str]]]:
    """The tables of the run and its rows as received.

    Args:
        n_parcels: parcels to the hub; more of them make the speed test.
        n_payers: donors who pay; at most 40.
    """
    world = _World()
    _people(world)
    adverts = _adverts(world)
    parcels, payments = _parcels_and_payments(world, n_parcels, n_payers)
    trips, pays = _trips(world)
    seized = _seizures(world)
    _claims(world, adverts, parcels, payments, trips, pays, seized)
    _results(world)
    return {name: pa.Table.from_pylist(rows, schema=arrow_schema(name)) for name, rows in world.rows.items()}, world.raw


def _people(world: _World) -> None:
    for party_id, (kind, name, role, identifiers) in MEMBERS.items():
        _party(world, party_id, kind, name, identifiers)
        world.add(
            "member",
            network_id=NETWORK,
            party_id=party_id,
            role=role,
            role_probability=0.9,
            score=0.97 - 0.02 * len(name) / 4,
            score_weight=4.2,
            n_lines=3,
            from_on=date(2024, 11, 4),
            to_on=date(2025, 8, 20),
        )
    for party_id, (kind, name, identifiers) in OUTSIDERS.items():
        _party(world, party_id, kind, name, identifiers)
    for party_id, (name, identifiers) in DONORS.items():
        _party(world, party_id, "person", name, identifiers)
        world.add("protected_party", party_id=party_id, reason="ordered a test")
    for number, (file, sheet, kind) in FILES.items():
        world.add(
            "source",
            source_no=number,
            file=file,
            sheet=sheet,
            sha256=f"{number:02x}" * 32,
            kind=kind,
            n_bytes=10_000,
            n_file_rows=500,
            n_header_rows=1,
            n_rows=495,
            n_quarantined=2,
            n_set_aside=2,
            n_duplicates=0,
            n_field_issues=1,
        )

    world.add(
        "masking_loss",
        source_no=3,
        field="sender_name",
        kind="waybill",
        n_values=480,
        n_masked=120,
        n_matched=90,
        first_lost=3 * 2**32 + 17,
    )


def _party(world: _World, party_id: str, kind: str, name: str, identifiers: dict[str, str]) -> None:
    seen = {"n_rows": 5, "first_on": date(2024, 11, 4), "last_on": date(2025, 8, 20)}
    world.add("party", party_id=party_id, kind=kind, name=name, **seen)
    for identifier_type, value in {"name": name, **identifiers}.items():
        world.add(
            "party_identifier",
            party_id=party_id,
            identifier_type=identifier_type.removeprefix("other_"),
            value=value,
            **seen,
        )


def _adverts(world: _World) -> list[int]:
    found = []
    for n in range(14):
        who = ("p-adv1", "p-adv2")[n % 2]
        handle = MEMBERS[who][3]["handle"]
        text = (
            "孕7周 香港验血 知男女🤰 加V zt_baby88 或 137 0000 0013，"
            f"已帮{DONORS['d-01'][0]}测过 电话１３８５５５０００００"
        )
        at = _START + timedelta(days=19 * n)
        row_id = world.record(
            1,
            n + 2,
            {
                "平台": handle.split(":")[0],
                "账号": handle.split(":")[1],
                "发布时间": f"{at:%Y/%m/%d %H:%M}",
                "正文": text,
            },
            {"account": who, "contact": who},
            platform=handle.split(":")[0],
            account=handle,
            posted_at=at,
            text=text,
        )
        world.flow("advert", row_id, from_id=who, at=at)
        found.append(row_id)
    world.add(
        "reading", text=text, topic="sex_test", is_solicitation=True, weight=2.5, words=["香港验血", "知男女", "孕7周"]
    )
    world.add("reading", text="茶叶", topic="other", is_solicitation=False, weight=0.0, words=["茶叶"])
    return found


def _parcels_and_payments(world: _World, n_parcels: int, n_payers: int) -> tuple[list[int], list[int]]:
    parcels, payments = [], []
    donors = list(DONORS)
    hub_phone, hub_address = "13700000016", MEMBERS["p-hub"][3]["address"]
    for n in range(n_parcels):
        at = _START + timedelta(hours=51 * n if n_parcels < 200 else n % 6900)
        donor = donors[n % n_payers]
        name, ids = DONORS[donor]
        contents = HOSTILE if n == 3 else f"茶叶 {name}收" if n % 10 == 5 else "茶叶"
        parcels.append(
            world.record(
                3,
                n + 2,
                {
                    "运单号": f"SF{1440000000000 + n}",
                    "收寄时间": f"{at:%Y-%m-%d %H:%M:%S}",
                    "寄件人": name,
                    "寄件人电话": ids["phone"][3:],
                    "寄件地址": ids["address"],
                    "收件人": "黄生",
                    "收件人电话": hub_phone,
                    "收件地址": hub_address,
                    "托寄物内容": contents,
                    "重量": "0.21",
                    "备用列": f"{name} {ids['phone'][3:]}",
                },
                {"sender": donor, "receiver": "p-hub"},
                waybill_no=f"SF{1440000000000 + n}",
                accepted_at=at,
                sender_name=name,
                sender_phone=ids["phone"],
                sender_address=ids["address"],
                receiver_name="黄生",
                receiver_phone="+86" + hub_phone,
                receiver_address=hub_address,
                contents=contents,
                weight_g=210.0,
            )
        )
        world.flow(
            "sample_parcel",
            parcels[-1],
            from_id=donor,
            to_id="p-hub",
            place_id="pl-hub",
            at=at,
            quantity=1.0,
            region=_REGIONS[n % 6],
        )
    for n in range(n_payers):
        at = _START + timedelta(days=7 * n, hours=3)
        donor, payee = donors[n], ("p-adv2", "p-qian")[n % 2]
        name, ids = DONORS[donor]
        memo = f"检测费 {name} {ids['phone'][3:6]}-{ids['phone'][6:10]}-{ids['phone'][10:]}"
        account = MEMBERS[payee][3]["account"]
        payments.append(
            world.record(
                4,
                n + 2,
                {
                    "交易时间": f"{at:%Y/%m/%d %H:%M}",
                    "付款账号": ids["account"],
                    "付款人": name,
                    "收款账号": account,
                    "收款人": MEMBERS[payee][1],
                    "金额": "2,600.00",
                    "附言": memo,
                },
                {"payer": donor, "payee": payee},
                paid_at=at,
                payer_account=ids["account"],
                payer_name=name,
                payee_account=account,
                payee_name=MEMBERS[payee][1],
                amount=Decimal(2600),
                currency="CNY",
                memo=memo,
            )
        )
        world.flow(
            "client_payment",
            payments[-1],
            from_id=donor,
            to_id=payee,
            at=at,
            amount=Decimal(2600),
            currency="CNY",
            quantity=1.0,
        )
    _orders(world, donors)
    return parcels, payments


def _orders(world: _World, donors: list[str]) -> None:
    for n in range(12):
        at = _START + timedelta(days=20 * n, hours=1)
        name, ids = DONORS[donors[n]]
        agent = MEMBERS["p-adv2"]
        row_id = world.record(
            2,
            n + 3,
            {
                "下单时间": f"{at:%Y-%m-%d}",
                "姓名": name,
                "电话": ids["phone"][3:],
                "项目": "Y染色体",
                "价格": "2600",
                "代理": agent[1],
                "运单号": f"SF{1440000000000 + n}",
                "样本标签": f"{name} 8周",
            },
            {"client": donors[n], "agent": "p-adv2"},
            ordered_at=at,
            service="Y染色体",
            client_name=name,
            client_phone=ids["phone"],
            price=Decimal(2600),
            agent_name=agent[1],
            waybill_no=f"SF{1440000000000 + n}",
            specimen_label=f"{name} 8周",
        )
        world.flow(
            "order",
            row_id,
            from_id=donors[n],
            to_id="p-adv2",
            at=at,
            amount=Decimal(2600),
            currency="CNY",
            quantity=1.0,
        )
    world.add("reading", text="Y染色体", topic="sex_test", is_solicitation=False, weight=2.0, words=["y染色体"])


def _trips(world: _World) -> tuple[list[int], list[int]]:
    trips, pays = [], []
    for n in range(46):
        who = ("p-mule1", "p-mule2")[n % 3 == 0]
        at = _START + timedelta(days=6 * n, hours=8)
        name, document = MEMBERS[who][1], MEMBERS[who][3]["document"]
        trips.append(
            world.record(
                5,
                n + 2,
                {
                    "证件号码": document,
                    "姓名": name,
                    "出入境时间": f"{at:%Y-%m-%d %H:%M}",
                    "出境/入境": "出境",
                    "口岸": "罗湖",
                    "出生日期": "1980-01-01",
                },
                {"traveller": who},
                document_no=document,
                traveller_name=name,
                crossed_at=at,
                direction="exit",
                port="罗湖",
                birth_date=date(1980, 1, 1),
            )
        )
        world.flow("trip", trips[-1], from_id=who, at=at, quantity=float(8 + n % 5))
        if n % 2 == 0:
            paid = at + timedelta(hours=5)
            pays.append(_pay(world, 100 + n, paid, "p-qian", "p-mule1", Decimal(300), "路费", "pay"))
        if n % 9 == 4:
            _pay(
                world,
                200 + n,
                at + timedelta(days=1),
                "p-qian",
                "o-lab",
                Decimal(41000),
                "技术服务费",
                "laboratory_fee",
            )
            _pay(world, 300 + n, at + timedelta(days=2), "p-qian", "p-li", Decimal(60000), "", "profit")
            _pay(world, 400 + n, at + timedelta(days=2), "p-qian", "p-nurse", Decimal(4000), "", "commission")
        world.add(
            "batch",
            network_id=NETWORK,
            batch_no=n + 1,
            crossed_on=at.date(),
            n_mules=1,
            n_parcels=3,
            n_samples=float(8 + n % 5),
            pay=Decimal(300),
            currency="CNY",
            port="罗湖",
            row_ids=[trips[-1], row(3, 2 + n), row(3, 3 + n), row(3, 4 + n)],
        )
    return trips, pays


def _pay(
    world: _World, number: int, at: datetime, payer: str, payee: str, amount: Decimal, memo: str, flow: str
) -> int:
    accounts = [MEMBERS[each][3].get("account", "") for each in (payer, payee)]
    row_id = world.record(
        4,
        number,
        {
            "交易时间": f"{at:%Y/%m/%d %H:%M}",
            "付款账号": accounts[0],
            "付款人": MEMBERS[payer][1],
            "收款账号": accounts[1],
            "收款人": MEMBERS[payee][1],
            "金额": f"{amount:,}",
            "附言": memo,
        },
        {"payer": payer, "payee": payee},
        paid_at=at,
        payer_account=accounts[0],
        payer_name=MEMBERS[payer][1],
        payee_account=accounts[1],
        payee_name=MEMBERS[payee][1],
        amount=amount,
        currency="CNY",
        memo=memo,
    )
    world.flow(flow, row_id, from_id=payer, to_id=payee, at=at, amount=amount, currency="CNY")
    return row_id


def _seizures(world: _World) -> list[int]:
    at = datetime(2025, 3, 12, 16, 40)  # noqa: DTZ001
    found = world.record(
        6,
        2,
        {
            "查获编号": "LH-2025-031",
            "查获时间": "2025-03-12 16:40",
            "口岸": "罗湖",
            "携带人": "CHAN TAI MAN",
            "证件号码": "H12345678",
            "物品名称": "血液样本",
            "数量": "33",
            "单位": "支",
            "藏匿方式": "绑于腰间",
            "样本状态": "2支破损渗漏",
            "保存温度": "24.5",
            "传染病检测结果": "1支HBV阳性",
        },
        {"carrier": "p-mule1"},
        seizure_id="LH-2025-031",
        seized_at=at,
        port="罗湖",
        document_no="H12345678",
        carrier_name="CHAN TAI MAN",
        material="血液样本",
        quantity=33.0,
        unit="支",
        concealment="绑于腰间",
        condition="2支破损渗漏",
        storage_celsius=24.5,
        infectious_result="1支HBV阳性",
    )
    world.flow("seizure", found, from_id="p-mule1", at=at, quantity=16.0)
    other = world.record(
        6,
        3,
        {
            "查获编号": "LH-2025-044",
            "查获时间": "2025-05-02",
            "口岸": "文锦渡",
            "携带人": "赵送达",
            "物品名称": "血样",
            "数量": "5",
            "单位": "支",
        },
        {"carrier": "x-courier"},
        seizure_id="LH-2025-044",
        seized_at=datetime(2025, 5, 2),  # noqa: DTZ001
        port="文锦渡",
        carrier_name="赵送达",
        material="血样",
        quantity=5.0,
        unit="支",
    )
    world.flow("seizure", other, from_id="x-courier", at=datetime(2025, 5, 2), quantity=5.0)  # noqa: DTZ001
    for n in range(33):
        name = DONORS[f"d-{n:02d}"][0]
        world.record(
            7,
            n + 2,
            {"样本编号": f"T{n}", "查获编号": "LH-2025-031", "标签": f"{name} 8周 Y"},
            {},
            specimen_id=f"T{n}",
            seizure_id="LH-2025-031",
            label=f"{name} 8周 Y",
            condition="破损" if n < 2 else "完好",
            temperature_celsius=23.0 + n / 20,
            result="HBV阳性" if n == 7 else "阴性",
        )
    return [found, other]


def _claims(
    world: _World,
    adverts: list[int],
    parcels: list[int],
    payments: list[int],
    trips: list[int],
    pays: list[int],
    seized: list[int],
) -> None:
    odd = {"n_observed": 31.0, "n_expected": 2.4, "p_value": 3e-22, "q_value": 1e-20}
    world.claim(
        1,
        "advert",
        "matter",
        "p-adv1",
        None,
        None,
        "{subject} solicits fetal sex tests in 7 public posts.",
        2.2,
        adverts[::2],
    )
    world.claim(
        2,
        "advert",
        "matter",
        "p-adv2",
        None,
        None,
        "{subject} solicits fetal sex tests in 7 public posts.",
        2.2,
        adverts[1::2],
    )
    world.claim(
        3,
        "shared_clients",
        "chain",
        "p-adv2",
        "p-hub",
        "same_business",
        "31 people paid {subject} and sent parcels to {object}; chance would give 2.4.",
        3.4,
        payments + parcels[:40],
        test="shared_clients",
        **odd,
    )
    world.claim(
        4,
        "shared_clients",
        "chain",
        "p-qian",
        "p-hub",
        "same_business",
        "19 people paid {subject} and sent parcels to {object}; chance would give 1.1.",
        2.9,
        payments[1::2],
        test="shared_clients",
        **odd,
    )
    world.claim(
        5,
        "parcel",
        "chain",
        "p-hub",
        None,
        None,
        f"{len(DONORS)} senders in 6 regions sent parcels to {{subject}}, 38 of them once.",
        1.9,
        parcels,
        test="outlier",
        **odd,
    )
    world.claim(
        6,
        "coupling",
        "chain",
        "p-hub",
        "p-mule1",
        "carries_from",
        "Before 24 trips of {object}, 71 parcels had just reached {subject}; its own rhythm would give 19.2.",
        2.8,
        trips[:30] + parcels[:60],
        test="coupling",
        **odd,
    )
    world.claim(
        7,
        "coupling",
        "chain",
        "p-hub",
        "p-mule2",
        "carries_from",
        "Before 12 trips of {object}, 33 parcels had just reached {subject}; its own rhythm would give 9.0.",
        1.7,
        trips[::3],
        test="coupling",
        **odd,
    )
    world.claim(
        8,
        "payment",
        "chain",
        "p-qian",
        "p-mule1",
        "pays",
        "{subject} paid {object} on 23 days, each time within a day of a trip.",
        2.3,
        pays,
        test="coupling",
        **odd,
    )
    world.claim(
        9,
        "payment",
        "chain",
        "p-qian",
        "p-li",
        "pays",
        "{subject} passed the surplus to {object} 5 times.",
        2.0,
        [row(4, 304), row(4, 313)],
    )
    world.claim(
        10,
        "seizure",
        "matter",
        "p-mule1",
        None,
        None,
        "{subject} was found carrying human specimens once.",
        3.0,
        seized[:1],
    )
    world.claim(
        11,
        "payment",
        "chain",
        "p-qian",
        "o-lab",
        "pays",
        "{subject} paid {object} 5 times for technical services.",
        1.4,
        [row(4, 204)],
    )
    world.claim(
        12,
        "parcel",
        "chain",
        "p-nurse",
        "p-hub",
        "collects_for",
        "{subject} posted the parcels of 9 clients to {object}.",
        1.6,
        parcels[5:14],
    )
    world.claim(
        13,
        "order",
        "matter",
        "p-adv2",
        None,
        None,
        "Order sheets name {subject} as the seller of 12 fetal sex tests.",
        2.5,
        [row(2, n + 3) for n in range(12)],
    )
    world.claim(
        14,
        "coupling",
        "chain",
        "p-mule2",
        None,
        None,
        "{subject} left on 96 of 120 days, the rhythm of work or school across the border.",
        -1.1,
        trips[::3],
        test="coupling",
        for_=("p-mule2",),
        **odd,
    )
    world.claim(
        15,
        "declaration",
        "ground",
        "o-lab",
        None,
        None,
        "{subject} is licensed for medical testing by the register.",
        -2.0,
        [row(8, 2)],
        for_=("o-lab",),
    )
    world.claim(
        16,
        "seizure",
        "chain",
        "p-hub",
        "d-07",
        "receives_from",
        "A seized tube names {object}, a client who sent to {subject}.",
        1.2,
        [row(6, 2), row(7, 9)],
        for_=("p-hub",),
    )
    world.claim(
        17,
        "register",
        "chain",
        "p-li",
        "o-lab",
        "directs",
        "The register names {subject} as the representative of {object}.",
        2.0,
        [row(8, 2)],
    )
    world.record(
        8,
        2,
        {"企业名称": "Harbour Gene Diagnostics Ltd", "法定代表人": "李国栋", "经营范围": "医学检验"},
        {"itself": "o-lab", "representative": "p-li"},
        org_name="Harbour Gene Diagnostics Ltd",
        representative_name="李国栋",
        business_scope="医学检验",
    )


def _results(world: _World) -> None:
    world.add(
        "network",
        network_id=NETWORK,
        rank=1,
        score=0.94,
        score_weight=6.1,
        from_on=date(2024, 11, 4),
        to_on=date(2025, 8, 20),
        n_members=9,
    )
    for place_id, role, address in (
        ("pl-hub", "hub", MEMBERS["p-hub"][3]["address"]),
        ("pl-home", "storage", DONORS["d-05"][1]["address"]),
        ("pl-port", "port", "罗湖"),
    ):
        world.add(
            "network_place",
            network_id=NETWORK,
            place_id=place_id,
            role=role,
            address=address,
            weight=2.1,
            from_on=date(2024, 11, 4),
            to_on=date(2025, 8, 20),
        )
        world.add(
            "place",
            place_id=place_id,
            address=address,
            region="CN-GD",
            city="深圳市",
            district="罗湖区",
            n_rows=10,
            n_parties=1,
        )
    for code, n in (
        ("CN-SC", 412),
        ("CN-GD", 160),
        ("CN-ZJ", 77),
        ("CN-HB", 31),
        ("CN-JS", 20),
        ("CN-HN", 4),
        ("CN-NM", 1),
        ("IN-HR", 2),
    ):
        world.add("network_region", network_id=NETWORK, region=code, n_rows=n)
    for measure, method, value, low, high, unit in (
        ("samples", "reconciled", 812.4, 640.2, 1033.0, "persons"),
        ("samples", "parcels", 790.0, 610.0, 1020.0, "persons"),
        ("samples", "payments", 705.0, 480.0, 1100.0, "persons"),
        ("samples", "multiple_systems", 940.0, 650.0, 1600.0, "persons"),
        ("gross_paid", "reconciled", 2_112_240.0, 1_664_520.0, 2_685_800.0, "CNY"),
        ("received", "reconciled", 1_802_000.0, 1_500_000.0, 2_100_000.0, "CNY"),
        ("kept", "reconciled", 611_000.0, 420_000.0, 804_000.0, "CNY"),
        ("trips", "reconciled", 46.0, 46.0, 52.0, "trips"),
    ):
        world.add(
            "estimate",
            network_id=NETWORK,
            party_id="",
            measure=measure,
            method=method,
            value=value,
            low=low,
            high=high,
            unit=unit,
            basis=f"Counted from the {method.replace('_', ' ')}, two tubes a person.",
            n_rows=120,
        )
    for party_id in ("p-qian", "p-adv2", "p-hub"):
        world.add(
            "estimate",
            network_id=NETWORK,
            party_id=party_id,
            measure="samples",
            method="reconciled",
            value=400.0,
            low=310.0,
            high=522.0,
            unit="persons",
            basis="Parcels and payments handled.",
            n_rows=60,
        )
        world.add(
            "estimate",
            network_id=NETWORK,
            party_id=party_id,
            measure="received",
            method="reconciled",
            value=52_000.0,
            low=52_000.0,
            high=60_100.0,
            unit="CNY",
            basis="Transfers in.",
            n_rows=20,
        )
    _law(world)


def _law(world: _World) -> None:
    elements = (
        (
            1,
            "biological material of persons of China",
            "supported",
            False,
            "Adverts, orders and a seizure show human blood.",
            ["E001", "E010", "E013"],
        ),
        (2, "carried or posted out of the country", "supported", False, "Trips follow parcels.", ["E006", "E007"]),
        (3, "without approval", "not_addressed", False, "No permit records are in the case.", []),
        (4, "clinical diagnosis and treatment", "contradicted", True, "The adverts sell sex tests.", ["E001"]),
        (5, "approved by the health authority", "supported", True, "The register lists a testing licence.", ["E015"]),
    )
    for rule_id, citation in (
        ("cn-cl-334-1", "Criminal Law, Article 334-1"),
        ("cn-bsl-56", "Biosecurity Law, Article 56"),
    ):
        for number, element, verdict, is_exemption, explanation, ids in elements:
            world.add(
                "provision",
                network_id=NETWORK,
                rule_id=rule_id,
                element_no=number,
                jurisdiction="CN",
                citation=citation,
                element=element,
                verdict=verdict,
                is_exemption=is_exemption,
                explanation=explanation,
                n_evidence=len(ids),
                evidence_ids=ids,
                from_on=date(2024, 11, 4),
                to_on=date(2025, 8, 20),
            )
    world.add(
        "unasked",
        detector="undeclared_export",
        question="Do companies export what they did not declare?",
        missing=["declaration", "permit"],
    )


CASE = CaseFacts(
    name="Luohu courier tip",
    purpose="Preliminary inquiry after an interception at Luohu",
    legal_basis="Customs Law, Article 6",
    owner="Anti-smuggling unit 3",
    jurisdiction="CN",
    run="9f2c" * 16,
    version="0.1.0",
    time_zone="Asia/Shanghai",
    parameters={"client_payments.q_highest": "0.01"},
    made_from=(("duckdb", "1.5.6"), ("mappings", "ab12" * 16)),
)

FIELDS: dict[int, dict[str, str]] = {
    1: {"平台": "platform", "账号": "account", "发布时间": "posted_at", "正文": "text"},
    2: {
        "下单时间": "ordered_at",
        "姓名": "client_name",
        "电话": "client_phone",
        "项目": "service",
        "价格": "price",
        "代理": "agent_name",
        "运单号": "waybill_no",
        "样本标签": "specimen_label",
    },
    3: {
        "运单号": "waybill_no",
        "收寄时间": "accepted_at",
        "寄件人": "sender_name",
        "寄件人电话": "sender_phone",
        "寄件地址": "sender_address",
        "收件人": "receiver_name",
        "收件人电话": "receiver_phone",
        "收件地址": "receiver_address",
        "托寄物内容": "contents",
        "重量": "weight_g",
    },
}


def pseudonym(party_id: str) -> str:
    """A stand-in for the keyed pseudonym: nothing of the party can be read in it."""
    return "protected-" + "".join(
        chr(65 + (ord(character) * 7 + place * 5) % 26) for place, character in enumerate(party_id)
    )


def protected_identifiers() -> set[str]:
    """Every way a donor could be read on a page, save what a member bears too."""
    found: set[str] = set()
    for name, identifiers in DONORS.values():
        found.add(name)
        for value in identifiers.values():
            found |= {value, value.removeprefix("+86")}
    return {each for each in found if not any(each in values.values() for _, _, _, values in MEMBERS.values())} | {
        "+8613700000012",
        "13700000012",
    }
