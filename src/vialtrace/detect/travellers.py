"""What kind of traveller somebody is: who comes straight back, who commutes, who is paid and comes straight back."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanColumn, IntegerValue, Table

from vialtrace.detect.claims import claims, detector, whole, with_rows
from vialtrace.kit.names import is_full

_PERSON = r"^\p{Han}{2,4}$"
_PAID, _CROSSED = "payment.payee", "crossing.traveller"


@detector("crossing")
def quick_returns(trip_day: Table, *, least_trips: int = 6, least_share: float = 0.8, cap: float = 0.7) -> Table:
    """Who goes abroad again and again only to come straight back?

    A hired carrier is back by the next day; ``least_share`` allows for holidays. The weight is the logarithm of how
    rare that is among travellers with as many trips, cut at ``cap``: shoppers and runners of lawful errands do the
    same.
    """
    often = _travellers(trip_day).filter(lambda t: t.n_trips >= least_trips)
    # Where nobody is quick there is nobody to weigh, but the logarithm is taken all the same.
    share = (often.n_quick >= least_share * often.n_trips).cast("float64").mean().as_scalar().nullif(0.0)
    found = often.filter(_come_straight_back(often, least_share))
    return claims(
        found,
        detector="quick_returns",
        line="crossing",
        facet="chain",
        subject=("party", "party_id"),
        claim=ibis.literal("{subject} was back by the next day from ")
        + whole(found.n_quick)
        + " of "
        + whole(found.n_trips)
        + " trips.",
        weight=ibis.least(ibis.greatest(-(share.log10()), 0.0), cap),
        test="outlier",
        observed="n_quick",
    )


@detector("crossing")
def commuter_rhythm(trip_day: Table, *, least_share: float = 0.5) -> Table:
    """Who crosses on so many days that work or school on the other side explains it?

    On at least ``least_share`` of the days of the traveller's period, of which there are sixty or more.
    """
    own = _travellers(trip_day)
    found = own.filter((own.n_days >= 60) & (own.n_trips >= least_share * own.n_days))
    return claims(
        found,
        detector="commuter_rhythm",
        line="crossing",
        facet="ground",
        subject=("party", "party_id"),
        claim=ibis.literal("{subject} left on ")
        + whole(found.n_trips)
        + " of "
        + whole(found.n_days)
        + " days, the rhythm of work or school across the border.",
        weight=-0.7,
    )


@detector("crossing", "payment")
def paid_travellers(
    trip_day: Table,
    mention: Table,
    *,
    least_paid: int = 3,
    least_trips: int = 6,
    least_share: float = 0.8,
    most_chance: float = 0.05,
    cap: float = 1.5,
) -> Table:
    """Who is paid in these records and is, by register or by a rare full name, a traveller who comes straight back?

    Back by the next day from ``least_share`` of ``least_trips`` trips or more, without crossing every other day as
    people do who work on the other side. Where no register joins account and travel document the name does, if fewer
    than ``most_chance`` such travellers would bear it by chance: a name is as frequent as its surname times its given
    name. The weight is the logarithm of how rare such people are among all who are paid as often, halved because a
    hired carrier may travel outside the records, and cut at ``cap``.
    """
    often = _travellers(trip_day).filter(lambda t: t.name_key.notnull() & (t.n_trips >= least_trips))
    quick = often.filter(_come_straight_back(often, least_share))
    named = mention.filter(mention.party_id.notnull() & is_full(mention.name_key))
    paid = named.filter(named.slot == _PAID)
    n_quick = quick.party_id.nunique().as_scalar()
    payees = (
        paid.group_by("party_id", "name_key")
        .agg(n=paid.count())
        .filter(lambda t: t.n >= least_paid)
    )
    by_register = payees.join(quick.drop("name_key"), "party_id").mutate(
        share=ibis.literal(0.0), traveller_id=payees.party_id
    )
    # Who is known to travel is nobody else of the same name.
    strangers = payees.anti_join(trip_day, "party_id")
    names = frequencies(
        named.filter(named.slot.isin([_PAID, _CROSSED, "payment.payer"])).select("party_id", "name_key").distinct()
    )
    met = strangers.join(quick.rename(traveller_id="party_id"), "name_key")
    # One of several travellers of the name cannot be told from the next.
    alone = met.group_by("party_id").agg(n_bearers=met.traveller_id.nunique()).filter(lambda t: t.n_bearers == 1)
    by_name = met.semi_join(alone, "party_id").join(names, "name_key")
    by_name = by_name.filter(by_name.share * n_quick <= most_chance)
    columns = ("party_id", "name_key", "traveller_id", "n_trips", "n_quick", "first_on", "last_on", "share")
    both = by_register.select(*columns).union(by_name.select(*columns))
    # A party paid under two names is one party: the rarer name stands for it.
    told = both.group_by("party_id").agg(
        share=both.share.min(),
        n_trips=both.n_trips.max(),
        n_quick=both.n_quick.max(),
        first_on=both.first_on.min(),
        last_on=both.last_on.max(),
    )
    counted = told.mutate(n_such=told.count().as_scalar(), n_paid=payees.party_id.nunique().as_scalar())
    found = counted.mutate(weight=ibis.least(-(2.0 * counted.n_such / counted.n_paid).log10(), cap)).filter(
        lambda t: t.weight >= 0.3
    )
    rows = ibis.union(
        paid.semi_join(both, ["party_id", "name_key"]).select("party_id", "row_id"),
        both.join(trip_day, [("traveller_id", "party_id")]).select("party_id", "row_id"),
    )
    found = with_rows(found, rows, "party_id")
    return claims(
        found,
        detector="paid_travellers",
        line="crossing",
        facet="chain",
        subject=("party", "party_id"),
        claim=ibis.ifelse(
            found.share > 0,
            ibis.literal("{subject} is paid under the full name of a traveller who was back by the next day from "),
            ibis.literal("{subject} is paid in these records and was back by the next day from "),
        )
        + whole(found.n_quick)
        + " of "
        + whole(found.n_trips)
        + " trips, as were only "
        + whole(found.n_such)
        + " of the "
        + whole(found.n_paid)
        + f" people who were paid here {least_paid} times or more.",
        weight=found.weight,
        test="outlier",
        observed="n_quick",
    )


def _travellers(trip_day: Table) -> Table:
    """Each traveller with how often they left, how often they came straight back, and over how many days."""
    own = trip_day.group_by("party_id").agg(
        name_key=trip_day.name_key.min(),
        row_ids=trip_day.row_id.collect().unique().sort(),
        n_trips=trip_day.count(),
        n_quick=trip_day.is_quick.sum(),
        first_on=trip_day["on"].min(),
        last_on=trip_day["on"].max(),
    )
    return own.mutate(n_days=own.last_on.epoch_days() - own.first_on.epoch_days() + 1)


def _come_straight_back(often: Table, least_share: float) -> BooleanColumn:
    """Who comes straight back, but does not cross on every other day as people do who work on the other side."""
    return (often.n_quick >= least_share * often.n_trips) & (often.n_trips <= 0.5 * often.n_days)


def frequencies(bearers: Table) -> Table:
    """Each name with the ``share`` of people who bear it; where it cannot be told apart, one more than are seen."""
    people = bearers.filter(bearers.name_key.re_search(_PERSON))
    n_people = people.count().as_scalar()
    parts = people.mutate(surname=people.name_key.left(1), given=people.name_key.substr(1))
    surnames = parts.group_by("surname").agg(n_surname=parts.count())
    given = parts.group_by("given").agg(n_given=parts.count())
    drawn = (
        parts.select("name_key", "surname", "given")
        .distinct()
        .join(surnames, "surname")
        .join(given, "given")
        .select("name_key", drawn=lambda t: _others(t.n_surname) / n_people * (_others(t.n_given) / n_people))
    )
    use = bearers.group_by("name_key").agg(n_use=bearers.count())
    both = use.left_join(drawn, "name_key").drop("name_key_right")
    n_all = bearers.count().as_scalar()
    return both.select("name_key", share=ibis.greatest(both.drawn.fill_null(0.0), _others(both.n_use) / n_all))


def _others(n: IntegerValue) -> IntegerValue:
    """How many others bear it: payee and traveller may be one person, and then the first two are no namesakes."""
    return ibis.greatest(n - 2, 1)
