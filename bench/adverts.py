"""How well are adverts told from their lawful neighbours, disguise by disguise? Also fits the classifier's weights.

Templates of ``corpora/adverts.yaml`` with an even place fit, those with an odd place measure; no template does both,
and nothing of a simulated world is among them. Each text is made plain and under each disguise that traders use. A text
counts as called when it is ten times likelier among adverts of the trade, as in the product.

Run ``python -m bench.adverts`` to measure, ``python -m bench.adverts --fit`` to write
``src/vialtrace/detect/solicitation.json`` anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import yaml
from scipy import optimize

from vialtrace.detect import reading
from vialtrace.detect.folding import fold_table
from vialtrace.kit.names import script_table, syllable_table

LEAST = 1.0
CORPUS = Path(__file__).parent / "corpora" / "adverts.yaml"
WEIGHTS = Path(str(resources.files("vialtrace.detect").joinpath("solicitation.json")))
INVITES = {
    "zh": ("加V:{k}", "详情私信", "➕薇 {k}", "滴滴我", "看主页", "电话{k}", "戳头像", "评论区留言", "", "咨询{k}"),
    "en": ("WhatsApp {k}", "DM me", "Contact {k}", "Link in bio", "", "Call now {k}", "Inbox for details"),
}
# Characters that traders put in the place of others that sound or look like them.
SOUNDS = {
    "血": "雪",
    "验": "艳",
    "性": "姓",
    "男": "南",
    "鉴": "见",
    "检": "捡",
    "胎": "苔",
    "港": "岗",
    "寄": "纪",
    "抽": "瘳",
}
LOOKS = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "i": "і", "y": "у", "d": "ԁ"}
SIGNS = {
    "血": "🩸",
    "抽血": "💉",
    "男孩": "👦",
    "女孩": "👧",
    "香港": "🇭🇰",
    "宝宝": "👶",
    "寄": "📦",
    "boy": "👦",
    "girl": "👧",
    "blood": "🩸",
    "baby": "👶",
    "DNA": "🧬",
    "孕": "🤰",
    "蓝色": "💙",
    "粉色": "💗",
}
HALVES = {"胎": "月台", "性": "忄生", "别": "另刂", "验": "马佥", "港": "氵巷", "测": "氵则"}


@dataclass(frozen=True)
class Text:
    """One text: what it is, its template's place, its language, and how it is disguised."""

    text: str
    label: str
    place: int
    language: str
    disguise: str

    @property
    def is_held_out(self) -> bool:
        """Whether it measures rather than fits."""
        return self.place % 2 == 1


def _split(text: str, chance: random.Random) -> str:
    return "".join(each + chance.choice(["", ".", " ", "·", "\u200b", "*", "/"]) for each in text)


def _replaced(table: dict[str, str], share: float) -> Callable[[str, random.Random], str]:
    def disguise(text: str, chance: random.Random) -> str:
        for plain, other in table.items():
            if plain in text and chance.random() < share:
                text = text.replace(plain, other)
        return text

    return disguise


def _pinyin(text: str, chance: random.Random) -> str:
    said = dict(zip(syllable_table()["character"].to_pylist(), syllable_table()["syllable"].to_pylist(), strict=True))
    return "".join(said.get(each, each) if chance.random() < 0.6 else each for each in text)


def _traditional(text: str, chance: random.Random) -> str:
    del chance
    table = script_table()
    back = dict(zip(table["simplified"].to_pylist(), table["traditional"].to_pylist(), strict=True))
    return "".join(back.get(each, each) for each in text)


def _wide(text: str, chance: random.Random) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" and chance.random() < 0.8 else each for each in text)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda text, _: text,
    "split": _split,
    "homophones": _replaced(SOUNDS, 0.6),
    "emoji": _replaced(SIGNS, 1.0),
    "halves": _replaced(HALVES, 0.8),
    "look-alikes": _replaced(LOOKS, 0.8),
    "pinyin": _pinyin,
    "traditional": _traditional,
    "full width": _wide,
}
ONLY_CHINESE = {"homophones", "halves", "pinyin", "traditional"}


def texts(seed: int, copies: int = 2) -> Iterator[Text]:
    """Every template under every disguise, ``copies`` times with other fillings."""
    chance = random.Random(seed)  # noqa: S311
    for language, labels in yaml.safe_load(CORPUS.read_text(encoding="utf-8")).items():
        for label, templates in labels.items():
            for place, template in enumerate(templates):
                for name, disguise in DISGUISES.items():
                    if language == "en" and name in ONLY_CHINESE:
                        continue
                    for _ in range(copies):
                        filled = _filled(template, language, chance)
                        yield Text(disguise(filled, chance), label, place, language, name)


def _filled(template: str, language: str, chance: random.Random) -> str:
    contact = "".join(chance.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(chance.randint(6, 11)))
    invite = chance.choice(INVITES[language]).format(k=contact)
    price = chance.choice(["2500", "3000", "¥2800", "4000", "299", "89"])
    return template.format(c=invite, w=chance.randint(6, 12), p=price).strip()


def matrix(every: list[Text]) -> tuple[np.ndarray, list[str]]:
    """The classifier's features of each text, by the product's own reading (texts by names)."""
    engine = ibis.duckdb.connect()
    distinct = sorted({each.text for each in every})
    read = reading.understood(ibis.memtable(pa.table({"text": distinct})))
    found = reading.features(read)
    table = engine.to_pyarrow(read.select("text", **found))
    rows = {text: number for number, text in enumerate(table["text"].to_pylist())}
    names = sorted(found)
    held = np.column_stack([table[name].to_numpy(zero_copy_only=False) for name in names]).astype(float)
    return held[[rows[each.text] for each in every]], names


