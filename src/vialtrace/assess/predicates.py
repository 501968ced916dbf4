"""The facts a rule can ask for, and which claims and flows show each.

A predicate is shown by claims of certain detectors about the network's members and places, by flow rows of certain
kinds, by the part of members in a role, or by records (those are made in ``facts``). A detector that a run does not
have is simply not matched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Predicate:
    """A fact in a few words, and what shows it."""

    words: str
    detectors: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


_SEIZED = ("seized_carriers", "seized_parcels", "seized_parcel_senders", "seizure_backward")

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        # The matter and the purpose.
        "advertised": Predicate("adverts solicit the test", ("soliciting_adverts",), ("advert",)),
        "ordered_test": Predicate("order sheets hold tests sold", ("sample_orders",), ("order",)),
        "fetal_sex_purpose": Predicate(
            "adverts or orders name the sex of a fetus", ("soliciting_adverts", "sample_orders")
        ),
        "specimens_seized": Predicate("human specimens were intercepted", _SEIZED, ("seizure",)),
        "blood_in_parcels": Predicate(
            "parcels are tied to orders or seizures of blood", ("order_parcels", "seized_parcels", "declared_contents")
        ),
        "labelled_tubes": Predicate("tubes bear names or numbers of persons", ("seizure_backward",)),
        # Acts.
        "collected": Predicate(
            "samples were gathered from clients",
            ("order_collectors", "order_parcels"),
            ("sample_parcel",),
            ("collector",),
        ),
        "posted": Predicate(
            "samples were posted",
            ("order_parcels", "order_parcel_links", "seized_parcels", "seized_parcel_senders", "relayed_parcels"),
            ("sample_parcel", "relay"),
        ),
        "stored": Predicate(
            "parcels were gathered at an address",
            ("parcel_consolidation", "keeps_address", "successive_addresses"),
            ("relay",),
            ("hub",),
        ),
        "carried_out": Predicate(
            "trips over the border follow the parcels or the pay", ("hub_mule_coupling", "mule_pay"), ("trip",)
        ),
        "caught_carrying": Predicate("a traveller was found carrying specimens", ("seized_carriers",)),
        "travelled_together": Predicate("travellers crossed together", ("travelling_together",)),
        "contacts_between": Predicate("members called or wrote to each other", ("contact_ties",)),
        "declared_as_else": Predicate("parcels of samples were declared as something else", ("declared_contents",)),
        "concealed": Predicate("specimens were hidden"),
        "special_compartment": Predicate("a compartment made for hiding was used"),
        "undeclared_export": Predicate("specimens were exported without the papers", ("undeclared_export",)),
        "no_declaration_in_records": Predicate("no export declaration of a member is in the records"),
        # Money and help.
        "paid": Predicate("clients paid", ("client_payments",), ("client_payment",)),
        "money_moved": Predicate("the takings were passed on", ("money_upward",), ("transfer", "profit")),
        "fees_abroad": Predicate("a laboratory was paid", ("laboratory_fees",), ("laboratory_fee",)),
        "collectors_paid": Predicate("those who gather samples were paid for them", (), ("commission",)),
        "accounts_supplied": Predicate("accounts took the money in", roles=("treasurer",)),
        "storage_supplied": Predicate("an address took the parcels in", roles=("hub",)),
        "transport_supplied": Predicate("travellers carried for others", roles=("mule",)),
        # Extent and weight.
        "persons_count": Predicate("number of persons' samples"),
        "gain": Predicate("gains"),
        "repeated": Predicate("it was repeated"),
        "organised_roles": Predicate("the parts were shared out"),
        "recipient_abroad": Predicate(
            "a laboratory abroad received", ("laboratory_fees",), ("laboratory_fee",), ("laboratory",)
        ),
        "leak_or_break": Predicate("tubes leaked or broke"),
        "infectious_marker": Predicate("an infectious agent was found in samples"),
        "listed_marker": Predicate("HIV, hepatitis B or C virus or syphilis was found in samples"),
        "prior_penalties": Predicate("earlier penalties (no record kind holds them)"),
        "acts_in_region": Predicate("samples or orders came from the region"),
        # Lawful ground, and what speaks against.
        "permit_held": Predicate("a member holds an export permit"),
        "permit_exceeded": Predicate("permits were exceeded, expired or another's", ("permit_exceeded",)),
        "no_permit_in_records": Predicate("no permit of a member is in the records"),
        "export_within_permit": Predicate("exports were declared within a permit", ("declared_export_cover",)),
        "medical_licence": Predicate("an organisation is licensed for medical testing", ("licensed_activity",)),
        "returns_trade": Predicate("senders also received parcels, as a shop's customers do", ("two_way_trade",)),
        "commuter": Predicate("crossings have the rhythm of work or school", ("commuter_rhythm",)),
    }
)
