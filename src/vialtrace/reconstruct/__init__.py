"""Reconstruct: evidence becomes networks, members with roles, flows and batches."""

from vialtrace.reconstruct import consignments, flows, places, record_of
from vialtrace.reconstruct.networks import NETWORKS

RECIPES = (
    NETWORKS,
    flows.member_party,
    record_of.tie_claim_row,
    record_of.evidence,
    record_of.evidence_row,
    flows.client_of,
    flows.flow_row,
    places.network_place,
    consignments.batch,
    consignments.protected_party,
)

__all__ = ["RECIPES"]
