"""What part a member plays, from where it stands in the flow of posts, parcels, people and money."""

from __future__ import annotations

import math
import re

from vialtrace.model.tables import ROLES
from vialtrace.reconstruct.graph import Graph
from vialtrace.reconstruct.growth import Belief

# How telling each claim is of each role, when the member is the claim's subject or its object. Units are arbitrary:
# a difference of two makes one role seven times likelier than the other.
AS_SUBJECT: dict[str, dict[str, float]] = {
    "soliciting_adverts": {"recruiter": 3.0},
    "sample_orders": {"recruiter": 3.5},
    "order_collectors": {"collector": 4.0},
    "order_destinations": {"recruiter": 2.5},
    # Who takes the order and draws the blood is a collector who sells; a recruiter leaves the posting to others.
    "regular_senders": {"collector": 4.0},
    "seized_parcel_senders": {"collector": 2.0},
    "order_parcels": {"hub": 3.0},
    "seized_parcels": {"hub": 2.5},
    "keeps_address": {"hub": 2.0},
    "relayed_parcels": {"hub": 2.5},
    "seized_carriers": {"mule": 4.0},
    "carried_with_others": {"mule": 3.0},
    "travelling_together": {"mule": 2.0},
    "mule_pay": {"treasurer": 2.5},
    "pays_handlers": {"treasurer": 1.5},
    "paid_by_handlers": {"treasurer": 1.5},
    "shared_payees": {"treasurer": 1.0},
    "ordered_and_posted": {"hub": 2.0},
    "wrote_and_posted": {"hub": 2.0},
    "ordered_and_paid": {"treasurer": 1.0},
    "wrote_and_paid": {"treasurer": 1.0},
    # Who sells talks with the clients, and who draws the blood does: the one posts it as well.
    "ordered_and_talked": {"recruiter": 1.0, "collector": 0.5},
    "wrote_and_talked": {"recruiter": 1.0, "collector": 0.5},
    "clients_of_advertisers": {"recruiter": 2.0},
    "talks_with_handlers": {"hub": 1.5},
    "same_traveller": {"mule": 2.5},
    "paid_travellers": {"mule": 1.5},
    "paid_after_crossing": {"mule": 2.5},
    "register_ties": {"organiser": 2.5},
    "shared_clients": {"treasurer": 1.0},
    "client_payments": {"treasurer": 0.7},
    "permit_exceeded": {"organiser": 2.0},
}
AS_OBJECT: dict[str, dict[str, float]] = {
    "mule_pay": {"mule": 3.5},
    "same_traveller": {"mule": 2.5},
    "travelling_together": {"mule": 2.0},
    "hub_mule_coupling": {"mule": 2.0},
    "carried_for": {"mule": 3.0},
    "shared_clients": {"treasurer": 1.0},
    "clients_of_advertisers": {"treasurer": 0.7},
    "order_parcel_links": {"hub": 2.0},
    "order_destinations": {"hub": 1.5},
    "declared_consignees": {"laboratory": 3.0},
}
# To have posted to a place of the trade, once or twice.
POSTING = 1.5
# To have posted there again and be named on order sheets, without an advert: who draws the blood brings the order too.
AGENT = 4.0
LEAST_POSTED = 2
LABORATORY = re.compile(
    r"实验|检验|化验|基因|检测|诊断|医学|lab|genetic|genom|diagnos|biotech|dna|medical|clinic|health", re.IGNORECASE
)


def role_of(
    graph: Graph, node: str, beliefs: dict[str, Belief], members: frozenset[str], *, kind: str, name: str
) -> tuple[str, float]:
    """The likeliest role of ``node`` among ``members`` and its probability among the seven."""
    points = dict.fromkeys(ROLES, 0.0)
    points["organiser"] = 0.5
    for claim in graph.claims.get(node, ()):
        if claim.evidence_id not in beliefs[node].counted:
            continue
        for role, worth in (AS_SUBJECT if claim.is_subject else AS_OBJECT).get(claim.detector, {}).items():
            points[role] = max(points[role], worth) if points[role] else worth
    n_posted = sum(
        tie.n
        for tie in graph.ties_from.get(node, ())
        if tie.line == "parcel" and tie.to_id in beliefs and beliefs[tie.to_id].probability >= 0.5
    )
    if n_posted:
        sells = {claim.detector for claim in graph.claims.get(node, ()) if claim.is_subject} & {
            "sample_orders",
            "soliciting_adverts",
        }
        is_agent = sells == {"sample_orders"} and n_posted >= LEAST_POSTED
        points["collector"] = max(points["collector"], AGENT if is_agent else POSTING)
    _money(graph, node, members, points)
    if kind == "organisation":
        points["mule"] -= 3.0
        points["organiser"] -= 0.5
        paid = any(tie.from_id in members for tie in graph.ties_to.get(node, ()) if tie.line == "payment")
        pays = any(
            tie.to_id in members and tie.n >= 2 for tie in graph.ties_from.get(node, ()) if tie.line == "payment"
        )
        # A firm that members pay and that pays none of them is where the money ends: it does the testing.
        points["laboratory"] += (1.0 if paid else 0.0) + (1.5 if paid and not pays else 0.0)
        if LABORATORY.search(name or "") and not pays:
            points["laboratory"] += 2.5
    best = max(points, key=lambda role: (points[role], -list(ROLES).index(role)))
    total = sum(math.exp(value) for value in points.values())
    return best, math.exp(points[best]) / total


def _money(graph: Graph, node: str, members: frozenset[str], points: dict[str, float]) -> None:
    payers = {
        tie.from_id
        for tie in graph.ties_to.get(node, ())
        if tie.line == "payment" and tie.from_id in members and tie.n >= 2
    }
    payees = {
        tie.to_id
        for tie in graph.ties_from.get(node, ())
        if tie.line == "payment" and tie.to_id in members and tie.n >= 2
    }
    share = max(
        (tie.share_out for tie in graph.ties_to.get(node, ()) if tie.line == "payment" and tie.from_id in members),
        default=0.0,
    )
    points["treasurer"] += 0.8 * min(len(payees), 4) + 0.4 * min(len(payers), 3)
    if share >= 0.15 and not payees:
        points["organiser"] += 1.5
