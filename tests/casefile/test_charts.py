"""The charts: nothing overlaps, nothing is lost, the same members give the same drawing."""

import re
import sys
import time
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.casefile.charts import REGIONS, Lane, Link, Node, Way, link_chart, route_map, tile_map, timeline
from vialtrace.casefile.charts.svg import fitted, number

ROLES = ("organiser", "treasurer", "recruiter", "collector", "hub", "mule", "mule", "mule", "laboratory")


def crowd(n):
    return [
        Node(f"M{i}", f"member {i}", ROLES[i % len(ROLES)], ROLES[i % len(ROLES)], "0.90", f"m-M{i}")
        for i in range(1, n + 1)
    ]


def ties(n):
    return [
        Link(i, f"M{1 + i % n}", f"M{1 + (i * 7 + 3) % n}", 5 - i / 20, f"tie {i}")
        for i in range(1, 61)
        if i % n != (i * 7 + 3) % n
    ]


def boxes(svg):
    return [
        tuple(map(float, found))
        for found in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    ]


def test_no_two_boxes_of_a_link_chart_overlap_and_all_lie_inside():
    svg = str(link_chart(crowd(40), ties(40), title="t", description="d").svg)
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    found = boxes(svg)
    assert len(found) == 40
    for place, (x, y, wide, high) in enumerate(found):
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
        assert not [
            1 for (ox, oy, ow, oh) in found[:place] if x < ox + ow and ox < x + wide and y < oy + oh and oy < y + high
        ]


def test_numbers_on_the_lines_of_a_small_chart_keep_clear_of_each_other():
    svg = str(link_chart(crowd(9), ties(9)[:12], title="t", description="d").svg)
    marks = [tuple(map(float, found)) for found in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)]
    assert len(marks) == 12
    near = [
        1 for place, (x, y) in enumerate(marks) for ox, oy in marks[:place] if (x - ox) ** 2 + (y - oy) ** 2 < 18**2
    ]
    assert near == []


def test_a_chart_has_a_title_and_a_description_for_those_who_cannot_see_it():
    svg = str(link_chart(crowd(3), [], title="Who & whom", description="three <members>").svg)
    assert 'role="group"' in svg
    assert "<title>Who &amp; whom</title>" in svg
    assert "<desc>three &lt;members&gt;</desc>" in svg


def test_a_chart_of_nobody_is_still_a_drawing():
    assert "<svg" in str(link_chart([], [], title="t", description="d").svg)


def test_a_lane_without_records_says_so_instead_of_showing_zeros():
    svg = str(
        timeline(
            ["2025-01", "2025-02"],
            [Lane("orders", "a month", (0, 0), ("0", "0"), has_records=False)],
            title="t",
            description="d",
            nothing="no records",
        )
    )
    assert "no records" in svg
    assert 'class="bar"' not in svg


def test_a_timeline_of_ten_years_still_labels_its_years():
    months = [f"{year}-{month:02d}" for year in range(2015, 2025) for month in range(1, 13)]
    svg = str(
        timeline(
            months,
            [Lane("orders", "", tuple(range(120)), tuple(map(str, range(120))))],
            title="t",
            description="d",
            nothing="",
        )
    )
    for year in range(2015, 2025):
        assert f">{year}</text>" in svg


def test_the_map_has_a_tile_of_its_own_for_every_province():
    places = [(column, row) for column, row, *_ in REGIONS.values()]
    assert len(REGIONS) == 34
    assert len(set(places)) == 34
    svg = str(tile_map({"CN-GD": 5, "IN-HR": 9}, title="t", description="d", language_no=1))
    assert "广东" in svg
    assert svg.count("<rect") == 34


def test_a_name_too_long_for_its_box_is_cut_with_an_ellipsis():
    assert fitted("Harbour Gene Diagnostics Limited", 12.5, 120).endswith("…")
    assert fitted("李国栋", 12.5, 120) == "李国栋"
    assert number(-0.01) == "0.0" or number(-0.01) == "0"


def with_rows(tables, name, rows):
    return {**tables, name: pa.Table.from_pylist(rows, schema=casefile.shelf.arrow_schema(name))}


def page(tables, raw):
    return casefile.case_file(
        tables,
        network_id=world.NETWORK,
        case=world.CASE,
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
        received=lambda row_ids: {row_id: raw[row_id] for row_id in row_ids if row_id in raw},
    ).page


def test_a_claim_on_a_place_ties_its_party_to_the_one_who_receives_there():
    tables, raw = world.tables()
    rows = tables["evidence"].to_pylist()
    for row in rows:
        if row["evidence_id"] == "E012":
            row.update(object_kind="place", object_id="pl-hub")
        if row["evidence_id"] == "E005":
            row.update(object_kind="place", object_id="pl-hub", relation="receives_from")
    links = page(with_rows(tables, "evidence", rows), raw).split('<section id="links"')[1].split("</section>")[0]
    line = next(each for each in links.split("<tr")[1:] if "collects for" in each)
    assert "吴秀兰" in line
    assert "黄伟强" in line


