"""The clock of a demonstration: real time, shifted by what a file says. Only a process started with COMITY_DEMO=1 has it.

Everything at a node reads the time in one of two places: `django.utils.timezone.now` (officers and tables) and
`exchange.desk.system_clock` (entries that arrive, receipts, checkpoints). Both are replaced before any table is imported.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

MARK, FILE = "COMITY_DEMO", "COMITY_DEMO_CLOCK"


def environment(path: Path) -> dict[str, str]:
    """What a process of the demonstration is started with."""
    return {MARK: "1", FILE: str(path)}


def set_back(path: Path, days: float) -> None:
    """From now on the clock of the demonstration is so many days behind."""
    fresh = path.with_suffix(".new")
    fresh.write_text(str(round(days * 86_400)), encoding="ascii")
    fresh.replace(path)


def shifted(path: Path) -> datetime:
    """What time it is in the demonstration."""
    try:
        behind = int(path.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        behind = 0
    return datetime.now(UTC) - timedelta(seconds=behind)


def install() -> None:
    """Put the clock in place, where the environment asks for it; otherwise do nothing."""
    name = os.environ.get(FILE)
    if os.environ.get(MARK) != "1" or not name:
        return
    path = Path(name)
    from django.utils import timezone

    timezone.now = lambda: shifted(path)


def install_exchange() -> None:
    """The second place, once Django is ready."""
    name = os.environ.get(FILE)
    if os.environ.get(MARK) != "1" or not name:
        return
    path = Path(name)
    from comity.core.deadline import stamp
    from comity.exchange import desk

    desk.system_clock = lambda: stamp(shifted(path))
