"""What happened, before anybody wrote it down: events between numbered parties, batch by batch.

Parties are numbers here. Names, phones, addresses and accounts are looked up when records are made of events
(``render``), by one code for everybody. ``hidden`` events happened but left no record (cash, a sheet nobody seized);
``operation`` is the number of the business or chain an event belongs to, known to the truth only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[Any]]

# Per kind of event: its columns and their defaults; the default's type is the column's.
_FORMS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "waybill": {
            "at": 0,
            "delivered": 0,
            "sender": 0,
            "receiver": 0,
            "receiver_place": "",
            "contents": "",
            "weight": 0.0,
            "pieces": 1,
            "carrier": 0,
            "number": "",
            "hidden": False,
            "operation": -1,
        },
        "payment": {
            "at": 0,
            "payer": 0,
            "payee": 0,
            "payer_slot": 0,
            "payee_slot": 0,
            "amount": 0.0,
            "memo": "",
            "hidden": False,
            "operation": -1,
        },
        "crossing": {
            "at": 0,
            "who": 0,
            "exit": True,
            "port": 0,
            "mode": "",
            "drives": False,
            "hidden": False,
            "operation": -1,
        },
        "contact": {"at": 0, "caller": 0, "called": 0, "medium": "", "duration": 0.0, "hidden": False, "operation": -1},
        "post": {"at": 0, "who": 0, "text": "", "hidden": False, "operation": -1},
        "order": {
            "at": 0,
            "client": 0,
            "agent": 0,
            "service": "",
            "price": 0.0,
            "number": "",
            "drawn": -1,
            "label": "",
            "hidden": False,
            "operation": -1,
        },
        "seizure": {
            "at": 0,
            "who": -1,
            "number": "",
            "port": "",
            "material": "",
            "quantity": 0.0,
            "unit": "",
            "concealment": "",
            "condition": "",
            "celsius": 0.0,
            "infectious": "",
            "key": "",
            "operation": -1,
        },
        "specimen": {
            "key": "",
            "seizure_key": "",
            "label": "",
            "tube": "",
            "ml": 0.0,
            "drawn": -1,
            "condition": "",
            "celsius": 0.0,
            "test": "",
            "result": "",
            "operation": -1,
        },
        "declaration": {
            "at": 0,
            "exporter": 0,
            "consignee": 0,
            "goods": "",
            "hs": "",
            "quantity": 0.0,
            "unit": "",
            "value": 0.0,
            "permit": "",
            "port": 0,
            "number": "",
            "destination": "",
            "key": "",
            "operation": -1,
        },
        "permit": {
            "key": "",
            "holder": 0,
            "material": "",
            "quantity": 0.0,
            "from": 0,
            "to": 0,
            "recipient": 0,
            "destination": "",
            "authority": "",
            "operation": -1,
        },
    }
)


def _column(default: object, value: object, n: int) -> npt.NDArray[Any]:
    array = np.asarray(value, dtype=object if isinstance(default, str) else type(default))
    return np.broadcast_to(array, (n,)) if array.ndim == 0 else array


class Journal:
    """A growing book of events; one per world under construction."""

    def __init__(self) -> None:
        """An empty book."""
        self._parts: dict[str, list[Columns]] = {kind: [] for kind in _FORMS}

    def add(self, kind: str, n: int, **columns: object) -> None:
        """Write down ``n`` events of ``kind``; single values hold for all, what is not given has its default."""
        if n == 0:
            return
        form = _FORMS[kind]
        self._parts[kind].append(
            {name: _column(default, columns.get(name, default), n) for name, default in form.items()}
        )

    def events(self, kind: str) -> Columns:
        """All events of ``kind`` so far, as columns."""
        form, parts = _FORMS[kind], self._parts[kind]
        if not parts:
            return {name: _column(default, default, 0) for name, default in form.items()}
        return {name: np.concatenate([part[name] for part in parts]) for name in form}

    def count(self, kind: str) -> int:
        """How many events of ``kind`` there are."""
        return sum(len(part["operation"]) for part in self._parts[kind])
