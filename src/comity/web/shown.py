"""What a page shows of a clock, an answer, a mark: words, tone and icon, made from the values the store hands out.

Pure but for time zones: no request, no query. Colour never speaks alone: each shown thing has words and an icon that say the
same. Templates take these as they are and decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.core.deadline import KEPT, LAPSED, LATE, MEASURED, OVERDUE, PAUSED, Clock, moment
from comity.core.deadline_why import OTHER_PAUSE, PAUSE_REASONS, Why
from comity.core.text import Text
from comity.core.track import UNITS, Step
from comity.store.case_lines import ACTED, RECEIVED, SENT, US, Answered, DeadlineItem, Mark, Shown
from comity.web import dates
from comity.web.words import case as words
from comity.web.words import work

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ShownClock:
    """One clock. `tone` is a colour of the theme, `icon` one of `icons.ICONS`; `why` and `facts` explain the date."""

    title: Text
    ours: bool
    owner: Text
    tone: str
    icon: str
    words: Text
    due: datetime | None = None
    why: Text | None = None
    facts: tuple[tuple[Text, Text | str], ...] = ()
    open: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary list. Exactly one of `value`, `lines`, `at` holds what is said; `flag` warns about it."""

    label: Text
    value: Text | str = ""
    lines: tuple[Text | str, ...] = ()
    at: str = ""
    flag: Text | None = None


@dataclass(frozen=True, slots=True)
class ShownMark:
    """How far an entry has come: `words` say it whether or not it is done, `at` is "" while it is not."""

    words: Text
    at: str


@dataclass(frozen=True, slots=True)
class Guard:
    question: Text
    answer: Text
    reason: str
    source: str
    step: Text
    officer: str
    tone: str
    icon: str


def clock(item: DeadlineItem, now: datetime) -> ShownClock:
    """A clock of a case as of `now`."""
    run = item.clock
    tone, icon, said = _state(run, now, item.deadline.at_least)
    due = moment(run.due) if run.due else None
    return ShownClock(
        title=item.deadline.title,
        ours=item.side == US,
        owner=item.owner,
        tone=tone,
        icon=icon,
        words=said,
        due=due,
        why=run.why.sentence(),
        facts=facts(run.why),
        open=run.open,
    )


def clocks(items: Sequence[DeadlineItem], now: datetime) -> tuple[list[ShownClock], list[ShownClock]]:
    """Those still open, nearest date first, and those that have stopped, latest first."""
    far = now + timedelta(days=36_500)
    running = sorted(
        (i for i in items if i.clock.open), key=lambda i: moment(i.clock.due) if i.clock.due else far
    )
    stopped = sorted((i for i in items if not i.clock.open), key=lambda i: i.clock.start, reverse=True)
    return [clock(i, now) for i in running], [clock(i, now) for i in stopped]


def _state(run: Clock, now: datetime, notice: bool) -> tuple[str, str, Text]:
    """Tone, icon and words of a clock."""
    due = moment(run.due) if run.due else None
    if run.status == PAUSED:
        return "violet", "pause", work.clock_paused
    if run.status == LAPSED:
        return "plain", "done", work.clock_lapsed
    if run.status == MEASURED:
        return "plain", "measure", work.clock_measured_done.fill(n=dates.lasting(run.seconds))
    if run.status in (KEPT, LATE) and due is not None:
        apart = (moment(run.stopped) - due).total_seconds()
        if run.status == LATE:
            return (
                "red",
                "alert",
                (work.clock_short if notice else work.clock_late).fill(n=dates.lasting(apart)),
            )
        return (
            "green",
            "done",
            work.clock_kept_plain if notice else work.clock_kept.fill(n=dates.lasting(apart)),
        )
    if run.answered and run.status != OVERDUE:
        return "blue", "clock", work.clock_answered
    if due is None:
        return "plain", "measure", work.clock_measured.fill(n=dates.lasting(run.seconds))
    if notice:
        return (
            ("green", "done", work.clock_notice_over) if now >= due else ("blue", "clock", work.clock_notice)
        )
    return due_words(due, now, run.why.zone)


