"""One bell in each process: rung when entries have been committed, heard by every courier. Knows nothing else."""

from __future__ import annotations

import threading

_rung: dict[str, int] = {}
_bell = threading.Condition()


def ring(using: str = "default") -> None:
    """There is something to send."""
    with _bell:
        _rung[using] = _rung.get(using, 0) + 1
        _bell.notify_all()


def count(using: str = "default") -> int:
    """How often it has rung."""
    with _bell:
        return _rung.get(using, 0)


def wait(using: str, heard: int, timeout: float) -> int:
    """Wait until it has rung more than `heard` times, or `timeout` seconds have passed. Returns `count`."""
    with _bell:
        _bell.wait_for(lambda: _rung.get(using, 0) > heard, timeout)
        return _rung.get(using, 0)
