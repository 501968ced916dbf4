"""How much: samples, tubes, trips, money and regions of each network, every figure with its interval and its source."""

from vialtrace.estimate.recipe import estimates
from vialtrace.model.recipe import Recipe

RECIPES = (Recipe(makes=("estimate", "network_region"), function=estimates),)

__all__ = ["RECIPES", "estimates"]
