"""The scores: members, roles, hubs, networks, accusations, exposures and estimates."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from vialtrace.evaluate.exposure import exposed
from vialtrace.evaluate.matching import Match, match_entries, normal

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Rate:
    """``hits`` of ``of``; its share is NaN where nothing was there to hit."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """The hits as a share."""
        return self.hits / self.of if self.of else math.nan

    def __add__(self, other: Rate) -> Rate:
        """Both together."""
        return Rate(self.hits + other.hits, self.of + other.of)


@dataclass(frozen=True)
class EstimateCheck:
    """One estimate beside its true value. ``subject`` is ``network``, or the role of the member it is about."""

    subject: str
    measure: str
    truth: float
    estimate: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """Relative error: 0.1 is ten per cent too high."""
        return self.estimate / self.truth - 1 if self.truth else math.nan

    @property
    def is_covered(self) -> bool:
        """Whether the true value lies in the interval."""
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class NetworkCheck:
    """A true network beside the finding that holds most of its members."""

    network_id: str
    finding_id: str
    members: Rate
    hubs: Rate
    laboratories: Rate
    days_off_start: int | None
    days_off_end: int | None
    regions_found: Rate
    regions_right: Rate


@dataclass(frozen=True)
class Evaluation:
    """All scores of one set of findings against one truth."""

    world: str
    seed: int | None
    n_findings: int
    n_networks: int
    precision: Rate
    recall: Rate
    role_accuracy: Rate
    recall_by_role: Mapping[str, Rate]
    precision_by_role: Mapping[str, Rate]
    n_duplicates: int
    n_bystanders: int
    lookalikes_accused: Mapping[str, int]
    protected_accused: int
    protected_exposed: Mapping[str, int]
    false_networks: int
    networks_found: Rate
    networks_split: int
    networks_merged: int
    networks: tuple[NetworkCheck, ...]
    estimates: tuple[EstimateCheck, ...]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall of members."""
        both = self.precision.of + self.recall.of
        return 2 * self.recall.hits / both if both else math.nan

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for ``--json``."""
        return asdict(self) | {"f1": self.f1}


def evaluate(findings: dict[str, Any], truth: dict[str, Any]) -> Evaluation:
    """Score findings against a truth.

    A duplicate (a second entry for one true member) is neither right nor false: it is counted apart. A network of the
    findings is false when fewer than half of its members are true ones; a true network is split when two findings hold
    two or more of its members each, and two true networks are merged when one finding holds two or more of each.

    Args:
        findings: as in the findings schema.
        truth: as the simulator writes it.
    """
    matches = match_entries(findings, truth)
    right = [match for match in matches if match.what == "member" and not match.is_duplicate]
    n_duplicates = sum(match.is_duplicate for match in matches)
    n_true = sum(len(network.get("members", ())) for network in truth.get("networks", ()))
    pairs = _pairs(matches)
    best = _best_finding(findings, truth, pairs)
    accused = Counter(
        str(truth["lookalikes"][match.owner[1]].get("kind", ""))
        for match in matches
        if match.what == "lookalike" and match.owner
    )
    return Evaluation(
        world=str(truth.get("world", "")),
        seed=truth.get("seed"),
        n_findings=len(findings["networks"]),
        n_networks=len(truth.get("networks", ())),
        precision=Rate(len(right), len(matches) - n_duplicates),
        recall=Rate(len(right), n_true),
        role_accuracy=Rate(sum(match.entry.role == _truth_of(match, truth)["role"] for match in right), len(right)),
        recall_by_role=_recall_by_role(right, truth),
        precision_by_role=_precision_by_role(matches),
        n_duplicates=n_duplicates,
        n_bystanders=sum(match.what == "bystander" for match in matches),
        lookalikes_accused=dict(sorted(accused.items())),
        protected_accused=sum(match.what == "protected" for match in matches),
        protected_exposed=exposed(findings, truth),
        false_networks=_false_networks(findings, matches),
        networks_found=Rate(len(best), len(truth.get("networks", ()))),
        networks_split=_crowded(pairs, side=1),
        networks_merged=_crowded(pairs, side=0),
        networks=tuple(
            _network_check(truth["networks"][number], findings["networks"][found], right, number)
            for number, found in sorted(best.items())
        ),
        estimates=tuple(_estimate_checks(findings, truth, best, right)),
    )


def _truth_of(match: Match, truth: Json) -> Json:
    if match.owner is None or match.owner[0] != "member":
        return {}
    found: Json = truth["networks"][match.owner[1]]["members"][match.owner[2]]
    return found


def _recall_by_role(right: Sequence[Match], truth: Json) -> dict[str, Rate]:
    there = Counter(str(member["role"]) for network in truth.get("networks", ()) for member in network["members"])
    hit = Counter(str(_truth_of(match, truth)["role"]) for match in right)
    return {role: Rate(hit[role], there[role]) for role in sorted(there)}


def _precision_by_role(matches: Sequence[Match]) -> dict[str, Rate]:
    counted = [match for match in matches if not match.is_duplicate]
    named = Counter(match.entry.role for match in counted)
    hit = Counter(match.entry.role for match in counted if match.what == "member")
    return {role: Rate(hit[role], named[role]) for role in sorted(named)}


def _pairs(matches: Iterable[Match]) -> Counter[tuple[int, int]]:
    """How many true members each finding's network holds of each true network."""
    return Counter(
        (match.entry.network, match.owner[1])
        for match in matches
        if match.what == "member" and match.owner and not match.is_duplicate
    )


