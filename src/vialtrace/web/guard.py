"""What every request passes before any page sees it, and what every answer carries.

Against DNS rebinding the host must be one the server was started for; against other sites a writing request must come
from this origin and carry the session's form key; nothing is cached, framed, sniffed or run inline.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """The outermost layer of the server."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], most_bytes: int) -> None:
        """``hosts`` are the names this server answers to, with port; ``most_bytes`` bounds a request's body."""
        self._app = app
        self._hosts = frozenset(hosts)
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what does not belong here; add the headers to what does."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await refusal(scope, receive, _marked(send, private=True))
            return
        is_static = scope["path"].startswith("/static/")
        await self._app(scope, _bounded(receive, self._most_bytes), _marked(send, private=not is_static))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return PlainTextResponse(f"This server does not answer to {host[:100]!r}.\n", status_code=421)
        if scope["method"] not in SAFE:
            origin = headers.get("origin") or headers.get("referer", "")
            if origin and not _is_at(origin, host):
                return PlainTextResponse("The request comes from another site.\n", status_code=403)
            if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
                return PlainTextResponse("The request comes from another site.\n", status_code=403)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit() and len(length) < 20) or int(length) > self._most_bytes:
            return PlainTextResponse(f"More than {self._most_bytes:,} bytes at once.\n", status_code=413)
        return None


def _is_at(address: str, host: str) -> bool:
    """Whether an address is one of this host; one that cannot be read is not."""
    try:
        return URL(address).netloc.lower() == host
    except ValueError:
        return False


def _marked(send: Send, *, private: bool) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store" if private else "max-age=3600")
        await send(message)

    return marked


def _bounded(receive: Receive, most_bytes: int) -> Callable[[], Awaitable[Message]]:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes:
            # A body without a stated length that goes on for ever: the connection ends.
            return {"type": "http.disconnect"}
        return message

    return bounded
