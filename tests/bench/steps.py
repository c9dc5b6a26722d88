"""The measurements on comity's own two nodes. Each returns a figure; none of them decides whether it is good enough.

Throughput: the writing authority's process writes steps (256 a transaction) while its courier sends; the clock runs
from the first write to the moment its own log holds the peer's receipt for the last. Latency: one step through the API
of a running node, from the request leaving the client to the receipt standing in the node's database.
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import httpx

from tests.bench.nodes import ROOT, Node, Writer

SIZE = 1024  # bytes of a measured body
FILL = 64  # bytes of a body that only makes the log longer
WARM = 5  # steps taken before any is measured: the first ones fill caches


@dataclass(frozen=True, slots=True)
class Rate:
    """So many entries in so many seconds, written and receipted.

    appended   seconds until the last was written
    cpu        seconds of processor time of the writing and of the answering node: they stay the same on a busy machine
    """

    entries: int
    seconds: float
    appended: float
    cpu: tuple[float, float]

    @property
    def per_second(self) -> float:
        return self.entries / self.seconds

    @property
    def cpu_each(self) -> tuple[float, float]:
        """Microseconds of processor time an entry costs the writing and the answering node."""
        return self.cpu[0] / self.entries * 1e6, self.cpu[1] / self.entries * 1e6


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds."""

    median: float
    p95: float
    samples: int


def throughput(writer: Writer, answering: Node, entries: int, size: int = SIZE) -> Rate:
    """Write and exchange `entries` entries with bodies of `size` bytes."""
    before = answering.cpu()
    told = writer.tell("write", count=entries, size=size)
    return Rate(entries, told["seconds"], told["appended"], (told["cpu"], answering.cpu() - before))


def latency(node: Node, token: str, case: str, samples: int) -> tuple[Spread, Spread]:
    """(until the API has answered, until the receipt is in the node's database), one step at a time."""
    answered, receipted = [], []
    database = sqlite3.connect(f"file:{node.home}/comity.db?mode=ro", uri=True, isolation_level=None)
    query = "SELECT acked FROM store_entry WHERE case_id = ? AND step = 'note' ORDER BY id DESC LIMIT 1"
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=node.url, headers=headers, timeout=30, trust_env=False) as client:
        for number in range(samples + WARM):
            begun = time.perf_counter()
            answer = client.post(
                f"/api/v1/cases/{case}/steps/note", json={"body": {"note": f"Step {number}. 说明。"}}
            )
            answer.raise_for_status()
            middle = time.perf_counter()
            while not (database.execute(query, (case,)).fetchone() or ("",))[0]:
                if time.perf_counter() - begun > 30:
                    raise RuntimeError("no receipt within 30 seconds")
                time.sleep(0.0005)
            if number >= WARM:
                answered.append((middle - begun) * 1000)
                receipted.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
    database.close()
    return _spread(answered), _spread(receipted)


def verify(node: Node) -> float:
    """Seconds `comity log verify` takes over both logs of the node."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "comity.cli.main", "log", "verify", "--quiet"],
        env=node.environment(),
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def _spread(values: list[float]) -> Spread:
    return Spread(statistics.median(values), sorted(values)[int(len(values) * 0.95)], len(values))
