"""The demonstration as it is run: once, to see that everything agrees; or until stopped, with a counterpart that answers."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from comity.core.text import Text
from comity.demo import report
from comity.demo.stage import ROBOT, ROBOT_CHIEF, Stage, stage
from comity.demo.telling import tell

PATIENCE = 4.0  # seconds before the counterpart answers
LOOK = 1.5


def once(root: Path, port: int, lang: str, out: Console, err: Console) -> bool:
    """Play the whole story, show what happened, and say whether everything agreed."""
    _stoppable()
    started = time.monotonic()
    with stage(root, port) as built:
        _told(err, Text("Two nodes are running.", "两个节点已启动。"), lang, started)
        told = tell(built, lambda said: _told(err, said, lang, started))
        report.cases(built, told, lang, out)
        report.scorecards(built, lang, out)
        good = report.verdict(report.checks(built, told), lang, out)
    seconds = round(time.monotonic() - started, 1)
    end = (
        Text("Everything agreed, in {s} s.", "全部一致，用时 {s} 秒。")
        if good
        else Text("Not everything agreed ({s} s).", "存在不一致（{s} 秒）。")
    )
    out.print(end.fill(s=str(seconds))[lang], style="bold green" if good else "bold red")
    return good


def stay(root: Path, port: int, lang: str, out: Console, err: Console) -> None:
    """Play the story, then keep both nodes running and let the counterpart answer, until interrupted."""
    _stoppable()
    started = time.monotonic()
    with stage(root, port) as built:
        told = tell(built, lambda said: _told(err, said, lang, started))
        report.cases(built, told, lang, out)
        report.accounts(built, lang, out)
        words = Text(
            "Sign in at either address. Open a case or take a step: the other side answers after a few seconds.\n"
            "Ctrl-C ends both nodes; everything lies in {root}.",
            "请登录任一地址。立案或办理步骤后，对方将在数秒内答复。\n按 Ctrl-C 结束两个节点；全部数据位于 {root}。",
        )
        out.print(words.fill(root=str(built.root))[lang])
        try:
            _answer(built, out)
        except KeyboardInterrupt:
            out.print()


def _answer(built: Stage, out: Console) -> None:
    """Both counterparts' turns, again and again."""
    since = datetime.now(UTC).isoformat()
    robots = [pseudonym for seat in built.seats for pseudonym in seat.robots]
    while True:
        time.sleep(LOOK)
        for seat in built.seats:
            done = seat.ask(
                "answer", officer=f"{ROBOT}-{seat.party}", chief=f"{ROBOT_CHIEF}-{seat.party}", since=since, robots=robots,
                patience=PATIENCE,
            )  # fmt: skip
            for each in done["taken"]:
                out.print(
                    f"{seat.party}: {each['case']} {each['step']} {each.get('refused', '')}", highlight=False
                )


def _stoppable() -> None:
    """Ctrl-C and SIGTERM both end the demonstration in order, also where it was started in the background."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _told(err: Console, said: Text, lang: str, started: float) -> None:
    err.print(f"[dim]{time.monotonic() - started:5.1f} s[/]  {said[lang]}", highlight=False)
