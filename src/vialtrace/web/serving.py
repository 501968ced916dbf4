"""Start the server on this machine and say how to get in."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from vialtrace.errors import BadInput
from vialtrace.kit.clock import Clock, SystemClock
from vialtrace.store import Case, Machine
from vialtrace.web.application import application
from vialtrace.web.bench import Bench

LOOPBACK = "127.0.0.1"


def serve(
    folder: Path,
    *,
    who: str,
    say: Callable[[str], None],
    port: int = 0,
    opens_browser: bool = True,
    machine: Machine | None = None,
    clock: Clock | None = None,
) -> None:
    """Serve one case on loopback until interrupted; ``say`` gets the address with its one-time token.

    ``port`` 0 takes a free one.

    Raises:
        WrongOrder: if there is no case.
        BadInput: if the port is taken.
    """
    chosen_clock = clock or SystemClock()
    Case.open(folder, clock=chosen_clock)
    listening = _listening(port)
    port = listening.getsockname()[1]
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
    bench = Bench(folder, hosts, clock=chosen_clock, machine=machine or Machine.within())
    address = f"http://{LOOPBACK}:{port}/?token={bench.sessions.token(who)}"
    say(address)
    if opens_browser:
        webbrowser.open(address)
    settings = uvicorn.Config(application(bench), log_level="warning", access_log=False, server_header=False)
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    finally:
        bench.jobs.stop()
        bench.tray.clear()
        listening.close()


def _listening(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
    except OSError as taken:
        found.close()
        raise BadInput(
            f"Port {port} cannot be used: {taken.strerror}.", expected="A free port.", way_out="Leave --port out."
        ) from taken
    return found