def test_recorded_payments_tie_members_whom_no_claim_ties():
    tables, raw = world.tables()
    links = page(tables, raw).split('<section id="links"')[1].split("</section>")[0]
    line = next(each for each in links.split("<tr")[1:] if "commission" in each)
    assert "吴秀兰" in line
    assert 'href="#F-' in line
    assert 'class="link recorded"' in links


def test_a_decision_of_a_person_stands_beside_the_member():
    tables, raw = world.tables()
    decided = [{"decision_id": "D1", "act": "reject", "subject_id": "p-mule2", "other_id": world.NETWORK}]
    text = page(with_rows(tables, "decision", decided), raw)
    card = text.split('id="m-M6"')[1].split("</article>")[0]
    assert "rejected by a person" in card
    assert text.count("lead, undecided") == len(world.MEMBERS) - 1


def test_a_network_of_twenty_thousand_parcels_from_as_many_donors_takes_seconds():
    tables, raw = world.tables(n_parcels=20_000)
    flows = tables["flow_row"].to_pylist()
    donors = []
    for n, row in enumerate(flows):
        if row["flow"] == "sample_parcel":
            row["from_id"] = f"d-x{n}"
            donors.append(row["from_id"])
    names = [
        {"party_id": each, "identifier_type": "name", "value": f"唐{chr(0x4E00 + n % 900)}{chr(0x5200 + n // 900)}"}
        for n, each in enumerate(donors)
    ]
    phones = [
        {"party_id": each, "identifier_type": "phone", "value": f"+86151{n:08d}"} for n, each in enumerate(donors)
    ]
    large = with_rows(tables, "flow_row", flows)
    large = with_rows(
        large, "protected_party", [*tables["protected_party"].to_pylist(), *({"party_id": each} for each in donors)]
    )
    large = with_rows(large, "party_identifier", [*tables["party_identifier"].to_pylist(), *names, *phones])
    start = time.perf_counter()
    text = page(large, raw)
    assert time.perf_counter() - start < 10
    assert len(text) < 1_000_000
    assert "20,000" in text


def test_routes_are_drawn_by_weight_with_arrows_and_rings_and_those_off_the_map_are_left_out() -> None:
    ways = [Way("CN-ZJ", "CN-GD", 100), Way("CN-GD", "CN-GD", 25), Way("CN-GD", "CN-ZJ", 4), Way("IN-HR", "CN-GD", 9)]
    svg = str(route_map(ways, title="t", description="d", arrived="in {n}", language_no=0))
    assert svg == str(route_map(ways[::-1], title="t", description="d", arrived="in {n}", language_no=0))
    assert re.findall(r"<title>([^<]+: \d+)</title>", svg) == [
        "Zhejiang → Guangdong: 100",
        "Guangdong → Guangdong: 25",
        "Guangdong → Zhejiang: 4",
    ]
    widths = [float(each) for each in re.findall(r'class="route" stroke-width="([\d.]+)"', svg)]
    assert widths == sorted(widths, reverse=True)
    assert svg.count('class="route-arrow"') == 2
    assert svg.count("<circle") == 2
    assert ">in 125<" in svg
    assert ">29<" in svg
    there, back = re.findall(r'<path d="([^"]+)" class="route"', svg)
    assert there.split("Q")[1] != back.split("Q")[1]


def test_many_routes_draw_the_most_travelled_only() -> None:
    codes = sorted(REGIONS)
    ways = [Way(origin, end, 1 + number) for number, origin in enumerate(codes) for end in codes[:3] if origin != end]
    svg = str(route_map(ways, title="t", description="d", arrived="{n}", language_no=1))
    assert svg.count('class="route-arrow"') == 40


def test_no_line_runs_behind_one_of_the_two_boxes_it_joins():
    roles = ["organiser", "treasurer", "treasurer", *["recruiter"] * 3, *["collector"] * 2, *["hub"] * 2, *["mule"] * 5]
    nodes = [Node(f"M{i}", f"member {i}", role, role, "0.90", f"m-M{i}") for i, role in enumerate(roles, start=1)]
    links = [
        Link(i, f"M{above}", f"M{below}", 3.0, "t")
        for i, (above, below) in enumerate(((above, below) for above in (2, 3) for below in range(4, 16)), start=1)
    ]
    svg = str(link_chart(nodes, links, title="t", description="d").svg)
    at = dict(zip(re.findall(r"<title>(M\d+) ", svg), boxes(svg), strict=True))
    curves = re.findall(
        r'<path d="M([\d.-]+),([\d.-]+) C([\d.-]+),([\d.-]+) ([\d.-]+),([\d.-]+) ([\d.-]+),([\d.-]+)"', svg
    )
    assert len(curves) == len(links)
    for link, curve in zip(links, curves, strict=True):
        ax, ay, bx, by, cx, cy, dx, dy = map(float, curve)
        for share in (each / 50 for each in range(51)):
            rest = 1 - share
            px = rest**3 * ax + 3 * rest**2 * share * bx + 3 * rest * share**2 * cx + share**3 * dx
            py = rest**3 * ay + 3 * rest**2 * share * by + 3 * rest * share**2 * cy + share**3 * dy
            for x, y, wide, high in (at[link.source], at[link.target]):
                assert not (x + 5 < px < x + wide - 5 and y + 5 < py < y + high - 5), link
