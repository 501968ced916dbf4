"""The one handler: every refusal in its three parts, with the exit code of its kind; no traceback unless asked for."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import traceback
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from vialtrace.cli import intake, outcome, worlds  # noqa: F401  their commands, in the order in which help lists them
from vialtrace.cli.app import app
from vialtrace.cli.screen import lines_shown
from vialtrace.errors import OurBug, VialtraceError

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugged = "--debug" in words or bool(os.environ.get("VIALTRACE_DEBUG"))
    # People put it where they are told of it: behind the command that failed.
    words = [word for word in words if word != "--debug"]
    _print_anything()
    # Queries are built of many small objects that hold no cycles worth looking for after each few hundred.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        app(words, prog_name="vialtrace")
    except VialtraceError as refusal:
        _tell(refusal, words, is_debugged=is_debugged)
        sys.exit(refusal.exit_code)
    except (KeyboardInterrupt, SystemExit) as left:
        # The library of commands ends on an interrupt without a word.
        if isinstance(left, SystemExit) and left.code != _INTERRUPTED:
            raise
        print("Interrupted. The case is whole; repeat the command to go on.", file=sys.stderr)  # noqa: T201
        sys.exit(_INTERRUPTED)
    except Exception as surprise:  # noqa: BLE001  the last resort: what nobody foresaw is our bug, and is told as one
        bug = OurBug(
            f"{type(surprise).__name__} in `vialtrace {' '.join(words[:1])}`.", expected="The case is as it was before."
        )
        if not is_debugged:
            # The message of a foreign error may hold a value of a row, so it is shown on request only.
            bug.way_out += " Repeat the command with --debug to see where."
        _tell(bug, words, is_debugged=is_debugged)
        sys.exit(bug.exit_code)


def _print_anything() -> None:
    """Write what the terminal has no character for as its number: a name in Chinese is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _tell(refusal: VialtraceError, words: Sequence[str], *, is_debugged: bool) -> None:
    if is_debugged:
        traceback.print_exc()
    if "--json" in words:
        is_short = not (sys.stderr.encoding or "").lower().startswith("utf")
        print(json.dumps(refusal.as_dict(), ensure_ascii=is_short), file=sys.stderr)  # noqa: T201
        return
    # Text and not markup: a file name may hold square brackets.
    told = Text.assemble((lines_shown(refusal.given), "bold red"))
    for part in (refusal.expectation, refusal.way_out):
        if part.strip():
            told.append("\n" + lines_shown(part.strip("\n")))
    Console(stderr=True, soft_wrap=True, highlight=False).print(told)
