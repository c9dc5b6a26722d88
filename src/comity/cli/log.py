"""The logs from the command line: their sizes, and their verification from the first byte."""

from __future__ import annotations

from typing import Annotated, Any

from comity.cli.frame import Arg, Noun, Opt
from comity.cli.outcome import INTEGRITY, OK
from comity.cli.terminal import Terminal
from comity.core.text import Text

LOG = Noun("log", Text("The two logs of each relation", "每一合作关系的两份日志"))
Relation = Annotated[
    str, Arg(Text("Name of the relation (default: every one)", "合作关系名称（默认：全部）"), "RELATION")
]
Cases = Annotated[
    bool,
    Opt(
        Text("Fold every case again too, and compare", "同时重新计算每一案件并比对"), ("--cases/--no-cases",)
    ),
]


@LOG.verb(
    "list",
    Text("How long each log is, and how much of it the other side holds", "各日志的长度及对方所持项数"),
)
def list_(terminal: Terminal, relation: Relation = "") -> None:
    from comity.derive.scoring import relation_named
    from comity.store.relations import logs

    rows: list[dict[str, Any]] = [
        {"relation": row.name, "author": log.author, "ours": log.author == row.me, "size": log.size, "held": log.held,
         "time": log.time or None}
        for row in relation_named(relation)
        for log in logs(row).values()
    ]  # fmt: skip
    heads = (
        Text("Relation", "合作关系"),
        Text("Author", "作者"),
        Text("Entries", "登记项"),
        Text("Last", "最近"),
    )
    terminal.put(
        rows,
        lambda: terminal.table(heads, [(r["relation"], r["author"], r["size"], r["time"]) for r in rows]),
    )


@LOG.verb("verify", Text("Check every log from the first byte", "自首字节起校验每一日志"))
def verify(terminal: Terminal, relation: Relation = "", cases: Cases = True) -> int:
    """Headers, bodies, trees, signed checkpoints, then the cases folded again. Exit 5 where anything differs."""
    from comity.derive.scoring import relation_named
    from comity.exchange.verify import refold
    from comity.exchange.verify import verify as read

    found: list[dict[str, Any]] = []
    for row in relation_named(relation):
        with terminal.progress(Text("Verifying", "正在校验")) as progress:
            done: dict[str, int] = {}

            def told(author: str, entries: int, _: int, done: dict[str, int] = done) -> None:
                done[author] = entries
                progress(sum(done.values()))

            checked = read(row, told)
        differing = refold(row) if cases else []
        good = not differing and all(each.fault is None for each in checked)
        found.append(
            {"relation": row.name, "good": good, "logs": [each.to_json() for each in checked],
             "cases_that_differ": differing, "cases_folded": cases}
        )  # fmt: skip
    terminal.put(found, lambda: _shown(terminal, found))
    return OK if all(each["good"] for each in found) else INTEGRITY


def _shown(terminal: Terminal, found: list[dict[str, Any]]) -> list[object]:
    lines: list[object] = []
    entries = Text("{author}: {size} entries, {checkpoints} signed checkpoints, root {root}",
                   "{author}：{size} 项，{checkpoints} 个已签署检查点，根 {root}")  # fmt: skip
    differ = Text(
        "✗ These cases say something else than their entries: {cases}", "✗ 以下案件与其登记项不符：{cases}"
    )
    for each in found:
        lines.append(each["relation"])
        for log in each["logs"]:
            said = entries.fill(**{key: log[key] for key in ("author", "size", "checkpoints", "root")})[
                terminal.lang
            ]
            lines.append(f"{'✗' if log['fault'] else '✓'} {said}")
            if log["fault"]:
                lines.append(f"    {log['fault']['where']}: {log['fault']['what'][terminal.lang]}")
        if each["cases_that_differ"]:
            lines.append(differ.fill(cases=", ".join(each["cases_that_differ"][:20]))[terminal.lang])
    return lines
