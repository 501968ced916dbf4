"""Passenger lists: which end of a journey is the border of the case, and which way it was crossed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.sides import once
from vialtrace.model.mapping import JOURNEY_FIELDS, Mapping


def with_journey(base: ir.Table, mapping: Mapping, jurisdiction: str) -> ir.Table:
    """Every row of a passenger list with direction, time and port of the border it crosses, or why it crosses none.

    Leaving the country of the jurisdiction is an exit at the time and place of departure, reaching it an entry at those
    of arrival. Between two other places, or inside the country, there is no crossing.
    """
    home = (jurisdiction or mapping.country)[:2].upper()
    told = {
        name: base[f"c{mapping.position(each.column)}"]
        for name in JOURNEY_FIELDS
        if (each := mapping.reading(name)) is not None
    }
    null = ibis.null("string")
    left, reached = told["left_country"].upper(), told["reached_country"].upper()
    ends = [ibis.coalesce(told.get(name, null), "an unnamed place") for name in ("left_port", "reached_port")]
    journey = ends[0] + " to " + ends[1]
    is_exit, is_entry = (left == home) & (reached != home), (left != home) & (reached == home)
    problem = ibis.cases(
        (base.problem.notnull(), base.problem),
        (left.isnull() | reached.isnull(), ibis.literal("no country is known for an end of the journey: ") + journey),
        (left == reached, ibis.literal("a journey inside one country crosses no border: ") + journey),
        (~is_exit & ~is_entry, ibis.literal(f"the journey does not cross the border of {home}: ") + journey),
        else_=null,
    )

    def end(name: str) -> ir.StringValue:
        return ibis.cases(
            (is_exit, told.get(f"left_{name}", null)), (is_entry, told.get(f"reached_{name}", null)), else_=null
        )

    direction = ibis.cases((is_exit, "exit"), (is_entry, "entry"), else_=null)
    return once(
        base.mutate(side_direction=direction, side_crossed_at=end("at"), side_port=end("port"), problem=problem)
    )
