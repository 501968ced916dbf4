"""Who is who in the hand-made world, which files it has, and how its rows are gathered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

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
START = datetime(2024, 11, 4, 9, 30)  # noqa: DTZ001  local times by declaration
REGIONS = ("CN-SC", "CN-GD", "CN-ZJ", "CN-HB", "CN-JS", "CN-HN")


def row(source: int, number: int) -> int:
    """The row id of a row of a file."""
    return (source << 32) + number


class World:
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
