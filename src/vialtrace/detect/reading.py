"""What texts say: the lexicon of the trade and of its lawful neighbours, applied to every distinct text."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib import resources

import ibis
import pyarrow as pa
import yaml
from ibis.expr.types import StringValue, Table

from vialtrace.kit.names import script_table, simplified

# The free-text fields a topic can stand in.
TEXTS = (
    ("post", "text"),
    ("order", "service"),
    ("waybill", "contents"),
    ("payment", "memo"),
    ("seizure", "material"),
    ("declaration", "goods"),
    ("permit", "material"),
    ("organisation", "business_scope"),
    ("organisation", "licence"),
    ("organisation", "org_name"),
    ("specimen", "test"),
)
TOPICS = ("trade", "sex", "test", "sample", "lawful_test", "warning", "carriage", "invite")


@cache
def lexicon() -> tuple[dict[str, str], ...]:
    """The entries of the lexicon, in the order of the file: topic, pattern (RE2 on folded text), meaning."""
    text = resources.files("vialtrace.detect").joinpath("lexicon.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))


def folded(text: StringValue) -> StringValue:
    """``text`` as the lexicon's patterns see it: lower case, without the blanks, marks and joiners that split words."""
    return text.lower().re_replace(
        r"[\s\.,，。、;；!！?？~～·•\-—_*#|/\\'\"“”‘’()（）\[\]【】<>《》…`^=\x{200B}-\x{200D}\x{FE0F}\x{20E3}]", ""
    )


def _pattern(topic: str) -> str:
    return (
        "("
        + "|".join(f"(?:{entry['pattern'].replace('(', '(?:')})" for entry in lexicon() if entry["topic"] == topic)
        + ")"
    )


def distinct_texts(tables: dict[str, Table]) -> Table:
    """One row a distinct text in the fields of ``TEXTS``."""
    columns = [tables[kind].select(text=tables[kind][field]) for kind, field in TEXTS]
    return ibis.union(*columns, distinct=True).filter(lambda t: t.text.notnull())


def reading(  # noqa: PLR0913, PLR0917  one parameter a table
    post: Table,
    order: Table,
    waybill: Table,
    payment: Table,
    seizure: Table,
    declaration: Table,
    permit: Table,
    organisation: Table,
    specimen: Table,
) -> Table:
    """What each distinct text says.

    A phrase of the trade stands by itself; words for boy and girl need a word for a test beside them. A warning
    outweighs the words it warns of, and lawful phrases that hold words of the trade are taken out first. A text that
    solicits also asks to be contacted.
    """
    texts = distinct_texts(
        {
            "post": post,
            "order": order,
            "waybill": waybill,
            "payment": payment,
            "seizure": seizure,
            "declaration": declaration,
            "permit": permit,
            "organisation": organisation,
            "specimen": specimen,
        }
    )
    script = simplified(texts, ibis.memtable(script_table()))
    folded_texts = script.select("text", whole=folded(script.simplified))
    plain = folded_texts.mutate(rest=folded_texts.whole.re_replace(_pattern("neutral"), ""))
    found = plain.mutate(
        **{topic: _words(plain.whole if topic == "lawful_test" else plain.rest, topic) for topic in TOPICS}
    )
    has = {topic: found[topic].length() > 0 for topic in TOPICS}
    offers = has["trade"] | (has["sex"] & has["test"] & ~has["lawful_test"])
    read = found.mutate(
        topic=ibis.cases(
            (offers & has["warning"], "warning"),
            (offers, "sex_test"),
            (has["warning"], "warning"),
            (has["lawful_test"], "lawful_test"),
            (has["sample"], "sample"),
            (has["carriage"], "carriage"),
            else_="other",
        ),
        is_solicitation=offers & has["invite"] & ~has["warning"],
        n_words=found.trade.concat(found.sex).unique().length(),
    )
    return read.select(
        "text",
        "topic",
        "is_solicitation",
        # One word of the trade may be a slip of the pen or another sense; two different ones rarely are.
        weight=ibis.cases(
            ((read.topic == "sex_test") & (read.trade.length() > 0) & (read.n_words > 1), 2.5),
            ((read.topic == "sex_test"), 2.0),
            (read.topic == "sample", 1.0),
            (read.topic == "warning", -1.0),
            (read.topic == "lawful_test", -1.0),
            else_=0.0,
        ),
        words=ibis.ifelse(read.topic == "sex_test", read.trade.concat(read.sex), ibis.literal([], type="array<string>"))
        .concat(read["sample"], read.lawful_test, read.warning, read.carriage)
        .unique()
        .sort(),
    )


def glossary(reading: pa.Table) -> pa.Table:
    """Each word the lexicon found, with what it means: the exhibit that explains slang, as a court asks for it."""
    texts: dict[str, set[str]] = defaultdict(set)
    for text, words in zip(reading.column("text").to_pylist(), reading.column("words").to_pylist(), strict=True):
        for word in words or ():
            texts[word].add(text)
    entries = [
        (entry["topic"], re.compile(entry["pattern"].replace("(?i)", "")), entry["means"]) for entry in lexicon()
    ]
    rows = []
    for word in sorted(texts):
        meant = next(((topic, means) for topic, pattern, means in entries if pattern.fullmatch(word)), None)
        if meant:
            rows.append({"word": word, "topic": meant[0], "meaning": meant[1], "n_texts": len(texts[word])})
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [("word", pa.string()), ("topic", pa.string()), ("meaning", pa.string()), ("n_texts", pa.int64())]
        ),
    )


@ibis.udf.scalar.builtin(name="regexp_extract_all")  # type: ignore[untyped-decorator]
def _extract_all(text: str, pattern: str) -> list[str]:  # type: ignore[empty-body]
    """Every match of ``pattern`` in ``text``."""


def _words(text: StringValue, topic: str) -> ibis.expr.types.ArrayValue:
    return _extract_all(text, _pattern(topic))
