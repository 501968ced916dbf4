"""How alike two profiles are: the Fellegi-Sunter model, scored by Splink.

The only file that knows Splink. Its parameters (m and u of each level) are the data file ``likeness.json``, with
where each comes from; how common a name, a telephone and an address are is counted in the case itself. The threshold
is a match weight: a probability saturates at 1 long before the evidence does.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vialtrace.resolve.sharing import RESIDENT

_EITHER_PARTIAL = "(label_l is null or label_r is null)"
_FITS = (
    "((starts_l is not null and label_r is not null and length(name_key_r) > length(starts_l) + length(ends_l)"
    " and starts_with(name_key_r, starts_l) and ends_with(name_key_r, ends_l))"
    " or (starts_r is not null and label_l is not null and length(name_key_l) > length(starts_r) + length(ends_r)"
    " and starts_with(name_key_l, starts_r) and ends_with(name_key_l, ends_r)))"
)
_SAME_VISIBLE = (
    "((phone_head_l is not null and starts_with(phone_r, phone_head_l) and ends_with(phone_r, phone_tail_l))"
    " or (phone_head_r is not null and starts_with(phone_l, phone_head_r) and ends_with(phone_l, phone_tail_r)))"
)
_RESIDENT = f"'{RESIDENT}'"
# A resident number beside a passport says nothing: everybody who travels has both.
_NO_DOCUMENTS = (
    "document_l is null or document_r is null"
    f" or regexp_matches(document_l, {_RESIDENT}) <> regexp_matches(document_r, {_RESIDENT})"
)
_ONE_LATIN = "regexp_matches(name_key_l, '^[a-z]') <> regexp_matches(name_key_r, '^[a-z]')"


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its name in ``likeness.json``, its test, and what is said of it."""

    name: str
    when: str
    says: str
    common: str = ""


# Splink takes the first level whose test holds; a comparison with a null on either side says nothing.
_COMPARISONS: dict[str, tuple[str, tuple[Level, ...]]] = {
    "name": ("name_key_l is null or name_key_r is null", (
        Level("same", f"name_key_l = name_key_r and not {_EITHER_PARTIAL}", "the names are the same", "label"),
        Level("same_partial", "name_key_l = name_key_r", "the names show the same and hide the rest"),
        Level("romanised", f"label_l = label_r and {_ONE_LATIN}", "one name is the other romanised", "label"),
        Level("sounds_same", "label_l = label_r", "the names sound the same", "label"),
        Level("fits", _FITS, "one name is partly hidden and fits the other"),
        Level("other", "ELSE", "the names differ"),
    )),
    "phone": ("phone_l is null or phone_r is null", (
        Level("same", "phone_l = phone_r and phone_head_l is null", "the telephone is the same", "phone"),
        Level("same_visible", f"{_SAME_VISIBLE} and coalesce(length(phone_tail_l), length(phone_tail_r)) >= 4",
              "the visible digits of the telephones are the same"),
        Level("same_few", _SAME_VISIBLE, "the few visible digits of the telephones are the same"),
        Level("other", "ELSE", "the telephones differ"),
    )),
    "address": ("address_l is null or address_r is null", (
        Level("same", "address_l = address_r", "the address is the same", "address"),
        Level("other", "ELSE", "the addresses differ"),
    )),
    "birth": ("birth_on_l is null or birth_on_r is null", (
        Level("same", "birth_on_l = birth_on_r", "the dates of birth are the same"),
        Level("other", "ELSE", "the dates of birth differ"),
    )),
    "document": (_NO_DOCUMENTS, (
        Level("two_residents",
              f"regexp_matches(document_l, {_RESIDENT})",
              "the resident identity numbers differ"),
        Level("other", "ELSE", "the documents differ"),
    )),
}

_MADE = pa.schema([
    ("profile_no", pa.int64()), ("other_profile_no", pa.int64()), ("match_weight", pa.float64()),
    ("explanation", pa.string()), ("row_id", pa.int64()), ("other_row_id", pa.int64()),
])


def likeness(
    paired: pa.Table, candidate: pa.Table, *, min_odds: float = 100.0, min_margin: float = 1.0,
) -> pa.Table:
    """Score the candidate pairs and keep those that are one party beyond doubt.

    Args:
        paired: what of each profile in a pair can be compared, and how common it is.
        candidate: pairs to compare.
        min_odds: odds that the two are one party, after the prior of any two of the case: a hundred to one, the
            precision of 0.99 asked of every join. In match weights: log2(100) above the prior.
        min_margin: a masked name fits many people. It is joined only to the likeliest, and only if nobody of another
            name comes within this log10 weight (a factor of ten): else the two would be glued through it.
    """
    if candidate.num_rows == 0:
        return _MADE.empty_table()
    connection = duckdb.connect()
    try:
        scored = _scored(connection, paired, candidate, min_odds)
        return _unambiguous(ibis.duckdb.from_connection(connection), scored, paired, min_margin)
    finally:
        connection.close()


