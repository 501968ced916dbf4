"""Which vialtrace this is: its version, and a digest of the code and data that reach a result."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import vialtrace

_LIBRARIES = ("duckdb", "ibis-framework", "pyarrow", "numpy", "scipy", "splink", "networkit")


@cache
def code_digest() -> str:
    """The digest of every file of the package, by name and content.

    Two builds of one version number may still reason differently; a run is named by what truly made it.
    """
    root = Path(vialtrace.__file__).parent
    found = sha256()
    for path in sorted(root.rglob("*")):
        # The pages' bundled scripts reach no result, and a checkout may be without them.
        inside = path.relative_to(root)
        if path.is_file() and not {"__pycache__", "built"} & set(inside.parts) and path.suffix not in {".pyc", ".so"}:
            content = path.read_bytes()
            found.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()


def build() -> str:
    """The version with the first digits of the code's digest, as people see it: ``0.1.0+3fa92c417d05``."""
    return f"{vialtrace.__version__}+{code_digest()[:12]}"


def libraries(engine: str = "duckdb") -> dict[str, str]:
    """Python and the libraries whose versions can reach a result."""
    names = (*_LIBRARIES, "pyspark") if engine == "spark" else _LIBRARIES
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
