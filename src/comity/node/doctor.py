"""The node examines itself: what is in order, what is not, and what to do about it, in both languages.

`examine` gives every finding; `before_start` refuses to start a node that would break a promise.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from comity.core.text import Refusal, Text
from comity.crypto import card, generate, load, read_card, verify_agreement
from comity.exchange.agreements import parties
from comity.exchange.desk import here, peer_keys, pinned
from comity.store import database
from comity.store.logs import Relation
from comity.store.relations import bond, logs

GOOD, WARNING, FAULT = "good", "warning", "fault"
LEVELS = {
    GOOD: Text("in order", "正常"),
    WARNING: Text("look at this", "请留意"),
    FAULT: Text("fault", "故障"),
}

LEAST_ROOM = 1024**3  # bytes free on the disk of the home
GREATEST_SKEW_MS = 5 * 60 * 1000
SILENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `code` is stable; `mend` says what to do, None when it is in order."""

    code: str
    level: str
    what: Text
    mend: Text | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "level": self.level,
            "what": self.what.to_json(),
            "mend": self.mend.to_json() if self.mend else None,
        }


def examine() -> list[Finding]:
    """Everything about this node that can be looked at without a peer's help. Never raises for what it finds."""
    return [
        finding
        for look in (_python, _algorithms, _home, _disk, _database, _keys, _relations)
        for finding in look()
    ]


def before_start() -> None:
    """Refusal with the first fault that must keep a node from starting."""
    for look in (_python, _algorithms, _database, _keys):
        for finding in look():
            if finding.level == FAULT:
                raise Refusal(finding.code, finding.what, "", finding.mend)


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding("python", GOOD, Text(f"Python {version}", f"Python {version}"))


def _algorithms() -> Iterator[Finding]:
    """The algorithms of the suite are in the installed library: a key is made, shown and read again."""
    try:
        made = generate("doctor")
        read_card(card(made.public))
    except (Refusal, ImportError, AttributeError, ValueError, RuntimeError) as fault:
        yield Finding("algorithms-missing", FAULT,
                      Text(f"The cryptographic library lacks an algorithm ({type(fault).__name__}).",
                           f"密码库缺少所需算法（{type(fault).__name__}）。"),
                      Text("Install cryptography 48 or newer from its wheel.",
                           "请安装 cryptography 48 或更新版本（wheel）。"))  # fmt: skip
    else:
        yield Finding("algorithms", GOOD,
                      Text("ML-KEM-768, ML-DSA-65, X25519 and Ed25519 are there",
                           "ML-KEM-768、ML-DSA-65、X25519、Ed25519 均可用"))  # fmt: skip


def _home() -> Iterator[Finding]:
    home = settings.COMITY.home
    if not home.is_dir():
        yield Finding("home-missing", FAULT, Text(f"There is no node at {home}.", f"{home} 处没有节点。"),
                      Text("Run `comity init`.", "请运行 `comity init`。"))  # fmt: skip
    elif home.stat().st_mode & 0o077:
        yield Finding("home-open", WARNING, Text(f"Others may read {home}.", f"其他用户可读取 {home}。"),
                      Text(f"chmod 700 {home}", f"chmod 700 {home}"))  # fmt: skip
    else:
        yield Finding("home", GOOD, Text(f"Home {home}", f"节点目录 {home}"))


def _disk() -> Iterator[Finding]:
    home = settings.COMITY.home
    if not home.is_dir():
        return
    free = shutil.disk_usage(home).free
    gib = f"{free / 1024**3:.1f}"
    if free < LEAST_ROOM:
        yield Finding("disk-low", WARNING, Text(f"{gib} GiB are left on the disk.", f"磁盘剩余 {gib} GiB。"),
                      Text("Make room: without it nothing can be taken in.", "请腾出空间，否则无法接收任何内容。"))  # fmt: skip
    else:
        yield Finding("disk", GOOD, Text(f"{gib} GiB free", f"磁盘剩余 {gib} GiB"))


def _database() -> Iterator[Finding]:
    connection = connections["default"]
    try:
        connection.ensure_connection()
        broken = database.promises(connection)
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, database.BrokenPromise) as fault:
        yield Finding("database", FAULT,
                      Text(f"The database cannot be used: {fault}", f"数据库无法使用：{fault}"),
                      Text("See COMITY_DATABASE.", "请检查 COMITY_DATABASE。"))  # fmt: skip
        return
    for promise in broken:
        yield Finding("database-promise", FAULT,
                      Text(f"The database does not promise durability: {promise}.", f"数据库未保证持久性：{promise}。"),
                      Text("Set it as the guide to operations says.", "请按运维指南设置。"))  # fmt: skip
    if waiting:
        yield Finding("database-old", FAULT, Text("The tables are of an older version.", "数据表为旧版本。"),
                      Text("Run `comity init` again; it brings them up to date.",
                           "请再次运行 `comity init` 以更新。"))  # fmt: skip
    if not broken and not waiting:
        kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
        yield Finding("database", GOOD, Text(f"{kind}, durable", f"{kind}，已保证持久性"))


