"""Ed25519 signatures in the form of minisign, so that a bag can be checked without vialtrace.

The file is hashed with BLAKE2b-512 and the hash is signed (minisign's algorithm ``ED``); a second signature covers the
trusted comment. What is read is held to its one form: a changed byte in a comment or in the padding of base64 is told.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vialtrace.errors import BadInput, Tampered
from vialtrace.store.atomic import storage, write_whole

KEY, PUBLIC = "signing.key", "signing.pub"

_HASHED, _PLAIN = b"ED", b"Ed"
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "
_SAID_BY_SIGNATURE = "signature by vialtrace"


@dataclass(frozen=True)
class Signer:
    """A key pair: eight bytes that name it, and the secret."""

    key_id: bytes
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, folder: Path) -> Signer:
        """The signer whose key stands in ``folder``, made at its first use."""
        path = folder / KEY
        if not path.exists():
            write_whole(path, secrets.token_bytes(40), mode=0o600)
        with storage(path):
            held = path.read_bytes()
        if len(held) != 40:
            raise BadInput(
                f"{path} is no signing key.", expected="40 bytes.", way_out="Take it from a copy of the case."
            )
        return cls(held[:8], Ed25519PrivateKey.from_private_bytes(held[8:]))

    @property
    def public(self) -> str:
        """The public key as minisign keeps it."""
        raw = _PLAIN + self.key_id + self.private.public_key().public_bytes_raw()
        return f"{_UNTRUSTED}minisign public key {self.name}\n{base64.b64encode(raw).decode()}\n"

    @property
    def name(self) -> str:
        """The key's number as minisign shows it."""
        return self.key_id[::-1].hex().upper()

    def sign(self, content: bytes, comment: str) -> str:
        """A detached signature of ``content``; ``comment`` is signed with it."""
        found = self.private.sign(hashlib.blake2b(content).digest())
        both = self.private.sign(found + comment.encode())
        line = base64.b64encode(_HASHED + self.key_id + found).decode()
        return f"{_UNTRUSTED}{_SAID_BY_SIGNATURE}\n{line}\n{_TRUSTED}{comment}\n{base64.b64encode(both).decode()}\n"


@dataclass(frozen=True)
class PublicKey:
    """A public key: eight bytes that name it, and the key."""

    key_id: bytes
    key: Ed25519PublicKey

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """A public key from its file, or from its one line.

        Raises:
            BadInput: if it is none.
        """
        raw = _decoded(text.strip().splitlines()[-1] if text.strip() else "", 42)
        if raw is None or raw[:2] != _PLAIN:
            raise BadInput("That is no minisign public key.", expected="A line that begins with RW.")
        return cls(raw[2:10], Ed25519PublicKey.from_public_bytes(raw[10:]))

    @property
    def name(self) -> str:
        """The key's number as minisign shows it."""
        return self.key_id[::-1].hex().upper()

    def check(self, content: bytes, signature: str, *, file: str, is_ours: bool = True) -> str:
        """See that ``signature`` is this key's for ``content``, and give its trusted comment.

        Args:
            content: what was signed.
            signature: the text of the signature file.
            file: what to call the signature in an error.
            is_ours: whether vialtrace made it; then its untrusted comment must be the usual one too.

        Raises:
            Tampered: if the signature does not hold.
        """
        lines = signature.split("\n")
        raw = _decoded(lines[1], 74) if len(lines) == 5 else None
        both = _decoded(lines[3], 64) if len(lines) == 5 else None
        is_formed = raw is not None and both is not None and lines[2].startswith(_TRUSTED) and not lines[4]
        if is_formed and is_ours:
            is_formed = lines[0] == _UNTRUSTED + _SAID_BY_SIGNATURE
        if not is_formed or raw is None or both is None or raw[:2] not in (_HASHED, _PLAIN):
            raise _broken(file, "it is not in the form of minisign")
        if raw[2:10] != self.key_id:
            raise _broken(file, f"it was made by another key than {self.name}")
        comment = lines[2].removeprefix(_TRUSTED)
        try:
            self.key.verify(raw[10:], hashlib.blake2b(content).digest() if raw[:2] == _HASHED else content)
            self.key.verify(both, raw[10:] + comment.encode())
        except InvalidSignature as refusal:
            raise _broken(file, "what was signed, or the comment, has changed") from refusal
        return comment


def _broken(file: str, reason: str) -> Tampered:
    return Tampered(
        f"The signature {file} does not hold: {reason}.",
        expected="The signature of the one who handed the bag over.",
        way_out="Ask for the bag again, and for the public key by another way.",
    )


def _decoded(line: str, length: int) -> bytes | None:
    """Base64 in its one form, of exactly ``length`` bytes."""
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == length and base64.b64encode(raw).decode() == line else None
