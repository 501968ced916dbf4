"""Each export of the hand-made world, opened by somebody else's reader; nobody protected is in any of them."""

import csv
import io
import json
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import networkx
import openpyxl
import pyarrow as pa
import pytest
from followthemoney import model
from followthemoney.dataset import Dataset
from followthemoney.statement import StatementEntity, read_statements
from geojson_pydantic import Feature, FeatureCollection, Point

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.casefile.exports import plain_tables, workbook
from vialtrace.errors import UnknownName
from vialtrace.model.tables import ROLES

TABLES, RAW = world.tables()


def held(language="en", tables=TABLES):
    return casefile.dossier(
        tables,
        case=world.CASE,
        received=lambda rows: {row: RAW[row] for row in rows if row in RAW},
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
        language=language,
    )


DOSSIER = held()
MADE = {form: casefile.exported(form, DOSSIER) for form in casefile.FORMS}


def text_of(form, content):
    """All text a reader of this form could see."""
    if form in ("xlsx", "csv", "disclosure"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode() for name in packed.namelist())
    return content.decode()


def entities(content=MADE["ftm"]):
    return [json.loads(line) for line in content.decode().splitlines()]


def passed_on():
    """The tables, where three payments went to an organisation that is no member."""
    rows, parties = TABLES["flow_row"].to_pylist(), TABLES["party"]
    paid = [row for row in rows if row["flow"] == "pay"][:3]
    for row in paid:
        row |= {"flow": "onward", "to_id": "x-trader"}
    trader = {"party_id": "x-trader", "kind": "organisation", "name": "Harbour Trading Ltd"}
    more = pa.Table.from_pylist([*parties.to_pylist(), trader], schema=parties.schema)
    return {**TABLES, "flow_row": pa.Table.from_pylist(rows, schema=TABLES["flow_row"].schema), "party": more}, paid


@pytest.mark.parametrize("form", casefile.FORMS)
def test_every_export_has_the_same_bytes_twice(form):
    assert casefile.exported(form, held()) == MADE[form]


@pytest.mark.parametrize("language", casefile.LANGUAGES)
@pytest.mark.parametrize("form", casefile.FORMS)
def test_no_export_holds_anything_that_leads_to_a_donor(form, language):
    text = text_of(form, casefile.exported(form, held(language)))
    shared = {value for _, _, _, identifiers in world.MEMBERS.values() for value in identifiers.values()}
    secrets = {
        value
        for name, identifiers in world.DONORS.values()
        for value in (name, *identifiers.values())
        if value not in shared
    }
    assert not [value for value in secrets if value in text]
    assert "+8613700000012" not in text, "the treasurer's phone is also a donor's"


def test_an_unknown_form_is_refused_with_those_there_are():
    with pytest.raises(UnknownName, match="graphml"):
        casefile.exported("docx", DOSSIER)


def test_followthemoney_takes_every_entity_as_valid_and_loses_no_value():
    ids = {each["id"] for each in entities()}
    for each in entities():
        schema = model.get(each["schema"])
        assert schema is not None
        model.get_proxy(each, cleaned=True).schema.validate(each)
        cleaned = model.get_proxy(each, cleaned=False)
        for name, values in each["properties"].items():
            assert len(cleaned.get(name)) == len(values), (each["schema"], name, values)
            if schema.get(name).type.name == "entity":
                assert set(values) <= ids, f"{each['id']} points at what is not there"
    assert {each["schema"] for each in entities()} >= {"Person", "Organization", "BankAccount", "Payment", "Document"}


def test_followthemoney_gets_every_member_and_no_label_of_guilt():
    people = {each["id"] for each in entities() if each["schema"] in ("Person", "Organization", "LegalEntity")}
    assert people == set(world.MEMBERS)
    assert not any("topics" in each["properties"] for each in entities())


def test_an_organisation_that_money_was_passed_on_to_stands_in_every_graph_as_no_member():
    tables, paid = passed_on()
    dossier = held(tables=tables)
    told = {each["id"]: each for each in entities(casefile.exported("ftm", dossier))}
    assert told["x-trader"]["schema"] == "Organization"
    assert told["x-trader"]["properties"]["name"] == ["Harbour Trading Ltd"]
    assert told["x-trader"]["properties"]["notes"][0].startswith("No member of the network")
    payments = [each["properties"] for each in told.values() if each["properties"].get("beneficiary") == ["x-trader"]]
    assert sum(float(each["amount"][0]) for each in payments) == sum(row["amount"] for row in paid)
    assert not [each for each in told.values() if each["properties"].get("participant") == ["x-trader"]]
    for each in told.values():
        model.get_proxy(each, cleaned=True).schema.validate(each)
    graph = networkx.read_graphml(io.BytesIO(casefile.exported("graphml", dossier)), force_multigraph=True)
    assert graph.nodes["x-trader"]["role"] == ""
    (view,) = dossier.views
    assert [each.text for each in view.questions if "Harbour Trading Ltd" in each.text]


