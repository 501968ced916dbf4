"""What texts say: the lexicon of the trade and of its lawful neighbours, applied to every distinct text."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from functools import cache, reduce
from importlib import resources
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, FloatingValue, Table

from vialtrace.detect.folding import extract_all, folded, spoken
from vialtrace.detect.lexicon import NEIGHBOURS, TOPICS, lexicon

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
# Topics looked for in lawful phrases too, which are taken out before the others are.
_WHOLE = frozenset({"lawful_test", "not_human"})
# Topics that are met by their sound as well.
DISGUISED = (
    "trade",
    "sex",
    "test",
    "sample",
    "offer",
    "child",
    "probe",
    "blood",
    "expecting",
    "early",
    "abroad",
    "sending",
)
# Topics that say more together than apart: what the classifier of adverts may weigh beside each topic.
TOGETHER = (
    ("child", "probe"),
    ("child", "blood"),
    ("child", "expecting"),
    ("child", "sending"),
    ("child", "abroad"),
    ("child", "early"),
    ("child", "probe", "expecting"),
    ("child", "blood", "expecting"),
    ("child", "probe", "invite"),
    ("blood", "expecting"),
    ("blood", "abroad"),
    ("blood", "sending"),
    ("expecting", "abroad"),
    ("expecting", "early", "probe"),
    ("blood", "expecting", "sending"),
    ("blood", "expecting", "agents"),
    ("trade", "invite"),
    ("offer", "invite"),
)


def features(read: Table) -> dict[str, BooleanValue]:
    """The classifier's features of a read text by name: each topic, and each set of ``TOGETHER``, present or not.

    Topics that traders disguise count as present also where the text only sounds like them.
    """
    has = {topic: read[f"has_{topic}"] for topic in (*TOPICS, *NEIGHBOURS)}
    has |= {topic: has[topic] | read.sound.re_search(lexicon().sound(topic)) for topic in DISGUISED}
    return has | {"+".join(each): ibis.and_(*[has[topic] for topic in each]) for each in TOGETHER}


@cache
def fitted() -> dict[str, Any]:
    """The classifier of adverts: ``intercept`` and ``weights`` in natural log odds, and the ``run`` that fitted."""
    text = resources.files("vialtrace.detect").joinpath("solicitation.json").read_text("utf-8")
    held: dict[str, Any] = json.loads(text)
    return held


def solicits(read: Table) -> FloatingValue:
    """log10 of how many times likelier a text is among adverts of the trade than among its lawful neighbours.

    A logistic regression on which topics a text holds, fitted on classes of equal size, so that its log odds are the
    log likelihood ratio.
    """
    found = features(read)
    terms = [ibis.ifelse(found[name], weight, 0.0) for name, weight in sorted(fitted()["weights"].items())]
    total = reduce(lambda one, other: one + other, terms, ibis.literal(fitted()["intercept"], "float64"))
    return (total / math.log(10.0)).round(4)


def understood(texts: Table) -> Table:
    """Each distinct ``text``, folded (``whole``), with what each topic found in it and a flag ``has_`` for each."""
    plain = folded(texts)
    heard = spoken(plain.select("whole").distinct())
    read = plain.join(heard, "whole")
    read = read.mutate(rest=read.whole.re_replace(lexicon().pattern("neutral"), ""))
    found = read.mutate(
        **{
            topic: extract_all(read.whole if topic == "lawful_test" else read.rest, lexicon().pattern(topic)).concat(
                extract_all(read.sound, lexicon().pattern(topic, heard=True))
            )
            for topic in ("trade", "offer")
        },
        **{
            topic: extract_all(read.whole if topic in _WHOLE else read.rest, lexicon().pattern(topic))
            for topic in (*TOPICS, *NEIGHBOURS)
            if topic not in {"trade", "offer"}
        },
    )
    return found.mutate(**{f"has_{topic}": found[topic].length() > 0 for topic in (*TOPICS, *NEIGHBOURS)})


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
    *,
    least_ratio: float = 1.0,
    cap: float = 2.5,
) -> Table:
    """What each distinct text says.

    A phrase of the trade stands by itself; words for boy and girl need a word for a test beside them. A warning
    outweighs the words it warns of, and lawful phrases that hold words of the trade are taken out first. Whether a
    post solicits is told by the classifier (:func:`solicits`); ten to one is asked for, and the weight is its
    log likelihood ratio, at most ``cap``: the texts that fitted it are made up.
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
    found = understood(texts)
    has = {topic: found[f"has_{topic}"] for topic in TOPICS}
    offers = has["trade"] | (has["sex"] & has["test"] & ~has["lawful_test"])
    read = found.mutate(
        topic=ibis.cases(
            (offers & has["warning"], "warning"),
            (offers, "sex_test"),
            (has["warning"], "warning"),
            (has["lawful_test"], "lawful_test"),
            (has["not_human"], "not_human"),
            (has["sample"], "sample"),
            (has["carriage"], "carriage"),
            else_="other",
        ),
        # Whoever speaks against the trade uses all of its words.
        ratio=ibis.ifelse(has["warning"], 0.0, solicits(found)),
        n_words=found.trade.concat(found.sex).unique().length(),
    )
    return read.select(
        "text",
        "topic",
        is_solicitation=read.ratio >= least_ratio,
        # One word of the trade may be a slip of the pen or another sense; two different ones rarely are.
        weight=ibis.cases(
            (read.ratio >= least_ratio, ibis.least(read.ratio, cap)),
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
    meanings = {word: lexicon().meaning(word) for word in texts}
    rows = [
        {"word": word, "topic": meant[0], "meaning": meant[1], "n_texts": len(texts[word])}
        for word, meant in sorted(meanings.items())
        if meant
    ]
    told = {text for each in texts.values() for text in each}
    for sign, _, means in sorted(set(lexicon().signs)):
        n = sum(sign in text for text in told)
        if n:
            rows.append({"word": sign, "topic": "sign", "meaning": means, "n_texts": n})
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [("word", pa.string()), ("topic", pa.string()), ("meaning", pa.string()), ("n_texts", pa.int64())]
        ),
    )
