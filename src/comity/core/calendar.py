"""The working days of one authority in one year, as an agreement publishes them.

Pure. A calendar is data signed by both sides: whether a day counts is looked up here, never in a package of the machine
it happens to run on. Make-up working days (days of a weekend on which offices open, to bridge a public holiday) count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.core.text import Text

_WEEKDAYS = (
    Text("Monday", "星期一"),
    Text("Tuesday", "星期二"),
    Text("Wednesday", "星期三"),
    Text("Thursday", "星期四"),
    Text("Friday", "星期五"),
    Text("Saturday", "星期六"),
    Text("Sunday", "星期日"),
)
_MAKE_UP = Text("{day} ({weekday}): make-up working day", "{day}（{weekday}）：调休上班日")
_HOLIDAY = Text("{day} ({weekday}): public holiday", "{day}（{weekday}）：法定节假日")
_WEEKEND = Text("{day} ({weekday}): weekend", "{day}（{weekday}）：周末")
_WORKING = Text("{day} ({weekday}): working day", "{day}（{weekday}）：工作日")


def weekday(day: date) -> Text:
    """The name of the day of the week."""
    return _WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of `party` in `year`.

    holidays  days on which offices are closed although the day of the week would not close them (a holiday that falls
              on a weekend may be listed too)
    workdays  make-up working days: days of the weekend on which offices are open
    weekend   ISO days of the week, 1 = Monday … 7 = Sunday
    source    what the days were taken from, as it may be cited
    """

    party: str
    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    weekend: frozenset[int]
    source: str

    def is_working(self, day: date) -> bool:
        """Whether offices are open on `day`. ValueError when the day lies in another year."""
        if day.year != self.year:
            raise ValueError(f"{day} is not a day of {self.year}")
        if day in self.workdays:
            return True
        return day not in self.holidays and day.isoweekday() not in self.weekend

    def why(self, day: date) -> Text:
        """What the calendar says of `day`, in words. ValueError when the day lies in another year."""
        if self.is_working(day):
            said = _MAKE_UP if day in self.workdays else _WORKING
        else:
            said = _HOLIDAY if day in self.holidays else _WEEKEND
        return said.fill(day=day.isoformat(), weekday=weekday(day))
