"""What the machine offers: memory and processors, within the limits set for this process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vialtrace.errors import BadInput, UnknownName
from vialtrace.store.settings import ENGINES

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_GB = 1e9
_MOST_GB, _MOST_THREADS = 1_000_000, 1024
"""More than these no machine has, and the engine fails where it is told of more."""


@dataclass(frozen=True)
class Machine:
    """How much of the machine may be used, and by which engine; it changes how long a run takes, never what it finds.

    An empty ``engine`` leaves the choice to the case.
    """

    memory_gb: float
    threads: int
    engine: str = ""

    @classmethod
    def within(cls, *, memory_gb: float | None = None, threads: int | None = None, engine: str = "") -> Machine:
        """What was asked for; by default two thirds of the memory, every processor, and the case's own engine.

        Raises:
            BadInput: if less than 0.25 GB or less than one thread is asked for, or more than any machine has.
            UnknownName: if there is no such engine.
        """
        if engine and engine not in ENGINES:
            raise UnknownName("engine", engine, ENGINES)
        chosen = memory_gb if memory_gb is not None else round(memory() * 2 / 3, 2)
        workers = (
            threads
            if threads is not None
            else len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        )
        if not 0.25 <= chosen <= _MOST_GB or not 1 <= workers <= _MOST_THREADS:
            is_little = chosen < 0.25 or workers < 1
            raise BadInput(
                f"{chosen:g} GB and {workers:,} threads are {'too little to run on' if is_little else 'no machine'}.",
                expected=f"0.25 to {_MOST_GB:,} GB and 1 to {_MOST_THREADS:,} threads.",
                way_out="Leave out --memory and --threads to use what this machine has.",
            )
        return cls(chosen, workers, engine)


def memory() -> float:
    """The memory this process may use, in GB: the machine's, or the limit of its container where that is lower."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [physical]
    for path in _CGROUP_LIMITS:
        try:
            limits.append(int(path.read_text()))
        except (OSError, ValueError):
            continue
    return min(limits) / _GB
