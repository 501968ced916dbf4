"""Screen: new records held against the networks that a run found, and why each match is one.

A run ends with a compact list of what to watch for (`watching`). New records are read into sightings (`sighting`): an
identifier, a place or a trait, with the name beside it. Sightings are matched by joins over many records (`matching`)
or by lookups for one (`lookup`); both give the same answer. Donors and clients are never watched for by themselves;
only where several of a network's clients meet at a new account or address (`gathering`) is that place told.
"""

from vialtrace.screen.gathering import MEETING, Gathering, gatherings, meetings, met, met_in_memory, met_of
from vialtrace.screen.lookup import Found, Lookup
from vialtrace.screen.matching import beside, candidates, matches, supports
from vialtrace.screen.sighting import FIELDS, SIGHTS, Sight, Sighting, reader, sightings
from vialtrace.screen.telling import LANGUAGES, Hit, gathered, told
from vialtrace.screen.watching import watch, watch_client, watch_name, watch_spared

RECIPES = (watch, watch_name, watch_client, watch_spared)
"""The recipes of this stage; each is named for the table it makes."""

TABLES = tuple(recipe.__name__ for recipe in RECIPES)
"""What is kept in memory to screen with."""

__all__ = [
    "FIELDS",
    "LANGUAGES",
    "MEETING",
    "RECIPES",
    "SIGHTS",
    "TABLES",
    "Found",
    "Gathering",
    "Hit",
    "Lookup",
    "Sight",
    "Sighting",
    "beside",
    "candidates",
    "gathered",
    "gatherings",
    "matches",
    "meetings",
    "met",
    "met_in_memory",
    "met_of",
    "reader",
    "sightings",
    "supports",
    "told",
]
