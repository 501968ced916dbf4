"""From staged text to records: mapping, cleaning, quarantine, duplicates."""

from vialtrace.ingest.clean import CLEANERS
from vialtrace.ingest.duplicates import deduplicated, duplicates
from vialtrace.ingest.guessing import guess
from vialtrace.ingest.mapping_file import from_yaml, mapping_problems, to_yaml
from vialtrace.ingest.recording import Cleaned, plain_fields, records
from vialtrace.ingest.units import unit_questions
from vialtrace.model.mapping import Guess, Mapping, Question, Reading

__all__ = [
    "CLEANERS",
    "Cleaned",
    "Guess",
    "Mapping",
    "Question",
    "Reading",
    "deduplicated",
    "duplicates",
    "from_yaml",
    "guess",
    "mapping_problems",
    "plain_fields",
    "records",
    "to_yaml",
    "unit_questions",
]
