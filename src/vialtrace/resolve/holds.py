"""What holds profiles together: an identifier, narrowed by a name or a place where several people use it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.resolve.beside import beside
from vialtrace.resolve.ruled import joining
from vialtrace.resolve.sharing import REGISTER, RESIDENT, STRENGTH, holdings


def hold(  # noqa: PLR0913  four thresholds, each with its reason
    profile: ir.Table, spelling: ir.Table, name_use: ir.Table, decision: ir.Table, *,
    max_names_on_document: int = 3, max_names_on_handle: int = 3, max_names_on_org_id: int = 5,
    max_names_of_household: int = 5, max_namesakes: float = 0.01, min_population: int = 10_000,
    min_issued: int = 1_000_000,
) -> ir.Table:
    """Tie each profile to the identifiers it holds, as far as they can tell one party from another.

    Args:
        profile: distinct sets of identifiers.
        spelling: distinct names.
        name_use: names seen with identifiers.
        decision: what people decided; an identifier marked as over-shared and a rejected merge tie nobody.
        max_names_on_document: a document is one person's whatever the name, up to misspellings and a change of name;
            with more names than this the number is a filler (000000) or misread.
        max_names_on_handle: likewise for a platform account, whose holder may sign with a nickname.
        max_names_on_org_id: likewise for a registration number; firms trade under translated and former names.
        max_names_of_household: up to this many names, two rows of one name on one telephone are one person; beyond it
            (courier station, office) the name must also be rare.
        max_namesakes: how many other people of the same name may be expected among those who share the identifier:
            one wrong join in a hundred, the precision asked of every join.
        min_population: a small case says little about how rare a name is; no name is taken for rarer than one in this
            many (the commonest full name in China is borne by about one in five thousand: Ministry of Public
            Security, national name report 2020).
        min_issued: documents, registration numbers, accounts and handles are issued to one holder each; two holders of
            one number are a slip, rarer than one in this many whatever the size of the case.
    """
    scored = beside(_held(profile, spelling, name_use), _least_common(name_use, min_population), "label")
    population = ibis.greatest(scored["n_known"], min_population).cast("float64")
    is_issued = scored["identifier_type"].isin(["document", "org_id", "account", "handle"])
    issued = ibis.ifelse(is_issued, ibis.greatest(population, float(min_issued)), population)
    own = scored["n_values"].cast("float64") / population
    commonness = ibis.least(own, scored["least_common"].fill_null(1.0))
    namesakes = scored["n_labels"].cast("float64") * commonness
    narrowed = scored.mutate(
        narrowing=_narrowing(
            scored, is_rare=namesakes < max_namesakes, max_on_document=max_names_on_document,
            max_on_handle=max_names_on_handle, max_on_org_id=max_names_on_org_id, max_at_home=max_names_of_household,
        ),
        identifier_weight=(issued / ibis.greatest(scored["n_labels"], 1).cast("float64")).log10(),
        name_weight=-commonness.log10(),
    )
    usable = narrowed.filter(narrowed["narrowing"].notnull())
    by_name = usable["narrowing"] != ""
    rank = ibis.cases(*[(usable["identifier_type"] == name, str(place)) for place, name in enumerate(STRENGTH)])
    ties = usable.select(
        "profile_no", "identifier_type", "value",
        node=ibis.literal("|").join([rank, usable["identifier_type"], usable["value"], usable["narrowing"]]),
        weight=(usable["identifier_weight"] + ibis.ifelse(by_name, usable["name_weight"], 0.0)).round(2),
        person=_person(usable),
    )
    columns = ("profile_no", "identifier_type", "node", "value", "weight", "person")
    agents = _agents_by_name(profile, spelling, name_use, max_namesakes, min_population)
    ties = ties.select(*columns).union(agents.select(*columns))
    return _or_alone(profile, joining(ties, decision)).select(*columns)


def _held(profile: ir.Table, spelling: ir.Table, name_use: ir.Table) -> ir.Table:
    """Holdings with their label; a nameless profile takes the one name its identifier is used with, if there is one.

    Of a telephone that is used with several names it takes the main user's.
    """
    every = holdings(profile, spelling).rename(gives_name="is_used")
    plain = every.drop("label", "is_registered", "starts", "ends")
    named = plain.drop("gives_name", "n_rows").inner_join(name_use, ["identifier_type", "value", "name_key"])
    is_only = (name_use["n_labels"] == 1) & (name_use["label"] != "")
    told = name_use.group_by("identifier_type", "value").agg(
        only_label=name_use["label"].min(where=is_only), only_n_values=name_use["n_values"].max(where=is_only),
        # Lent: registered to one name, used under exactly one other. Whoever uses it is meant where rows give no name.
        user_label=name_use["label"].min(where=name_use["is_used"] & (name_use["n_used"] == 1)),
    )
    # All that is known of an identifier is put together before it meets the many that hold it.
    told = beside(told, _common(plain, name_use), ["identifier_type", "value"])
    told = beside(told, _main_user(name_use), ["identifier_type", "value"])
    joined = beside(named, beside(told, _births(profile), ["identifier_type", "value"]), ["identifier_type", "value"])
    organisations = joined.filter(joined["identifier_type"] == "org_id")
    n_orgs = organisations.group_by("label").agg(n_orgs=organisations["value"].nunique())
    counted = beside(joined, n_orgs, "label")
    is_nameless = counted["label"] == ""
    is_phone = counted["identifier_type"] == "phone"
    is_lent = is_phone & counted["is_name_from_register"] & ~counted["is_used"] & counted["user_label"].notnull()
    # Used by several: a row that gives no name is not the registered holder's for that, nor anybody's.
    is_anybodys = is_phone & counted["is_name_from_register"] & counted["is_common"].notnull()
    return counted.select(
        "profile_no", "profile_id", "slot", "identifier_type", "value", "is_registered", "is_used", "n_labels",
        "n_used", "n_registered", "n_known", "address", "born", "n_orgs", is_nameless=is_nameless,
        label=ibis.cases(
            (is_nameless, ibis.coalesce(counted["only_label"], counted["main_label"], ibis.literal(""))),
            (is_lent, counted["user_label"]),
            (is_anybodys, ""),
            else_=counted["label"],
        ),
        n_values=ibis.ifelse(
            is_nameless,
            ibis.coalesce(counted["only_n_values"], counted["main_n_values"], ibis.literal(1)),
            counted["n_values"],
        ),
    )


def _common(held: ir.Table, name_use: ir.Table, *, least_rows: int = 3) -> ir.Table:
    """Telephones that at least two people use, each in ``least_rows`` rows that give their names, as in a family.

    One parcel in another name is a gift, and makes no telephone a common one.
    """
    used = held.filter((held["identifier_type"] == "phone") & held["gives_name"])
    named = used.inner_join(
        name_use.filter(name_use["label"] != "").select("identifier_type", "value", "name_key", "label"),
        ["identifier_type", "value", "name_key"],
    )
    by_label = named.group_by("identifier_type", "value", "label").agg(n=named["n_rows"].sum())
    often = by_label.filter(by_label["n"] >= least_rows)
    users = often.group_by("identifier_type", "value").agg(n_users=often.count())
    return users.filter(users["n_users"] >= 2).select("identifier_type", "value", is_common=ibis.literal(value=True))


def _main_user(name_use: ir.Table, *, least_rows: int = 3, least_share: float = 0.75) -> ir.Table:
    """The one name that stands beside a telephone in nearly all rows that give one, and in ``least_rows`` of them.

    Who posts for others writes their names above her own telephone now and then; the calls are hers all the same.
    """
    named = name_use.filter(
        (name_use["identifier_type"] == "phone") & (name_use["label"] != "") & ~name_use["label"].startswith("*")
    )
    by_label = named.group_by("identifier_type", "value", "label").agg(
        n=named["n_rows"].sum(), n_values=named["n_values"].max()
    )
    most = by_label.group_by("identifier_type", "value").agg(
        n_all=by_label["n"].sum(), n_most=by_label["n"].max(), main_label=by_label["label"].argmax(by_label["n"]),
        main_n_values=by_label["n_values"].argmax(by_label["n"]),
    )
    main = most.filter((most["n_most"] >= least_rows) & (most["n_most"] >= least_share * most["n_all"]))
    return main.select("identifier_type", "value", "main_label", "main_n_values")


def _least_common(name_use: ir.Table, min_population: int) -> ir.Table:
    """The least share that each name has of the identifiers of any one sort.

    Whoever changes telephones makes a rare name look common among telephones; of documents or accounts it has its own
    few. Only a sort of which the case knows ``min_population`` says how rare a name is, or the sort it knows most of;
    a company's name is no sample of names.
    """
    counted = name_use.filter((name_use["label"] != "") & (name_use["identifier_type"] != "name"))
    most = counted["n_known"].max().as_scalar()
    telling = counted.filter(counted["n_known"] >= ibis.least(most, min_population))
    share = telling["n_values"].cast("float64") / ibis.greatest(telling["n_known"], min_population).cast("float64")
    return telling.group_by("label").agg(least_common=share.min())


def _narrowing(
    held: ir.Table, *, is_rare: ir.BooleanValue, max_on_document: int, max_on_handle: int, max_on_org_id: int,
    max_at_home: int,
) -> ir.StringValue:
    """What must agree beside the identifier: nothing (empty), the label, label and place; null where nothing joins."""
    label, kind = held["label"], held["identifier_type"]
    anyone, nothing = ibis.literal(""), ibis.null("string")
    # A register says who is registered. Where rows use the identifier under another name, its holder stays apart.
    is_stranger = (held["slot"] == REGISTER) & (label != "") & ~held["is_used"] & (held["n_used"] > 0)
    is_passed_on = (held["n_used"] == 0) & (held["n_registered"] > 1)
    crowd = ibis.ifelse(
        is_rare, label, label + "@" + ibis.coalesce(held["address"], held["profile_id"]),
    )
    # Whoever left no name on a telephone of several is only the one at the same address who left none either.
    nameless = ibis.ifelse(held["address"].isnull(), anyone, ibis.literal("@") + held["address"])
    phone = ibis.cases(
        ((label == "") & (held["n_labels"] > 1), nameless),
        ((held["n_labels"] <= max_at_home) | (label == ""), label),
        else_=crowd,
    )
    return ibis.cases(
        (kind == "document", ibis.ifelse(held["n_labels"] <= max_on_document, anyone, label)),
        (kind == "org_id", ibis.ifelse(held["n_labels"] <= max_on_org_id, anyone, label)),
        (kind == "account", ibis.ifelse(is_stranger | is_passed_on, label, anyone)),
        (kind == "handle", ibis.ifelse(is_stranger | is_passed_on | (held["n_used"] > max_on_handle), label, anyone)),
        (kind == "phone", phone),
        (kind == "vehicle", label),
        # A registered company name is one company's unless the register shows two numbers under it.
        (kind == "name", ibis.ifelse(held["n_orgs"].fill_null(0) <= 1, anyone, nothing)),
        (kind == "address", ibis.ifelse(is_rare & ~held["is_nameless"], label, nothing)),
    )


def _births(profile: ir.Table) -> ir.Table:
    """The date of birth most often written with each document: one mistyped row must not split it."""
    dated = profile.filter(profile["document"].notnull() & profile["birth_on"].notnull())
    counted = dated.group_by(identifier_type=ibis.literal("document"), value="document", birth_on="birth_on").agg(
        n=dated["n_rows"].sum(),
    )
    return counted.group_by("identifier_type", "value").agg(
        born=counted["birth_on"].strftime("%Y%m%d").first(order_by=[counted["n"].desc(), counted["birth_on"]]),
    )


def _person(held: ir.Table) -> ir.StringValue:
    """What a person has only one of, as ``born|number``: the birth date, and a resident identity number."""
    is_document = held["identifier_type"] == "document"
    is_resident = is_document & held["value"].re_search(RESIDENT)
    born = held["born"]
    return ibis.cases(
        (is_resident, held["value"].substr(6, 8) + "|" + held["value"]),
        (is_document & born.notnull(), born + "|"),
    )


def _agents_by_name(
    profile: ir.Table, spelling: ir.Table, name_use: ir.Table, max_namesakes: float, min_population: int,
) -> ir.Table:
    """Tie the agents of one name on order sheets, named there with a telephone or without.

    The name must be so rare that among all agents of all sheets none is a namesake of another. In how many files the
    orders came says nothing about it: whose a sheet is, no file tells, and one that arrives in four parts is one sheet.
    """
    own = profile.filter((profile["slot"] == "order.agent") & ~profile["is_name_from_register"])
    agents = own.inner_join(spelling, "name")
    named = agents.filter(agents["label"].notnull()).select("profile_no", "label")
    n_agents = named["label"].nunique().as_scalar().cast("float64")
    # A name that no identifier is seen with is taken for as rare as names come.
    rarest = 1.0 / ibis.greatest(name_use["n_known"].max().as_scalar(), min_population).cast("float64")
    known = beside(named, _least_common(name_use, min_population), "label")
    told = known.mutate(commonness=ibis.coalesce(known["least_common"], rarest), n_agents=n_agents)
    rare = told.filter(told["n_agents"] * told["commonness"] < max_namesakes)
    return rare.select(
        "profile_no", identifier_type=ibis.literal("name"), value=rare["label"],
        node=ibis.literal("|").join([ibis.literal(f"{len(STRENGTH)}|agent"), rare["label"]]),
        weight=(-rare["commonness"].log10() - rare["n_agents"].log10()).round(2),
        person=ibis.null("string"),
    )


def _or_alone(profile: ir.Table, ties: ir.Table) -> ir.Table:
    """The ties, and profiles that nothing ties but that name somebody: each of these is its own party.

    In one join, not as two tables put together: the ties would be worked out twice.
    """
    telling = ("name", "phone", "document", "account", "handle", "org_id")
    named = profile.select(
        "profile_no", "profile_id", is_named=ibis.or_(*[profile[what].notnull() for what in telling]),
    )
    held = beside(named, ties, "profile_no")
    held = held.filter(held["node"].notnull() | held["is_named"])
    return held.mutate(
        identifier_type=held["identifier_type"].fill_null("profile"),
        node=held["node"].fill_null(ibis.literal("9|profile|") + held["profile_id"]),
        weight=held["weight"].fill_null(0.0),
    )
