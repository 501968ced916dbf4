"""A headless Chromium that is started once, told of pages through a pipe, and prints each of them.

It speaks the Chrome DevTools Protocol over two pipes (``--remote-debugging-pipe``), so that no port is opened and
nobody else can reach it. It takes a second to start: whoever makes a page starts it before.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any

from vialtrace.errors import OurBug

# Chromium reads what it is told from file 3 and answers on file 4; this puts them there and becomes Chromium.
_BECOME = """
import fcntl, os, sys
told, answers = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(told, 3), os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_A_READING = 1 << 20
_SECONDS_TO_LEAVE = 10
_PAPER = {
    "preferCSSPageSize": True,
    "printBackground": True,
    "generateTaggedPDF": True,
    "transferMode": "ReturnAsStream",
}


class Browser:
    """One Chromium with an empty profile that is thrown away; a context, at whose end it is gone."""

    def __init__(self, program: str, flags: Sequence[str]) -> None:
        """Start it, without waiting until it is there."""
        self._aside = tempfile.TemporaryDirectory(prefix="vialtrace-", ignore_cleanup_errors=True)
        told, self._tell = os.pipe()
        self._answers, answers = os.pipe()
        with (self._place / "said").open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  a fixed program and flags; pages go in as files
                [
                    *(sys.executable, "-I", "-S", "-c", _BECOME, str(told), str(answers), program, *flags),
                    *("--remote-debugging-pipe", f"--user-data-dir={self._place / 'profile'}", "about:blank"),
                ],
                pass_fds=(told, answers),
                stdout=subprocess.DEVNULL,
                stderr=said,
                process_group=0,
                env={**os.environ, "TZ": "UTC"},
            )
        os.close(told)
        os.close(answers)
        self._n_asked = self._n_pages = 0
        self._unread = b""
        self._happened: list[dict[str, Any]] = []

    @property
    def _place(self) -> Path:
        return Path(self._aside.name)

    def __enter__(self) -> Browser:
        """The browser itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let it go; if it does not, end it."""
        # It leaves when nobody can tell it anything any more.
        os.close(self._tell)
        try:
            self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._end()
            self._process.wait()
        os.close(self._answers)
        self._aside.cleanup()

    def pdf(self, page: str, *, patience: float) -> bytes:
        """A page on paper.

        Raises:
            OurBug: if it fails, or takes longer than ``patience`` seconds.
        """
        self._n_pages += 1
        source = self._place / f"page-{self._n_pages}.html"
        source.write_text(page, encoding="utf-8")
        # Who waits for an answer is told that there is none when it is ended.
        stuck = Timer(patience, self._end)
        stuck.start()
        try:
            return self._printed(source.as_uri())
        except (EOFError, OSError) as gone:
            said = (self._place / "said").read_text(encoding="utf-8", errors="replace")[-400:]
            late = "" if stuck.is_alive() else f" in {patience:.0f} seconds"
            raise OurBug(f"Chromium printed nothing{late}: {said}") from gone
        finally:
            stuck.cancel()
            source.unlink()

    def _end(self) -> None:
        """End it with all the processes that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _printed(self, address: str) -> bytes:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable", session)
        self._ask("Page.navigate", session, url=address)
        while not any(each.get("method") == "Page.loadEventFired" for each in self._happened):
            self._happened.append(self._heard())
        self._happened.clear()
        stream = self._ask("Page.printToPDF", session, **_PAPER)["stream"]
        content, is_whole = b"", False
        while not is_whole:
            part = self._ask("IO.read", session, handle=stream, size=_A_READING)
            content += base64.b64decode(part["data"])
            is_whole = part["eof"]
        self._ask("Target.closeTarget", targetId=target)
        return content

    def _ask(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        """The answer to one request; what happens meanwhile is kept."""
        self._n_asked += 1
        request = {"id": self._n_asked, "method": method, "params": given}
        words = json.dumps({**request, "sessionId": session} if session else request).encode() + b"\0"
        while words:
            words = words[os.write(self._tell, words) :]
        while True:
            heard = self._heard()
            if heard.get("id") != self._n_asked:
                self._happened.append(heard)
                continue
            if "error" in heard:
                raise OurBug(f"Chromium refused {method}: {heard['error'].get('message', '')}")
            answer: dict[str, Any] = heard["result"]
            return answer

    def _heard(self) -> dict[str, Any]:
        """What it says next: an answer, or that something happened."""
        parts = [self._unread]
        while b"\0" not in parts[-1]:
            parts.append(os.read(self._answers, _A_READING))
            if not parts[-1]:
                raise EOFError
        said, _, self._unread = b"".join(parts).partition(b"\0")
        heard: dict[str, Any] = json.loads(said)
        return heard
