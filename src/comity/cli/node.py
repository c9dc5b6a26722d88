"""The node itself from the command line: make it, run it, examine it; and how every other command gets to its database."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404

from comity.cli.frame import Opt, Verb
from comity.cli.outcome import FAILED, OK
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

Party = Annotated[
    str, Opt(Text("Code of this authority in its agreements", "本主管机关在协议中的代码"), ("--party",))
]
Listen = Annotated[
    str, Opt(Text("Address and port to listen on", "监听地址和端口"), ("--listen",), "HOST:PORT")
]
Database = Annotated[
    str,
    Opt(
        Text("Database address (default: SQLite in the home)", "数据库地址（默认为目录内的 SQLite）"),
        ("--database",),
        "URL",
    ),
]
Peers = Annotated[
    list[str],
    Opt(
        Text(
            "Address of the other node, AGREEMENT=URL; may be repeated",
            "对方节点地址，写作 协议=网址；可重复",
        ),
        ("--peer",),
    ),
]
NoCourier = Annotated[
    bool,
    Opt(
        Text("Leave the exchange to `comity courier`", "交换由 `comity courier` 另行承担"), ("--no-courier",)
    ),
]


def settings(terminal: Terminal, **flags: Any) -> Any:
    """The configuration in force for this command."""
    from comity import config

    return config.load(home=Path(terminal.home) if terminal.home else None, **flags)


def boot(terminal: Terminal) -> None:
    """Start Django at the node's home. Refusal "home-missing" where no node has been made there."""
    from comity.node import boot as start

    found = settings(terminal)
    if not found.database and found.db.engine == "sqlite" and not Path(found.db.name).exists():
        raise Refusal(
            "home-missing",
            Text(f"There is no node at {found.home}.", f"{found.home} 处没有节点。"),
            str(found.home),
            Text(
                "Make one with `comity init`, or name its home: --home DIR.",
                "请用 `comity init` 建立，或以 --home 指明目录。",
            ),
        )
    start(found)
    logging.getLogger().addHandler(logging.NullHandler())  # what went wrong is said once, in our own words


def as_refusal(fault: Http404 | PermissionDenied | DatabaseError) -> Refusal:
    """What access or the database said, as a refusal."""
    if isinstance(fault, Http404):
        return Refusal(
            "not-found",
            Text(
                "There is no such thing here, or this officer may not see it.",
                "不存在该内容，或该人员无权查看。",
            ),
        )
    if isinstance(fault, PermissionDenied):
        what = getattr(
            fault, "what", Text("This officer’s role does not allow this.", "该人员的角色无此权限。")
        )
        return Refusal("role-may-not", what, "", getattr(fault, "mend", None))
    return Refusal(
        "database",
        Text(f"The database cannot be used: {fault}", f"数据库无法使用：{fault}"),
        "",
        Text("See `comity doctor`.", "请运行 `comity doctor` 检查。"),
    )


def init(
    terminal: Terminal,
    party: Party,
    listen: Listen = "",
    database: Database = "",
    peer: Peers = [],  # noqa: B006
) -> None:
    """Make a node: home, keys, database, identity card. Run again it completes what is missing."""
    from comity.node.init import init as make

    pairs = dict(_pair(each) for each in peer)
    home = Path(terminal.home) if terminal.home else None
    made = make(party, home=home, listen=listen or None, database=database or None, peers=pairs or None)
    data = {
        "home": str(made.home), "party": made.party, "card": str(made.card), "fingerprint": made.fingerprint,
        "fresh": made.fresh,
    }  # fmt: skip
    words = Text(
        "Node of {party} at {home}\nIdentity card: {card}\nFingerprint, to be read out to the other side:\n  {fingerprint}\n"
        "Next: sign an agreement (`comity agreement sign`), make officers (`comity officer add`), then `comity run`.",
        "{party} 节点，位于 {home}\n身份卡：{card}\n指纹（请向对方口头核对）：\n  {fingerprint}\n"
        "下一步：签署协议（`comity agreement sign`），添加人员（`comity officer add`），然后 `comity run`。",
    )
    terminal.put(data, words.fill(**{k: str(v) for k, v in data.items()})[terminal.lang])


def _pair(text: str) -> tuple[str, str]:
    name, equals, url = text.partition("=")
    if not equals or not name or not url.startswith(("http://", "https://")):
        raise Refusal(
            "bad-peer",
            Text(f"“{text[:80]}” is not AGREEMENT=URL.", f"“{text[:80]}”不是“协议=网址”的写法。"),
            "--peer",
            Text(
                "For example: --peer NAME=https://node.example.", "例如：--peer 协议名=https://node.example。"
            ),
        )
    return name, url


def run(terminal: Terminal, listen: Listen = "", no_courier: NoCourier = False) -> None:
    """Serve pages, API and exchange until stopped."""
    from comity import config
    from comity.node import server

    flags: dict[str, Any] = {"listen": listen or None, "courier": False if no_courier else None}
    server.run(config.use(settings(terminal, **flags)), announce=lambda said: terminal.say(said))


def courier(terminal: Terminal) -> None:
    """Send and fetch, without pages."""
    from comity import config
    from comity.node import server

    server.run(config.use(settings(terminal)), web=False, announce=lambda said: terminal.say(said))


def doctor(terminal: Terminal) -> int:
    """Examine the node: what is in order, what is not, and what to do."""
    from comity.node import boot as start

    start(settings(terminal))
    from comity.node.doctor import FAULT, GOOD, LEVELS, WARNING, examine

    found = examine()
    marks = {GOOD: "✓", WARNING: "!", FAULT: "✗"}

    def show() -> list[object]:
        lines: list[object] = []
        for each in found:
            lines.append(f"{marks[each.level]} {each.what[terminal.lang]}")
            if each.mend is not None:
                lines.append(f"    {each.mend[terminal.lang]}")
        return lines

    worst = (
        FAULT
        if any(f.level == FAULT for f in found)
        else WARNING
        if any(f.level == WARNING for f in found)
        else GOOD
    )
    data = {"level": worst, "findings": [each.to_json() for each in found]}
    terminal.put(data, lambda: [*show(), LEVELS[worst][terminal.lang]])
    return FAILED if worst == FAULT else OK


def version(terminal: Terminal) -> None:
    """The version of comity, and the algorithms it signs and seals with."""
    from importlib.metadata import version as installed

    from comity.core.agreement import SUITES

    data = {"comity": installed("comity"), "suites": list(SUITES)}
    terminal.put(data, lambda: [f"comity {data['comity']}", *SUITES])


VERBS = (
    Verb("version", Text("The version of comity", "comity 的版本"), version, node=False),
    Verb("init", Text("Make a node, or complete one", "建立节点，或补全现有节点"), init, node=False),
    Verb("run", Text("Run the node: pages, API, exchange", "运行节点：网页、接口与交换"), run, node=False),
    Verb("courier", Text("Run the exchange alone", "仅运行交换"), courier, node=False),
    Verb("doctor", Text("Examine the node", "检查节点"), doctor, node=False),
)
