"""Which law: what the evidence supports, contradicts or does not speak to, provision by provision."""

from vialtrace.assess.pack import Pack, Rule, pack, packs
from vialtrace.assess.recipe import provision
from vialtrace.model.recipe import Recipe

RECIPES = (Recipe(makes=("provision",), function=provision),)

__all__ = ["RECIPES", "Pack", "Rule", "pack", "packs", "provision"]
