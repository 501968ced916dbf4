"""Evaluations as rows of text, for a terminal or a page."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from vialtrace.evaluate.score import EstimateCheck, Evaluation, Rate, coverage

Row = tuple[str, str]


def _rate(rate: Rate) -> str:
    return f"{rate.share:.3f} ({rate.hits} of {rate.of})" if rate.of else "none to find"


def _add(rates: Sequence[Mapping[str, Rate]]) -> dict[str, Rate]:
    total: dict[str, Rate] = defaultdict(lambda: Rate(0, 0))
    for each in rates:
        for name, rate in each.items():
            total[name] += rate
    return dict(sorted(total.items()))


def _counts(counts: Sequence[Mapping[str, int]]) -> str:
    total: dict[str, int] = defaultdict(int)
    for each in counts:
        for name, count in each.items():
            total[name] += count
    listed = ", ".join(f"{name} {count}" for name, count in sorted(total.items()))
    return f"{sum(total.values())}" + (f" ({listed})" if listed else "")


def _estimates(checks: Sequence[EstimateCheck]) -> list[Row]:
    grouped: dict[tuple[str, str], list[EstimateCheck]] = defaultdict(list)
    for check in checks:
        grouped[check.subject, check.measure].append(check)
    rows = []
    for key, rate in coverage(checks).items():
        errors = [check.error for check in grouped[key] if not math.isnan(check.error)]
        widths = [check.high / check.low for check in grouped[key] if check.low > 0]
        rows.append(
            (
                f"{key[0]}: {key[1].replace('_', ' ')}",
                (f"median error {statistics.median(errors):+.1%}, " if errors else "")
                + f"true value in interval {rate.hits} of {rate.of}"
                + (f", median width × {statistics.median(widths):.2f}" if widths else ""),
            )
        )
    return rows


def pooled(evaluations: Sequence[Evaluation]) -> list[Row]:
    """Several evaluations (seeds of one world) as one table: counts added, errors by their median."""
    total = Rate(0, 0)
    recall = sum((each.recall for each in evaluations), total)
    precision = sum((each.precision for each in evaluations), total)
    both = precision.of + recall.of
    nets = [check for each in evaluations for check in each.networks]
    days = [abs(off) for check in nets for off in (check.days_off_start, check.days_off_end) if off is not None]
    rows: list[Row] = [
        ("member precision", _rate(precision)),
        ("member recall", _rate(recall)),
        ("member F1", f"{2 * recall.hits / both:.3f}" if both else "none to find"),
        ("role accuracy", _rate(sum((each.role_accuracy for each in evaluations), total))),
        *((f"recall, {role}", _rate(rate)) for role, rate in _add([e.recall_by_role for e in evaluations]).items()),
        *(
            (f"precision, {role}", _rate(rate))
            for role, rate in _add([e.precision_by_role for e in evaluations]).items()
        ),
        ("duplicate entries", str(sum(each.n_duplicates for each in evaluations))),
        ("networks found", _rate(sum((each.networks_found for each in evaluations), total))),
        ("networks split", str(sum(each.networks_split for each in evaluations))),
        ("networks merged", str(sum(each.networks_merged for each in evaluations))),
        ("false networks", str(sum(each.false_networks for each in evaluations))),
        ("hubs found", _rate(sum((check.hubs for check in nets), total))),
        ("laboratory places found", _rate(sum((check.laboratories for check in nets), total))),
        ("look-alikes accused", _counts([each.lookalikes_accused for each in evaluations])),
        ("bystanders accused", str(sum(each.n_bystanders for each in evaluations))),
        ("protected parties accused", str(sum(each.protected_accused for each in evaluations))),
        ("protected identifiers exposed", _counts([each.protected_exposed for each in evaluations])),
    ]
    if nets:
        rows += [
            ("period, median days off", f"{statistics.median(days):.0f}" if days else "not shown"),
            ("regions found", _rate(sum((check.regions_found for check in nets), total))),
            ("regions right", _rate(sum((check.regions_right for check in nets), total))),
        ]
    return rows + _estimates([check for each in evaluations for check in each.estimates])


def table(evaluation: Evaluation) -> list[Row]:
    """One evaluation as rows of measure and value, for the face to lay out."""
    return pooled([evaluation])
