"""From staged text to records: mapping, cleaning, quarantine, duplicates."""

from vialtrace.ingest.clean import CLEANERS
from vialtrace.ingest.duplicates import duplicates
from vialtrace.ingest.flows import rule_of
from vialtrace.ingest.guessing import guess
from vialtrace.ingest.mapping_file import from_yaml, mapping_problems, to_yaml
from vialtrace.ingest.merging import disagreements, merged
from vialtrace.ingest.recording import Cleaned, judged_rows, parted, plain_fields, records
from vialtrace.ingest.stating import STATING, Stated, stated
from vialtrace.ingest.tallying import agrees, side_of, tally
from vialtrace.ingest.units import unit_questions
from vialtrace.model.mapping import Guess, Mapping, Question, Reading

__all__ = [
    "CLEANERS",
    "STATING",
    "Cleaned",
    "Guess",
    "Mapping",
    "Question",
    "Reading",
    "Stated",
    "agrees",
    "disagreements",
    "duplicates",
    "from_yaml",
    "guess",
    "judged_rows",
    "mapping_problems",
    "merged",
    "parted",
    "plain_fields",
    "records",
    "rule_of",
    "side_of",
    "stated",
    "tally",
    "to_yaml",
    "unit_questions",
]