def fit(held: np.ndarray, labels: np.ndarray, *, penalty: float = 1.0) -> np.ndarray:
    """Intercept and weights of a logistic regression with a ridge.

    Both classes weigh the same, and among the neighbours each sort does: nobody knows how common each is.
    """
    solicits = labels == "solicit"
    sorts = [label for label in np.unique(labels) if label != "solicit"]
    weights = np.where(solicits, len(labels) / 2 / max(solicits.sum(), 1), 0.0)
    for sort in sorts:
        weights += np.where(labels == sort, len(labels) / 2 / len(sorts) / (labels == sort).sum(), 0.0)
    design = np.column_stack([np.ones(len(held)), held])
    sign = np.where(solicits, 1.0, -1.0)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (design @ beta)
        value = float(weights @ np.logaddexp(0, -margin)) + penalty / 2 * float(beta[1:] @ beta[1:])
        slope = -(weights * sign / (1 + np.exp(margin))) @ design
        slope[1:] += penalty * beta[1:]
        return value, slope

    return np.asarray(optimize.minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x)


def chosen_ridge(held: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> float:
    """The ridge with the least loss over five folds of templates, the strongest within two per cent of it."""
    losses = {}
    for penalty in (0.3, 1.0, 3.0, 10.0, 30.0):
        total = 0.0
        for fold in range(5):
            out = groups % 5 == fold
            beta = fit(held[~out], labels[~out], penalty=penalty)
            margin = np.where(labels[out] == "solicit", 1, -1) * (beta[0] + held[out] @ beta[1:])
            total += float(np.logaddexp(0, -margin).mean())
        losses[penalty] = total
    return max(penalty for penalty, loss in losses.items() if loss <= 1.02 * min(losses.values()))


def write(beta: np.ndarray, names: list[str], every: list[Text], seed: int, ridge: float) -> None:
    """The weights with the run that made them."""
    held = {
        "intercept": round(float(beta[0]), 3),
        "weights": {name: round(float(value), 3) for name, value in zip(names, beta[1:], strict=True)},
        "run": {
            "command": f"python -m bench.adverts --fit --seed {seed}",
            "corpus_sha256": hashlib.sha256(CORPUS.read_bytes()).hexdigest(),
            "n_texts": len(every),
            "n_templates": len({(each.language, each.label, each.place) for each in every}),
            "ridge": ridge,
        },
    }
    WEIGHTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def report(every: list[Text], called: np.ndarray) -> None:
    """Precision and recall by disguise, and what was called among the neighbours."""
    print(f"{'disguise':14} {'texts':>6} {'precision':>9} {'recall':>7} {'zh':>6} {'en':>6}")
    for name in (*DISGUISES, "all"):
        rows = [number for number, each in enumerate(every) if name in {"all", each.disguise}]
        is_trade = np.array([every[number].label == "solicit" for number in rows])
        hit = called[rows]
        by_language = []
        for language in ("zh", "en"):
            mine = np.array([every[number].language == language for number in rows]) & is_trade
            by_language.append(f"{hit[mine].mean():6.2f}" if mine.any() else "     -")
        precision = (hit & is_trade).sum() / max(hit.sum(), 1)
        print(f"{name:14} {len(rows):6} {precision:9.3f} {hit[is_trade].mean():7.3f} {' '.join(by_language)}")
    false: dict[str, list[str]] = defaultdict(list)
    n: dict[str, int] = defaultdict(int)
    for each, hit in zip(every, called, strict=True):
        n[each.label] += 1
        if hit and each.label != "solicit":
            false[each.label].append(each.text)
    print(
        "\nneighbours called: "
        + ", ".join(f"{label} {len(false[label])} of {n[label]}" for label in n if label != "solicit")
    )


def main() -> int:
    """Measure on the held-out templates; with ``--fit`` fit on the others first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what was missed or wrongly called, plain texts only")
    given = parser.parse_args()
    every = list(texts(given.seed))
    held, names = matrix(every)
    labels = np.array([each.label for each in every])
    held_out = np.array([each.is_held_out for each in every])
    if given.fit:
        fitting = [each for each in every if not each.is_held_out]
        keys = sorted({(each.language, each.label, each.place) for each in fitting})
        groups = np.array([keys.index((each.language, each.label, each.place)) for each in fitting])
        ridge = chosen_ridge(held[~held_out], labels[~held_out], groups)
        beta = fit(held[~held_out], labels[~held_out], penalty=ridge)
        write(beta, names, fitting, given.seed, ridge)
        reading.fitted.cache_clear()
    weights = reading.fitted()["weights"]
    # As in the product: whoever speaks against the trade uses all of its words.
    ratio = (reading.fitted()["intercept"] + held @ np.array([weights[name] for name in names])) / np.log(10)
    ratio = np.where(held[:, names.index("warning")] > 0, 0.0, ratio)
    measured = [each for each in every if each.is_held_out]
    print(f"{len(measured)} texts of templates that fitted nothing; {len(fold_table())} characters folded\n")
    report(measured, ratio[held_out] >= LEAST)
    if given.show:
        for each, value in zip(measured, ratio[held_out], strict=True):
            if each.disguise == "plain" and (value >= LEAST) != (each.label == "solicit"):
                print(f"{value:6.2f} {each.label:8} {each.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
