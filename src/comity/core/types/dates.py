"""Dates: a day (Date), an instant (Moment), a birth date of which only the year or month may be known
(BirthDate).

Pure; there is no clock here, so nothing is refused for lying in the future. Days are ISO 8601 calendar dates
in the Gregorian calendar; instants are RFC 3339 in UTC. Travel documents may leave the day or month of birth
unknown (ICAO Doc 9303-3): an unknown part is left out, never invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from comity.core.text import Refusal, Text
from comity.core.types.base import (
    Comparison,
    Json,
    JsonObject,
    ValueType,
    Widget,
    close,
    different,
    is_blank,
    missing,
    same,
)
from comity.core.types.wording import clean_line

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SEPARATED = re.compile(
    r"([0-9]{4})(?:[-./年] ?([0-9]{1,2}|XX|xx))?(?:[-./月] ?([0-9]{1,2}|XX|xx))?[年月日]?"
)
_JOINED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r" ?([Zz]|UTC|([+-])([0-9]{2}):?([0-9]{2}))"
)
_PARTS = (
    ("year", Text("Year", "年"), Widget("number", max_length=4)),
    ("month", Text("Month", "月"), Widget("number", max_length=2)),
    ("day", Text("Day", "日"), Widget("number", max_length=2)),
)


@dataclass(frozen=True)
class Date(ValueType):
    """A day, "2026-03-04", from the year 1000 to 9999. Year, month, day is the only order taken."""

    personal: bool = False

    name = "date"
    title = Text("Date", "日期")

    @property
    def widget(self) -> Widget:
        return Widget(
            "date",
            hint=Text("Year-month-day, for example 2026-03-04", "年-月-日，例如 2026-03-04"),
            max_length=10,
        )

    def clean(self, raw: object) -> Json:
        found = read_date(raw, 1000, 9999)
        if len(found) < 10:
            raise Refusal(
                "incomplete-date",
                Text("The date needs year, month and day.", "日期须包含年、月、日。"),
                mend=Text("Write it as 2026-03-04.", "请写成 2026-03-04 的形式。"),
            )
        return found

    def show(self, value: Json, lang: str) -> str:
        return show_date(str(value), lang)

    def schema(self) -> JsonObject:
        return {"type": "string", "format": "date", "pattern": "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return compare_dates(str(a), str(b))


@dataclass(frozen=True)
class BirthDate(ValueType):
    """A date of birth as far as it is known: "1985", "1985-03" or "1985-03-07"; years 1800 to 2199."""

    personal: bool = True

    name = "birth_date"
    title = Text("Date of birth", "出生日期")

    @property
    def widget(self) -> Widget:
        hint = Text(
            "Leave the day, or month and day, empty if not known; do not guess.",
            "日或月、日不详时请留空，切勿推测。",
        )
        return Widget("partial_date", parts=_PARTS, hint=hint, max_length=10)

    def clean(self, raw: object) -> Json:
        return read_date(raw, 1800, 2199)

    def show(self, value: Json, lang: str) -> str:
        return show_date(str(value), lang)

    def schema(self) -> JsonObject:
        return {"type": "string", "pattern": "^(18|19|20|21)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return compare_dates(str(a), str(b))


@dataclass(frozen=True)
class Moment(ValueType):
    """An instant, "2026-03-04T07:30:00Z" (milliseconds where given). A time without its offset from UTC is
    refused.
    """

    personal: bool = False

    name = "moment"
    title = Text("Date and time", "日期和时间")

    @property
    def widget(self) -> Widget:
        hint = Text(
            "With the offset from UTC, for example 2026-03-04 15:30 +08:00",
            "须注明与协调世界时的时差，例如 2026-03-04 15:30 +08:00",
        )
        return Widget("text", hint=hint, max_length=40)

    def clean(self, raw: object) -> Json:
        found = _MOMENT.fullmatch(clean_line(raw, 60))
        if not found:
            raise _bad_moment()
        day, hour, minute, second, fraction, _zone, sign, hours, minutes = found.groups()
        if sign and (int(hours) > 23 or int(minutes) > 59):
            raise _bad_moment()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta(0)
        milliseconds = int((fraction or "0")[:3].ljust(3, "0"))
        try:
            local = datetime.combine(
                date.fromisoformat(day),
                time(int(hour), int(minute), int(second or 0), milliseconds * 1000),
                timezone(-offset if sign == "-" else offset),
            )
        except ValueError as wrong:
            raise _bad_moment() from wrong
        if not 1900 <= local.year <= 2999:
            raise _bad_moment()
        instant = local.astimezone(UTC).replace(tzinfo=None)
        return instant.isoformat(timespec="milliseconds" if milliseconds else "seconds") + "Z"

    def show(self, value: Json, lang: str) -> str:
        text = str(value)
        clock = text[11:16] if text[16:] == ":00Z" else text[11:-1]
        return show_date(text[:10], lang) + {"en": f", {clock} UTC", "zh": f" {clock}（协调世界时）"}[lang]

    def schema(self) -> JsonObject:
        pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z$"
        return {"type": "string", "format": "date-time", "pattern": pattern}

    def _compare(self, a: Json, b: Json) -> Comparison:
        apart = abs(datetime.fromisoformat(str(a)) - datetime.fromisoformat(str(b)))
        if not apart:
            return same("The same instant.", "同一时刻。")
        if apart <= timedelta(minutes=1):
            return close("Less than or just one minute apart.", "相差不超过一分钟。")
        return different("Different instants.", "时刻不同。")


def read_date(raw: object, first: int, last: int) -> str:
    """Year, year-month or year-month-day from text, digits or {"year", "month", "day"}. Refusal bad-date,
    not-a-day.
    """
    if isinstance(raw, Mapping):
        raw = _joined(raw)
    text = clean_line(raw, 40)
    found = _JOINED.fullmatch(text) or _SEPARATED.fullmatch(text)
    if not found:
        raise Refusal(
            "bad-date",
            Text("This is not a date written year-month-day.", "此处不是按“年-月-日”书写的日期。"),
            mend=Text("Write it as 2026-03-04.", "请写成 2026-03-04 的形式。"),
        )
    year, month, day = (part if part and part.strip("0Xx") else None for part in found.groups())
    if month is None and day is not None:
        raise Refusal(
            "day-without-month",
            Text("A day was given without a month.", "填写了日，但未填写月。"),
            mend=Text("Give the month, or leave the day out.", "请补填月份，或删去日。"),
        )
    try:
        date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError as wrong:
        raise Refusal(
            "not-a-day",
            Text("There is no such day in the calendar.", "日历上没有这一天。"),
            mend=Text("Check year, month and day.", "请核对年、月、日。"),
        ) from wrong
    if not first <= int(year or 0) <= last:
        raise Refusal(
            "year-out-of-range",
            Text(f"The year must be from {first} to {last}.", f"年份应在 {first} 至 {last} 之间。"),
            mend=Text("Check the year.", "请核对年份。"),
        )
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def show_date(value: str, lang: str) -> str:
    """ "1985-03-07" as "7 March 1985" or "1985年3月7日"; as much as there is of it."""
    year, month, day = [*value.split("-"), "", ""][:3]
    if lang == "zh":
        return f"{year}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "")
    if lang != "en":
        raise KeyError(lang)
    return " ".join(part for part in (day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year) if part)


def compare_dates(a: str, b: str) -> Comparison:
    """Close: they agree as far as both are known, or differ by a usual slip of the pen, which is named."""
    shared = min(len(a), len(b))
    if a == b and shared == 10:
        return same("The same day.", "日期相同。")
    if a[:shared] == b[:shared]:
        return close("They agree as far as both are known.", "就双方已知部分而言一致。")
    if shared == 10:
        slip = _slip(a, b)
        if slip:
            return slip
    if a[:4] == b[:4]:
        return different("The same year, but a different month or day.", "年份相同，但月或日不同。")
    return different("Different years.", "年份不同。")


def _slip(a: str, b: str) -> Comparison | None:
    if a[:4] == b[:4] and a[5:7] == b[8:] and a[8:] == b[5:7]:
        return close("Day and month are swapped.", "月与日互换。")
    if a[:4] == b[:4] and "01-01" in (a[5:], b[5:]):
        return close(
            "The same year; 1 January often stands for a day that is not known.",
            "年份相同；1月1日常用以代替不详的月日。",
        )
    if sum(left != right for left, right in zip(a, b, strict=True)) == 1:
        return close("One digit differs.", "有一位数字不同。")
    return None


def _joined(raw: Mapping[object, object]) -> str:
    given = []
    for name in ("year", "month", "day"):
        part = raw.get(name)
        if is_blank(part):
            given.append("")
        elif isinstance(part, bool) or not isinstance(part, (str, int)):
            raise Refusal(
                "bad-date",
                Text("Year, month and day must be whole numbers.", "年、月、日应为整数。"),
                name,
                Text("Write digits only.", "请只填写数字。"),
            )
        else:
            given.append(str(part).strip())
    if not any(given):
        raise missing()
    if not given[0]:
        raise missing("year")
    if given[2] and not given[1]:
        given[1] = "00"
    return "-".join(part for part in given if part)


def _bad_moment() -> Refusal:
    return Refusal(
        "bad-moment",
        Text("This is not a date and time with its offset from UTC.", "此处不是注明时差的日期和时间。"),
        mend=Text(
            "Write it as 2026-03-04 15:30 +08:00 or 2026-03-04T07:30:00Z.",
            "请写成 2026-03-04 15:30 +08:00 或 2026-03-04T07:30:00Z 的形式。",
        ),
    )
