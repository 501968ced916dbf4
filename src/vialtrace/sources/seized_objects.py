"""Objects that an event of a supply chain says were seized: the specimens of a case (GS1 EPCIS 2.0, CBV 2.0).

The standard has no event of a seizure. An authority that keeps exhibits by it names the seizure among the business
transactions of its events, by a type of its own; without one no object is a specimen, however it was inspected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

HEADERS = ("specimen_id", "seizure_id", "condition", "temperature_celsius")
SHEET = "specimens"

_SEIZURE = re.compile(r"seiz|detention|detain|exhibit|evidence|查获|扣留|扣押", re.IGNORECASE)
_IN_CELSIUS = {"CEL": (1.0, 0.0), "KEL": (1.0, -273.15), "FAH": (5 / 9, -160 / 9)}
"""UN/ECE units of temperature: what a value is multiplied by, and what is added then."""


def specimens(event: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Each object of an event that names the seizure it belongs to."""
    seizure = next((last(each.get("bizTransaction")) for each in _transactions(event) if _is_seizure(each)), "")
    if not seizure:
        return
    found = event.get("epcList")
    for each in found if isinstance(found, list) else []:
        if isinstance(each, str) and each:
            yield {
                "specimen_id": last(each),
                "seizure_id": seizure,
                "condition": last(event.get("disposition")),
                "temperature_celsius": _temperature(event.get("sensorElementList")),
            }


def _transactions(event: dict[str, Any]) -> list[dict[str, Any]]:
    found = event.get("bizTransactionList")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_seizure(transaction: dict[str, Any]) -> bool:
    return bool(_SEIZURE.search(last(transaction.get("type"))))


def _temperature(elements: Any) -> str:
    """The first temperature that a sensor reports, in degrees Celsius; a value without its unit says nothing."""
    for element in elements if isinstance(elements, list) else []:
        reports = element.get("sensorReport") if isinstance(element, dict) else None
        for report in reports if isinstance(reports, list) else []:
            unit = _IN_CELSIUS.get(str(report.get("uom"))) if isinstance(report, dict) else None
            if unit and last(report.get("type")).lower().endswith("temperature"):
                try:
                    return f"{float(str(report.get('value'))) * unit[0] + unit[1]:.2f}"
                except ValueError:
                    continue
    return ""


def last(value: Any) -> str:
    """The last word of an identifier: ``shipping`` of ``urn:epcglobal:cbv:bizstep:shipping`` and of a web address."""
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return re.split(r"[:/#]|bizstep-|BizStep-", text.rstrip("/"))[-1]
