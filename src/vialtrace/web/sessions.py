"""Who is at the browser: a one-time token becomes a session, a session a cookie and a form key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from threading import Lock

from vialtrace.kit.clock import Clock

COOKIE = "vialtrace_session"
HOURS = 12
"""A session ends this long after it began; a working day is the longest an unlocked browser should count."""

IDLE_MINUTES = 30
"""Where several people sign in, a session also ends after so long without a request (ASVS 3.3.2)."""


@dataclass(frozen=True)
class Session:
    """One browser at work: who, with which role, until when, and the key its forms carry."""

    key: str = field(repr=False)
    who: str
    role: str
    until: float

    @property
    def form_key(self) -> str:
        """What every form of this session carries, so that no other site can send one in its name."""
        return hashlib.sha256(b"form" + self.key.encode()).hexdigest()

    def owns(self, form_key: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(self.form_key.encode(), form_key.encode())


class Sessions:
    """The sessions of one server, in memory only: when it stops, everybody is out."""

    def __init__(self, clock: Clock, *, idle_seconds: float = float("inf")) -> None:
        """Start with nobody in; ``idle_seconds`` without a request end a session."""
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._seen: dict[str, float] = {}
        self._held: dict[str, Session] = {}
        self._tokens: dict[str, tuple[str, str]] = {}
        self._lock = Lock()

    def token(self, who: str, role: str = "analyst") -> str:
        """A token that can be exchanged for a session once."""
        made = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[_shadow(made)] = (who, role)
        return made

    def exchange(self, token: str) -> Session | None:
        """The session a token stands for; the token is spent. None if there is no such token."""
        with self._lock:
            found = self._tokens.pop(_shadow(token), None)
        return self.begin(*found) if found else None

    def begin(self, who: str, role: str) -> Session:
        """A new session; those that have ended are forgotten."""
        now = self._clock.elapsed()
        made = Session(secrets.token_urlsafe(32), who, role, now + HOURS * 3600)
        with self._lock:
            self._held = {key: each for key, each in self._held.items() if each.until > now}
            self._held[_shadow(made.key)] = made
            self._seen = {key: seen for key, seen in self._seen.items() if key in self._held} | {_shadow(made.key): now}
        return made

    def of(self, key: str) -> Session | None:
        """The session of a cookie, or None."""
        if not key:
            return None
        shadow, now = _shadow(key), self._clock.elapsed()
        with self._lock:
            found = self._held.get(shadow)
            if found is None or found.until <= now or now - self._seen[shadow] > self._idle_seconds:
                return None
            self._seen[shadow] = now
        return found

    def end(self, session: Session) -> None:
        """Log out."""
        with self._lock:
            self._held.pop(_shadow(session.key), None)


def _shadow(secret: str) -> str:
    """What is kept of a secret: looking it up takes the same time whatever was typed."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
