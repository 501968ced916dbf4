"""A case as a BagIt bag (RFC 8493) with an RO-Crate description inside, signed; and the way to check one.

The payload is the case without its keys and cache. The signature covers the tag manifest, which covers the manifest,
which covers every file. Nothing in a bag says when it was made, so the same case gives the same bag.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vialtrace.errors import BadInput, Tampered
from vialtrace.kit.ids import file_digest
from vialtrace.store.atomic import storage, write_whole
from vialtrace.store.signing import PublicKey, Signer

PAYLOAD = "data"
SIGNATURE, SIGNED_BY = "tagmanifest-sha256.txt.minisig", "signed-by.pub"

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFEST, _TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_TAGS = ("bag-info.txt", "bagit.txt", _MANIFEST, SIGNED_BY)
_CRATE = "ro-crate-metadata.json"
_NEVER = frozenset({"keys", "cache"})


@dataclass(frozen=True)
class Bagged:
    """A bag as made: where, the digest of what is signed, the key's number, and how many files it holds."""

    folder: Path
    sha256: str
    key: str
    n_files: int


def is_bag(folder: Path) -> bool:
    """Whether a folder is a bag, even one that has lost a file that says so."""
    return any(os.path.isfile(folder / name) for name in ("bagit.txt", _TAG_MANIFEST, SIGNATURE))  # noqa: PTH113  Path.is_file fails on a name longer than any


def make_bag(case: Path, folder: Path, *, run: str, told: Mapping[str, str], signer: Signer) -> Bagged:
    """Write the bag of a case, with one of its runs, into a new folder.

    Args:
        case: the case's folder.
        folder: the bag's folder; it must not exist.
        run: the name of the run's folder; other runs, and reports on them, are left out.
        told: name, description and the like, for the description of the crate.
        signer: who signs.

    Raises:
        BadInput: if the folder exists.
        StorageFailure: if it cannot be written.
    """
    if folder.exists():
        raise BadInput(f"{folder} exists already.", expected="A new folder.", way_out="Name another with -o.")
    made = folder.with_name(f".{folder.name}.part")
    with storage(folder):
        shutil.rmtree(made, ignore_errors=True)
        (made / PAYLOAD).mkdir(parents=True)
        for path in _chosen(case, run):
            target = made / PAYLOAD / path.relative_to(case)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    write_whole(made / PAYLOAD / _CRATE, _crate(made / PAYLOAD, told))
    listed = _listing(made, [path for path in (made / PAYLOAD).rglob("*") if path.is_file()])
    n_bytes = sum(path.stat().st_size for path in (made / PAYLOAD).rglob("*") if path.is_file())
    n_files = listed.count("\n")
    info = {"Payload-Oxum": f"{n_bytes}.{n_files}", "External-Description": told["name"], "Run": told["run"]}
    write_whole(made / "bagit.txt", _DECLARATION)
    write_whole(made / "bag-info.txt", "".join(f"{key}: {' '.join(value.split())}\n" for key, value in info.items()))
    write_whole(made / _MANIFEST, listed)
    write_whole(made / SIGNED_BY, signer.public)
    write_whole(made / _TAG_MANIFEST, _listing(made, [made / name for name in _TAGS]))
    signed = (made / _TAG_MANIFEST).read_bytes()
    write_whole(made / SIGNATURE, signer.sign(signed, f"bag of run {told['run']}"))
    with storage(folder):
        made.replace(folder)
    return Bagged(folder, file_digest(folder / _TAG_MANIFEST), signer.name, n_files)


def _chosen(case: Path, run: str) -> list[Path]:
    """The files of a case that go into a bag, in order."""
    found = []
    for path in sorted(case.rglob("*")):
        parts = path.relative_to(case).parts
        is_other_run = parts[0] in ("runs", "reports") and len(parts) > 1 and parts[1] != run
        is_hidden = any(part.startswith(".") for part in parts)
        if path.is_file() and parts[0] not in _NEVER and not is_other_run and not is_hidden:
            found.append(path)
    return found


