"""The pages of the hand-made world: complete, linked, self-contained, the same bytes twice."""

import html
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.errors import OurBug, UnknownName

TABLES, RAW = world.tables()


def received(row_ids):
    return {row_id: RAW[row_id] for row_id in row_ids if row_id in RAW}


def page(language="en", tables=TABLES, rows=received, fields=world.FIELDS):
    return casefile.case_file(
        tables,
        network_id=world.NETWORK,
        case=world.CASE,
        received=rows,
        pseudonym=world.pseudonym,
        fields=fields,
        language=language,
    ).page


PAGES = {language: page(language) for language in casefile.LANGUAGES}
INDEX = casefile.index(TABLES, case=world.CASE, pages={world.NETWORK: "network-1.html"})
TEMPLATES = Path(casefile.__file__).parent / "templates"


@pytest.mark.parametrize(("language", "title"), [("en", "What arrived masked"), ("zh", "脱敏值及其损失")])
def test_what_was_lost_to_masking_stands_with_figures_and_leads_to_a_row(language, title):
    index = casefile.index(TABLES, case=world.CASE, pages={}, language=language)
    for text in (PAGES[language], index):
        assert title in text
        table = text[text.index('<table id="masked">') :].split("</table>")[0]
        cells = re.findall(r"<td[^>]*>(?:<a[^>]*>)?([^<]*)", table)
        assert cells[2:] == ["480", "120", "90", "30", "waybills.csv:17"]
        assert 'href="#S-3"' in table


class _Reader(HTMLParser):
    """Collects ids, links, elements and whether every element is closed in turn."""

    _EMPTY = frozenset({"meta", "br", "path", "rect", "circle", "line", "link", "img"})

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.open, self.elements = [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.elements.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag not in self._EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self._EMPTY:
            assert self.open.pop() == tag

    handle_startendtag = None

    def parse_starttag(self, i):
        return super().parse_starttag(i)


def read(text):
    reader = _Reader()
    reader.handle_startendtag = lambda tag, attrs: (reader.handle_starttag(tag, attrs), reader.handle_endtag(tag))
    reader.feed(text)
    return reader


@pytest.mark.parametrize("language", casefile.LANGUAGES)
def test_every_link_of_a_page_leads_to_one_place_in_it(language):
    reader = read(PAGES[language])
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert {link for link in reader.links if not link.startswith("#")} == set()
    assert {link[1:] for link in reader.links} <= set(reader.ids)


@pytest.mark.parametrize("text", [*PAGES.values(), INDEX])
def test_a_page_needs_no_network_and_runs_no_script(text):
    reader = read(text)
    assert not {tag for tag, _ in reader.elements} & {"script", "img", "link", "iframe", "object", "form"}
    assert not [name for _, values in reader.elements for name in values if name.startswith("on")]
    assert "url(" not in re.sub(r"url\(#\w+\)", "", text)
    assert "@import" not in text


def test_the_same_tables_give_the_same_bytes_twice():
    again, raw = world.tables()
    assert (
        page(tables=again, rows=lambda ids: {row_id: raw[row_id] for row_id in reversed(ids) if row_id in raw})
        == PAGES["en"]
    )


def test_the_order_of_the_rows_in_a_table_changes_nothing():
    turned = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in TABLES.items()}
    assert page(tables=turned) == PAGES["en"]


def test_every_section_has_its_heading_and_every_member_its_card():
    text = PAGES["en"]
    for name in (
        "summary",
        "cast",
        "links",
        "timeline",
        "funds",
        "movement",
        "seizures",
        "regions",
        "glossary",
        "estimates",
        "provisions",
        "against",
        "missing",
        "exhibits",
        "sources",
        "method",
    ):
        assert f'<section id="{name}"' in text
    for number in range(1, len(world.MEMBERS) + 1):
        assert f'id="m-M{number}"' in text
    for _, name, _, _ in world.MEMBERS.values():
        assert html.escape(name) in text


def test_the_lower_bound_is_the_headline():
    assert "at least 640" in PAGES["en"]
    assert "estimate 812; 95 % interval 640 to 1,033" in PAGES["en"]


def test_sums_of_the_flow_of_funds_are_those_of_the_rows():
    paid = sum(
        row["amount"]
        for row in TABLES["flow_row"].to_pylist()
        if row["flow"] == "client_payment" and row["to_id"] == "p-qian"
    )
    assert f"CNY {paid:,.0f}" in PAGES["en"]


def test_what_speaks_against_stands_beside_what_speaks_for():
    card = PAGES["en"].split('id="m-M6"')[1].split("</article>")[0]
    assert "Speaks for membership" in card
    assert "the rhythm of work or school" in card