def due_words(due: datetime, now: datetime, zone: str) -> tuple[str, str, Text]:
    """Tone, icon and words of a date that is still to be met."""
    if due < now:
        return "red", "alert", work.clock_overdue.fill(n=dates.lasting((now - due).total_seconds()))
    left = dates.until(due, now, zone)
    tone = "amber" if due - now <= SOON else "blue"
    return tone, "clock", work.clock_due_in.fill(n=left)


def nearest(items: Sequence[DeadlineItem], now: datetime, side: str = "") -> ShownClock | None:
    """The clock a list shows for a case: the nearest date of that side, else one that stands still, else any."""
    mine = [item for item in items if not side or item.side == side] or list(items)
    dated = [item for item in mine if item.clock.due and not item.clock.answered]
    if dated:
        return clock(min(dated, key=lambda item: item.clock.due or ""), now)
    still = [item for item in mine if item.clock.status == PAUSED]
    rest = still or mine
    return clock(rest[0], now) if rest else None


def facts(why: Why) -> tuple[tuple[Text, Text | str], ...]:
    """What a date was computed from, line by line."""
    exact = why.unit in ("hours", "minutes")
    limit: Text = words.why_no_limit
    if why.limit is not None and why.unit:
        limit = work.amount.fill(n=why.limit, unit=UNITS[why.unit])
    calendar: Text | str = "\n".join(why.calendars) if why.unit == "working_days" else words.why_calendar_none
    rows: list[tuple[Text, Text | str]] = [
        (words.why_clause, why.clause or why.source),
        (words.why_owner, why.owner),
        (words.why_start, _at(why.start, why.zone)),
        (words.why_limit, limit),
        (words.why_pauses, _pauses(why)),
    ]
    if why.limit is not None and not exact:
        rows.append((words.why_calendar, calendar))
    rows.append((words.why_zone, dates.zone_name(why.zone)))
    if why.due:
        rows.append((words.why_due, _at(why.due, why.zone)))
    return tuple(rows)


def _pauses(why: Why) -> Text:
    if not why.pauses:
        return words.why_no_pauses
    lines = []
    for pause in why.pauses:
        since = _at(pause.since, why.zone)
        span = (
            words.from_to.fill(a=since, b=_at(pause.until, why.zone))
            if pause.until
            else words.since.fill(a=since)
        )
        lines.append(work.with_reason.fill(span=span, why=PAUSE_REASONS.get(pause.why, OTHER_PAUSE)))
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _at(time: str, zone: str) -> Text:
    there = dates.in_zone(moment(time), zone)
    return work.day_and_time.fill(day=there.day, time=there.time)


def row(said: Shown, step: Step | None, flag: Text | None = None) -> Row:
    """One answer of a body: a moment in both zones, a list as lines, anything else in its own words."""
    field = step.field(said.name) if step is not None else None
    if field is not None and field.type.name == "moment" and isinstance(said.value, str) and flag is None:
        return Row(said.title, at=said.value)
    if (
        field is not None
        and field.type.name == "many"
        and isinstance(said.value, list)
        and len(said.value) > 1
    ):
        parts = zip(said.en.split("; "), said.zh.split("；"), strict=False)
        return Row(said.title, lines=tuple(Text(en or "-", zh or "-") for en, zh in parts), flag=flag)
    return Row(said.title, Text(said.en or "-", said.zh or "-"), flag=flag)


def marks(found: Sequence[Mark]) -> tuple[ShownMark, ...]:
    """Sent, received, acted on, in words that also say what has not happened yet."""
    done = {SENT: words.sent, RECEIVED: words.received, ACTED: words.acted}
    not_yet = {SENT: words.not_sent_yet, RECEIVED: words.not_received_yet, ACTED: words.not_acted_yet}
    return tuple(ShownMark(done[m.name] if m.done else not_yet[m.name], m.at) for m in found)


def guard(answer: Answered, step: Text) -> Guard:
    """One safeguard as it was answered."""
    declared = answer.safeguard
    chosen = next((a for a in declared.answers if a.text == answer.answer), None) if declared else None
    stops = chosen is not None and chosen.blocks
    return Guard(
        question=declared.question if declared else Text(answer.name, answer.name),
        answer=answer.answer,
        reason=answer.reason,
        source=declared.source.cite if declared else "",
        step=step,
        officer=answer.officer,
        tone="red" if stops else "green" if chosen else "amber",
        icon="cross" if stops else "seal" if chosen else "question",
    )
