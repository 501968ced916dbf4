"""Start the server on this machine and say how to get in."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import uvicorn

from vialtrace import actions
from vialtrace.errors import BadInput, VialtraceError, WrongOrder
from vialtrace.kit.clock import Clock, SystemClock
from vialtrace.store import Case, Machine
from vialtrace.store.accounts import Accounts
from vialtrace.web.application import application
from vialtrace.web.bench import Bench
from vialtrace.web.rendering import prepare

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Listening:
    """Where to listen: on loopback for one person, or at a stated address with accounts and a certificate.

    ``port`` 0 takes a free one. ``accounts`` is the address of a database, empty for the case's own.
    """

    port: int = 0
    host: str = LOOPBACK
    has_users: bool = False
    accounts: str = ""
    certificate: Path | None = None
    certificate_key: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it."""
        return self.host in {LOOPBACK, "localhost"}

    def check(self) -> None:
        """Refuse what would let the network in unguarded.

        Raises:
            BadInput: if the address needs users, a certificate, or to be stated.
        """
        if self.is_local:
            return
        if self.host in {"0.0.0.0", "::", ""}:  # noqa: S104  refused here
            raise BadInput(
                "Listening on every address is refused.", expected="The one address or name people will use."
            )
        if not self.has_users:
            raise BadInput(
                f"Whoever reaches {self.host} could open the case.", expected="--users.", way_out="Add --users."
            )
        if self.certificate is None:
            raise BadInput(
                f"Passwords would cross the network to {self.host} in clear text.",
                expected="--certificate FILE --certificate-key FILE.",
                way_out="Have a certificate made for that name.",
            )


def serve(
    folder: Path,
    *,
    who: str,
    say: Callable[[str], None],
    at: Listening | None = None,
    opens_browser: bool = True,
    machine: Machine | None = None,
    clock: Clock | None = None,
) -> None:
    """Serve one case until interrupted; ``say`` gets the address, with a one-time token where there are no accounts.

    Raises:
        WrongOrder: if there is no case, or no account yet.
        BadInput: if it may not listen there, or the port is taken.
    """
    where, chosen_clock = at or Listening(), clock or SystemClock()
    where.check()
    case = Case.open(folder, clock=chosen_clock)
    accounts = Accounts.of(case, where.accounts) if where.has_users else None
    if accounts and not accounts.all():
        raise WrongOrder("Nobody has an account yet.", way_out=f"vialtrace account {folder} NAME --role supervisor")
    listening = _listening(where)
    port = listening.getsockname()[1]
    hosts = frozenset(f"{name}:{port}" for name in {where.host, *({LOOPBACK, "localhost"} if where.is_local else ())})
    bench = Bench(
        folder,
        hosts,
        clock=chosen_clock,
        machine=machine or Machine.within(),
        accounts=accounts,
        is_secure=where.certificate is not None,
    )
    address = f"{'https' if bench.is_secure else 'http'}://{where.host}:{port}/"
    # Whoever is alone at the machine holds the keys of the case in any event, and so may unseal, on the record.
    address += "sign-in" if accounts else f"?token={bench.sessions.token(who, 'supervisor')}"
    say(address)
    if opens_browser:
        webbrowser.open(address)
    Thread(target=_prepare, args=(bench,), daemon=True).start()
    settings = uvicorn.Config(
        application(bench),
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=where.certificate,
        ssl_keyfile=where.certificate_key,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    finally:
        bench.jobs.stop()
        bench.tray.clear()
        listening.close()
        if accounts:
            accounts.close()


def _prepare(bench: Bench) -> None:
    """Read what the first page needs while whoever opens it is on the way; it is told to nobody, and so not entered."""
    prepare()
    with suppress(VialtraceError):
        desk = actions.Desk("", clock=bench.clock, machine=bench.machine, held=bench.held)
        actions.case_told(bench.folder, desk)


def _listening(where: Listening) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((where.host, where.port))
        # Whoever opens the printed address at once waits in line rather than being refused.
        found.listen(128)
    except OSError as taken:
        found.close()
        raise BadInput(
            f"{where.host}:{where.port} cannot be used: {taken.strerror}.",
            expected="An address of this machine and a free port.",
            way_out="Leave --port out.",
        ) from taken
    return found
