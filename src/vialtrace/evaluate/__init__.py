"""How good findings are, measured against a known truth."""

from vialtrace.evaluate.exposure import exposed
from vialtrace.evaluate.matching import Match, match_entries
from vialtrace.evaluate.score import EstimateCheck, Evaluation, NetworkCheck, Rate, evaluate
from vialtrace.evaluate.tabulate import pooled, table

__all__ = [
    "EstimateCheck",
    "Evaluation",
    "Match",
    "NetworkCheck",
    "Rate",
    "evaluate",
    "exposed",
    "match_entries",
    "pooled",
    "table",
]
