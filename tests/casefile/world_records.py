"""The records of the hand-made world, each with its row as received."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from world_cast import DONORS, FILES, HOSTILE, MEMBERS, NETWORK, OUTSIDERS, REGIONS, START, World, row


def people(world: World) -> None:
    """Members, outsiders and donors, with what they are known by."""
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


def _party(world: World, party_id: str, kind: str, name: str, identifiers: dict[str, str]) -> None:
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


def adverts(world: World) -> list[int]:
    found = []
    for n in range(14):
        who = ("p-adv1", "p-adv2")[n % 2]
        handle = MEMBERS[who][3]["handle"]
        text = (
            "孕7周 香港验血 知男女🤰 加V zt_baby88 或 137 0000 0013，"
            f"已帮{DONORS['d-01'][0]}测过 电话１３８５５５０００００"
        )
        at = START + timedelta(days=19 * n)
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


def parcels_and_payments(world: World, n_parcels: int, n_payers: int) -> tuple[list[int], list[int]]:
    parcels, payments = [], []
    donors = list(DONORS)
    hub_phone, hub_address = "13700000016", MEMBERS["p-hub"][3]["address"]
    for n in range(n_parcels):
        at = START + timedelta(hours=51 * n if n_parcels < 200 else n % 6900)
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
            region=REGIONS[n % 6],
        )
    for n in range(n_payers):
        at = START + timedelta(days=7 * n, hours=3)
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


def _orders(world: World, donors: list[str]) -> None:
    for n in range(12):
        at = START + timedelta(days=20 * n, hours=1)
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


def trips(world: World) -> tuple[list[int], list[int]]:
    trips, pays = [], []
    for n in range(46):
        who = ("p-mule1", "p-mule2")[n % 3 == 0]
        at = START + timedelta(days=6 * n, hours=8)
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


def _pay(world: World, number: int, at: datetime, payer: str, payee: str, amount: Decimal, memo: str, flow: str) -> int:
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


def seizures(world: World) -> list[int]:
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
