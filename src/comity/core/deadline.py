"""When is it due, and why.

Pure: a clock is a function of the case, the agreement it was opened under, the calendars both sides signed, and the time
as of which it is read. A clock lives wholly **in its owner's time**: an event of the owner counts at the owner's own
entry, an event of the other side when the owner acknowledged it, which he cannot dispute. So two wrongly set clocks
cannot make a deadline out of nothing.

A clock stops at the owner's step once the other side has acknowledged it: at the step's own time when the
acknowledgement followed within the agreement's delivery grace, otherwise at the time of the acknowledgement. Silence
never stops a clock and never decides a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from comity.core.case import Case, Mark
from comity.core.deadline_why import Pause, Why
from comity.core.track import Deadline, Step

if TYPE_CHECKING:
    from comity.core.agreement import Agreement
    from comity.core.calendar import Calendar

Calendars = Callable[[str, int], "Calendar | None"]

RUNNING, PAUSED, OVERDUE, KEPT, LATE, MEASURED, LAPSED = (
    "running", "paused", "overdue", "kept", "late", "measured", "lapsed",
)  # fmt: skip
STATUSES = (RUNNING, PAUSED, OVERDUE, KEPT, LATE, MEASURED, LAPSED)


def moment(text: str) -> datetime:
    """A time as entries bear it ("2026-03-04T01:02:03.123Z") as an aware datetime in UTC."""
    return datetime.fromisoformat(text)


def stamp(at: datetime) -> str:
    """The inverse of `moment`: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of one deadline in one case.

    due       the last moment, None where the agreement sets no limit or the clock stands still
    answered  the owner's ending step, also while the other side has not acknowledged it yet
    stopped   the time that counts, "" while it has not stopped
    seconds   from start to stop (or to the time it is read as of), pauses taken off
    """

    deadline: str
    number: int
    owner: str
    start: str
    due: str | None
    answered: str
    stopped: str
    status: str
    seconds: int
    why: Why

    @property
    def open(self) -> bool:
        return self.status in (RUNNING, PAUSED, OVERDUE)


@dataclass(slots=True)
class _Run:
    """A clock while the events are read."""

    start: Mark
    began: datetime
    pauses: list[tuple[datetime, datetime | None, str]] = field(default_factory=list)
    end: Mark | None = None
    ended: datetime | None = None
    lapsed: bool = False

    def pause(self, at: datetime, reason: str) -> None:
        """From `at` on the clock stands still for `reason`, or runs when reason is ""."""
        if self.pauses and self.pauses[-1][1] is None:
            if self.pauses[-1][2] == reason:
                return
            since, _, why = self.pauses.pop()
            self.pauses.append((since, at, why))
        if reason:
            self.pauses.append((at, None, reason))


def clocks(case: Case, agreement: Agreement, calendars: Calendars, as_of: str) -> tuple[Clock, ...]:
    """Every clock of the case, in the order of the track's deadlines.

    agreement  the one the case was opened under (its terms hold to the end of the case)
    calendars  (party code, year) -> calendar, None where none is published yet
    as_of      an entry time; nothing else tells this function what time it is
    """
    now = moment(as_of)
    return tuple(
        _clock(case, deadline, number, run, agreement, calendars, now)
        for deadline in case.track.deadlines
        for number, run in enumerate(_runs(case, deadline), 1)
    )


def _events(case: Case, owner: str) -> list[tuple[datetime, int, int, Mark]]:
    """The case as its owner lived it: own marks at their time, the other side's when the owner acknowledged them."""
    events = []
    for mark in case.trace:
        own = mark.side == owner
        if own or mark.acked:
            events.append((moment(mark.time if own else mark.acked), int(own), mark.index, mark))
    return sorted(events, key=lambda event: event[:3])


def _runs(case: Case, deadline: Deadline) -> Iterator[_Run]:
    """Each run of the deadline: opened by a starting step, closed by an ending one, by the end of the case, or open."""
    owner, run = deadline.owner, None
    holds: set[str] = set()
    questions, state = 0, ""
    for at, own, _, mark in _events(case, owner):
        step = case.track.step(mark.step)
        state = mark.state or state
        if step.holds:
            holds.add(mark.side)
        elif step.releases:
            holds.discard(mark.side)
        elif step.asks and own:
            questions += 1
        elif step.answers and not own:
            questions -= 1
        if run is None and mark.step in deadline.starts:
            run = _Run(mark, _start(mark, at, deadline))
        elif run is not None and own and mark.step in deadline.ends:
            run.end, run.ended = mark, at
        elif run is not None and (mark.step in deadline.lapses or _over(case, step)):
            run.lapsed, run.ended = True, at
        if run is not None:
            run.pause(at, "" if run.ended else _standing(deadline, holds, questions, state))
            if run.ended:
                yield run
                run = None
    if run is not None:
        run.lapsed = case.ended
        yield run


def _start(mark: Mark, at: datetime, deadline: Deadline) -> datetime:
    """A period of notice runs from the other side's acknowledgement of it; any other clock from the owner's time."""
    return moment(mark.acked) if deadline.at_least and mark.acked else at


def _over(case: Case, step: Step) -> bool:
    return step.ends or bool(step.to and case.track.state(step.to).final)


def _standing(deadline: Deadline, holds: set[str], questions: int, state: str) -> str:
    """Why the clock stands still now: "hold", "question", the name of a state, or "" when it runs."""
    if holds and "hold" in deadline.pauses:
        return "hold"
    if questions > 0 and "question" in deadline.pauses:
        return "question"
    return state if state in deadline.pause_in else ""