def test_statements_put_together_by_followthemoney_are_the_entities_again():
    put_together = {}
    for each in read_statements(io.BytesIO(MADE["ftm-statements"]), "json"):
        put_together.setdefault(each.entity_id, []).append(each)
    dataset = Dataset({"name": "vialtrace", "title": "vialtrace"})
    for told in entities():
        again = StatementEntity.from_statements(dataset, put_together.pop(told["id"]))
        assert again.schema.name == told["schema"]
        assert {name: sorted(again.get(name)) for name in again.properties} == told["properties"]
    assert not put_together


def test_statements_are_read_by_followthemoney_and_carry_row_locators():
    read = list(read_statements(io.BytesIO(MADE["ftm-statements"]), "json"))
    files = {row["file"] for row in DOSSIER.sources}
    origins = {each.origin for each in read if each.origin}
    assert {(each.entity_id, each.prop, each.value) for each in read} == {
        (each["id"], name, value)
        for each in entities()
        for name, values in each["properties"].items()
        for value in values
    }
    assert origins
    assert all(re.split(r"[#:]", origin)[0] in files and origin.rsplit(":", 1)[1].isdigit() for origin in origins)


def test_case_validate_finds_the_graph_conformant(tmp_path):
    path = tmp_path / "case.jsonld"
    path.write_bytes(MADE["case-uco"])
    program = Path(sys.executable).with_name("case_validate")
    done = subprocess.run([program, "--allow-info", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "Conforms: True" in done.stdout


def test_case_uco_names_every_source_with_its_digest():
    graph = json.loads(MADE["case-uco"])["@graph"]
    said = {
        facet["uco-observable:hash"]["uco-types:hashValue"]["@value"]
        for thing in graph
        for facet in thing.get("uco-core:hasFacet", ())
        if "uco-observable:hash" in facet
    }
    assert said == {row["sha256"] for row in DOSSIER.sources}


@pytest.mark.parametrize(("form", "read"), [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)])
def test_networkx_reads_the_graph_with_roles_and_exhibits(form, read):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = read(io.BytesIO(MADE[form]), **({"version": "1.3"} if form == "gexf" else {"force_multigraph": True}))
    roles = {name: values.get("role") for name, values in graph.nodes(data=True) if values.get("role")}
    assert roles == {name: role for name, (_, _, role, _) in world.MEMBERS.items()}
    assert set(roles.values()) <= set(ROLES)
    assert graph.number_of_edges() > 5
    assert all(values["exhibit"] and values["rows"] for _, _, values in graph.edges(data=True))


def test_the_workbook_opens_with_frozen_headers_and_links_that_lead_somewhere():
    book = openpyxl.load_workbook(io.BytesIO(MADE["xlsx"]))
    assert len(book.sheetnames) == 14
    links = 0
    for page in book:
        assert page.freeze_panes == "B2"
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{page.title}!{cell.coordinate} is a formula"
                if cell.hyperlink:
                    title, place = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", cell.hyperlink.location).groups()
                    assert str(book[title][place].value) == str(cell.value).split(" ", 1)[0]
                    links += 1
    assert links > 10


def test_a_text_that_begins_like_a_formula_stays_text():
    page = openpyxl.Workbook().active
    for place, hostile in enumerate(("=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3"), start=1):
        workbook._set(page.cell(place, 1), hostile, {}, "")
        assert page.cell(place, 1).data_type == "s"
        assert page.cell(place, 1).quotePrefix
        assert plain_tables._cell(hostile) == "'" + hostile
    assert plain_tables._cell(-2) == -2


def test_csv_holds_every_table_of_the_workbook_with_the_same_number_of_rows():
    book = openpyxl.load_workbook(io.BytesIO(MADE["xlsx"]))
    with zipfile.ZipFile(io.BytesIO(MADE["csv"])) as packed:
        tables = {
            name: list(csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig")))) for name in packed.namelist()
        }
    assert sorted(len(rows) for rows in tables.values()) == sorted(page.max_row for page in book)
    assert tables["members.csv"][0][:4] == ["network", "no.", "name", "kind"]
    assert [row[2] for row in tables["members.csv"][1:]] == [member.name for member in DOSSIER.views[0].members]


def test_an_outside_reader_of_geojson_finds_every_place_as_it_was_written():
    read = FeatureCollection[Feature[Point | None, dict[str, object]]].model_validate_json(MADE["geojson"], strict=True)
    (view,) = DOSSIER.views
    regions = [each.properties["region"] for each in read.iter() if each.properties["sort"] == "region"]
    assert sorted(regions) == sorted(row["region"] for row in view.regions)
    assert json.loads(read.model_dump_json(exclude_unset=True)) == json.loads(MADE["geojson"])


def test_geojson_has_a_feature_for_every_region_and_place_and_positions_on_earth():
    whole = json.loads(MADE["geojson"])
    (view,) = DOSSIER.views
    assert whole["type"] == "FeatureCollection"
    assert len(whole["features"]) == len(view.regions) + len(view.places)
    for feature in whole["features"]:
        if feature["geometry"]:
            east, north = feature["geometry"]["coordinates"]
            assert 73 < east < 136
            assert 18 < north < 54
        else:
            assert feature["properties"]["sort"] == "place"
