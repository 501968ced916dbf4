"""Registers, permits and declarations: who stands behind whom, what is allowed, and what goes beyond it."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from vialtrace.detect.claims import claims, detector, whole


@detector("organisation")
def register_ties(organisation: Table, mention: Table) -> Table:
    """Who stands in the register as representative of which organisation?"""
    firms = mention.filter((mention.slot == "organisation.itself") & mention.party_id.notnull()).select(
        "row_id", org_party="party_id"
    )
    heads = mention.filter((mention.slot == "organisation.representative") & mention.party_id.notnull()).select(
        "row_id", head="party_id"
    )
    both = (
        organisation.select("row_id", "established")
        .join(firms, "row_id")
        .join(heads, "row_id")
        .filter(lambda t: t["head"] != t.org_party)
    )
    found = both.group_by("head", "org_party").agg(
        row_ids=both.row_id.collect().sort(), first_on=both.established.min(), last_on=both.established.max()
    )
    return claims(
        found,
        detector="register_ties",
        line="register",
        facet="chain",
        subject=("party", "head"),
        other=("party", "org_party"),
        relation="directs",
        claim=ibis.literal("The register names {subject} as the representative of {object}."),
        weight=2.0,
    )


@detector("organisation")
def licensed_activity(organisation: Table, mention: Table) -> Table:
    """Which organisations hold a medical or laboratory licence by the register?

    A licence covers testing at home; it is no approval to send specimens abroad. So it weighs against, and does not
    clear.
    """
    licensed = organisation.filter(
        organisation.licence.notnull()
        & ~organisation.licence.strip().lower().isin(["", "无", "none", "no", "-", "/", "n/a"])
        & organisation.licence.re_search(
            "医疗|医|检验|临床|实验室|卫生|执业|血|诊断|(?i)medical|clinic|laborator|health|diagnos|nabl|cap|iso ?15189"
        )
    )
    firms = mention.filter((mention.slot == "organisation.itself") & mention.party_id.notnull()).select(
        "row_id", org_party="party_id"
    )
    named = licensed.select("row_id", "established").join(firms, "row_id")
    found = named.group_by("org_party").agg(
        row_ids=named.row_id.collect().sort(), first_on=named.established.min(), last_on=named.established.max()
    )
    return claims(
        found,
        detector="licensed_activity",
        line="register",
        facet="ground",
        subject=("party", "org_party"),
        claim=ibis.literal("{subject} is licensed for medical testing by the register."),
        weight=-2.0,
    )


def permit_use(declaration: Table, permit: Table, mention: Table, reading: Table) -> Table:
    """A declared export of human specimens, with the permit it cites if the case holds it."""
    read = declaration.left_join(reading.select(goods="text", topic="topic"), "goods").drop("goods_right")
    heading = read.hs_code.fill_null("").re_replace(r"[^0-9]", "").substr(0, 4)
    human = read.filter(
        read.topic.isin(["sample", "sex_test", "lawful_test"])
        | heading.isin(["3002"])
        | read.permit_no.isin(permit.select("permit_no").distinct().permit_no)
    )
    exporters = mention.filter(mention.slot == "declaration.exporter").select("row_id", exporter_id="party_id")
    consignees = mention.filter(mention.slot == "declaration.consignee").select("row_id", consignee_id="party_id")
    # The record's own exporter_id and holder_id are registration numbers; here they are parties.
    used = (
        human.drop("exporter_id")
        .left_join(exporters, "row_id")
        .drop("row_id_right")
        .left_join(consignees, "row_id")
        .drop("row_id_right")
    )
    holders = mention.filter(mention.slot == "permit.holder").select("row_id", holder_id="party_id")
    recipients = mention.filter(mention.slot == "permit.recipient").select("row_id", recipient_id="party_id")
    held = (
        permit.drop("holder_id")
        .left_join(holders, "row_id")
        .drop("row_id_right")
        .left_join(recipients, "row_id")
        .drop("row_id_right")
    )
    one = held.mutate(rank_=ibis.row_number().over(ibis.window(group_by=held.permit_no, order_by=held.row_id)))
    one = one.filter(one.rank_ == 0).select(
        permit_no="permit_no",
        permit_row="row_id",
        allowed="quantity",
        allowed_unit="unit",
        valid_from="valid_from",
        valid_to="valid_to",
        holder_id="holder_id",
        recipient_id="recipient_id",
        permit_destination="destination",
    )
    cited = used.left_join(one, "permit_no")
    return cited.select(
        "row_id",
        "exporter_id",
        "consignee_id",
        "topic",
        "quantity",
        "unit",
        "permit_row",
        "allowed",
        "allowed_unit",
        "valid_from",
        "valid_to",
        "holder_id",
        "recipient_id",
        permit_no=used.permit_no,
        declared_on=cited.declared_at.date(),
    )


@detector("declaration", "permit")
def permit_exceeded(permit_use: Table, *, slip_days: int = 10, slip_share: float = 0.05) -> Table:
    """Which exporters declared human specimens beyond, after or outside the permit they cite?

    Up to ``slip_share`` over the quantity or ``slip_days`` past the date is a slip of paperwork and is not called. Only
    quantities in one unit are added.
    """
    cited = permit_use.filter(permit_use.permit_row.notnull() & permit_use.exporter_id.notnull())
    late = cited.mutate(
        is_late=(cited.declared_on.epoch_days() > cited.valid_to.epoch_days() + slip_days).fill_null(False),  # noqa: FBT003
        is_early=(cited.declared_on.epoch_days() < cited.valid_from.epoch_days() - slip_days).fill_null(False),  # noqa: FBT003
        is_other=(cited.holder_id.notnull() & (cited.holder_id != cited.exporter_id)).fill_null(False),  # noqa: FBT003
        is_elsewhere=(
            cited.recipient_id.notnull() & cited.consignee_id.notnull() & (cited.recipient_id != cited.consignee_id)
        ).fill_null(False),  # noqa: FBT003
        same_unit=(cited.unit.fill_null("") == cited.allowed_unit.fill_null("")),
    )
    summed = late.group_by("exporter_id", "permit_no").agg(
        n=late.count(),
        n_outside=(late.is_late | late.is_early | late.is_other | late.is_elsewhere).sum(),
        declared=late.quantity.sum(where=late.same_unit),
        allowed=late.allowed.max(),
        permit_row=late.permit_row.max(),
        rows=late.row_id.collect(),
        first_on=late.declared_on.min(),
        last_on=late.declared_on.max(),
    )
    beyond = summed.mutate(is_over=(summed.declared > summed.allowed * (1 + slip_share)).fill_null(False))  # noqa: FBT003
    bad = beyond.filter(beyond.is_over | (beyond.n_outside >= 2))
    found = bad.group_by("exporter_id").agg(
        n_permits=bad.count(),
        n_over=bad.is_over.sum(),
        n_outside=bad.n_outside.sum(),
        n=bad.n.sum(),
        first_on=bad.first_on.min(),
        last_on=bad.last_on.max(),
        row_ids=bad.rows.collect().flatten().concat(bad.permit_row.collect()).unique().sort(),
    )
    return claims(
        found,
        detector="permit_exceeded",
        line="declaration",
        facet="matter",
        subject=("party", "exporter_id"),
        claim=ibis.literal("{subject} declared human specimens beyond the quantity of ")
        + whole(found.n_over)
        + " permits, and in "
        + whole(found.n_outside)
        + " declarations outside a permit's dates, holder or recipient.",
        weight=ibis.ifelse((found.n_over > 0) | (found.n_outside >= 5), 2.5, 1.5),
    )


@detector("declaration")
def undeclared_export(permit_use: Table) -> Table:
    """Which exporters declared human specimens without citing a permit the case holds?

    A permit that is not in the case may exist: the claim says what to ask for, and weighs little.
    """
    bare = permit_use.filter(
        permit_use.permit_row.isnull() & permit_use.exporter_id.notnull() & (permit_use.topic == "sample")
    )
    found = (
        bare.group_by("exporter_id")
        .agg(
            n=bare.count(),
            row_ids=bare.row_id.collect().sort(),
            first_on=bare.declared_on.min(),
            last_on=bare.declared_on.max(),
        )
        .filter(lambda t: t.n >= 2)
    )
    return claims(
        found,
        detector="undeclared_export",
        line="declaration",
        facet="matter",
        subject=("party", "exporter_id"),
        claim=ibis.literal("{subject} declared human specimens ")
        + whole(found.n)
        + " times without a permit that the case holds.",
        weight=0.7,
    )


@detector("declaration", "permit")
def declared_export_cover(permit_use: Table) -> Table:
    """Whose exports of human specimens are declared and within a permit?"""
    cited = permit_use.filter(permit_use.permit_row.notnull() & permit_use.exporter_id.notnull())
    good = cited.filter(
        (cited.declared_on <= cited.valid_to).fill_null(True)  # noqa: FBT003
        & (cited.declared_on >= cited.valid_from).fill_null(True)  # noqa: FBT003
        & (cited.holder_id == cited.exporter_id).fill_null(True)  # noqa: FBT003
    )
    found = good.group_by("exporter_id").agg(
        n=good.count(),
        row_ids=good.row_id.collect().concat(good.permit_row.collect()).unique().sort(),
        first_on=good.declared_on.min(),
        last_on=good.declared_on.max(),
    )
    return claims(
        found,
        detector="declared_export_cover",
        line="declaration",
        facet="ground",
        subject=("party", "exporter_id"),
        claim=ibis.literal("{subject} declared ")
        + whole(found.n)
        + " exports of human specimens within the dates of its own permits.",
        weight=-1.5,
    )


@detector("declaration")
def declared_consignees(permit_use: Table, *, least: int = 3) -> Table:
    """To whom did which exporter declare human specimens, again and again?

    A link and no matter: most such consignees are lawful laboratories of lawful exporters.
    """
    named = permit_use.filter(
        permit_use.exporter_id.notnull()
        & permit_use.consignee_id.notnull()
        & (permit_use.exporter_id != permit_use.consignee_id)
    )
    found = (
        named.group_by("exporter_id", "consignee_id")
        .agg(
            n=named.count(),
            row_ids=named.row_id.collect().sort(),
            first_on=named.declared_on.min(),
            last_on=named.declared_on.max(),
        )
        .filter(lambda t: t.n >= least)
    )
    return claims(
        found,
        detector="declared_consignees",
        line="declaration",
        facet="chain",
        subject=("party", "exporter_id"),
        other=("party", "consignee_id"),
        relation="delivers_to",
        claim=ibis.literal("{subject} declared human specimens for {object} ") + whole(found.n) + " times.",
        weight=1.5,
    )


_TESTING = (
    "检验|化验|检测|基因|实验室|诊断|医学|体检|(?i)laborator|genetic|genom|diagnos|dna|biotech|medical|patholog|clinic"
)


@detector()
def testing_organisation(organisation: Table, mention: Table, party: Table) -> Table:
    """Which organisations are there to test human specimens, by name, scope or licence?

    Most of them lawfully: it tells what an organisation that a chain leads to is, and nothing by itself. One abroad
    stands in no register; its name, as payments, parcels and declarations give it, says the same.
    """
    words = _TESTING
    named = organisation.filter(
        organisation.org_name.re_search(words)
        | organisation.business_scope.fill_null("").re_search(words)
        | organisation.licence.fill_null("").re_search(words)
    )
    firms = mention.filter((mention.slot == "organisation.itself") & mention.party_id.notnull()).select(
        "row_id", org_party="party_id"
    )
    rows = named.join(firms, "row_id").select("org_party", "row_id", on=named.established.cast("date"))
    called = party.filter((party.kind == "organisation") & party.name.re_search(words)).select(org_party="party_id")
    seen = mention.filter(mention.party_id.isin(called.org_party))
    first = seen.group_by(org_party=seen.party_id).agg(row_id=seen.row_id.min())
    elsewhere = first.anti_join(rows, "org_party").select("org_party", "row_id", on=ibis.null("date"))
    both = ibis.union(rows, elsewhere)
    found = both.group_by("org_party").agg(
        row_ids=both.row_id.collect().sort(), first_on=both["on"].min(), last_on=both["on"].max()
    )
    return claims(
        found,
        detector="testing_organisation",
        line="register",
        facet="chain",
        subject=("party", "org_party"),
        claim=ibis.literal("{subject} tests human specimens, by its name, or its scope or licence in the register."),
        weight=1.5,
    )
