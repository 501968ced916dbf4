"""The facts of one network: each with the claims and rows that show it and the days of the acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.assess.predicates import PREDICATES, Predicate
from vialtrace.model.tables import ROLES

_HIDDEN = (
    "(?i)身|衣|腰|腿|袜|鞋|夹|藏|绑|暗|改装|底|座椅|混装|伪装|"
    "hid|conceal|strap|under|sewn|taped|inside|false|lining|compartment"
)
_COMPARTMENT = "(?i)夹层|夹藏箱|暗格|改装|特制|compartment|false bottom|modified|altered"
_BROKEN = "(?i)漏|渗|破|碎|裂|leak|broke|broken|crack|spill"
_POSITIVE = "(?i)阳性|检出|positive|reactive|detected"
_NEGATIVE = "(?i)阴性|未检出|negative|non-?reactive|not detected|no agent"
_LISTED = "(?i)hiv|艾滋|乙肝|丙肝|梅毒|hbv|hcv|hepatitis|syphilis|treponema"
_SAMPLE_TOPICS = ("sample", "sex_test", "lawful_test")
_TUBES = ("{n} tubes", "{n} 管")
_ON_DAYS = ("on {n} days", "共 {n} 日")
_UNITS = {"persons": "人份", "tubes": "管", "trips": "次"}


@dataclass(frozen=True)
class Showing:
    """One thing that shows a fact: a claim with its first and last day, or rows counted by day; ``said`` adds words.

    What is said stands in English and in Chinese. ``row_ids`` are the rows of records that state it, day by day as
    ``days``, or all under one entry where they have no day; rows of flows are not repeated here. ``counted`` says what
    is counted by day where it is not rows, ``{n}`` being how many. Where ``is_period``, what is said is of all days
    from the first to the last; ``is_total`` means that it is a sum over them, of which no part is known.
    """

    days: tuple[date, ...]
    evidence_id: str = ""
    n_rows: int = 0
    said: tuple[str, str] = ("", "")
    rows_by_day: tuple[int, ...] = ()
    row_ids: tuple[tuple[int, ...], ...] = ()
    counted: tuple[str, str] = ("", "")
    is_period: bool = False
    is_total: bool = False

    def within(self, start: date | None, end: date | None) -> Showing | None:
        """What of it lies in a span of days; what has no day at all holds throughout."""
        if not self.days:
            return self
        if self.is_period:
            return self._clipped(start, end)
        inside = [
            place
            for place, day in enumerate(self.days)
            if (start is None or day >= start) and (end is None or day <= end)
        ]
        spans = bool(start and end and self.evidence_id and min(self.days) < start and max(self.days) > end)
        if not inside and not spans:
            return None
        counts = tuple(self.rows_by_day[place] for place in inside) if self.rows_by_day else ()
        by_day = len(self.row_ids) == len(self.days) and bool(self.rows_by_day)
        return replace(
            self,
            days=tuple(self.days[place] for place in inside),
            rows_by_day=counts,
            row_ids=tuple(self.row_ids[place] for place in inside) if by_day else self.row_ids,
            n_rows=sum(counts) if counts else self.n_rows,
        )

    def _clipped(self, start: date | None, end: date | None) -> Showing | None:
        """The part of a period that lies in a span of days; a sum over all of it says so."""
        first, last = min(self.days), max(self.days)
        since, until = max(first, start or first), min(last, end or last)
        if since > until:
            return None
        if not self.is_total or (since, until) == (first, last):
            return replace(self, days=(since, until))
        english = f" over all of {first} to {last}, a part of it while this rule was in force"
        chinese = f"（{first} 至 {last} 全期合计，其中部分期间本条有效）"
        return replace(self, days=(since, until), said=(self.said[0] + english, self.said[1] + chinese))


Facts = Mapping[str, tuple[Showing, ...]]


def _on_days(column: pa.ChunkedArray) -> list[Showing]:
    """Rows counted by day; none where there are no rows."""
    if not len(column):
        return []
    counted = pc.value_counts(pc.cast(column.drop_null(), pa.date32()))
    by_day = sorted((each["values"], each["counts"]) for each in counted.to_pylist())
    days, counts = tuple(day for day, _ in by_day), tuple(count for _, count in by_day)
    return [Showing(days, n_rows=len(column), rows_by_day=counts)]


def _recorded(table: pa.Table, column: str) -> list[Showing]:
    """Rows of records counted by day, with the rows of each day."""
    dated = table.filter(pc.is_valid(table[column])).sort_by("row_id")
    rows_on: dict[date, list[int]] = {}
    for day, row_id in zip(pc.cast(dated[column], pa.date32()).to_pylist(), dated["row_id"].to_pylist(), strict=True):
        rows_on.setdefault(day, []).append(row_id)
    return [replace(each, row_ids=tuple(tuple(rows_on[day]) for day in each.days)) for each in _on_days(table[column])]


def _of_seizures(tubes: pa.Table, seizures: pa.Table, counted: tuple[str, str] = ("", "")) -> list[Showing]:
    """Tubes counted by the day of their seizure, with the rows of each day; those of no known day under one entry."""
    tubes = tubes.sort_by("row_id")
    day_of = dict(
        zip(seizures["seizure_id"].to_pylist(), pc.cast(seizures["seized_at"], pa.date32()).to_pylist(), strict=True)
    )
    rows_on: dict[date | None, list[int]] = {}
    for seizure_id, row_id in zip(tubes["seizure_id"].to_pylist(), tubes["row_id"].to_pylist(), strict=True):
        rows_on.setdefault(day_of.get(seizure_id), []).append(row_id)
    without = rows_on.pop(None, [])
    days = tuple(sorted(day for day in rows_on if day is not None))
    found = [Showing((), n_rows=len(without), row_ids=(tuple(without),), counted=counted)] if without else []
    if days:
        rows = tuple(tuple(rows_on[day]) for day in days)
        counts = tuple(map(len, rows))
        found.append(Showing(days, n_rows=sum(counts), rows_by_day=counts, row_ids=rows, counted=counted))
    return found


def _rows(table: pa.Table) -> tuple[tuple[int, ...], ...]:
    """The rows of a table as one entry."""
    return (tuple(sorted(table["row_id"].to_pylist())),)


def _days(column: pa.ChunkedArray) -> tuple[date, ...]:
    return tuple(day for each in _on_days(column) for day in each.days)


def _among(table: pa.Table, column: str, values: Iterable[object]) -> pa.Table:
    wanted = pa.array(sorted(set(values), key=str), table.schema.field(column).type)
    return table.filter(pc.is_in(table[column], value_set=wanted))


def _matching(table: pa.Table, column: str, pattern: str) -> pa.Table:
    return table.filter(pc.fill_null(pc.match_substring_regex(table[column], pattern), False))  # noqa: FBT003


@dataclass(frozen=True)
class Material:
    """The tables that facts are read from, already cut to one network."""

    network: dict[str, object]
    members: pa.Table
    claims: pa.Table
    flows: pa.Table
    places: pa.Table
    estimates: pa.Table
    seizures: pa.Table
    specimens: pa.Table
    permits: pa.Table
    declarations: pa.Table
    parcels: pa.Table
    has_permits: bool
    has_declarations: bool


def facts_of(material: Material) -> Facts:
    """Every fact of one network, by predicate; a predicate nothing shows has no showings."""
    found = {name: _shown(predicate, material) for name, predicate in PREDICATES.items()}
    for name, showings in (_by_records(material) | _by_extent(material)).items():
        found[name] = [*found[name], *showings]
    return {name: tuple(showings) for name, showings in found.items()}


def _shown(predicate: Predicate, material: Material) -> list[Showing]:
    """By claims and flows and roles, as the predicate says."""
    claims = material.claims
    by_detector = _among(claims, "detector", predicate.detectors)
    in_role = _among(material.members, "role", predicate.roles)["party_id"].to_pylist()
    by_role = claims.filter(
        pc.and_(pc.is_in(claims["party_id"], value_set=pa.array(in_role, pa.string())), pc.invert(claims["is_against"]))
    )
    wanted = pa.concat_tables([by_detector, by_role])
    seen: dict[str, Showing] = {}
    for row in wanted.select(["evidence_id", "first_on", "last_on", "n_rows"]).to_pylist():
        days = tuple(day for day in (row["first_on"], row["last_on"]) if day is not None)
        seen[row["evidence_id"]] = Showing(days, row["evidence_id"], row["n_rows"] or 0)
    showings = [seen[key] for key in sorted(seen)]
    return showings + _on_days(_among(material.flows, "flow", predicate.flows)["at"])


def _by_records(material: Material) -> dict[str, list[Showing]]:
    """What seizures, tubes, permits, declarations and waybills state."""
    seizures, specimens = material.seizures, material.specimens
    broken = _matching(specimens, "condition", _BROKEN)
    labelled = specimens.filter(pc.fill_null(pc.greater(pc.utf8_length(specimens["label"]), 1), False))  # noqa: FBT003
    found: dict[str, list[Showing]] = {
        "concealed": _recorded(_matching(seizures, "concealment", _HIDDEN), "seized_at"),
        "special_compartment": _recorded(_matching(seizures, "concealment", _COMPARTMENT), "seized_at"),
        "leak_or_break": _recorded(_matching(seizures, "condition", _BROKEN), "seized_at")
        + _of_seizures(broken, seizures, _TUBES),
        "labelled_tubes": _of_seizures(labelled, seizures, _TUBES),
    }
    whole, tubes = _positive(seizures, "infectious_result"), _positive(specimens, "result")
    found["infectious_marker"] = _recorded(whole, "seized_at") + _of_seizures(tubes, seizures, _TUBES)
    found["listed_marker"] = _recorded(_listed(whole, "infectious_result"), "seized_at") + _of_seizures(
        _listed(tubes, "result"), seizures, _TUBES
    )
    return found | _by_papers(material)


def _positive(table: pa.Table, column: str) -> pa.Table:
    """Rows whose result is positive; a text that also says negative is left to a person."""
    found = _matching(table, column, _POSITIVE)
    return found.filter(pc.invert(pc.match_substring_regex(found[column], _NEGATIVE)))


def _listed(positive: pa.Table, column: str) -> pa.Table:
    """Those of the positive rows that name one of the four agents the law lists, in the result or the test."""
    text = positive[column]
    if "test" in positive.column_names:
        text = pc.binary_join_element_wise(text, pc.fill_null(positive["test"], ""), " ")
    return positive.filter(pc.fill_null(pc.match_substring_regex(text, _LISTED), False))  # noqa: FBT003


def _by_papers(material: Material) -> dict[str, list[Showing]]:
    start, end = material.network.get("from_on"), material.network.get("to_on")
    period = tuple(day for day in (start, end) if isinstance(day, date))
    permits, declarations = material.permits, material.declarations
    found: dict[str, list[Showing]] = {
        "permit_held": [],
        "no_permit_in_records": [],
        "no_declaration_in_records": [],
        "declared_as_else": [],
    }
    if permits.num_rows:
        found["permit_held"] = [
            Showing(
                (),
                n_rows=permits.num_rows,
                row_ids=_rows(permits),
                said=(
                    f"{permits.num_rows} permits, whose dates and quantities must be compared",
                    f"{permits.num_rows} 份许可，其日期与数量须核对",
                ),
            )
        ]
    elif material.has_permits:
        found["no_permit_in_records"] = [
            Showing(
                period,
                said=("the permit register in hand names none of them", "现有许可登记未载其中任何人"),
                is_period=True,
            )
        ]
    if material.has_declarations and not declarations.num_rows:
        found["no_declaration_in_records"] = [
            Showing(
                period,
                said=("the declarations in hand name none of them as exporter", "现有报关单未载其中任何人为发货人"),
                is_period=True,
            )
        ]
    other = material.parcels.filter(pc.invert(pc.is_in(material.parcels["topic"], value_set=pa.array(_SAMPLE_TOPICS))))
    found["declared_as_else"] = _recorded(other, "accepted_at")
    return found


def _by_extent(material: Material) -> dict[str, list[Showing]]:
    """Numbers that bear on how grave it is: listed, never measured against a threshold."""
    period = tuple(
        day for day in (material.network.get("from_on"), material.network.get("to_on")) if isinstance(day, date)
    )
    found: dict[str, list[Showing]] = {}
    shown = material.estimates.filter(
        pc.and_(pc.equal(material.estimates["party_id"], ""), pc.equal(material.estimates["method"], "reconciled"))
    )
    for row in shown.to_pylist():
        low, likely, high = (f"{row[end]:,.0f}" for end in ("low", "value", "high"))
        unit = row["unit"]
        said = (
            f"at least {low} {unit}, likely {likely}, at most {high}",
            f"至少 {low} {_UNITS.get(unit, unit)}，约 {likely}，至多 {high}",
        )
        if row["measure"] == "samples" and row["low"] > 0:
            found["persons_count"] = [Showing(period, said=said, is_period=True, is_total=True)]
        if row["measure"] in ("gross_paid", "kept") and row["high"] > 0:
            paid = row["measure"] == "gross_paid"
            both = (
                f"{'paid by clients' if paid else 'kept'}: {said[0]}",
                f"{'客户支付' if paid else '留存'}：{said[1]}",
            )
            found.setdefault("gain", []).append(Showing(period, said=both, is_period=True, is_total=True))
    roles = sorted(set(material.members["role"].to_pylist()))
    if len(roles) >= 2:
        n = material.members.num_rows
        named = "、".join(ROLES[role][1] if role in ROLES else role for role in roles)
        found["organised_roles"] = [
            Showing(period, said=(f"{n} members as {', '.join(roles)}", f"{n} 名成员，分为{named}"), is_period=True)
        ]
    days = _days(_among(material.flows, "flow", ("trip", "sample_parcel"))["at"])
    if len(days) >= 2:
        found["repeated"] = [Showing(days, n_rows=len(days), rows_by_day=(1,) * len(days), counted=_ON_DAYS)]
    laboratories = _among(material.places, "role", ("laboratory",)).num_rows
    if laboratories:
        found["recipient_abroad"] = [
            Showing(
                period,
                said=(f"{laboratories} laboratory addresses", f"{laboratories} 处检测机构地址"),
                is_period=True,
            )
        ]
    return found


def in_region(material: Material, region: str) -> tuple[Showing, ...]:
    """Rows whose samples, orders or payments came from one region."""
    rows = material.flows.filter(pc.fill_null(pc.equal(material.flows["region"], region), False))  # noqa: FBT003
    return tuple(_on_days(rows["at"]))
