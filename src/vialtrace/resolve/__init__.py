"""Who is who: mentions in rows become parties and places.

Strong identifiers join first, narrowed by names where several people use one; Splink compares what is masked, changed
or missing; groups that would hold two people are cut at their weakest bridge; every join explains itself.
"""

from __future__ import annotations

from vialtrace.model.recipe import Recipe
from vialtrace.resolve.candidates import candidate, comparable, paired
from vialtrace.resolve.groups import belonging, component, cut_hold, decided, grouping, joint, link, part, ruling
from vialtrace.resolve.holds import hold
from vialtrace.resolve.likenesses import likeness
from vialtrace.resolve.masks import TIMED, masked_fields, masked_value, masking_loss
from vialtrace.resolve.merges import merge
from vialtrace.resolve.namings import mention, profile
from vialtrace.resolve.parties import party, party_identifier
from vialtrace.resolve.places import address_form, place
from vialtrace.resolve.sharing import name_use, shared_identifier
from vialtrace.resolve.spellings import spelling

RECIPES = (
    address_form, profile, spelling, name_use, shared_identifier, hold, decided, joint, link, ruling, grouping,
    comparable, candidate, paired, likeness,
    Recipe(makes=("component", "cut_link"), function=component),
    cut_hold, belonging, mention, party, party_identifier, merge, place, masked_value, masking_loss,
)
"""The recipes of this stage; each is named for the table it makes."""

__all__ = ["RECIPES", "TIMED", "masked_fields", "part"]
