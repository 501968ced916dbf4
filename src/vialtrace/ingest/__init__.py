"""From staged text to records: mapping, cleaning, quarantine, duplicates."""

from vialtrace.ingest.clean import CLEANERS
from vialtrace.ingest.dating import ASKED_DAY, SINCE, dated
from vialtrace.ingest.duplicates import duplicates
from vialtrace.ingest.flows import BLANK, reconfirmed, rule_of
from vialtrace.ingest.glancing import Glancer, glance, glancer, narrowed
from vialtrace.ingest.guessing import NONE_FITS, guess
from vialtrace.ingest.mapping_file import MOST_REPAIRS, from_yaml, mapping_problems, to_yaml
from vialtrace.ingest.merging import disagreements, merged
from vialtrace.ingest.outright import Outright, outright
from vialtrace.ingest.recording import Cleaned, judged_rows, parted, plain_fields, proven_orders
from vialtrace.ingest.repairing import repaired
from vialtrace.ingest.stating import STATING, UNNAMED, Stated, stated
from vialtrace.ingest.tallying import added_up, agrees, settled, side_by_columns, side_of, tally
from vialtrace.ingest.trips import way_of_mapping
from vialtrace.ingest.units import unit_questions
from vialtrace.model.mapping import Guess, Mapping, Question, Reading

__all__ = [
    "ASKED_DAY",
    "BLANK",
    "CLEANERS",
    "MOST_REPAIRS",
    "NONE_FITS",
    "SINCE",
    "STATING",
    "UNNAMED",
    "Cleaned",
    "Glancer",
    "Guess",
    "Mapping",
    "Outright",
    "Question",
    "Reading",
    "Stated",
    "added_up",
    "agrees",
    "dated",
    "disagreements",
    "duplicates",
    "from_yaml",
    "glance",
    "glancer",
    "guess",
    "judged_rows",
    "mapping_problems",
    "merged",
    "narrowed",
    "outright",
    "parted",
    "plain_fields",
    "proven_orders",
    "reconfirmed",
    "repaired",
    "rule_of",
    "settled",
    "side_by_columns",
    "side_of",
    "stated",
    "tally",
    "to_yaml",
    "unit_questions",
    "way_of_mapping",
]
