"""One function for each kind of table of an agreement: a row in, a checked part out. Pure.

Rows are read in the order parties, instruments, topics, clauses, measures, commitments, calendars: each may name rows
read before it, and `Parts` is where they are looked up.
"""

from __future__ import annotations

import base64
import binascii
import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comity.core.agreement import shapes as s
from comity.core.agreement.parts import Parts, unknown
from comity.core.agreement.read_terms import read_measure_name
from comity.core.agreement.toml import Table, day
from comity.core.calendar import Calendar
from comity.core.text import Refusal, Text

_CODE = re.compile(r"[a-z]{2,8}\Z")  # its capitals begin the names of cases
_CODE_FORM = Text("Use 2 to 8 lower-case letters.", "请用2至8个小写字母。")


def read_party(parts: Parts, table: Table) -> s.Party:
    code = table.matching("code", _CODE, "bad-party-code", _CODE_FORM)
    if code == s.BOTH:
        raise Refusal(
            "bad-party-code", Text("'both' is a reserved word.", "“both”为保留字。"), table.at("code")
        )
    zone = table.string("time_zone")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(
            "bad-time-zone",
            Text("{zone!r} is not a time zone.", "“{zone}”不是有效时区。").fill(zone=zone),
            table.at("time_zone"),
            Text(
                "Use a name of the IANA database, such as Europe/Paris.",
                "请使用IANA时区数据库中的名称，例如Europe/Paris。",
            ),
        ) from None
    return s.Party(
        code, table.text("name"), table.text("authority"), zone, _keys(table, s.SUITES.get(parts.suite, {}))
    )


def _keys(party: Table, lengths: Mapping[str, int]) -> s.Keys | None:
    table = party.table("keys", ("ed25519", "mldsa65", "box"))
    given = {name: table.string(name) for name in ("ed25519", "mldsa65", "box")}
    if set(given.values()) == {s.PLACEHOLDER}:
        return None
    keys = {name: _key(value, lengths.get(name), table.at(name)) for name, value in given.items()}
    return s.Keys(**keys)


def _key(value: str, length: int | None, where: str) -> bytes:
    said = Text(f"A key here is {length} bytes in base64.", f"此处密钥应为{length}字节，采用base64编码。")
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(
            "bad-key", Text("The key is not base64.", "密钥不是base64编码。"), where, said
        ) from None
    if length is not None and len(key) != length:
        raise Refusal(
            "bad-key", Text(f"The key has {len(key)} bytes.", f"密钥长度为{len(key)}字节。"), where, said
        )
    return key


def read_instrument(parts: Parts, table: Table) -> s.Instrument:
    place = table.text("place") if "place" in table else None
    carried = table.string("carried_by", "")
    return s.Instrument(
        table.string("id"), table.text("title"), table.day("date"), place, table.string("source"), carried
    )


def read_topic(parts: Parts, table: Table) -> s.Topic:
    return s.Topic(table.string("id"), table.text("title"))


def read_clause(parts: Parts, table: Table) -> s.Clause:
    return s.Clause(
        table.string("id"),
        parts.one_of("instrument", "instrument", parts.instruments, "id", table),
        parts.one_of("topic", "topic", parts.topics, "id", table, ""),
        table.text("text"),
    )


def read_measure(parts: Parts, table: Table, tracks: Mapping[str, s.TrackLike] | None) -> s.AgreedMeasure:
    return s.AgreedMeasure(read_measure_name(table, "name", parts.tracks, tracks), parts.clause(table))


def read_commitment(parts: Parts, table: Table, tracks: Mapping[str, s.TrackLike] | None) -> s.Commitment:
    if "clause" not in table or not table.string("clause", "").strip():
        raise Refusal(
            "commitment-without-clause",
            Text("A commitment must name the clause it was made in.", "承诺必须注明其所依据的条款。"),
            table.at("clause"),
            Text('Add clause = "…".', '请补充 clause = "…"。'),
        )
    owner = table.string("owner")
    if owner != s.BOTH and owner not in [party.code for party in parts.parties]:
        raise unknown("party", owner, table.at("owner"))
    due, why = _due(parts, table) if "due" in table else (None, None)
    measure = read_measure_name(table, "measure", parts.tracks, tracks) if "measure" in table else ""
    return s.Commitment(
        table.string("id"), owner, parts.clause(table), table.text("text"), table.choice("force", s.FORCES), due, why,
        measure,
    )  # fmt: skip


def _due(parts: Parts, table: Table) -> tuple[date, Text]:
    """`due` as a day, as a number of months after an instrument, or as a year (its last day)."""
    raw = table.raw("due")
    if not isinstance(raw, dict):
        last = day(raw, table.at("due"))
        return last, Text(f"by {last}", f"{last}之前（含当日）")
    due = table.table("due", ("months", "after", "year"))
    if "year" in due:
        year = due.integer("year")
        return day(f"{year:04}-12-31", due.at("year")), Text(f"in the course of {year}", f"{year}年内")
    months = due.integer("months")
    start = parts.one_of("instrument", "after", parts.instruments, "id", due)
    begun = next(row.date for row in parts.instruments if row.id == start)
    if not 0 < months <= 600 or begun.year > 9000:
        raise Refusal("bad-due", Text("Give between 1 and 600 months.", "月数应为1至600。"), due.at("months"))
    return add_months(begun, months), Text(f"within {months} months of {begun}", f"自{begun}起{months}个月内")


def add_months(start: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of that month where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def read_calendar(parts: Parts, table: Table) -> Calendar:
    party = parts.one_of("party", "party", parts.parties, "code", table)
    year = table.integer("year")
    if not 1 <= year <= 9999:
        raise Refusal("bad-calendar", Text("This is not a year.", "年份无效。"), table.at("year"))
    weekend = table.list("weekend")
    if not all(isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 7 for n in weekend):
        raise Refusal(
            "bad-calendar",
            Text("Days of the week are 1 (Monday) to 7 (Sunday).", "星期以1（星期一）至7（星期日）表示。"),
            table.at("weekend"),
        )
    days = frozenset(n for n in weekend if isinstance(n, int))
    holidays, workdays = _days(table, "holidays", year), _days(table, "workdays", year)
    for odd in sorted(d for d in workdays if d in holidays or d.isoweekday() not in days):
        raise Refusal(
            "bad-calendar",
            Text(f"{odd} is a make-up working day but no day of the weekend, or a holiday too.",
                 f"{odd}列为调休上班日，但并非周末，或同时列为节假日。"),
            table.at("workdays"),
        )  # fmt: skip
    return Calendar(party, year, holidays, workdays, days, table.string("source"))


def _days(table: Table, key: str, year: int) -> frozenset[date]:
    days = [day(value, table.at(key)) for value in table.list(key)]
    for odd in days:
        if odd.year != year:
            raise Refusal(
                "calendar-day-outside-year",
                Text(f"{odd} is not a day of {year}.", f"{odd}不属于{year}年。"),
                table.at(key),
                Text("Put it into the calendar of its own year.", "请写入其所属年份的日历。"),
            )
    return frozenset(days)