def _scored(connection: duckdb.DuckDBPyConnection, comparable: pa.Table, candidate: pa.Table, min_odds: float) -> str:
    """Score the pairs with Splink; the name of its table of those over the threshold."""
    from splink import DuckDBAPI, Linker  # noqa: PLC0415  0.2 s to load, and most commands never need it

    api = DuckDBAPI(connection)
    prior = comparable["prior"][0].as_py()
    linker = Linker(api.register(comparable), _settings(prior), log_level=None)
    pairs = pa.table({
        "match_key": pa.array(["0"] * candidate.num_rows),
        "join_key_l": candidate["profile_no"], "join_key_r": candidate["other_profile_no"],
    })
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    scored = linker.inference.predict(threshold_match_weight=math.log2(min_odds), warning_mode="never")
    return str(scored.physical_name)


def _settings(prior: float) -> dict[str, Any]:
    """Splink's settings, from the levels above and the numbers of the data file."""
    text = files("vialtrace.resolve").joinpath("likeness.json").read_text(encoding="utf-8")
    numbers = json.loads(text)["comparisons"]
    comparisons = []
    for name, (null, levels) in _COMPARISONS.items():
        described: list[dict[str, Any]] = [
            {"sql_condition": null, "label_for_charts": "missing", "is_null_level": True},
        ]
        for level in levels:
            given = numbers[name][level.name]
            one = {
                "sql_condition": level.when, "label_for_charts": level.name,
                "m_probability": given["m"], "u_probability": given["u"],
            }
            if level.common:
                one |= {"tf_adjustment_column": level.common, "tf_adjustment_weight": 1.0,
                        "disable_tf_exact_match_detection": True}
            described.append(one)
        comparisons.append({"output_column_name": name, "comparison_levels": described})
    return {
        "link_type": "dedupe_only", "unique_id_column_name": "profile_no",
        "probability_two_random_records_match": prior, "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True, "retain_intermediate_calculation_columns": True, "comparisons": comparisons,
    }


def _unambiguous(backend: Any, scored: str, comparable: pa.Table, min_margin: float) -> pa.Table:
    """The pairs that stand, with weight and sentence; a partly hidden name joins only what nobody else rivals."""
    prior = comparable["prior"][0].as_py()
    faces = ibis.memtable(comparable.select(["profile_no", "group_no", "label", "row_id"]))
    pairs = backend.table(scored)
    odds = math.log10(prior / (1 - prior))
    weighed = pairs.select(
        profile_no="profile_no_l", other_profile_no="profile_no_r",
        match_weight=(pairs["match_weight"] * math.log10(2) - odds).round(2), explanation=_sentence(pairs),
    )
    others = faces.select(**{f"other_{column}": faces[column] for column in faces.columns})
    known = weighed.inner_join(faces, "profile_no").inner_join(others, "other_profile_no")
    return known.anti_join(_rivalled(known, min_margin), ["profile_no", "other_profile_no"]).select(
        *_MADE.names,
    ).order_by("profile_no", "other_profile_no").to_pyarrow().cast(_MADE)


def _rivalled(known: ir.Table, min_margin: float) -> ir.Table:
    """Pairs of a partly hidden name with a full one that another full name rivals, seen from the hidden one's group."""
    ends = ("profile_no", "other_profile_no", "match_weight")
    hidden = known.filter(known["label"].isnull() & known["other_label"].notnull()).select(
        *ends, group="group_no", full="other_label",
    ).union(known.filter(known["label"].notnull() & known["other_label"].isnull()).select(
        *ends, group="other_group_no", full="label",
    ))
    best = hidden.group_by("group", "full").agg(best=hidden["match_weight"].max())
    rivals = best.select("group", rival="full", rival_best="best")
    compared = hidden.inner_join(rivals, "group")
    near = (compared["full"] != compared["rival"]) & (compared["rival_best"] > compared["match_weight"] - min_margin)
    return compared.filter(near).select("profile_no", "other_profile_no").distinct()


def _sentence(pairs: ir.Table) -> ir.StringValue:
    """``The names are the same; the dates of birth are the same; the documents differ.``"""
    parts = []
    for name, (_, levels) in _COMPARISONS.items():
        gamma = pairs[f"gamma_{name}"]
        # Splink numbers the levels from the last (0) up; -1 is a missing value.
        says = [(gamma == len(levels) - 1 - place, level.says) for place, level in enumerate(levels)]
        parts.append(ibis.cases(*says, else_=ibis.null("string")))
    text = ibis.array(parts).filter(lambda part: part.notnull()).join("; ")
    return text.left(1).upper() + text.substr(1) + "."
