"""How dates, times and durations are written in both languages, in the time zones of both authorities.

Pure but for the tables of Babel and the system's time zones. `22 November 2026` and `2026年11月22日`; the time of a moment
is always given with the name of the zone it is read in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_name

from comity.core.text import Text
from comity.web.words import work

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = (
    Text("Monday", "星期一"), Text("Tuesday", "星期二"), Text("Wednesday", "星期三"), Text("Thursday", "星期四"),
    Text("Friday", "星期五"), Text("Saturday", "星期六"), Text("Sunday", "星期日"),
)  # fmt: skip
_LOCALES = {"en": Locale("en"), "zh": Locale("zh", script="Hans")}
DAY = 86_400


@dataclass(frozen=True, slots=True)
class ZoneTime:
    """One moment as one authority reads it off the wall."""

    day: Text
    time: str
    zone: Text
    iso: str
    iana: str = ""


def moment(value: datetime | str | None) -> datetime | None:
    """An aware datetime from one, or from an entry's time ("2026-03-04T01:02:03.123Z"); None stays None."""
    if value is None or value == "":
        return None
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def day(value: date) -> Text:
    """`22 November 2026` / `2026年11月22日`. A datetime is taken as it stands, in its own zone."""
    return Text(
        f"{value.day} {_MONTHS[value.month - 1]} {value.year}", f"{value.year}年{value.month}月{value.day}日"
    )


def short_day(value: date) -> Text:
    """`22 Nov 2026` / `2026年11月22日`, for narrow columns."""
    return Text(f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year}", day(value).zh)


def stamp_line(value: datetime, zone: str) -> Text:
    """`22 Nov, 14:05` / `11月22日 14:05`: for marks that stand below a full date."""
    local = value.astimezone(ZoneInfo(zone))
    return Text(
        f"{local.day} {_MONTHS[local.month - 1][:3]}, {local:%H:%M}",
        f"{local.month}月{local.day}日 {local:%H:%M}",
    )


def weekday(value: date) -> Text:
    return _WEEKDAYS[value.weekday()]


def in_zone(value: datetime, zone: str) -> ZoneTime:
    """`value` in the named IANA zone."""
    local = value.astimezone(ZoneInfo(zone))
    return ZoneTime(
        day(local),
        f"{local:%H:%M}",
        zone_name(zone),
        value.astimezone(UTC).isoformat(timespec="seconds"),
        zone,
    )


@cache
def zone_name(zone: str) -> Text:
    """What a zone is called the year round: `Eastern Time` / `北美东部时间`, `China Time` / `中国时间`."""
    names = {}
    for lang, locale in _LOCALES.items():
        name = get_timezone_name(ZoneInfo(zone), width="long", locale=locale, zone_variant="generic")
        names[lang] = name if "/" not in name else zone
    return Text(names["en"], names["zh"])


def lasting(seconds: float) -> Text:
    """A duration in the largest unit that says enough: days from 48 hours on, else hours, else minutes."""
    seconds = abs(seconds)
    if seconds >= 2 * DAY:
        return work.n_days.fill(n=math.floor(seconds / DAY))
    hours = math.floor(seconds / 3600)
    if hours >= 1:
        return work.one_hour if hours == 1 else work.n_hours.fill(n=hours)
    minutes = math.floor(seconds / 60)
    if minutes >= 1:
        return work.one_minute if minutes == 1 else work.n_minutes.fill(n=minutes)
    return work.under_minute


def until(due: datetime, now: datetime, zone: str) -> Text:
    """How long from `now` until `due`: whole calendar days in `zone` when more than a day is left, else hours."""
    left = (due - now).total_seconds()
    if left < DAY:
        return lasting(left)
    there = ZoneInfo(zone)
    days = max(1, (due.astimezone(there).date() - now.astimezone(there).date()).days)
    return work.one_day if days == 1 else work.n_days.fill(n=days)
