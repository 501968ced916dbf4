"""The page on paper, and the page in Chinese: the same figures, nothing left in the other language."""

import ast
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile, detect, estimate
from vialtrace.casefile import pdf
from vialtrace.casefile.telling import alias, basis, sentence
from vialtrace.casefile.wording import words
from vialtrace.errors import OurBug, WrongOrder

TABLES, RAW = world.tables()
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def page(language):
    return casefile.case_file(
        TABLES,
        network_id=world.NETWORK,
        case=world.CASE,
        received=lambda rows: {row: RAW[row] for row in rows if row in RAW},
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
        language=language,
    ).page


def claim(detector, text, **more):
    row = {"claim": text, "detector": detector, "line": "payment", "object_id": None, "n_observed": 3.0}
    return row | {"n_expected": 0.8} | more


def test_every_detector_has_its_claim_and_its_question_in_chinese():
    texts = words().texts
    names = [each.name for each in detect.DETECTORS]
    assert [name for name in names if not _CHINESE.search(texts.get(f"claim.{name}", ("", ""))[1])] == []
    assert [name for name in names if not _CHINESE.search(texts.get(f"question.{name}", ("", ""))[1])] == []


def test_a_chinese_claim_holds_every_number_of_the_english_one():
    english = "{subject} received 12 payments from 2 and made 1,660 payments to 7 of the other members of the network."
    told = sentence(claim("money_with_members", english), words("zh"), 178)
    assert sorted(re.findall(r"[\d,]+", told)) == ["1,660", "12", "2", "7"]
    assert "{subject}" in told
    assert sentence(claim("money_with_members", english), words("en"), 178) == (
        "{subject} received 12 payments from 2 other members and made 1,660 payments to 7 other members of the network."
    )
    one = "{subject} received 65 payments from 1 of the other members of the network."
    told = sentence(claim("money_from_members", one), words("en"), 65)
    assert told == "{subject} received 65 payments from one other member of the network."


def test_one_of_a_thing_is_told_as_one():
    told = sentence(
        claim("order_parcel_links", "1 parcels of orders, 11 parcels, 1 other members, 2,1 days."), words("en"), 1
    )
    assert told == "1 parcel of orders, 11 parcels, 1 other member, 2,1 days."


def test_a_claim_with_fewer_numbers_than_its_chinese_needs_is_told_by_its_counts():
    told = sentence(claim("money_with_members", "{subject} was paid once.", object_id="x"), words("zh"), 4)
    assert "观察 3" in told
    assert "{subject}" in told
    assert "{object}" in told
    assert "{n" not in told


def test_a_detector_nobody_translated_is_told_by_its_counts():
    assert "偶然期望 0.8" in sentence(claim("brand_new", "{subject} did 5 things."), words("zh"), 4)


_HOW = ("paid for", "ordered", "posted", "received in parcels", "carried over the border")
# What the estimators write, one sentence or chain of them a line.
BASES = Path(__file__).with_name("bases.txt").read_text(encoding="utf-8").splitlines()
BASES += [f"41 persons' samples visibly {how} by way of this member." for how in _HOW]


@pytest.mark.parametrize("english", BASES)
def test_a_chinese_basis_holds_every_number_of_the_english_one(english):
    told = basis({"basis": english, "n_rows": 12_345, "method": "reconciled"}, words("zh"))
    assert sorted(re.findall(r"[\d,.]*\d%?", told)) == sorted(re.findall(r"[\d,.]*\d%?", english))
    assert not re.findall(r"[a-z]{2,}|\{", told)


