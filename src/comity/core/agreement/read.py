"""From the TOML of an agreement to its parts, each checked against the others and against the tracks.

Pure. One bad table yields one `Refusal` and reading goes on with the next, so a person mending a file sees the whole list.
What a track allows is asked of the tracks handed in; without them (an offline verifier) those checks are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from comity.core.agreement import read_rows as rows
from comity.core.agreement import shapes as s
from comity.core.agreement.parts import Parts, unknown
from comity.core.agreement.read_terms import read_track
from comity.core.agreement.toml import Table, parse
from comity.core.text import Refusal, Text

_TOP = (
    "name", "version", "supersedes", "suite", "title", "party", "instrument", "topic", "clause", "track", "measure",
    "commitment", "handling", "clocks", "calendar",
)  # fmt: skip
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,63}\Z")
_NAME_FORM = Text(
    "Use 2 to 64 lower-case letters, digits and hyphens.", "请用2至64个小写字母、数字或连字符。"
)
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_MAX_GRACE_HOURS = 14 * 24

Part = TypeVar("Part")


def read(data: bytes, tracks: Mapping[str, s.TrackLike] | None) -> Parts:
    """All parts of an agreement, with every fault found. Never raises Refusal."""
    parts = Parts()
    try:
        top = Table("", parse(data), _TOP)
        parts.name = top.matching("name", _NAME, "bad-name", _NAME_FORM)
    except Refusal as fault:
        parts.faults.append(fault)
        return parts
    top.where = f"agreement {parts.name}"
    for reader in (_head, _handling, _clocks):
        try:
            reader(parts, top)
        except Refusal as fault:
            parts.faults.append(fault)
    parts.parties = tuple(_rows(parts, top, "party", rows.read_party, lambda p: p.code))
    if len(parts.parties) != 2 and not any(" / party" in fault.where for fault in parts.faults):
        parts.faults.append(_party_count(top, len(parts.parties)))
    parts.instruments = tuple(_rows(parts, top, "instrument", rows.read_instrument, lambda i: i.id))
    parts.topics = tuple(_rows(parts, top, "topic", rows.read_topic, lambda t: t.id))
    parts.clauses = tuple(_rows(parts, top, "clause", rows.read_clause, lambda c: c.id))
    _carried(parts, top)
    found = _rows(parts, top, "track", lambda p, t: read_track(p.clause, t, tracks), lambda t: t.track)
    parts.tracks = MappingProxyType({terms.track: terms for terms in found})
    measures = _rows(parts, top, "measure", lambda p, t: rows.read_measure(p, t, tracks), lambda m: m.name)
    parts.measures = tuple(measures)
    promises = _rows(
        parts, top, "commitment", lambda p, t: rows.read_commitment(p, t, tracks), lambda c: c.id
    )
    parts.commitments = tuple(promises)
    parts.calendars = tuple(_rows(parts, top, "calendar", rows.read_calendar, lambda c: (c.party, c.year)))
    return parts


def _rows(
    parts: Parts, top: Table, kind: str, make: Callable[[Parts, Table], Part], name: Callable[[Part], object]
) -> Iterator[Part]:
    """Each [[kind]] table made into its part; a fault, or a name given twice, is noted and the table left out."""
    seen: set[object] = set()
    try:
        given = top.list(kind)
    except Refusal as fault:
        parts.faults.append(fault)
        return
    for number, row in enumerate(given, 1):
        try:
            table = Table(f"{top.where} / {kind} {_label(row, kind, number)}", row, _KNOWN[kind])
            part = make(parts, table)
            if name(part) in seen:
                raise Refusal(
                    "given-twice",
                    Text("This is given twice.", "此项重复。"),
                    table.where,
                    Text("Keep one of the two.", "请仅保留一项。"),
                )
            seen.add(name(part))
            yield part
        except Refusal as fault:
            parts.faults.append(fault)


_KNOWN: Mapping[str, tuple[str, ...]] = {
    "party": ("code", "name", "authority", "time_zone", "keys"),
    "instrument": ("id", "title", "date", "place", "source", "carried_by"),
    "topic": ("id", "title"),
    "clause": ("id", "instrument", "topic", "text"),
    "track": ("name", "clause", "deadlines"),
    "measure": ("name", "clause"),
    "commitment": ("id", "owner", "clause", "text", "force", "due", "measure"),
    "calendar": ("party", "year", "holidays", "workdays", "weekend", "source"),
}


def _label(row: object, kind: str, number: int) -> str:
    """How a person would name a row: by its name if it has one, else by its number."""
    if isinstance(row, dict):
        for keys in (("party", "year"),) if kind == "calendar" else (("code",), ("id",), ("name",)):
            values = [row.get(key) for key in keys]
            if all(isinstance(value, str | int) for value in values):
                return " ".join(str(value) for value in values)[:80].strip() or str(number)
    return str(number)


def _head(parts: Parts, top: Table) -> None:
    parts.version = top.integer("version")
    if parts.version < 1:
        raise Refusal("bad-version", Text("Versions count from 1.", "版本号从1起。"), top.at("version"))
    parts.supersedes = top.string("supersedes", "")
    if parts.supersedes and not _DIGEST.match(parts.supersedes):
        raise Refusal(
            "bad-supersedes",
            Text("This is not the digest of an agreement.", "这不是协议的摘要值。"),
            top.at("supersedes"),
            Text(
                "Write the SHA-256 of the file it amends, in hexadecimal.",
                "请写明被修订文件的SHA-256摘要值（十六进制）。",
            ),
        )
    if bool(parts.supersedes) != (parts.version > 1):
        raise Refusal(
            "bad-supersedes",
            Text("Version 1 amends nothing; every later version names the one it amends.",
                 "第1版不修订任何文件；此后各版均须写明所修订的文件。"),
            top.at("supersedes"),
        )  # fmt: skip
    parts.suite = top.string("suite")
    if parts.suite not in s.SUITES:
        raise Refusal(
            "bad-suite",
            Text("This suite of algorithms is not known.", "未知的密码套件。"),
            top.at("suite"),
            Text(f"Known: {', '.join(s.SUITES)}.", f"可用：{'、'.join(s.SUITES)}。"),
        )
    parts.title = top.text("title")


def _handling(parts: Parts, top: Table) -> None:
    if "handling" in top:
        table = top.table("handling", ("onward",))
        parts.handling = s.Handling(table.choice("onward", s.ONWARD))


def _clocks(parts: Parts, top: Table) -> None:
    table = top.table("clocks", ("delivery_grace_hours",))
    hours = table.integer("delivery_grace_hours")
    if not 0 <= hours <= _MAX_GRACE_HOURS:
        raise Refusal(
            "bad-clock",
            Text(
                f"The grace for delivery is between 0 and {_MAX_GRACE_HOURS} hours.",
                f"送达宽限期应为0至{_MAX_GRACE_HOURS}小时。",
            ),
            table.at("delivery_grace_hours"),
        )
    parts.delivery_grace_hours = hours


def _carried(parts: Parts, top: Table) -> None:
    known = {clause.id for clause in parts.clauses}
    for row in parts.instruments:
        if row.carried_by and row.carried_by not in known:
            where = f"{top.where} / instrument {row.id} / carried_by"
            parts.faults.append(unknown("clause", row.carried_by, where))


def _party_count(top: Table, count: int) -> Refusal:
    return Refusal(
        "party-count",
        Text(f"An agreement has two parties, not {count}.", f"协议应有两个当事方，此处为{count}个。"),
        top.at("party"),
        Text("Three authorities have three agreements.", "三个主管机关之间应分别订立三份协议。"),
    )
