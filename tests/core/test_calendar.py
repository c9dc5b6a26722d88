"""Which days an authority works, as its agreement says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.calendar import Calendar, weekday

CALENDAR = Calendar(
    "aa",
    2026,
    frozenset({date(2026, 5, 1), date(2026, 5, 3)}),
    frozenset({date(2026, 5, 9)}),
    frozenset({6, 7}),
    "Gazette",
)


@pytest.mark.parametrize(
    ("day", "works", "en", "zh"),
    [
        (date(2026, 5, 1), False, "2026-05-01 (Friday): public holiday", "2026-05-01（星期五）：法定节假日"),
        (date(2026, 5, 2), False, "2026-05-02 (Saturday): weekend", "2026-05-02（星期六）：周末"),
        (date(2026, 5, 3), False, "2026-05-03 (Sunday): public holiday", "2026-05-03（星期日）：法定节假日"),
        (date(2026, 5, 4), True, "2026-05-04 (Monday): working day", "2026-05-04（星期一）：工作日"),
        (
            date(2026, 5, 9),
            True,
            "2026-05-09 (Saturday): make-up working day",
            "2026-05-09（星期六）：调休上班日",
        ),
    ],
)
def test_a_day_and_why(day: date, works: bool, en: str, zh: str) -> None:
    assert CALENDAR.is_working(day) is works
    assert (CALENDAR.why(day)["en"], CALENDAR.why(day)["zh"]) == (en, zh)


def test_a_calendar_says_nothing_of_another_year() -> None:
    with pytest.raises(ValueError, match="2027"):
        CALENDAR.is_working(date(2027, 1, 1))


@given(
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    st.frozensets(st.integers(1, 7)),
)
def test_working_days_counted_two_ways(
    holidays: frozenset[date], workdays: frozenset[date], weekend: frozenset[int]
) -> None:
    calendar = Calendar("aa", 2026, holidays, workdays, weekend, "Gazette")
    year = [date(2026, 1, 1) + timedelta(days) for days in range(365)]
    closed = {day for day in year if day.isoweekday() in weekend} | holidays
    assert {day for day in year if calendar.is_working(day)} == set(year) - closed | workdays


@given(st.dates())
def test_the_name_of_the_day(day: date) -> None:
    assert (
        weekday(day)["en"] == ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"][day.weekday()] + "day"
    )
