"""The other authorities' nodes from the command line: who they are, how to reach them, and whether they answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from comity.cli.frame import Arg, Noun
from comity.cli.node import settings
from comity.cli.outcome import FAILED, INTEGRITY, OK, exit_code
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

PEER = Noun("peer", Text("The other authorities’ nodes", "对方主管机关的节点"))
Relation = Annotated[str, Arg(Text("Name of the relation", "合作关系名称"), "RELATION")]
Every = Annotated[
    str, Arg(Text("Name of the relation (default: every one)", "合作关系名称（默认：全部）"), "RELATION")
]
Url = Annotated[str, Arg(Text("Address of the other node", "对方节点地址"), "URL")]
HEADS = (
    Text("Relation", "合作关系"),
    Text("Peer", "对方"),
    Text("Address", "地址"),
    Text("State", "状态"),
    Text("Ours", "本方日志"),
    Text("Theirs", "对方日志"),
    Text("Owed", "待发"),
    Text("Heard", "最近联系"),
)


@PEER.verb("list", Text("Relations, and the health of each line", "合作关系及链路状况"))
def list_(terminal: Terminal) -> None:
    from django.utils import timezone

    from comity.derive import shaping
    from comity.store import queries

    peers = settings(terminal).peers
    rows: list[dict[str, Any]] = [
        {
            "relation": each.relation.name, "peer": each.relation.peer, "name": each.peer.to_json(),
            "url": peers[each.relation.name].url if each.relation.name in peers else None, "light": each.light,
            "why": [said.to_json() for said in each.why], "ours": each.ours.size, "theirs": each.theirs.size,
            "owed": each.owed, "heard": shaping.at(each.heard), "hold": each.relation.hold or None,
            "read_only": each.relation.read_only or None,
        }
        for each in queries.links(timezone.now())
    ]  # fmt: skip
    terminal.put(
        rows,
        lambda: terminal.table(
            HEADS,
            [
                (r["relation"], r["name"], r["url"], " ".join(w[terminal.lang] for w in r["why"]), r["ours"], r["theirs"],
                 r["owed"], r["heard"] and r["heard"][:19])
                for r in rows
            ],
        ),
    )  # fmt: skip


@PEER.verb("add", Text("Write down the address of a relation’s peer", "登记对方节点地址"))
def add(terminal: Terminal, relation: Relation, url: Url) -> None:
    """It stands in comity.toml; the running node reads it when it is started again."""
    from comity.derive.scoring import relation_named
    from comity.node.init import init

    found = settings(terminal)
    relation_named(relation)
    if not url.startswith(("http://", "https://")):
        raise Refusal(
            "bad-peer",
            Text("The address must start with http:// or https://.", "地址须以 http:// 或 https:// 开头。"),
            "URL",
        )
    init(found.party, home=found.home, peers={relation: url.rstrip("/")})
    said = Text("{relation}: {url}", "{relation}：{url}").fill(relation=relation, url=url)
    terminal.put(
        {"relation": relation, "url": url.rstrip("/"), "file": str(Path(found.home) / "comity.toml")},
        said[terminal.lang],
    )


@PEER.verb("check", Text("Call the other node and compare heads", "呼叫对方节点并比对日志首部"))
def check(terminal: Terminal, relation: Every = "") -> int:
    """One signed and sealed call without entries. Exit 4 where it does not answer, 5 where the two sides disagree."""
    from comity.derive.scoring import relation_named
    from comity.exchange.courier import Run
    from comity.exchange.desk import here
    from comity.exchange.lines.http import HttpLine
    from comity.store.relations import logs

    peers = settings(terminal).peers
    rows: list[dict[str, Any]] = []
    worst = OK
    for row in relation_named(relation):
        peer = peers.get(row.name)
        fault: Refusal | None = None
        if peer is None or not peer.url:
            fault = Refusal(
                "no-address",
                Text("No address of the other node is written down.", "未登记对方节点地址。"),
                row.name,
                Text("Add it: comity peer add RELATION URL.", "请登记：comity peer add 合作关系 网址。"),
            )
        else:
            line = HttpLine(peer.url, timeout=peer.timeout, ca=peer.ca)
            try:
                Run(here(), row.name, line).compare()
            except Refusal as refusal:
                fault = refusal
            finally:
                line.close()
        both = logs(row)
        rows.append(
            {"relation": row.name, "url": peer.url if peer else None, "good": fault is None,
             "ours": both[row.me].size, "held": both[row.me].held, "theirs": both[row.peer].size,
             "error": fault.to_json() if fault else None}
        )  # fmt: skip
        if fault is not None:
            code = exit_code(fault)
            worst = INTEGRITY if INTEGRITY in (code, worst) else max(worst, code, FAILED)

    def show() -> list[object]:
        lines: list[object] = []
        good = Text("✓ {relation}: answers; it holds {held} of our {ours}, we hold {theirs}.",
                    "✓ {relation}：应答正常；对方持有本方 {ours} 项中的 {held} 项，本方持有对方 {theirs} 项。")  # fmt: skip
        for each in rows:
            if each["good"]:
                filled = {k: each[k] for k in ("relation", "held", "ours", "theirs")}
                lines.append(good.fill(**filled)[terminal.lang])
            else:
                lines.append(
                    f"✗ {each['relation']}: {each['error']['what'][terminal.lang]} ({each['error']['code']})"
                )
        return lines

    terminal.put(rows, show)
    return worst


@PEER.verb(
    "show",
    Text(
        "One relation: its line, its last trouble, and any contradiction kept",
        "显示合作关系：链路、最近故障及所存矛盾声明",
    ),
)
def show(terminal: Terminal, relation: Relation) -> None:
    from base64 import b64encode

    from comity.derive import shaping
    from comity.derive.scoring import relation_named

    (row,) = relation_named(relation)
    forks = [
        {"author": fork.author, "size": fork.size, "at": shaping.at(fork.at),
         "ours": b64encode(bytes(fork.ours)).decode(), "theirs": b64encode(bytes(fork.theirs)).decode()}
        for fork in row.forks.order_by("pk")
    ]  # fmt: skip
    data = {
        "relation": row.name, "me": row.me, "peer": row.peer, "agreement": row.agreement_id, "hold": row.hold or None,
        "read_only": row.read_only or None, "heard": shaping.at(row.heard), "trouble": row.trouble, "forks": forks,
    }  # fmt: skip
    terminal.put(data, lambda: [f"{name}: {terminal.word(value)}" for name, value in data.items()])


@PEER.verb(
    "release", Text("Take the hold off a line, once both sides have cleared it up", "双方查明后解除链路暂停")
)
def release(terminal: Terminal, relation: Relation) -> None:
    """For a liaison officer, in person; the originals of the contradiction stay."""
    from comity.access import acting, require
    from comity.derive.scoring import relation_named
    from comity.exchange import forks
    from comity.store.audit import record

    officer = terminal.officer()
    (row,) = relation_named(relation)
    with acting(officer, "cli"):
        require(officer, "release_link")
        forks.release(row)
        record(officer, "release_link", None, via="cli", relation=row.name, hold=row.hold)
    terminal.put({"relation": row.name, "hold": None}, Text("Released.", "已解除。")[terminal.lang])
