"""When is it due, and why: worked by hand first, then against a plain second reckoning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.agreement import Agreement
from comity.core.case import Case, Mark, View
from comity.core.deadline import Clock, clocks, stamp
from comity.core.track import REQUESTING, RESPONDING
from tests.core.letter_agreement import LIMITS, agreement, chain
from tests.core.small_track import LETTER

AGREED = agreement()


def case(*events: str) -> Case:
    """A case from lines "who step time [acked]"; who is aa (requesting) or bb (responding), in log order of each side."""
    made = Case("AA-2026-0000-0001", LETTER, AGREED.digest, {REQUESTING: "aa", RESPONDING: "bb"}, 0, "")
    for number, event in enumerate(events):
        who, step, time, *acked = event.split()
        side = REQUESTING if who == "aa" else RESPONDING
        row = LETTER.step(step)
        made.trace.append(
            Mark(
                side,
                number,
                step,
                full(time),
                row.to or "" if not row.at_any_time else "",
                full(acked[0]) if acked else "",
            )
        )
        made.joint.take(side, row)
    return made


def full(time: str) -> str:
    """ "10-01T08:00" is that moment of 2026 in UTC."""
    return f"2026-{time}:00.000Z"


def only(name: str, made: Case, at: str = "12-31T00:00", agreed: Agreement = AGREED) -> Clock:
    found = [c for c in clocks(made, agreed, chain().calendar, full(at)) if c.deadline == name]
    assert len(found) == 1
    return found[0]


def test_thirty_days_from_the_owners_receipt_end_with_his_thirtieth_day() -> None:
    clock = only("writing", case("aa ask_letter 03-03T23:00 03-04T01:00"), "03-05T00:00")
    assert clock.start == full("03-04T01:00"), "the owner's receipt starts it"
    assert clock.due == "2026-04-03T15:59:59.999Z", "midnight of 3 April in Shanghai"
    assert clock.status == "running"


def test_an_unread_request_starts_no_clock() -> None:
    assert clocks(case("aa ask_letter 03-03T23:00"), AGREED, chain().calendar, full("12-01T00:00")) == ()


def test_the_day_is_the_owners_day() -> None:
    """17:00 UTC on the 4th is the 5th in Shanghai."""
    clock = only("writing", case("aa ask_letter 03-04T16:00 03-04T17:00"), "03-05T00:00")
    assert clock.due == "2026-04-04T15:59:59.999Z"


@pytest.mark.parametrize(
    ("written", "acked", "status"),
    [
        ("04-03T15:59", "04-03T16:30", "kept"),
        ("04-03T16:00", "04-03T16:01", "late"),
        ("04-03T15:59", "04-05T00:00", "late"),  # beyond the grace: the acknowledgement counts
    ],
)
def test_kept_or_late_and_what_a_late_delivery_counts_as(written: str, acked: str, status: str) -> None:
    clock = only("writing", case("aa ask_letter 03-04T00:00 03-04T01:00", f"bb write {written} {acked}"))
    assert clock.status == status
    assert clock.answered == full(written)


def test_a_step_nobody_acknowledged_stops_no_clock() -> None:
    clock = only("writing", case("aa ask_letter 03-04T00:00 03-04T01:00", "bb write 03-05T00:00"))
    assert (clock.status, clock.stopped, clock.answered) == ("overdue", "", full("03-05T00:00"))


def test_a_hold_moves_the_date_by_the_days_it_stood_still() -> None:
    clock = only(
        "writing",
        case(
            "aa ask_letter 03-04T00:00 03-04T01:00",
            "aa hold 03-10T01:00 03-10T02:00",
            "aa release 03-15T01:00 03-15T02:00",
        ),
        "03-20T00:00",
    )
    assert clock.due == "2026-04-08T15:59:59.999Z", "five days later than 3 April"
    assert clock.seconds == (16 * 24 - 5 * 24 - 1) * 3600
    assert "stood still" in clock.why.sentence().en
    assert "案件暂停" in clock.why.sentence().zh


def test_while_it_stands_still_there_is_no_date() -> None:
    clock = only(
        "writing", case("aa ask_letter 03-04T00:00 03-04T01:00", "bb hold 03-10T01:00"), "12-01T00:00"
    )
    assert (clock.status, clock.due) == ("paused", None)


def test_only_the_owners_own_question_pauses_his_clock() -> None:
    asked = case("aa ask_letter 03-04T00:00 03-04T01:00", "bb ask 03-10T01:00")
    assert only("writing", asked).status == "paused"
    theirs = case("aa ask_letter 03-04T00:00 03-04T01:00", "aa ask 03-10T01:00 03-10T02:00")
    assert only("writing", theirs).status == "overdue"
    answered = case(
        "aa ask_letter 03-04T00:00 03-04T01:00",
        "bb ask 03-10T01:00 03-10T02:00",
        "aa answer 03-12T01:00 03-13T01:00",
    )
    assert only("writing", answered).due == "2026-04-06T15:59:59.999Z", (
        "until the answer reached him: three days"
    )


def test_a_case_sent_back_stands_still_until_it_is_clarified() -> None:
    sent = case("aa ask_letter 03-04T00:00 03-04T01:00", "bb send_back 03-06T01:00 03-06T02:00")
    assert only("writing", sent).status == "paused"
    clear = case(
        "aa ask_letter 03-04T00:00 03-04T01:00",
        "bb send_back 03-06T01:00 03-06T02:00",
        "aa clarify 03-08T01:00 03-08T02:00",
    )
    assert only("writing", clear).due == "2026-04-05T15:59:59.999Z"


def test_a_withdrawal_lapses_a_running_clock() -> None:
    clock = only("writing", case("aa ask_letter 03-04T00:00 03-04T01:00", "aa drop 03-05T00:00 03-05T01:00"))
    assert clock.status == "lapsed"


def test_a_new_start_opens_a_second_run() -> None:
    made = case(
        "aa ask_letter 03-04T00:00 03-04T01:00",
        "bb write 03-05T00:00 03-05T01:00",
        "aa complain 03-06T00:00 03-06T01:00",
    )
    found = [
        c for c in clocks(made, AGREED, chain().calendar, full("03-07T00:00")) if c.deadline == "writing"
    ]
    assert [(c.number, c.status) for c in found] == [(1, "kept"), (2, "running")]


def test_working_days_pass_over_weekends_and_holidays_of_the_owner() -> None:
    """Five working days from Tuesday 30 June 2026 with Friday 3 July a holiday: 1, 2, 6, 7, 8 July."""
    made = case("aa ask_letter 06-29T00:00 06-29T01:00", "bb write 06-30T11:00 06-30T12:00")
    clock = only("thanks", made, "07-01T00:00")
    assert clock.due == "2026-07-09T03:59:59.999Z", "midnight of 8 July in New York"
    assert clock.why.skipped == ("2026-07-03", "2026-07-04", "2026-07-05")
    assert clock.why.calendars == ("made up",)
    assert not clock.why.provisional


def test_make_up_working_days_count() -> None:
    """With the clock on the other side's calendar: 9, 10 (a Saturday worked), 12 October after the holiday week."""
    limits = LIMITS.replace('value = 30\nunit = "days"', 'value = 4\nunit = "working_days"')
    with pytest.raises(ValueError, match="deadline-unit"):
        agreement(limits)
    calendar = chain().calendar("bb", 2026)
    assert calendar is not None
    assert calendar.is_working(date(2026, 10, 10))
    assert not calendar.is_working(date(2026, 10, 7))