def _listing(folder: Path, files: list[Path]) -> str:
    """Digest and name of each file, as a manifest has them; RFC 8493 writes line ends and % as escapes."""
    names = sorted(path.relative_to(folder).as_posix() for path in files)
    return "".join(f"{file_digest(folder / name)}  {_escaped(name)}\n" for name in names)


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _crate(payload: Path, told: Mapping[str, str]) -> str:
    """The description of the payload in RO-Crate 1.1."""
    names = sorted(path.relative_to(payload).as_posix() for path in payload.rglob("*") if path.is_file())
    files = [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str((payload / name).stat().st_size),
            "sha256": file_digest(payload / name),
        }
        for name in names
    ]
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": told["name"],
        "description": told["description"],
        "datePublished": told["date"],
        "license": told["terms"],
        "identifier": told["run"],
        "hasPart": [{"@id": name} for name in names],
        "mentions": {"@id": "#run"},
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"vialtrace run {told['run']}",
        "instrument": {"@id": "#vialtrace"},
        "object": [{"@id": name} for name in names if name.startswith("sources/")],
        "result": [{"@id": name} for name in names if name.startswith(("runs/", "reports/"))],
    }
    tool = {
        "@id": "#vialtrace",
        "@type": "SoftwareApplication",
        "name": "vialtrace",
        "softwareVersion": told["version"],
    }
    graph = [about, root, run, tool, *files]
    return (
        json.dumps({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}, ensure_ascii=False, indent=1)
        + "\n"
    )


def check_bag(folder: Path, key: PublicKey | None = None) -> PublicKey:
    """Hold every file of a bag against its manifests and the signature, and give the key that signed it.

    Args:
        folder: the bag.
        key: the key the bag must be signed by, had by another way; without it the bag's own is used, which shows that
            the bag is whole, not from whom it is.

    Raises:
        Tampered: naming the first place that does not hold.
    """
    for name in (*_TAGS, _TAG_MANIFEST, SIGNATURE):
        if not (folder / name).is_file():
            raise _changed(name, "is missing")
    known = {*_TAGS, _TAG_MANIFEST, SIGNATURE, PAYLOAD, f"{_TAG_MANIFEST}.tsq", f"{_TAG_MANIFEST}.tsr"}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            raise _changed(path.name, "does not belong to the bag")
    _check_listing(folder, _TAG_MANIFEST, {name: folder / name for name in _TAGS})
    if (folder / "bagit.txt").read_bytes() != _DECLARATION.encode():
        raise _changed("bagit.txt", "does not say what a bag says")
    files = {path.relative_to(folder).as_posix(): path for path in (folder / PAYLOAD).rglob("*") if path.is_file()}
    _check_listing(folder, _MANIFEST, files)
    signed_by = key or PublicKey.read(_text(folder / SIGNED_BY))
    signed_by.check((folder / _TAG_MANIFEST).read_bytes(), _text(folder / SIGNATURE), file=SIGNATURE)
    return signed_by


def _text(path: Path) -> str:
    """The text of a file of ours; bytes that are no text have been changed."""
    try:
        return path.read_bytes().decode("ascii")
    except UnicodeDecodeError as damage:
        raise _changed(path.name, "is damaged") from damage


def _check_listing(folder: Path, name: str, files: Mapping[str, Path]) -> None:
    try:
        text = (folder / name).read_bytes().decode()
    except UnicodeDecodeError as damage:
        raise _changed(name, "is damaged") from damage
    listed: dict[str, str] = {}
    for line in text.split("\n")[:-1]:
        digest, gap, escaped = line[:64], line[64:66], line[66:]
        listed[escaped.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")] = digest
        if gap != "  ":
            raise _changed(name, "is damaged")
    gone, extra = sorted(set(listed) - set(files)), sorted(set(files) - set(listed))
    if gone or extra:
        differing = ", ".join([f"{each} is missing" for each in gone] + [f"{each} is not listed" for each in extra])
        raise _changed(name, f"and the files differ: {differing}")
    for each, path in sorted(files.items()):
        if file_digest(path) != listed[each]:
            raise _changed(each, f"has changed, or its line in {name} has")


def _changed(name: str, how: str) -> Tampered:
    return Tampered(
        f"In the bag, {name} {how}.", expected="The bag as it was signed.", way_out="Ask for the bag again."
    )
