"""Whether every damage to a case or a bag is found and named: bits flipped, files cut, swapped, removed, slipped in.

``python -m bench.tampering --seeds 0 1 2 --each 50`` makes one small case, and for each seed so many damaged copies of
it and of its bag; each is verified without a new run. It prints what was found, and every damage that was not.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.small_case import DESK, small_case
from vialtrace import actions
from vialtrace.errors import Tampered, VialtraceError

Damage = Callable[[Path, list[Path], random.Random], str]


def _open(path: Path) -> bytearray:
    path.chmod(0o644)
    return bytearray(path.read_bytes())


def flipped(path: Path, _: list[Path], chance: random.Random) -> str:
    """One bit of one byte."""
    content = _open(path)
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))
    return f"bit at {at}"


def cut(path: Path, _: list[Path], chance: random.Random) -> str:
    """The end is missing."""
    content = _open(path)
    left = chance.randrange(len(content))
    path.write_bytes(bytes(content[:left]))
    return f"{left} of {len(content)} bytes"


def lengthened(path: Path, _: list[Path], chance: random.Random) -> str:
    """A few bytes more at the end."""
    content = _open(path)
    path.write_bytes(bytes(content) + chance.randbytes(chance.randrange(1, 9)))
    return "more at the end"


def zeroed(path: Path, _: list[Path], chance: random.Random) -> str:
    """A stretch of zeros, as a disk leaves behind."""
    content = _open(path)
    at = chance.randrange(len(content))
    stretch = content[at : at + 512]
    content[at : at + 512] = bytes(each ^ 0xFF if not each else 0 for each in stretch)
    path.write_bytes(bytes(content))
    return f"{len(stretch)} bytes at {at}"


def removed(path: Path, _: list[Path], __: random.Random) -> str:
    """The file is gone."""
    path.unlink()
    return "gone"


def replaced(path: Path, others: list[Path], chance: random.Random) -> str:
    """Another file of the same case stands in its place."""
    other = chance.choice([each for each in others if each.read_bytes() != path.read_bytes()])
    path.chmod(0o644)
    shutil.copyfile(other, path)
    return f"is {other.name}"


DAMAGES: tuple[Damage, ...] = (flipped, flipped, flipped, cut, lengthened, zeroed, removed, replaced)


def _made(folder: Path) -> tuple[Path, Path]:
    """A small case that was run and decided on, and its bag."""
    case, ran = small_case(folder)
    actions.decide(case, ran.networks[0].network_id, "note", DESK, why="Looked at.")
    actions.report(case, DESK)
    return case, actions.bag(case, DESK, folder / "bag").folder


def _guarded(folder: Path, *, is_bag: bool) -> list[Path]:
    """The files whose every byte is vouched for: all of a bag; sources, runs and the ledger of a case."""
    patterns = ("**/*",) if is_bag else ("sources/*", "runs/*/*.json", "runs/*/tables/*", "decisions.db")
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.stat().st_size)


def trial(whole: Path, aside: Path, seed: int, *, is_bag: bool) -> tuple[str, str, bool, bool]:
    """One damage: its sort, what it was done to, whether it was found, and whether the place was named."""
    chance = random.Random(seed)  # noqa: S311  which byte is damaged is no secret
    copy = Path(shutil.copytree(whole, aside / "copy"))
    try:
        files = _guarded(copy, is_bag=is_bag)
        path, damage = chance.choice(files), chance.choice(DAMAGES)
        what = f"{path.relative_to(copy)}: {damage(path, files, chance)}"
        try:
            actions.verify(copy, DESK, rerun=False)
        except Tampered as told:
            said = str(told)
            is_named = path.name in said or path.stem in said or "ledger" in said or "bag" in said
            return damage.__name__, f"{what} -> {said}", True, is_named
        except VialtraceError as told:
            return damage.__name__, f"{what} -> {type(told).__name__}: {told}", True, path.name in str(told)
        return damage.__name__, what, False, False
    finally:
        shutil.rmtree(copy)


def main() -> int:
    """Damage and verify; the exit code is 1 where anything was not found or not named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101])
    parser.add_argument("--each", type=int, default=50)
    asked = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as place:
        case, bag = _made(Path(place))
        for seed in asked.seeds:
            for whole in (case, bag):
                found, named, sorts = 0, 0, Counter[str]()
                for number in range(asked.each):
                    sort, what, is_found, is_named = trial(
                        whole, Path(place), 1000 * seed + number, is_bag=whole == bag
                    )
                    found, named = found + is_found, named + is_named
                    sorts[sort] += 1
                    if not (is_found and is_named):
                        print(f"  {'not named' if is_found else 'NOT FOUND'}: {sort} {what}")
                print(f"seed {seed}, {whole.name}: {found} of {asked.each} found, {named} named; {dict(sorts)}")
                missed += 2 * asked.each - found - named
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
