"""Detect: each detector asks one question of the tables and answers with evidence."""

from vialtrace.detect import (
    adverts,
    clients,
    crossings,
    grounds,
    orders,
    parcels,
    payments,
    reading,
    seizures,
    ties,
    visits,
)
from vialtrace.detect.claims import Detector

RECIPES = (
    reading.reading,
    reading.glossary,
    orders.suspect_order,
    orders.order_parcel,
    visits.visit,
    seizures.sample_seizure,
    seizures.seized_parcel,
    seizures.labelled_client,
    crossings.trip_day,
    crossings.matter_place,
    parcels.parcel_ends,
    grounds.permit_use,
    ties.core,
    ties.money_tie,
    ties.talk_tie,
    ties.circle,
    ties.tie,
)

DETECTORS: tuple[Detector, ...] = (
    adverts.soliciting_adverts,
    orders.sample_orders,
    orders.order_parcels,
    orders.order_parcel_links,
    orders.order_collectors,
    clients.shared_clients,
    parcels.parcel_consolidation,
    parcels.two_way_trade,
    parcels.relayed_parcels,
    parcels.successive_addresses,
    parcels.keeps_address,
    parcels.regular_senders,
    payments.client_payments,
    seizures.seized_carriers,
    seizures.seized_parcels,
    seizures.seized_parcel_senders,
    seizures.seizure_backward,
    crossings.mule_pay,
    crossings.travelling_together,
    crossings.hub_mule_coupling,
    crossings.quick_returns,
    crossings.commuter_rhythm,
    grounds.register_ties,
    grounds.licensed_activity,
    grounds.testing_organisation,
    grounds.permit_exceeded,
    grounds.undeclared_export,
    grounds.declared_export_cover,
)

__all__ = ["DETECTORS", "RECIPES", "Detector"]
