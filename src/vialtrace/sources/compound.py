"""The sectors of an old workbook's compound file (OLE), as far as they tell whether reading it ever ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

_HEADER = 512
_LISTED = 109
"""Sectors of the allocation table that the header itself lists; longer tables go on elsewhere, in files above 7 MB."""


def goes_in_circles(path: Path) -> bool:
    """Whether some sector of the file leads back to itself, so that a reader that follows it never comes to an end.

    Looks at the allocation table as far as the header lists it; a file that is no compound file goes in no circles.
    """
    with path.open("rb") as file:
        data = file.read(_HEADER + (_LISTED + 1) * 4096 * 1024)
    if len(data) < _HEADER:
        return False
    shift = int.from_bytes(data[30:32], "little")
    if shift not in (9, 12):
        return False
    size = 1 << shift
    listed = np.frombuffer(data, "<u4", _LISTED, 76).astype(np.int64)
    whole = [data[(each + 1) * size : (each + 2) * size] for each in listed if (each + 2) * size <= len(data)]
    if not whole:
        return False
    return has_circle(np.frombuffer(b"".join(whole), "<u4").astype(np.int64))


def has_circle(following: npt.NDArray[np.int64]) -> bool:
    """Whether following each place to the one it names, any ends in a circle; what names no place is an end."""
    n = len(following)
    to = np.append(np.where((following >= 0) & (following < n), following, n), n)
    for _ in range(n.bit_length() + 1):
        to = to[to]
    return bool((to != n).any())
