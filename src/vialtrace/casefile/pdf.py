"""The same page on paper: printed to PDF by a headless Chromium that is installed beside vialtrace, offline.

The page holds no script; it is printed from a file of its own in an empty folder, with every host name unresolvable
and an empty profile that is thrown away. Chromium writes the time of printing into the file, and calls the parts of the
page that are read aloud by numbers that go on from whatever it did before; the time is set to one fixed day and the
parts are numbered from one, so that the same page, the same Chromium and the same fonts give the same bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from vialtrace.casefile.packing import packed
from vialtrace.errors import OurBug, WrongOrder

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")

# A case of 100,000 parcels prints in well under this; a machine that takes longer is stuck.
_PATIENCE = 300
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_TIMES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_FIXED = rb"\g<1>20000101000000"
_PARTS = re.compile(rb"\(node(\d{8})\)")


def program() -> str | None:
    """The Chromium there is, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def printed(page: str) -> bytes:
    """A page of the case file as PDF.

    Raises:
        WrongOrder: if no Chromium is installed.
        OurBug: if it fails.
    """
    chromium = program()
    if chromium is None:
        raise WrongOrder(
            "A PDF needs a Chromium on this machine, and none was found.",
            expected=f"One of {', '.join(PROGRAMS)} on the path.",
            way_out="Install it (`make pdf-tools` on Debian), or print the HTML page from any browser.",
        )
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as aside:
        source, target = Path(aside) / "page.html", Path(aside) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        # Chromium refuses its own sandbox to root, as in a container.
        as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        places = (f"--user-data-dir={aside}/profile", f"--print-to-pdf={target}", source.as_uri())
        try:
            done = subprocess.run(  # noqa: S603  a fixed program and flags; the page goes in as a file
                [chromium, *_FLAGS, *as_root, *places],
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
                env={**os.environ, "TZ": "UTC"},
            )
        except subprocess.TimeoutExpired as stuck:
            raise OurBug(f"Chromium printed nothing in {_PATIENCE} seconds.") from stuck
        if not target.exists():
            raise OurBug(f"Chromium printed nothing: {done.stderr.decode(errors='replace')[-400:]}")
        return packed(_settled(target.read_bytes()))


def _settled(content: bytes) -> bytes:
    """The same file without what differs from one printing to the next; nothing in it moves."""
    # In their order: what lists them lists them sorted.
    ranks = {number: b"(node%08d)" % rank for rank, number in enumerate(sorted(set(_PARTS.findall(content))), start=1)}
    return _PARTS.sub(lambda found: ranks[found[1]], _TIMES.sub(_FIXED, content))
