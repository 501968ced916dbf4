"""The hand-made world, resolved once for all tests."""

from __future__ import annotations

import pytest
from hand_made_world import WORLD
from resolved_world import Resolved, run


@pytest.fixture(scope="session")
def world() -> Resolved:
    return run(WORLD)
