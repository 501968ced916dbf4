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

from vialtrace.casefile.browser import Browser
from vialtrace.casefile.packing import packed
from vialtrace.errors import WrongOrder

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
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_TIMES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_FIXED = rb"\g<1>20000101000000"
_PARTS = re.compile(rb"\(node(\d{8})\)")


def program() -> str | None:
    """The Chromium there is, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Printer:
    """Prints pages, each as soon as it is given; a context, which is best entered before the first page is made."""

    def __init__(self) -> None:
        """Start a Chromium.

        Raises:
            WrongOrder: if none is installed.
        """
        chromium = program()
        if chromium is None:
            raise WrongOrder(
                "A PDF needs a Chromium on this machine, and none was found.",
                expected=f"One of {', '.join(PROGRAMS)} on the path.",
                way_out="Install it (`make pdf-tools` on Debian), or print the HTML page from any browser.",
            )
        # Chromium refuses its own sandbox to root, as in a container.
        self._browser = Browser(chromium, (*_FLAGS, "--no-sandbox") if os.geteuid() == 0 else _FLAGS)

    def __enter__(self) -> Printer:
        """The printer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let Chromium go."""
        self._browser.__exit__()

    def printed(self, page: str) -> bytes:
        """A page of the case file as PDF.

        Raises:
            OurBug: if it fails.
        """
        return packed(_settled(self._browser.pdf(page, patience=_PATIENCE)))


def printed(page: str) -> bytes:
    """One page of the case file as PDF.

    Raises:
        WrongOrder: if no Chromium is installed.
        OurBug: if it fails.
    """
    with Printer() as printer:
        return printer.printed(page)


def _settled(content: bytes) -> bytes:
    """The same file without what differs from one printing to the next; nothing in it moves."""
    # In their order: what lists them lists them sorted.
    ranks = {number: b"(node%08d)" % rank for rank, number in enumerate(sorted(set(_PARTS.findall(content))), start=1)}
    return _PARTS.sub(lambda found: ranks[found[1]], _TIMES.sub(_FIXED, content))