def test_a_year_without_a_calendar_is_said_to_be_provisional() -> None:
    made = case("aa ask_letter 12-20T00:00 12-20T01:00", "bb write 12-29T00:00 12-30T00:00")
    clock = only("thanks", made, "12-31T00:00")
    assert clock.why.provisional
    assert "may change" in clock.why.sentence().en


def test_without_a_limit_time_is_measured() -> None:
    made = case("aa ask_letter 03-04T00:00 03-04T01:00", "bb write 03-05T01:00 03-05T02:00")
    clock = only("writing", made, agreed=agreement(""))
    assert (clock.status, clock.due, clock.seconds) == ("measured", None, 24 * 3600)
    assert "No limit is agreed" in clock.why.sentence().en


def test_why_this_date_is_said_in_both_languages() -> None:
    why = only("writing", case("aa ask_letter 03-04T00:00 03-04T01:00"), "03-05T00:00").why
    assert why.sentence().en == (
        "It runs from the receipt of the step “ask_letter” at 09:00 on 4 March 2026. The agreed limit is 30 days "
        "(accord/1), reckoned in Asia/Shanghai time; the day of the event is not counted. "
        "It is due at the end of 3 April 2026."
    )
    assert "2026年4月3日届满" in why.sentence().zh
    assert why.to_json()["clause"] == "accord/1"


