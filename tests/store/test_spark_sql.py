"""What Spark is told instead of DuckDB's words; the patterns are held against RE2 in Java's own words where Java is."""

from __future__ import annotations

import pytest

from vialtrace.store.spark_sql import java_pattern, java_replacement


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (r"^\p{Han}{2,4}$", r"^\p{IsHan}{2,4}\z"),
        (r"[\p{Han}\s]", r"[\p{IsHan}\t\n\f\r ]"),
        (r"\p{L}\P{Nd}\p{^Han}", r"\p{L}\P{Nd}\P{IsHan}"),
        ("a.c", r"a[^\n]c"),
        ("[.$]", "[.$]"),
        ("[[&]", r"[\[\&]"),
        ("[]a]", r"[\]a]"),
        ("[^]a]", r"[^\]a]"),
        (r"\[\]\.\$", r"\[\]\.\$"),
        ("(?i)dna|(?i:cap)", "(?iu)dna|(?iu:cap)"),
        (r"[a-z\-._—-]", r"[a-z\-._—-]"),
        (r"[\x{200B}-\x{200F}—–]", r"[\x{200B}-\x{200F}—–]"),
        (r"(\z\A.)", r"(\z\A[^\n])"),
    ],
)
def test_a_pattern_means_in_java_what_it_means_in_re2(ours: str, theirs: str) -> None:
    assert java_pattern(ours) == theirs


def test_a_class_of_thousands_is_cut_into_several() -> None:
    characters = "".join(chr(0x4E00 + each) for each in range(450))
    assert java_pattern(f"[{characters}]+") == f"(?:[{characters[:200]}]|[{characters[200:400]}]|[{characters[400:]}])+"
    assert java_pattern(f"[^{characters}]").startswith("(?!(?:[")


def test_an_edge_of_a_word_sees_letters_of_ascii_only() -> None:
    assert "(?<![0-9A-Za-z_])" in java_pattern(r"\bflat")
    assert java_pattern(r"[\b]") == r"[\b]"


def test_groups_in_a_replacement_are_javas_and_a_dollar_is_a_dollar() -> None:
    assert java_replacement(r" and \1") == " and $1"
    assert java_replacement("$5") == r"\$5"
