"""Who does what: parties drawn for parts, from the same people and by the same draw for every business."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vialtrace.errors import OurBug
from vialtrace.simulate.people import Population


class Casting:
    """Draws parties without putting anybody into two businesses."""

    def __init__(self, people: Population) -> None:
        """Everybody is free at first."""
        self.people = people
        self._free = np.ones(people.n, dtype=bool)
        names = [region.name for region in people.country.regions]
        border = np.isin(people.region, [names.index(name) for name in people.country.border_regions])
        self.near_border = border | people.is_near
        self.home_border = border & ~people.is_near
        self.home = ~people.is_near

    def persons(self, rng: np.random.Generator, n: int, where: npt.NDArray[np.bool_] | None = None) -> tuple[int, ...]:
        """``n`` free persons, from among ``where``."""
        mask = self._free[: self.people.n_persons].copy()
        if where is not None:
            mask &= where[: self.people.n_persons]
        return self._draw(rng, np.flatnonzero(mask), n, "persons")

    def border_persons(self, rng: np.random.Generator, n: int) -> tuple[int, ...]:
        """``n`` free persons who live on either side of the border."""
        return self.persons(rng, n, self.near_border)

    def from_regions(self, regions: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Who lives at home in one of ``regions``."""
        return self.home & np.isin(self.people.region, regions)

    def mate_of(self, rng: np.random.Generator, who: int) -> int:
        """A free person of the same household, or else anyone of the border region."""
        mates = self._free[: self.people.n_persons] & (
            self.people.head[: self.people.n_persons] == self.people.head[who]
        )
        return (self.persons(rng, 1, mates) if mates.any() else self.persons(rng, 1, self.home_border))[0]

    def orgs(self, rng: np.random.Generator, kind: str, n: int) -> tuple[int, ...]:
        """``n`` free organisations of a kind."""
        return self._draw(rng, np.flatnonzero(self._free & (self.people.org_kind == kind)), n, f"{kind} organisations")

    def sociable(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Persons who lead busy lives: whoever has a part in any business, and two others for each of them."""
        cast = np.flatnonzero(~self._free[: self.people.n_persons])
        return np.concatenate([cast, rng.integers(0, self.people.n_persons, 2 * len(cast))])

    def _draw(self, rng: np.random.Generator, pool: npt.NDArray[np.int64], n: int, what: str) -> tuple[int, ...]:
        if len(pool) < n:
            raise OurBug(f"A world has {len(pool)} free {what}.", expected=f"{n} are needed.")
        chosen = rng.choice(pool, n, replace=False)
        self._free[chosen] = False
        return tuple(int(who) for who in chosen)
