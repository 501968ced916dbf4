"""How disguised texts are undone, and that the classifier knows its own features."""

from __future__ import annotations

import hashlib
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from vialtrace.detect import reading
from vialtrace.detect.folding import folded, spoken
from vialtrace.detect.lexicon import NEIGHBOURS, TOPICS, lexicon

CORPUS = Path(__file__).parents[2] / "bench" / "corpora" / "adverts.yaml"


def fold(text: str) -> str:
    engine = ibis.duckdb.connect()
    return str(engine.to_pyarrow(folded(ibis.memtable(pa.table({"text": [text]}))))["whole"][0].as_py())


def sound(text: str) -> str:
    engine = ibis.duckdb.connect()
    plain = folded(ibis.memtable(pa.table({"text": [text]})))
    return str(engine.to_pyarrow(spoken(plain.select("whole")))["sound"][0].as_py())


def readings(*texts: str) -> dict[str, dict[str, object]]:
    engine = ibis.duckdb.connect()
    read = reading.understood(ibis.memtable(pa.table({"text": list(texts)})))
    found = engine.to_pyarrow(read.select("text", "trade", ratio=reading.solicits(read))).to_pylist()
    return {each["text"]: each for each in found}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("香.港·验 血", "香港验血"),
        ("Y染色體檢測", "y染色体检测"),
        ("ＤＮＡ 验血", "dna验血"),
        ("𝗴𝗲𝗻𝗱𝗲𝗿 test", "gendertest"),
        ("gеndеr tеst", "gendertest"),
        ("男\u200b女", "男女"),
        ("🇭🇰验🩸", "香港验血"),
        ("月台儿忄生另刂", "胎儿性别"),
        ("⼥孩", "女孩"),
        ("孕7️⃣周", "孕7周"),
        ("", ""),
    ],
)
def test_a_disguised_text_folds_to_what_it_means(written: str, meant: str) -> None:
    assert fold(written) == meant


def test_homophones_sound_alike() -> None:
    assert sound("艳雪查喃钕") == sound("验血查南女") == "yanxuechanannv"


def test_a_phrase_of_the_trade_is_met_by_its_sound_and_a_shop_for_men_and_women_is_not() -> None:
    found = readings("苔儿姓别 私信", "高品质男女装 私信", "海南男女篮球赛")
    assert found["苔儿姓别 私信"]["trade"]
    assert not found["高品质男女装 私信"]["trade"]
    assert not found["海南男女篮球赛"]["trade"]


def test_an_advert_weighs_more_than_its_neighbours() -> None:
    found = readings(
        "孕7周抽血查男女 寄香港化验 三天出结果 加V: abc12345",
        "我院产科开展无创产前基因检测(NIPT)，孕12周起可预约",
        "粉色蓝色新生儿连体衣 男宝女宝都好看 详情私信",
        "猜猜是男宝还是女宝",
    )
    ratios = {text: float(str(each["ratio"])) for text, each in found.items()}
    advert = ratios.pop("孕7周抽血查男女 寄香港化验 三天出结果 加V: abc12345")
    assert advert > 1.0
    assert max(ratios.values()) < 1.0


def test_every_weight_belongs_to_a_feature_and_every_topic_to_an_entry() -> None:
    read = ibis.table(
        {"sound": "string", **{f"has_{topic}": "boolean" for topic in (*TOPICS, *NEIGHBOURS)}}, name="read"
    )
    assert set(reading.fitted()["weights"]) == set(reading.features(read))
    assert {each.topic for each in lexicon().words} == {"neutral", *TOPICS, *NEIGHBOURS}


def test_the_weights_are_those_of_the_corpus_as_it_is() -> None:
    assert reading.fitted()["run"]["corpus_sha256"] == hashlib.sha256(CORPUS.read_bytes()).hexdigest()
