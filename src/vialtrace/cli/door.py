"""The one handler: every refusal in its three parts, with the exit code of its kind; no traceback unless asked for."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from vialtrace.cli.commands import app
from vialtrace.errors import OurBug, VialtraceError

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Queries are built of many small objects that hold no cycles worth looking for after each few hundred.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        app(words, prog_name="vialtrace")
    except VialtraceError as refusal:
        _tell(refusal, words)
        sys.exit(refusal.exit_code)
    except KeyboardInterrupt:
        print("Interrupted. The case is whole; repeat the command to go on.", file=sys.stderr)  # noqa: T201
        sys.exit(_INTERRUPTED)
    except Exception as surprise:  # noqa: BLE001  the last resort: what nobody foresaw is our bug, and is told as one
        bug = OurBug(
            f"{type(surprise).__name__} in `vialtrace {' '.join(words[:1])}`.", expected="The case is as it was before."
        )
        if not _is_debugged(words):
            # The message of a foreign error may hold a value of a row, so it is shown on request only.
            bug.way_out += " Repeat the command with --debug to see where."
        _tell(bug, words)
        sys.exit(bug.exit_code)


def _is_debugged(words: Sequence[str]) -> bool:
    return "--debug" in words or bool(os.environ.get("VIALTRACE_DEBUG"))


def _tell(refusal: VialtraceError, words: Sequence[str]) -> None:
    if _is_debugged(words):
        traceback.print_exc()
    if "--json" in words:
        print(json.dumps(refusal.as_dict(), ensure_ascii=False), file=sys.stderr)  # noqa: T201
        return
    # Text and not markup: a file name may hold square brackets.
    told = Text.assemble((refusal.given, "bold red"))
    for part in (refusal.expected, refusal.way_out):
        if part.strip():
            told.append("\n" + part.strip("\n"))
    Console(stderr=True, soft_wrap=True, highlight=False).print(told)
