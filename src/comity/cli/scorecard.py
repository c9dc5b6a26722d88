"""The scorecard from the command line: how each promise was kept, and the digest both nodes must agree on."""

from __future__ import annotations

from typing import Annotated, Any

from comity.cli.frame import Arg, Opt, Verb
from comity.cli.terminal import Terminal
from comity.core.text import Text

Relation = Annotated[
    str, Arg(Text("Name of the relation (default: every one)", "合作关系名称（默认：全部）"), "RELATION")
]
At = Annotated[
    str,
    Opt(
        Text("As of these sizes of the two logs", "按两份日志的此等大小计算"), ("--at",), "AUTHOR=n,AUTHOR=n"
    ),
]


def scorecard(terminal: Terminal, relation: Relation = "", at: At = "") -> None:
    """Computed from both logs and the agreement alone."""
    from comity.derive.scoring import relation_named, sizes_of
    from comity.derive.scoring import scorecard as score

    found = [(row, score(row, sizes_of(at) if at else None)) for row in relation_named(relation)]
    data = [{"relation": row.name, "digest": card.digest, "content": card.content} for row, card in found]
    terminal.put(data, lambda: [part for each in data for part in _shown(terminal, each)])


def _shown(terminal: Terminal, each: dict[str, Any]) -> list[object]:
    content = each["content"]
    sizes = ", ".join(f"{party}={log['size']}" for party, log in content["logs"].items())
    head = Text("{name}, {sizes}, as of {at}\ndigest {digest}", "{name}，{sizes}，截至 {at}\n摘要 {digest}")
    heads = (Text("Track", "事项"), Text("Deadline", "期限"), Text("Owner", "承担方"), Text("Due", "应办"), Text("Kept", "按期"),
             Text("Late", "逾期办结"), Text("Measured", "仅统计"), Text("Open", "在办"), Text("Overdue", "逾期未办"),
             Text("Median", "中位数"), Text("90th percentile", "第90百分位"))  # fmt: skip
    rows = [
        (d["track"], d["deadline"], d["owner"], d["due"], d["kept"], d["late"], d["measured"], d["open"], d["overdue"],
         lasted(d["median"], terminal.lang), lasted(d["percentile_90"], terminal.lang))
        for d in content["deadlines"]
    ]  # fmt: skip
    filled = head.fill(name=each["relation"], sizes=sizes, at=content["as_of"] or "–", digest=each["digest"])
    return [filled[terminal.lang], terminal.table(heads, rows)]


def lasted(seconds: int | None, lang: str) -> str:
    """A length of time in its two greatest units."""
    if seconds is None:
        return "–"
    units = (("d", "日", 86400), ("h", "时", 3600), ("min", "分", 60), ("s", "秒", 1))
    parts: list[str] = []
    left = seconds
    for en, zh, size in units:
        count, left = divmod(left, size)
        if count or (size == 1 and not parts):
            parts.append(f"{count} {en}" if lang == "en" else f"{count}{zh}")
    return " ".join(parts[:2])


VERBS = (
    Verb(
        "scorecard", Text("How each promise was kept, with its digest", "各项承诺履行情况及其摘要"), scorecard
    ),
)
