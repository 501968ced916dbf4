"""Who may do what: the roles, and the rights each has."""

from __future__ import annotations

from vialtrace.errors import BadInput
from vialtrace.web.sessions import Session

RIGHTS: dict[str, frozenset[str]] = {
    "analyst": frozenset({"case", "ledger", "decide", "run", "add", "report"}),
    "supervisor": frozenset({"case", "ledger", "decide", "run", "add", "report", "unseal"}),
    "auditor": frozenset({"ledger"}),
    "read-only": frozenset({"case"}),
}


class Forbidden(BadInput):
    """The person may not do that."""

    code = "forbidden"
    http_status = 403


def require(session: Session, right: str) -> None:
    """Let pass whoever has the right.

    Raises:
        Forbidden: naming the roles that have it.
    """
    if right not in RIGHTS[session.role]:
        able = ", ".join(role for role, rights in RIGHTS.items() if right in rights)
        raise Forbidden(
            f"The role {session.role} does not include this.", expected=able, way_out="Ask somebody who has that role."
        )