def _keys() -> Iterator[Finding]:
    party = settings.COMITY.party
    if not party:
        yield Finding("no-party", FAULT, Text("This node has no party.", "本节点未设定主管机关。"),
                      Text("Run `comity init`.", "请运行 `comity init`。"))  # fmt: skip
        return
    try:
        keys = load(settings.COMITY.keys_dir, party)
    except Refusal as refusal:
        yield Finding(refusal.code, FAULT, refusal.what, refusal.mend)
        return
    yield Finding(
        "keys",
        GOOD,
        Text(f"Keys of {party}: {keys.public.fingerprint}", f"{party} 的密钥：{keys.public.fingerprint}"),
    )


def _relations() -> Iterator[Finding]:
    try:
        relations = list(Relation.objects.select_related("agreement"))
    except DatabaseError:
        return
    if not relations:
        yield Finding("no-agreement", WARNING, Text("There is no agreement yet.", "尚无协议。"),
                      Text("Sign one and add it: `comity agreement add`.", "请签署并添加：`comity agreement add`。"))  # fmt: skip
    for relation in relations:
        yield from _agreement(relation)
        yield from _peer(relation)


def _agreement(relation: Relation) -> Iterator[Finding]:
    row = relation.agreement
    try:
        tied = bond(relation)
        verify_agreement(
            row.name, row.version, bytes(row.bytes), bytes(row.signature), parties(tied.agreement)
        )
        if pinned(tied.agreement, tied.me).fingerprint != here().keys.public.fingerprint:
            raise Refusal(
                "keys-of-another",
                Text("The agreement pins other keys of ours.", "协议所载本方密钥与本节点不符。"),
            )
    except Refusal as refusal:
        yield Finding(refusal.code, FAULT, Text(f"{relation.name}: {refusal.what.en}", f"{relation.name}：{refusal.what.zh}"),
                      refusal.mend or Text("Amend the agreement.", "请修订协议。"))  # fmt: skip
        return
    yield Finding("agreement", GOOD,
                  Text(f"Agreement {row.name} v{row.version}, signed by both; peer’s keys {peer_keys(tied).fingerprint}",
                       f"协议 {row.name} 第{row.version}版，双方已签署；对方密钥 {peer_keys(tied).fingerprint}"))  # fmt: skip


def _peer(relation: Relation) -> Iterator[Finding]:
    found = list(_trouble(relation))
    yield from found
    if not found:
        ours = logs(relation)[relation.me]
        owed = ours.size - ours.held
        said = Text("{name}: in touch, {owed} entries on their way", "{name}：联络正常，{owed} 项在途")
        yield Finding("peer", GOOD, said.fill(name=relation.name, owed=owed))


def _trouble(relation: Relation) -> Iterator[Finding]:
    """What is wrong between the two nodes."""
    if relation.hold:
        yield _of(relation, "relation-on-hold", FAULT, _HOLD, _HOLD_MEND)
    if relation.read_only:
        yield _of(relation, "relation-read-only", WARNING, _READ_ONLY, _READ_ONLY_MEND)
    if relation.heard is None:
        yield _of(relation, "peer-never-heard", WARNING, _NEVER, _NEVER_MEND)
    elif timezone.now() - relation.heard > SILENCE:
        yield _of(
            relation, "peer-silent", WARNING, _SILENT, _SILENT_MEND, at=f"{relation.heard:%Y-%m-%d %H:%M}"
        )
    skew = abs(relation.peer_skew_ms or 0)
    if skew > GREATEST_SKEW_MS:
        yield _of(relation, "clock-skew", WARNING, _SKEW, _SKEW_MEND, seconds=skew // 1000)


def _of(relation: Relation, code: str, level: str, what: Text, mend: Text, **more: str | int) -> Finding:
    return Finding(code, level, what.fill(name=relation.name, **more), mend.fill(name=relation.name))


_HOLD = Text(
    "{name}: on hold; two signed statements contradict each other.", "{name}：已暂停，两份签署声明相互矛盾。"
)
_HOLD_MEND = Text(
    "See `comity peer show {name}`; compare the originals with the other side.",
    "请查看 `comity peer show {name}`，并与对方比对原件。",
)
_READ_ONLY = Text(
    "{name}: our entries are being read back from the other side.", "{name}：正在从对方取回本方登记项。"
)
_READ_ONLY_MEND = Text("Let it run; nothing is to be done.", "无须操作，等待完成即可。")
_NEVER = Text("{name}: nothing has been heard of the other node.", "{name}：尚未收到对方节点任何信息。")
_NEVER_MEND = Text(
    "Set its address: `comity peer add {name} URL`.", "请设置其地址：`comity peer add {name} 网址`。"
)
_SILENT = Text("{name}: last heard {at} UTC.", "{name}：最近联系 {at}（UTC）。")
_SILENT_MEND = Text("Ask the other side whether its node runs.", "请向对方确认其节点是否运行。")
_SKEW = Text("{name}: the two clocks differ by {seconds} s.", "{name}：双方时钟相差 {seconds} 秒。")
_SKEW_MEND = Text("Check time synchronisation on this machine.", "请检查本机的时间同步。")