def _clock(
    case: Case,
    deadline: Deadline,
    number: int,
    run: _Run,
    agreement: Agreement,
    calendars: Calendars,
    now: datetime,
) -> Clock:
    party = agreement.party(case.parties[deadline.owner])
    term = agreement.terms(case.track.name).deadline(deadline.name)
    limit, unit = term.value, term.unit or deadline.unit
    counted = _counted(run, agreement.delivery_grace_hours)
    paused = bool(run.pauses) and run.pauses[-1][1] is None
    reckoning = _Reckoning(party.zone, party.code, calendars)
    due: datetime | None = None
    if limit is not None and not (paused and run.ended is None):
        due = reckoning.due(run.began, limit, unit, run.pauses)
    until = counted or run.ended or now
    return Clock(
        deadline=deadline.name,
        number=number,
        owner=deadline.owner,
        start=stamp(run.began),
        due=stamp(due) if due else None,
        answered=run.end.time if run.end else "",
        stopped=stamp(counted) if counted else "",
        status=_status(deadline, run, counted, paused, limit, due, now),
        seconds=_seconds(run, until),
        why=Why(
            clause=term.clause,
            source=deadline.source.cite,
            owner=party.name,
            title=deadline.title,
            step=case.track.step(run.start.step).title,
            by_receipt=run.start.side != deadline.owner or deadline.at_least,
            start=stamp(run.began),
            limit=limit,
            unit=unit,
            zone=party.time_zone,
            pauses=tuple(Pause(stamp(a), stamp(b) if b else "", why) for a, b, why in run.pauses),
            skipped=tuple(reckoning.skipped),
            calendars=tuple(sorted(reckoning.sources)),
            provisional=reckoning.provisional,
            at_least=deadline.at_least,
            due=stamp(due) if due else "",
        ),
    )


def _counted(run: _Run, grace_hours: int) -> datetime | None:
    """The time at which the clock stopped, None while the other side has not acknowledged the ending step."""
    if run.end is None or not run.end.acked:
        return None
    step, acknowledged = moment(run.end.time), moment(run.end.acked)
    return step if acknowledged - step <= timedelta(hours=grace_hours) else acknowledged


def _status(
    deadline: Deadline,
    run: _Run,
    counted: datetime | None,
    paused: bool,
    limit: int | None,
    due: datetime | None,
    now: datetime,
) -> str:
    if run.lapsed:
        return LAPSED
    if counted is None:
        if paused and run.ended is None:
            return PAUSED
        return OVERDUE if due is not None and now > due and not deadline.at_least else RUNNING
    if limit is None or due is None:
        return MEASURED
    in_time = counted >= due if deadline.at_least else counted <= due
    return KEPT if in_time else LATE


def _seconds(run: _Run, until: datetime) -> int:
    still = sum(
        (max(timedelta(), min(b or until, until) - a) for a, b, _ in run.pauses if a < until),
        start=timedelta(),
    )
    return max(0, int((until - run.began - still).total_seconds()))


class _Reckoning:
    """Counts one limit in one authority's time zone and calendar, and remembers what it passed over."""

    def __init__(self, zone: ZoneInfo, party: str, calendars: Calendars) -> None:
        self.zone, self.party, self.calendars = zone, party, calendars
        self.skipped: list[str] = []
        self.sources: set[str] = set()
        self.provisional = False

    def due(
        self, start: datetime, limit: int, unit: str, pauses: list[tuple[datetime, datetime | None, str]]
    ) -> datetime:
        """The last moment in time.

        Hours and minutes run exactly, plus the time the clock stood still. Days are whole days of the owner's zone: the
        day of the event is not counted and the last day runs to its end (as in Regulation (EEC, Euratom) No 1182/71
        Art. 3; Civil Code of the PRC Arts. 201, 203; Fed. R. Civ. P. 6(a)(1)). A last day is moved by nothing the
        clause does not say. Of days that stood still, those after the day the pause began are not counted.
        """
        if unit in ("minutes", "hours"):
            still = sum((b - a for a, b, _ in pauses if b is not None), start=timedelta())
            return start + timedelta(**{unit: limit}) + still
        first = self._local(start)
        paused = self._still_days(first, pauses)
        if unit == "months":
            return self._end_of(self._after(_add_months(first, limit), len(paused)))
        day, left = first, limit
        while left:
            day += timedelta(days=1)
            if day not in paused and (unit == "days" or self._works(day)):
                left -= 1
        return self._end_of(day)

    def _local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _still_days(self, first: date, pauses: list[tuple[datetime, datetime | None, str]]) -> set[date]:
        days: set[date] = set()
        for since, until, _ in pauses:
            if until is None:
                continue
            day = max(self._local(since), first)
            while day < self._local(until):
                day += timedelta(days=1)
                days.add(day)
        return days

    def _after(self, day: date, days: int) -> date:
        return day + timedelta(days=days)

    def _end_of(self, day: date) -> datetime:
        """The last millisecond of the day in the owner's zone."""
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)
        return midnight.astimezone(UTC) - timedelta(milliseconds=1)

    def _works(self, day: date) -> bool:
        calendar = self.calendars(self.party, day.year)
        if calendar is None:
            self.provisional = True
            works = day.isoweekday() < 6
        else:
            self.sources.add(calendar.source)
            works = calendar.is_working(day)
        if not works:
            self.skipped.append(day.isoformat())
        return works


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has none (Civil Code of the PRC Art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


__all__ = ["STATUSES", "Clock", "clocks", "moment", "stamp"]