def test_a_clock_does_not_know_what_time_it_is() -> None:
    """Read as of two times it differs in status alone, never in its dates."""
    made = case("aa ask_letter 03-04T00:00 03-04T01:00")
    early, late = only("writing", made, "03-05T00:00"), only("writing", made, "12-01T00:00")
    assert (early.start, early.due) == (late.start, late.due)
    assert (early.status, late.status) == ("running", "overdue")


# -- a plain second reckoning -------------------------------------------------------------------------------------------

MOMENTS = st.integers(0, 240 * 86400).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@given(MOMENTS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), max_size=4))
def test_days_agree_with_counting_them_on_a_calendar(start: datetime, pauses: list[tuple[int, int]]) -> None:
    """Slow and plain: walk from the start, a day at a time, striking out those that stood still."""
    zone = ZoneInfo("Asia/Shanghai")
    made = Case("AA-2026-0000-0001", LETTER, AGREED.digest, {REQUESTING: "aa", RESPONDING: "bb"}, 0, "")
    made.joint = View("asked")
    made.trace.append(Mark(REQUESTING, 0, "ask_letter", stamp(start), "asked", stamp(start)))
    at, struck = start, set()
    for number, (gap, length) in enumerate(pauses):
        since = at + timedelta(days=gap, hours=1)
        at = since + timedelta(days=length, hours=1)
        made.trace.append(Mark(RESPONDING, 2 * number, "hold", stamp(since), ""))
        made.trace.append(Mark(RESPONDING, 2 * number + 1, "release", stamp(at), ""))
        day = since.astimezone(zone).date()
        while day < at.astimezone(zone).date():
            day += timedelta(days=1)
            struck.add(day)
    day, counted = start.astimezone(zone).date(), 0
    while counted < 30:
        day += timedelta(days=1)
        counted += day not in struck
    clock = only("writing", made)
    assert clock.due is not None
    assert datetime.fromisoformat(clock.due).astimezone(zone).date() == day
    assert datetime.fromisoformat(clock.due).astimezone(zone).strftime("%H:%M:%S") == "23:59:59"


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_the_order_of_the_trace_does_not_matter(start: datetime, hold: int, length: int) -> None:
    begun, ended = start + timedelta(days=hold), start + timedelta(days=hold + length)
    marks = [
        Mark(REQUESTING, 0, "ask_letter", stamp(start), "asked", stamp(start)),
        Mark(RESPONDING, 1, "hold", stamp(begun), ""),
        Mark(RESPONDING, 2, "release", stamp(ended), ""),
    ]
    results = []
    for trace in (marks, marks[::-1]):
        made = Case("AA-2026-0000-0001", LETTER, AGREED.digest, {REQUESTING: "aa", RESPONDING: "bb"}, 0, "")
        made.joint, made.trace = View("asked"), list(trace)
        results.append(only("writing", made))
    assert results[0] == results[1]
