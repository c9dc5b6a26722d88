"""Two real node processes over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nodes import two_nodes, until

OPEN = """
from comity.store.entries import NewEntry, append
from comity.core.entry import AttachmentItem
from comity.exchange.desk import system_clock
relation = Relation.objects.get()
append(relation, [NewEntry("request", given["case"], "officer01", {"text": "made up"}, "repatriation",
       (AttachmentItem("ab" * 32, 5, "cd" * 32),), ("chiefof01",))], now=system_clock())
"""


@pytest.mark.database
def test_a_step_crosses_and_comes_back_receipted(
    tmp_path: Path, new_database: Callable[[], str],
    free_ports: Callable[[int], list[int]]
) -> None:
    with two_nodes(tmp_path, new_database, free_ports, doors=("exchange",)) as (us, cn):
        us.python(OPEN, case="US-2026-0000-0001")
        until(lambda: us.sizes() == cn.sizes() == {"us": 1, "cn": 1})
