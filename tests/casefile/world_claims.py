"""What was concluded of the hand-made world: claims, members, estimates, places, provisions, questions not asked."""

from __future__ import annotations

from datetime import date

from world_cast import DONORS, MEMBERS, NETWORK, World, row


def claims(
    world: World,
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


def results(world: World) -> None:
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


def _law(world: World) -> None:
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