def _best_finding(findings: Json, truth: Json, pairs: Counter[tuple[int, int]]) -> dict[int, int]:
    """For each true network, the finding's network that holds most of its members, where one holds any."""
    best = {}
    for number in range(len(truth.get("networks", ()))):
        held = [(count, -found) for (found, true), count in pairs.items() if true == number]
        if held:
            best[number] = -max(held)[1]
    return {number: found for number, found in best.items() if found < len(findings["networks"])}


def _crowded(pairs: Counter[tuple[int, int]], *, side: int) -> int:
    """How many networks of one side (0 findings, 1 truth) share two or more members with two of the other side."""
    partners = Counter(pair[side] for pair, count in pairs.items() if count >= 2)
    return sum(count >= 2 for count in partners.values())


def _false_networks(findings: Json, matches: Sequence[Match]) -> int:
    members: Counter[int] = Counter()
    true: Counter[int] = Counter()
    for match in matches:
        members[match.entry.network] += 1
        true[match.entry.network] += match.what == "member"
    return sum(2 * true[number] < members[number] or not members[number] for number in range(len(findings["networks"])))


def _same_address(one: str, other: str) -> bool:
    """Equal, or one continues the other by a room or floor."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and (one == other or (len(shorter) >= 8 and longer.startswith(shorter)))


def _places(truth: Json, found: Json, roles: frozenset[str]) -> Rate:
    there = {normal("address", str(place["address"])) for place in truth.get("places", ()) if place["role"] in roles}
    named = {normal("address", str(place["address"])) for place in found.get("places", ()) if place["role"] in roles}
    return Rate(sum(any(_same_address(one, other) for other in named) for one in there), len(there))


def _days_off(found: Json, true: Json, end: str) -> int | None:
    if not found.get(end) or not true.get(end):
        return None
    return (date.fromisoformat(str(found[end])[:10]) - date.fromisoformat(str(true[end])[:10])).days


def _network_check(true: Json, found: Json, right: Sequence[Match], number: int) -> NetworkCheck:
    of_it = {match.owner for match in right if match.owner and match.owner[1] == number}
    regions, named = set(true.get("regions", ())), set(found.get("regions", ()))
    return NetworkCheck(
        str(true.get("id", number)),
        str(found["id"]),
        Rate(len(of_it), len(true["members"])),
        _places(true, found, frozenset({"hub", "storage"})),
        _places(true, found, frozenset({"laboratory"})),
        _days_off(found.get("period", {}), true.get("period", {}), "from"),
        _days_off(found.get("period", {}), true.get("period", {}), "to"),
        Rate(len(regions & named), len(regions)),
        Rate(len(regions & named), len(named)),
    )


def _check(subject: str, measure: str, true: object, shown: object) -> list[EstimateCheck]:
    if not isinstance(true, int | float) or not isinstance(shown, Mapping):
        return []
    return [
        EstimateCheck(
            subject, measure, float(true), float(shown["estimate"]), float(shown["low"]), float(shown["high"])
        )
    ]


def _estimate_checks(
    findings: Json,
    truth: Json,
    best: Mapping[int, int],
    right: Sequence[Match],
) -> list[EstimateCheck]:
    """Every estimate that has a true value: of networks by their best finding, of members by their match.

    A merged finding speaks for its largest part only; the error it makes there is the price of the merger.
    """
    checks: list[EstimateCheck] = []
    for number, found in sorted(best.items()):
        true, shown = truth["networks"][number], findings["networks"][found]
        for measure, named in (("samples", "samples"), ("gross_paid", "proceeds"), ("kept", "kept")):
            checks += _check("network", measure, true.get(measure), shown.get(named))
    by_entry: dict[tuple[int, int], Match] = {(match.entry.network, match.entry.position): match for match in right}
    for (network, position), match in sorted(by_entry.items()):
        true, shown = _truth_of(match, truth), findings["networks"][network]["members"][position]
        for measure, named in (("samples", "samples"), ("received", "proceeds"), ("kept", "kept")):
            checks += _check(str(true["role"]), measure, true.get(measure), shown.get(named))
    return checks


def coverage(checks: Iterable[EstimateCheck]) -> dict[tuple[str, str], Rate]:
    """How often the true value lay in the interval, by subject and measure."""
    found: dict[tuple[str, str], Rate] = defaultdict(lambda: Rate(0, 0))
    for check in checks:
        found[check.subject, check.measure] += Rate(int(check.is_covered), 1)
    return dict(sorted(found.items()))
