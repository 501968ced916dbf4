"""How much: samples, tubes, trips, money and regions of each network, every figure with its interval and its source."""

from vialtrace.estimate.narrowing import near_mention, near_payment, near_waybill, usual_parcels
from vialtrace.estimate.recipe import estimates
from vialtrace.model.recipe import Recipe

RECIPES = (
    near_mention,
    near_waybill,
    near_payment,
    usual_parcels,
    Recipe(makes=("estimate", "network_region"), function=estimates),
)

__all__ = ["RECIPES", "estimates", "near_mention", "near_payment", "near_waybill", "usual_parcels"]
