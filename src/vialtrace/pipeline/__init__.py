"""The order of things: from sources to record tables, through the stages, to a run."""

from vialtrace.pipeline.decisions import (
    ACTS,
    CREDIBILITY,
    GRADE,
    IDENTITIES,
    JUDGEMENTS,
    OVERSHARED,
    PROCEDURAL,
    RELIABILITY,
    STATUS,
    UNGRADED,
    WITHDRAW,
    Decision,
    Grade,
    grades,
    in_force,
    reasons,
    statuses,
)
from vialtrace.pipeline.progress import Progress, silent
from vialtrace.pipeline.reading import Read, Tried, mapping_of, read_sheets
from vialtrace.pipeline.running import inputs_of, make, remake, run_digest
from vialtrace.pipeline.screening import Screened, Watch, rejected, screen_files
from vialtrace.pipeline.stages import all_steps, thresholds
from vialtrace.pipeline.staging import StagedSheet, received, sheets_of, staged
from vialtrace.pipeline.taking import take_in
from vialtrace.pipeline.trying import Part, SampleRow, part_of_run, read_part, sampled
from vialtrace.pipeline.version import build, libraries

__all__ = [
    "ACTS",
    "CREDIBILITY",
    "GRADE",
    "IDENTITIES",
    "JUDGEMENTS",
    "OVERSHARED",
    "PROCEDURAL",
    "RELIABILITY",
    "STATUS",
    "UNGRADED",
    "WITHDRAW",
    "Decision",
    "Grade",
    "Part",
    "Progress",
    "Read",
    "SampleRow",
    "Screened",
    "StagedSheet",
    "Tried",
    "Watch",
    "all_steps",
    "build",
    "grades",
    "in_force",
    "inputs_of",
    "libraries",
    "make",
    "mapping_of",
    "part_of_run",
    "read_part",
    "read_sheets",
    "reasons",
    "received",
    "rejected",
    "remake",
    "run_digest",
    "sampled",
    "screen_files",
    "sheets_of",
    "silent",
    "staged",
    "statuses",
    "take_in",
    "thresholds",
]
