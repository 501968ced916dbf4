"""A map of tiles: each province of China is one square in about its place, so that small ones are seen too.

The arrangement is our own; neighbours stand beside each other as far as a grid allows. Codes are those of ISO 3166-2.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from vialtrace.casefile.charts.svg import drawing, tag, text

# Code: column, row, English and Chinese name.
REGIONS: dict[str, tuple[int, int, str, str]] = {
    "CN-HL": (8, 0, "Heilongjiang", "黑龙江"),
    "CN-NM": (5, 1, "Inner Mongolia", "内蒙古"),
    "CN-JL": (8, 1, "Jilin", "吉林"),
    "CN-XJ": (1, 2, "Xinjiang", "新疆"),
    "CN-GS": (3, 2, "Gansu", "甘肃"),
    "CN-NX": (4, 2, "Ningxia", "宁夏"),
    "CN-SX": (5, 2, "Shanxi", "山西"),
    "CN-HE": (6, 2, "Hebei", "河北"),
    "CN-BJ": (7, 2, "Beijing", "北京"),
    "CN-LN": (8, 2, "Liaoning", "辽宁"),
    "CN-XZ": (1, 3, "Tibet", "西藏"),
    "CN-QH": (2, 3, "Qinghai", "青海"),
    "CN-SN": (4, 3, "Shaanxi", "陕西"),
    "CN-HA": (5, 3, "Henan", "河南"),
    "CN-SD": (6, 3, "Shandong", "山东"),
    "CN-TJ": (7, 3, "Tianjin", "天津"),
    "CN-SC": (3, 4, "Sichuan", "四川"),
    "CN-CQ": (4, 4, "Chongqing", "重庆"),
    "CN-HB": (5, 4, "Hubei", "湖北"),
    "CN-AH": (6, 4, "Anhui", "安徽"),
    "CN-JS": (7, 4, "Jiangsu", "江苏"),
    "CN-SH": (8, 4, "Shanghai", "上海"),
    "CN-YN": (3, 5, "Yunnan", "云南"),
    "CN-GZ": (4, 5, "Guizhou", "贵州"),
    "CN-HN": (5, 5, "Hunan", "湖南"),
    "CN-JX": (6, 5, "Jiangxi", "江西"),
    "CN-ZJ": (7, 5, "Zhejiang", "浙江"),
    "CN-GX": (4, 6, "Guangxi", "广西"),
    "CN-GD": (5, 6, "Guangdong", "广东"),
    "CN-FJ": (6, 6, "Fujian", "福建"),
    "CN-TW": (8, 6, "Taiwan", "台湾"),
    "CN-HI": (4, 7, "Hainan", "海南"),
    "CN-MO": (5, 7, "Macao", "澳门"),
    "CN-HK": (6, 7, "Hong Kong", "香港"),
}

# The side of a square, and the column the map begins with.
TILE = 74.0
LEFT = 1
# Five steps of grey, told apart in print; the number in the tile says the rest.
_STEPS = 5


def tile_map(counts: Mapping[str, int], *, title: str, description: str, language_no: int) -> Markup:
    """Draw how many rows come from each province.

    Args:
        counts: rows by ISO 3166-2 code; codes that are not on the map are left to the table.
        title: the map's title.
        description: what it shows, for those who cannot see it.
        language_no: 0 for English names, 1 for Chinese.
    """
    most = max((counts.get(code, 0) for code in REGIONS), default=0)
    parts = []
    for code, (column, row, *names) in sorted(REGIONS.items()):
        n = counts.get(code, 0)
        x, y = (column - LEFT) * TILE + 4, row * TILE + 4
        shade = 0 if n == 0 else min(_STEPS, 1 + int((_STEPS - 1) * (n / most) ** 0.5 + 0.5))
        parts.append(
            tag(
                "rect",
                tag("title", f"{names[language_no]}: {n}"),
                x=x,
                y=y,
                width=TILE - 4,
                height=TILE - 4,
                class_=f"tile s{shade}",
            )
        )
        dark = " dark" if shade >= 4 else ""
        for index, line in enumerate(lines(names[language_no])):
            parts.append(text(x + 6, y + 16 + 11 * index, line, class_="tile-name" + dark))
        if n:
            parts.append(text(x + 6, y + TILE - 13, f"{n:,}", class_="tile-count" + dark))
    columns = max(column for column, *_ in REGIONS.values()) - LEFT + 1
    rows = max(row for _, row, *_ in REGIONS.values()) + 1
    return drawing(columns * TILE + 4, rows * TILE + 4, title, description, *parts)


def lines(name: str) -> list[str]:
    """A region's name, on two lines where it is long."""
    return name.split(" ") if len(name) > 10 else [name]
