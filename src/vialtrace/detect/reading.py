"""What texts say: the lexicon of the trade and of its lawful neighbours, applied to every distinct text."""

from __future__ import annotations

from functools import cache
from importlib import resources

import ibis
import yaml
from ibis.expr.types import StringValue, Table

# The free-text fields a topic can stand in.
TEXTS = (
    ("post", "text"), ("order", "service"), ("waybill", "contents"), ("payment", "memo"), ("seizure", "material"),
    ("declaration", "goods"), ("permit", "material"), ("organisation", "business_scope"), ("organisation", "licence"),
    ("organisation", "org_name"), ("specimen", "test"),
)
TOPICS = ("sex_test", "sample", "lawful_test", "warning", "carriage", "invite")


@cache
def lexicon() -> tuple[dict[str, str], ...]:
    """The entries of the lexicon, in the order of the file: topic, pattern (RE2 on folded text), meaning."""
    text = resources.files("vialtrace.detect").joinpath("lexicon.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))


def folded(text: StringValue) -> StringValue:
    """``text`` as the lexicon's patterns see it: lower case, without the blanks, marks and joiners that split words."""
    return text.lower().re_replace(r"[\s\.,，。、;；!！?？~～·•\-—_*#|/\\'\"“”‘’()（）\[\]【】<>《》…`^=\x{200B}-\x{200D}\x{FE0F}\x{20E3}]", "")


def _pattern(topic: str) -> str:
    return "(" + "|".join(f"(?:{entry['pattern'].replace('(', '(?:')})" for entry in lexicon() if entry["topic"] == topic) + ")"


def distinct_texts(tables: dict[str, Table]) -> Table:
    """One row a distinct text in the fields of ``TEXTS``."""
    columns = [tables[kind].select(text=tables[kind][field]) for kind, field in TEXTS]
    return ibis.union(*columns, distinct=True).filter(lambda t: t.text.notnull())


def reading(  # noqa: PLR0913  one parameter a table
    post: Table, order: Table, waybill: Table, payment: Table, seizure: Table, declaration: Table, permit: Table,
    organisation: Table, specimen: Table,
) -> Table:
    """What each distinct text says.

    A warning outweighs the words it warns of; a text that names a disease test and no sex is ordinary medicine.
    """
    texts = distinct_texts({
        "post": post, "order": order, "waybill": waybill, "payment": payment, "seizure": seizure,
        "declaration": declaration, "permit": permit, "organisation": organisation, "specimen": specimen,
    })
    plain = texts.mutate(folded_=folded(texts.text))
    found = plain.mutate(**{topic: _words(plain.folded_, topic) for topic in TOPICS})
    has = {topic: found[topic].length() > 0 for topic in TOPICS}
    topic = ibis.cases(
        (has["sex_test"] & has["warning"], "warning"),
        (has["sex_test"], "sex_test"),
        (has["warning"], "warning"),
        (has["lawful_test"], "lawful_test"),
        (has["sample"], "sample"),
        (has["carriage"], "carriage"),
        else_="other",
    )
    read = found.mutate(topic=topic, is_solicitation=has["sex_test"] & has["invite"] & ~has["warning"])
    n_words = read.sex_test.unique().length()
    return read.select(
        "text", "topic", "is_solicitation",
        # One word of the trade may be a slip of the pen or another sense; two different ones rarely are.
        weight=ibis.cases(
            (read.topic == "sex_test", ibis.ifelse(n_words > 1, 2.5, 2.0)), (read.topic == "sample", 1.0),
            (read.topic == "warning", -1.0), (read.topic == "lawful_test", -1.0), else_=0.0,
        ),
        words=read.sex_test.concat(read["sample"], read.lawful_test, read.warning, read.carriage).unique().sort(),
    )


@ibis.udf.scalar.builtin(name="regexp_extract_all")
def _extract_all(text: str, pattern: str) -> list[str]:
    """Every match of ``pattern`` in ``text``."""


def _words(text: StringValue, topic: str) -> ibis.expr.types.ArrayValue:
    return _extract_all(text, _pattern(topic))
