"""Working-day calendars for an agreement, made from the packages `chinese-calendar` and `holidays`.

Run when a calendar is drafted, never when a deadline is reckoned: what counts is the [[calendar]] table both sides sign.
A provider is "chinese-calendar" (public holidays and make-up working days as the State Council's General Office announces
them each year) or "holidays:XX" (national public holidays of the country with that ISO 3166-1 code).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from importlib.metadata import version

import chinese_calendar
import holidays

from comity.core.calendar import Calendar
from comity.core.text import Refusal, Text

CHINESE_CALENDAR = "chinese-calendar"
COUNTRY = "holidays:"
SATURDAY, SUNDAY = 6, 7
_PER_LINE = 7


def make_calendar(party: str, year: int, provider: str) -> Calendar:
    """The calendar of `party` for `year`. Refusals: unknown-provider, calendar-not-published."""
    if provider == CHINESE_CALENDAR:
        return _chinese(party, year)
    if provider.startswith(COUNTRY):
        return _country(party, year, provider.removeprefix(COUNTRY))
    raise Refusal(
        "unknown-provider",
        Text(f"There is no provider of calendars {provider!r}.", f"没有“{provider}”这一日历来源。"),
        "provider",
        Text(
            f"Use {CHINESE_CALENDAR} or {COUNTRY} and a country code.",
            f"请使用 {CHINESE_CALENDAR}，或 {COUNTRY} 加国家代码。",
        ),
    )


def _chinese(party: str, year: int) -> Calendar:
    closed = frozenset(day for day in chinese_calendar.holidays if day.year == year)
    if not closed:
        raise _not_published(year, CHINESE_CALENDAR)
    opened = frozenset(day for day in chinese_calendar.workdays if day.year == year)
    source = f"State Council General Office, notice on public holidays {year}; {_package(CHINESE_CALENDAR)}"
    return Calendar(party, year, closed, opened, frozenset({SATURDAY, SUNDAY}), source)


def _country(party: str, year: int, country: str) -> Calendar:
    try:
        days = holidays.country_holidays(country, years=year, expand=False)
    except NotImplementedError:
        raise Refusal(
            "unknown-country",
            Text(
                f"No holidays are known for the country {country!r}.",
                f"没有国家代码“{country}”的节假日数据。",
            ),
            "provider",
        ) from None
    if not days:
        raise _not_published(year, f"{COUNTRY}{country}")
    weekend = frozenset(day + 1 for day in days.weekend)
    opened = frozenset(day for day in days.weekend_workdays if day.year == year)
    source = f"Public holidays of {country} {year}; {_package('holidays')}"
    return Calendar(party, year, frozenset(days), opened, weekend, source)


def _package(name: str) -> str:
    return f"Python package {name} {version(name)}"


def _not_published(year: int, provider: str) -> Refusal:
    return Refusal(
        "calendar-not-published",
        Text(
            f"{provider} holds no public holidays for {year} yet.", f"{provider} 尚无{year}年的节假日数据。"
        ),
        "year",
        Text("Update the package after the holidays were announced.", "请在节假日安排公布后更新该软件包。"),
    )


def calendar_table(calendar: Calendar) -> str:
    """The [[calendar]] table of an agreement that says the same."""
    weekend = ", ".join(str(day) for day in sorted(calendar.weekend))
    return (
        "[[calendar]]\n"
        f'party = "{calendar.party}"\n'
        f"year = {calendar.year}\n"
        f"holidays = {_days(calendar.holidays)}\n"
        f"workdays = {_days(calendar.workdays)}\n"
        f"weekend = [{weekend}]\n"
        f'source = "{calendar.source}"\n'
    )


def _days(days: Collection[date]) -> str:
    quoted = [f'"{day.isoformat()}"' for day in sorted(days)]
    if len(quoted) <= _PER_LINE:
        return f"[{', '.join(quoted)}]"
    lines = [", ".join(quoted[at : at + _PER_LINE]) for at in range(0, len(quoted), _PER_LINE)]
    return "[\n" + "".join(f"    {line},\n" for line in lines) + "]"