def test_every_basis_that_the_catalogue_tells_is_written_by_an_estimator():
    said = "".join(
        node.value
        for path in sorted(Path(estimate.__file__).parent.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    forms = [english for key, (english, _) in words().texts.items() if key.startswith("basis.") and english]
    pieces = {piece.strip(" ,;.()") for form in forms for piece in re.split(r"\{\w+\}", form)}
    pieces -= {"persons' samples visibly " + how + " by way of this member" for how in _HOW}
    # What an estimator puts together of two texts.
    assert sorted(piece for piece in pieces if piece not in said) == [
        "taken off as the keepers' own; of",
        "the mean of the prices of",
    ]


def test_every_basis_of_a_run_is_told_sentence_by_sentence(run_case):
    (table,) = run_case.glob("runs/*/tables/estimate.parquet")
    rows = pq.read_table(table).to_pylist()
    generic = words("zh").texts["basis.other"][1].split("{")[0]
    assert rows
    assert [row["basis"] for row in rows if basis(row, words("zh")).startswith(generic)] == []


def test_a_basis_of_no_known_form_is_told_by_its_rows():
    row = {"basis": "7 trips. And something nobody foresaw.", "n_rows": 4, "method": "reconciled"}
    assert basis(row, words("zh")) == "依据 4 行记录。"


def test_the_chinese_page_holds_no_english_sentence_outside_the_rows_as_received():
    text = page("zh")
    text = re.sub(r"<style.*?</style>", "", text[: text.index('id="exhibits"')], flags=re.DOTALL)
    lines = [html.unescape(line).strip() for line in re.sub(r"<[^>]+>", "\n", text).split("\n")]
    english = [line for line in lines if len(re.findall(r"[a-z]{3,}", line)) >= 4 and not _CHINESE.search(line)]
    about_the_case = {world.CASE.purpose, world.CASE.legal_basis, world.CASE.owner}
    ours = {row["explanation"] for row in TABLES["provision"].to_pylist()}
    ours |= {row["element"] for row in TABLES["provision"].to_pylist()}
    ours |= {row["citation"] for row in TABLES["provision"].to_pylist()}
    ours |= {f"{row['citation']}：{row['element']}" for row in TABLES["provision"].to_pylist()}
    assert [line for line in english if line not in about_the_case | ours] == []


def test_both_languages_hold_the_same_exhibits():
    found = [set(re.findall(r'id="((?:C|F|P|T|Z|S)-\d+)"', page(language))) for language in ("en", "zh")]
    assert found[0] == found[1]
    assert len(found[0]) > 20


def test_without_a_chromium_the_way_out_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(WrongOrder, match="make pdf-tools"):
        casefile.printed("<p>x</p>")


@pytest.mark.slow
@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_the_page_prints_to_the_same_bytes_twice_with_every_exhibit_on_it():
    made = casefile.printed(page("en"))
    assert made.startswith(b"%PDF")
    assert made == casefile.printed(page("en"))
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True)
        said = done.stdout.decode()
        exhibits = set(re.findall(r'id="((?:C|F|P|T|Z)-\d+)"', page("en")))
        assert [each for each in sorted(exhibits) if each not in said] == []


@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_one_chromium_prints_page_after_page_and_each_as_if_it_were_the_first():
    pages = [f"<html lang=en><title>{each}</title><h1>{each}</h1><p>{each * 50}</p></html>" for each in ("one", "two")]
    with pdf.Printer() as printer:
        made = [printer.printed(each) for each in (*pages, pages[0])]
    assert made[0] == made[2] == pdf.printed(pages[0])
    assert made[1] != made[0]


@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_a_chromium_that_takes_too_long_is_ended_and_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "_PATIENCE", 0.01)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with pytest.raises(OurBug, match="printed nothing in 0 seconds"):
        pdf.printed("<p>text</p>" * 10_000)
    assert list(tmp_path.glob("vialtrace-*")) == []


@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_what_chromium_counted_before_does_not_stand_in_the_file(monkeypatch):
    made, found = [], pdf.packed

    def shifted(content):
        numbers = set(re.findall(rb"\(node(\d{8})\)", content))
        made.append(numbers)
        return found(content)

    monkeypatch.setattr(pdf, "packed", shifted)
    pdf.printed(page("en"))
    assert {int(each) for each in made[0]} == set(range(1, len(made[0]) + 1))


@pytest.mark.parametrize(
    ("reason", "numbers"),
    [
        ("One full name among the 1257 parties that deal with the network; {} 0.005 of them.", ["1,257", "0.005"]),
        ("One full name, and only one of the 2,300 parties with it bears it; {} 0.001 of them.", ["2,300", "0.001"]),
        ("One rare full name, and both deal with the network; {} 0.003 of the 1,234 who do.", ["1,234", "0.003"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_why_two_parties_are_one_person_is_said_with_its_numbers(reason, numbers, language):
    told = alias(reason.format("chance would give it to"), words(language))
    assert [each for each in numbers if each not in told] == []
    assert told != reason