def test_every_claim_opens_to_rows_as_received_and_says_how_to_list_the_rest():
    exhibit = PAGES["en"].split('id="C-1"')[1].split("</article>")[0]
    assert "5 of 120 rows are printed" in exhibit
    assert re.search(r"at most 4\d% of all could be wrong; \d+ to check", exhibit)
    assert "vialtrace show &#39;Luohu courier tip&#39; E005" in exhibit
    assert exhibit.count("SF14400000") == 5
    assert "waybills.csv</b> (120 rows)" in exhibit


def test_what_is_missing_names_the_record_to_ask_for():
    missing = PAGES["en"].split('<section id="missing"')[1].split("</section>")[0]
    assert "Do companies export what they did not declare?" in missing
    assert "call and message metadata" in missing
    assert "2025-08" in missing


def test_a_page_in_chinese_says_its_own_words_in_chinese():
    own = re.sub(r"<style>.*?</style>", "", PAGES["zh"], flags=re.DOTALL)
    assert '<html lang="zh-Hans">' in own
    for key, (english, chinese) in casefile.wording.words("zh").texts.items():
        if english != chinese and "{" not in english and len(english) > 14:
            assert f">{html.escape(english)}<" not in own, key


def test_no_label_is_typed_in_a_template():
    for path in sorted(TEMPLATES.glob("*.j2")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>|&\w+;", "", text)
        # Exhibit numbers have a letter; T-1 is the exhibit of all trips.
        letters = re.findall(r"[^\W\d_]+", re.sub(r"\b[A-Z]-\d?", "", text))
        assert letters == [], path.name


def test_every_text_of_the_catalogue_has_both_languages_and_the_same_blanks():
    for key, (english, chinese) in casefile.wording.words().texts.items():
        assert chinese, key
        if key.startswith(("claim.", "question.", "basis.")):
            continue  # the English is the detectors' own; the Chinese is made from its numbers
        assert english, key
        blanks = [set(re.findall(r"\{(\w+)\}", text)) for text in (english, chinese)]
        assert blanks[0] == blanks[1] or blanks[1] <= blanks[0], key


def test_every_text_of_the_catalogue_is_used():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.parent.rglob("*"))
        if path.suffix in {".py", ".j2"}
    )
    groups = (
        "act.",
        "flow.",
        "relation.",
        "topic.",
        "verdict.",
        "ask.",
        "identifier.",
        "party_kind.",
        "place_role.",
        "lane.",
        "measure.",
        "short.",
        "method.step.",
        "method.score.",
        "against.alternative.",
        "facet_help.",
        "status.",
        "direction.",
        "section.",
        "mark.",
        "method_name.",
        "test.",
        "sheet.",
        "claim.",
        "basis.",
        "model_name.",
        "pattern_name.",
        "question.",
        "procedural.",
        "judged.",
        "grades.",
        "grade.letter.",
        "grade.number.",
        "act_name.",
        "entry_kind.",
        "exhibits.",
        "letter.",
        "made_from.",
    )
    unused = [
        key
        for key in casefile.wording.words().texts
        if not key.startswith(groups)
        and f"'{key.removesuffix('.one')}'" not in code
        and f'"{key.removesuffix(".one")}"' not in code
    ]
    assert unused == []


def test_a_case_without_anything_gives_an_index_that_says_so():
    text = casefile.index({}, case=world.CASE, pages={})
    assert "No network was found" in text


def test_a_network_with_nothing_but_members_still_gives_a_page():
    bare = {name: TABLES[name] for name in ("network", "member", "party")}
    text = page(tables=bare)
    assert "Nothing of this kind is missing" in text
    assert "How many samples passed through their hands no record says" in text


def test_a_network_that_no_figure_speaks_to_stands_in_the_index_and_says_so():
    bare = {name: TABLES[name] for name in ("network", "member", "party")}
    text = casefile.index(bare, case=world.CASE, pages={world.NETWORK: "network-1.html"})
    assert text.count("no record speaks to it") == 3


def test_the_index_lists_networks_sources_and_digests_and_names_nobody():
    assert "network-1.html" in INDEX
    assert "01" * 32 in INDEX
    for _, name, _, _ in world.MEMBERS.values():
        assert name not in INDEX


def test_an_unknown_network_is_refused_with_those_there_are():
    with pytest.raises(UnknownName, match="N-7f3a"):
        casefile.case_file(TABLES, network_id="N-0", case=world.CASE, received=received, pseudonym=world.pseudonym)


def test_an_unknown_language_is_refused():
    with pytest.raises(UnknownName, match="en, zh"):
        page("fr")


def test_no_page_is_made_when_a_donor_is_listed_as_a_member():
    member = TABLES["member"].to_pylist()
    spoilt = {
        **TABLES,
        "member": TABLES["member"].from_pylist(
            [*member, {**member[0], "party_id": "d-03"}], schema=TABLES["member"].schema
        ),
    }
    with pytest.raises(OurBug, match="1 protected party is listed") as refused:
        page(tables=spoilt)
    assert world.DONORS["d-03"][0] not in str(refused.value)
