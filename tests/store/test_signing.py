"""Signatures: minisign's own accept ours and ours accept minisign's, and nothing else passes."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from vialtrace.errors import BadInput, Tampered
from vialtrace.store import PublicKey, Signer

# Published by the author of minisign with his verifiers: the key, and its signature of the four bytes `test`.
_KEY = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
_SIGNATURE = """untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
"""


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.of(tmp_path)


def test_a_published_signature_of_minisign_holds() -> None:
    comment = PublicKey.read(_KEY).check(b"test", _SIGNATURE, file="test.minisig", is_ours=False)
    assert comment.startswith("timestamp:1633700835")
    with pytest.raises(Tampered):
        PublicKey.read(_KEY).check(b"Test", _SIGNATURE, file="test.minisig", is_ours=False)


def test_the_key_is_made_once_and_kept_private(tmp_path: Path, signer: Signer) -> None:
    assert Signer.of(tmp_path).public == signer.public
    assert (tmp_path / "signing.key").stat().st_mode & 0o077 == 0


def test_the_same_content_gives_the_same_signature(signer: Signer) -> None:
    assert signer.sign(b"a", "x") == signer.sign(b"a", "x")
    assert PublicKey.read(signer.public).check(b"a", signer.sign(b"a", "x"), file="f") == "x"


def test_every_flipped_bit_of_a_signature_is_told(signer: Signer) -> None:
    key, text = PublicKey.read(signer.public), signer.sign(b"content", "a comment").encode()
    for place in range(len(text)):
        for bit in range(8):
            changed = bytearray(text)
            changed[place] ^= 1 << bit
            with pytest.raises(Tampered):
                key.check(b"content", changed.decode("latin-1"), file="f")


def test_another_key_is_told(tmp_path: Path, signer: Signer) -> None:
    (tmp_path / "other").mkdir()
    other = Signer.of(tmp_path / "other")
    with pytest.raises(Tampered, match="another key"):
        PublicKey.read(other.public).check(b"a", signer.sign(b"a", "x"), file="f")


@pytest.mark.parametrize("text", ["", "RWQf", base64.b64encode(b"Xd" + bytes(40)).decode()])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        PublicKey.read(text)


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")
def test_minisign_itself_accepts_our_signature(tmp_path: Path, signer: Signer) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "file.minisig").write_text(signer.sign(b"content", "of a run"))
    (tmp_path / "key.pub").write_text(signer.public)
    done = subprocess.run(
        ["minisign", "-V", "-m", "file", "-p", "key.pub"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "of a run" in done.stdout
