"""Many histories of two nodes over a bad line, one for each seed. COMITY_TEST_SEEDS=500 runs more of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests.exchange.pair import Clock, pair
from tests.simulator.world import World

SEEDS = int(os.environ.get("COMITY_TEST_SEEDS", "24"))
FIRST = int(os.environ.get("COMITY_TEST_FIRST_SEED", "0"))
ACTS = 60


@pytest.mark.database
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_two_nodes_agree_after_any_history(
    seed: int, tmp_path: Path, new_database: Callable[[], str], django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), pair(tmp_path, new_database) as (a, b):
        for side in (a, b):
            object.__setattr__(side.desk, "clock", Clock())
            side.clock = side.desk.clock  # type: ignore[assignment]  # each has a clock of its own
        world = World(seed, a, b, tmp_path, restores=connections[a.using].vendor == "sqlite")
        try:
            world.run(ACTS)
        except AssertionError as fault:
            again = f"COMITY_TEST_FIRST_SEED={seed} COMITY_TEST_SEEDS=1"
            raise AssertionError("\n".join([again, *world.history, str(fault)])) from fault
