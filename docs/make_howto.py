"""Run the how-to pages: what they show is what the commands print.

``python -m docs.make_howto`` runs every command of every page in ``docs/howto`` in a terminal of its own and writes
what it printed below it; with ``--check`` it writes nothing and fails when a page has drifted. A command stands after
``$`` in a block of ``console``; what a person types at its questions stands in a comment above the block, as in
``<!-- typed: 2 | 1 -->``. Moments are written as one and the same.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

PAGES = Path(__file__).parent / "howto"
ROOT = Path(__file__).resolve().parents[1]
COLUMNS = 150
SECONDS = 300
"""A command that takes longer hangs."""

_BLOCK = re.compile(
    r"(?:<!-- typed: (?P<typed>.*?) -->\n)?```console\n\$ (?P<command>[^\n]*)\n(?P<shown>.*?)```\n", re.DOTALL
)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_BAR = re.compile(r"\s*(?:copied|rows read|cleaned|stored|stages)\s+[━╸╺\s]")
_MOMENT = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_PROMPT = re.compile(r"(?:Which \[1\]|Date of day 0 \(YYYY-MM-DD\)): $")


def made(page: Path) -> str:
    """The page with what its commands print today, in a folder of its own."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="howto-") as place:
        (Path(place) / "bin").mkdir()
        shim = Path(place) / "bin" / "vialtrace"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vialtrace "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
        work = Path(place) / "work"
        work.mkdir()

        def run(block: re.Match[str]) -> str:
            typed = [each.strip() for each in (block["typed"] or "").split("|")] if block["typed"] else []
            shown = printed(block["command"], work, Path(place) / "bin", typed)
            above = f"<!-- typed: {block['typed']} -->\n" if block["typed"] else ""
            return f"{above}```console\n$ {block['command']}\n{shown}```\n"

        return _BLOCK.sub(run, text)


def printed(command: str, work: Path, bin_folder: Path, typed: list[str]) -> str:
    """What a command shows at a terminal where a person types these answers.

    Raises:
        AssertionError: if it hangs, fails, or asks more or less than is answered.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    environment = {
        **os.environ,
        "PATH": f"{bin_folder}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "COLUMNS": str(COLUMNS),
        "TERM": "xterm",
        "USER": "you",
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(  # noqa: S603  our own page
        [shutil.which("bash") or "/bin/bash", "-c", command],
        cwd=work, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    waiting = list(typed)
    try:
        shown = _conversation(process, master, command, waiting)
        code = process.wait(30)
    finally:
        os.close(master)
        if process.poll() is None:
            process.kill()
            process.wait()
    text = _MOMENT.sub("2026-01-01T00:00:00", _CONTROL.sub("", shown.decode())).replace("\r\n", "\n")
    # A bar is drawn over itself while it lasts; a terminal keeps what stood last.
    lines = [line.rsplit("\r", 1)[-1].rstrip() for line in text.split("\n") if not _BAR.match(line)]
    if code or waiting:
        raise AssertionError(f"{command}: exit code {code}, not asked: {waiting}\n{text}")
    told = "\n".join(lines).rstrip("\n")
    return told + "\n" if told else ""


def _conversation(process: subprocess.Popen[bytes], master: int, command: str, waiting: list[str]) -> bytes:
    """All that a command shows, each of its questions answered by the first of ``waiting``, which is taken off."""
    shown, until, answered_at = b"", time.monotonic() + SECONDS, -1
    while True:
        if time.monotonic() > until:
            raise AssertionError(f"{command}: hangs after {shown.decode(errors='replace')[-500:]}")
        if not select.select([master], [], [], 1.0)[0]:
            if process.poll() is not None:
                return shown
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:
            return shown
        if not piece:
            return shown
        shown += piece
        is_asked = _PROMPT.search(_CONTROL.sub("", shown.decode(errors="ignore"))) is not None
        if is_asked and len(shown) > answered_at:
            if not waiting:
                raise AssertionError(f"{command}: asks more than is answered: {shown.decode(errors='replace')[-500:]}")
            os.write(master, f"{waiting.pop(0)}\n".encode())
            answered_at = len(shown)


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; the exit code."""
    drifted = 0
    for page in sorted(PAGES.glob("*.md")):
        text = made(page)
        if "--check" not in arguments:
            page.write_text(text, encoding="utf-8")
        elif page.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{page.relative_to(ROOT)} has drifted from what its commands print. Run `make docs`.\n")
            drifted = 1
    return drifted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
