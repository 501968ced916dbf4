"""Why a new record was matched, in sentences: English and Chinese, with the rows of the case behind each.

Of the new record only what matched is told, never who else stands in it; of the case only members and places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vialtrace.model import record
from vialtrace.model.tables import ROLES
from vialtrace.screen.gathering import Gathering

LANGUAGES = ("en", "zh")

_THINGS = ("waybill_no", "advert", "contents", "amount", "port")


@dataclass(frozen=True)
class Hit:
    """One thing in one new record that shows a network.

    ``row`` is the new record's place, ``rows`` those of the case, as ``file:row``; ``why`` is the reason in English and
    Chinese. ``is_support`` marks what counts only beside another hit on the same record and network.
    """

    row: str
    kind: str
    field: str
    network: str
    score: float
    what: str
    how: str
    member: str
    role: str
    is_support: bool
    n_rows: int
    rows: tuple[str, ...]
    why: tuple[str, str]


@cache
def _texts() -> Mapping[str, tuple[str, str]]:
    text = (resources.files("vialtrace.screen") / "catalogue.yaml").read_text(encoding="utf-8")
    return {str(name): (str(english), str(chinese)) for name, (english, chinese) in yaml.safe_load(text).items()}


def _said(name: str, place: int, **values: object) -> str:
    return _texts()[name][place].format(**values)


def _role(found: Mapping[str, Any], place: int) -> str:
    """What a member does in the network, or what a place is to it."""
    name = str(found["role"])
    if not name:
        return ""
    return _said(name, place) if found["what"] == "address" else ROLES[name][place]


def _sentence(watched: Mapping[str, Any]) -> str:
    """The name of the sentence for a thing watched for and how it was met."""
    what, how, rule = watched["what"], watched["how"], watched["rule"]
    if what in _THINGS:
        return str(what)
    if what == "address":
        return "place" if rule == "none" else "place_fits"
    if rule == "full":
        return "same_full"
    if how == "masked":
        return "masked"
    return "same" if rule == "none" else "same_fits"


def told(found: Mapping[str, Any], *, row: str, kind: str, score: float, locate: Callable[[int], str]) -> Hit:
    """A match as a hit; ``found`` holds the columns of `watch` beside ``field``, ``seen`` and ``how``."""
    rows = tuple(locate(each) for each in found["row_ids"] or ())
    why = []
    for place in range(len(LANGUAGES)):
        sentence = _said(
            _sentence(found),
            place,
            field=record(kind).column(found["field"]).label[place].capitalize(),
            value=found["value"],
            seen=found["seen"],
            member=found["called"] or found["member_id"],
            role=_role(found, place),
            network=found["network_id"],
        )
        why.append(sentence + _known_from(found, rows, place))
    return Hit(
        row,
        kind,
        found["field"],
        found["network_id"],
        score,
        found["what"],
        found["how"],
        found["member_id"],
        found["role"],
        bool(found["is_support"]),
        int(found["n_rows"]),
        rows,
        (why[0], why[1]),
    )


def _known_from(found: Mapping[str, Any], rows: tuple[str, ...], place: int) -> str:
    n = int(found["n_rows"])
    if not rows:
        return ""
    listed = _said("joint", place).join(rows) + (_said("and_more", place) if n > len(rows) else "")
    if n == 1:
        return _said("known_from.one", place, rows=listed)
    if found["from_on"] is None:
        return _said("known_from.undated", place, n=f"{n:,}", rows=listed)
    return _said("known_from", place, n=f"{n:,}", first=found["from_on"], last=found["to_on"], rows=listed)


def gathered(each: Gathering) -> tuple[str, str]:
    """Why a new place was told, in English and Chinese."""
    english, chinese = (
        _said(
            "gathered",
            place,
            n_clients=each.n_clients,
            n_names=each.n_names,
            value=each.value,
            network=each.network_id,
            expected=f"{each.n_expected:.2g}",
            p=f"{each.p_value:.1g}",
        )
        for place in range(len(LANGUAGES))
    )
    return english, chinese
