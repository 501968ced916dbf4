"""Sealing a volume to a passphrase: scrypt makes the key (RFC 7914), ChaCha20-Poly1305 seals (RFC 8439).

The file is one JSON object that says how it was sealed, so that any program with these two can open it. A wrong
passphrase and a changed byte look the same: neither opens.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vialtrace.errors import BadInput, Tampered
from vialtrace.kit.ids import canonical

# The interactive setting of RFC 7914's author, times eight: about a second and 128 MiB a guess.
_N, _R, _P = 2**17, 8, 1
_SHORTEST = 12


def seal(content: bytes, passphrase: str) -> bytes:
    """``content``, readable only with the passphrase.

    Raises:
        BadInput: if the passphrase is too short to protect anybody.
    """
    if len(passphrase) < _SHORTEST:
        raise BadInput(
            "That passphrase is too short.",
            expected=f"At least {_SHORTEST} characters; four or five unrelated words are good.",
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    told = {"sealed": "vialtrace", "kdf": "scrypt", "n": _N, "r": _R, "p": _P, "cipher": "chacha20-poly1305"}
    told |= {"salt": _text(salt), "nonce": _text(nonce)}
    closed = ChaCha20Poly1305(_key(passphrase, salt)).encrypt(nonce, content, canonical(told))
    return json.dumps({**told, "content": _text(closed)}, indent=1).encode() + b"\n"


def unseal(volume: bytes, passphrase: str) -> bytes:
    """What was sealed.

    Raises:
        Tampered: if the passphrase is another, or a byte has changed.
    """
    try:
        told = json.loads(volume)
        closed = base64.b64decode(told.pop("content"), validate=True)
        salt, nonce = (base64.b64decode(told[name], validate=True) for name in ("salt", "nonce"))
        return ChaCha20Poly1305(_key(passphrase, salt)).decrypt(nonce, closed, canonical(told))
    except (InvalidTag, ValueError, KeyError, TypeError, AttributeError, binascii.Error) as refusal:
        raise Tampered(
            "The volume does not open.",
            expected="The passphrase it was sealed with, and the file as it was.",
            way_out="Try the passphrase again; then ask for the volume again.",
        ) from refusal


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
