"""`make bench`: how fast comity exchanges, beside django-pyas2 in the same run, and what growth costs.

Sizes: BENCH_ENTRIES entries measured at a time (20,000), BENCH_LOG entries in the grown log (1,000,000), BENCH_SECONDS of
AS2 (15); BENCH_SMALL=1 sets small ones for a quick look. BENCH_ONLY=as2|comity leaves the other out, BENCH_JSON=FILE
keeps the figures, BENCH_DIR says where the nodes lie (a disk, not memory: SQLite waits for it). Ends with 1 where a
target was missed, unless BENCH_SMALL is set: small runs show that everything works, not how fast it is.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import as2, steps
from tests.bench.nodes import Node, Writer, make_pair

SMALL = bool(os.environ.get("BENCH_SMALL"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", 2_000 if SMALL else 20_000))
LOG = int(os.environ.get("BENCH_LOG", 10_000 if SMALL else 1_000_000))
SECONDS = float(os.environ.get("BENCH_SECONDS", 4 if SMALL else 15))
CASES = 200 if SMALL else 5_000
SAMPLES = 30 if SMALL else 200
YOUNG = min(10_000, LOG // 4)
ONLY = os.environ.get("BENCH_ONLY", "")


@dataclass
class Report:
    """Lines of the table, and the figures by name."""

    console: Console
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        digits: int = 0,
        good: Callable[[float], bool] | None = None,
        want: str = "",
    ) -> None:
        """One figure; `good` says whether it reaches what is wanted, `want` says so in words."""
        met = good is None or good(value)
        if not met:
            self.missed.append(name)
        mark = "" if good is None else ("[green]yes[/]" if met else "[red]no[/]")
        self.rows.append((name, f"{value:,.{digits}f} {unit}", want, mark))
        self.figures[name] = value

    def say(self, what: str) -> None:
        self.console.log(what)

    def show(self) -> None:
        table = Table(
            title="comity bench: two processes, loopback, SQLite WAL synchronous=FULL, bodies of 1 KiB"
        )
        for heading in ("what", "measured", "wanted", "met"):
            table.add_column(heading, justify="right" if heading == "measured" else "left")
        for row in self.rows:
            table.add_row(*row)
        self.console.print(table)


def measure_as2(report: Report, work: Path) -> dict[int, float]:
    """Messages a second of django-pyas2 with one sender (as its own command sends) and with four."""
    rates = {}
    for senders in (1, 4):
        report.say(f"django-pyas2 {senders} sender(s), {SECONDS:.0f} s")
        result = as2.measure(work / f"as2-{senders}", seconds=SECONDS, senders=senders, size=steps.SIZE)
        rates[senders] = result.rate
        report.add(f"django-pyas2, {senders} sender(s)", result.rate, "messages/s", 1)
    return rates


def measure_comity(report: Report, work: Path, rates: dict[int, float]) -> None:
    """Everything that is measured on comity's own two nodes."""
    report.say("making two nodes")
    asking, answering = make_pair(work)
    answering.start()
    try:
        writer = Writer(asking)
        try:
            door = grow(report, writer, answering, rates)
        finally:
            writer.stop()
        report.say(f"one step at a time through the API, {SAMPLES} times")
        asking.start()
        before = asking.cpu(), answering.cpu()
        answered, receipted = steps.latency(asking, door["token"], door["case"], SAMPLES)
        used = asking.cpu() - before[0], answering.cpu() - before[1]
        report.add("step: API answers, median", answered.median, "ms", 1)
        report.add("step: receipted, median", receipted.median, "ms", 1, lambda ms: ms <= 30, "≤ 30 ms")
        for name, each in zip(("asking", "answering"), used, strict=True):
            report.add(
                f"  processor time of the {name} node", each * 1000 / (SAMPLES + steps.WARM), "ms/step", 1
            )
        report.add("step: receipted, 95th percentile", receipted.p95, "ms", 1)
        report.add(
            "memory of a serving node, peak", asking.peak_mib(), "MiB", 0, lambda mib: mib <= 300, "≤ 300 MiB"
        )
    finally:
        asking.stop()
        answering.stop()
    report.say("log verify from the first byte")
    scale = LOG / 1_000_000
    report.add(
        f"log verify, {LOG:,} entries",
        steps.verify(answering),
        "s",
        1,
        lambda s: s <= max(5, 60 * scale),
        "≤ 60 s a million",
    )


def grow(report: Report, writer: Writer, answering: Node, rates: dict[int, float]) -> dict[str, str]:
    """Throughput in a young log and in a grown one, and what is measured at the grown size."""
    report.say(f"opening {CASES:,} cases")
    writer.tell("open", count=CASES)
    steps.throughput(writer, answering, max(1, YOUNG - CASES), steps.FILL)
    report.say(f"throughput at {YOUNG:,} entries: {ENTRIES:,} more")
    young = steps.throughput(writer, answering, ENTRIES)
    report.add(
        f"exchange at {YOUNG:,} entries",
        young.per_second,
        "entries/s",
        0,
        lambda rate: rate >= 5_000,
        "≥ 5,000/s",
    )
    report.add("  of which writing alone", young.entries / young.appended, "entries/s")
    for name, each in zip(("writing", "answering"), young.cpu_each, strict=True):
        report.add(f"  processor time of the {name} node", each, "µs/entry")
    for senders, rate in rates.items():
        wanted: tuple[Callable[[float], bool] | None, str] = (None, "")
        if senders == 1:
            wanted = (lambda times: times >= 250, "≥ 250 times")
        report.add(f"  against AS2, {senders} sender(s)", young.per_second / rate, "times", 0, *wanted)
    rest = LOG - YOUNG - 2 * ENTRIES
    report.say(f"growing both logs by {rest:,} entries")
    filled = steps.throughput(writer, answering, max(1, rest), steps.FILL)
    if rest > 0:
        report.add("exchange while growing, bodies of 64 bytes", filled.per_second, "entries/s")
    grown = steps.throughput(writer, answering, ENTRIES)
    report.add(f"exchange at {LOG:,} entries", grown.per_second, "entries/s")
    share = 100 * grown.per_second / young.per_second
    report.add("  share of the young log's", share, "%", 0, lambda percent: percent >= 80, "≥ 80 %")
    proof = writer.tell("proof", count=SAMPLES)
    report.add(
        f"inclusion proof at {proof['size']:,}, median",
        proof["median"],
        "ms",
        2,
        lambda ms: ms <= 5,
        "≤ 5 ms",
    )
    report.add(
        "memory of the writing node, peak",
        writer.tell("memory")["mib"],
        "MiB",
        0,
        lambda m: m <= 300,
        "≤ 300 MiB",
    )
    report.add(
        "memory of the answering node, peak", answering.peak_mib(), "MiB", 0, lambda m: m <= 300, "≤ 300 MiB"
    )
    return {key: str(value) for key, value in writer.tell("door").items()}


def main() -> int:
    report = Report(Console())
    work = Path(tempfile.mkdtemp(prefix="comity-bench-", dir=os.environ.get("BENCH_DIR")))
    try:
        rates = measure_as2(report, work) if ONLY != "comity" else {}
        if ONLY != "as2":
            measure_comity(report, work, rates)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if report.rows:
            report.show()
        target = os.environ.get("BENCH_JSON")
        if target:
            Path(target).write_text(
                json.dumps({"figures": report.figures, "missed": report.missed}, indent=1)
            )
    return 1 if report.missed and not SMALL else 0


if __name__ == "__main__":
    sys.exit(main())
