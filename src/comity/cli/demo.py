"""The demonstration from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from comity.cli.frame import Opt, Verb
from comity.cli.outcome import FAILED, OK
from comity.cli.terminal import Terminal
from comity.core.text import Text

Once = Annotated[
    bool,
    Opt(
        Text("Play the whole story, check that everything agrees, and end", "演示全部情节，核对一致后结束"),
        ("--once",),
    ),
]
Port = Annotated[
    int,
    Opt(
        Text("Port of the first node; the second takes the next", "首个节点的端口；第二个节点取其后一端口"),
        ("--port",),
    ),
]
Data = Annotated[
    str,
    Opt(
        Text("Directory of both homes; made anew each time", "存放两个节点的目录；每次重建"),
        ("--data",),
        "DIR",
    ),
]


def demo(terminal: Terminal, once: Once = False, port: Port = 8730, data: Data = "demo-data") -> int:
    """Two nodes on this machine, cases in every state, and a counterpart that answers."""
    from comity.demo import run

    root = Path(terminal.home or data).resolve()
    if once:
        return OK if run.once(root, port, terminal.lang, terminal.out, terminal.err) else FAILED
    run.stay(root, port, terminal.lang, terminal.out, terminal.err)
    return OK


VERBS = (
    Verb(
        "demo",
        Text(
            "Two nodes, cases in every state, a counterpart that answers",
            "两个节点、各状态案件与自动答复的对方",
        ),
        demo,
        node=False,
    ),
)
