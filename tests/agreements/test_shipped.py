"""What is shipped says what the public summary of 2017 says, and no more; its calendars are those of two packages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.agreements import shipped, text_of
from comity.core.agreement import Agreement, Chain, Keys, Term, compare, fill_keys, signing_text
from comity.core.calendar import Calendar
from comity.core.text import Refusal
from comity.gateways.calendars import calendar_table, make_calendar
from comity.tracks import TRACKS

PROVIDERS = {"cn": "chinese-calendar", "us": "holidays:US"}
YEARS = (2024, 2025, 2026)
CARDS = {code: Keys(b"e" * 32, b"m" * 1952, b"b" * 1216) for code in PROVIDERS}


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return Agreement.load(text_of("cn-us-2017"), TRACKS)


@pytest.mark.parametrize("name", shipped())
def test_every_agreement_shipped_loads_under_its_own_name_and_waits_for_keys(name: str) -> None:
    agreement = Agreement.load(text_of(name), TRACKS)
    assert agreement.name == name
    assert not agreement.signed_keys
    filled = Agreement.load(fill_keys(text_of(name), CARDS), TRACKS)
    assert signing_text(filled).startswith(f"comity agreement\n{name}\n1\n".encode())


def test_what_is_not_shipped() -> None:
    with pytest.raises(Refusal) as refused:
        text_of("../cn-us-2017")
    assert refused.value.code == "agreement-not-shipped"


# ---------------------------------------------------------------- Part I: the text


def test_two_parties_and_the_dialogue(agreement: Agreement) -> None:
    assert agreement.codes == ("cn", "us")
    assert agreement.party("cn").authority["zh"] == "公安部"
    assert "Homeland Security" in agreement.party("us").authority["en"]
    dialogue = agreement.instrument("lecd-2017")
    assert dialogue.date == date(2017, 10, 4)
    assert dialogue.place is not None
    assert dialogue.place["en"] == "Washington, D.C."


def test_four_topics(agreement: Agreement) -> None:
    assert [topic.id for topic in agreement.topics] == [
        "repatriation",
        "counternarcotics",
        "cyber",
        "fugitives",
    ]


def test_the_travel_document_has_thirty_days_and_verification_no_limit(agreement: Agreement) -> None:
    terms = agreement.terms("repatriation")
    assert terms.deadline("travel_document") == Term(30, "days", "lecd-2017/1")
    assert terms.deadline("verification") == Term(None, "days", "lecd-2017/1")


def test_of_deadlines_the_text_does_not_name_it_says_nothing(agreement: Agreement) -> None:
    terms = agreement.terms("repatriation")
    silent = {name for name in terms.deadlines if not terms.deadline(name).clause}
    assert silent == {d.name for d in TRACKS["repatriation"].deadlines} - {"travel_document", "verification"}
    assert all(terms.deadline(name).measured_only for name in silent)


def test_only_where_the_text_names_a_time_is_a_commitment_due(agreement: Agreement) -> None:
    due = {commitment.id: commitment.due for commitment in agreement.commitments if commitment.due}
    assert due == {"repatriation-process": date(2018, 1, 4), "second-dialogue": date(2018, 12, 31)}


def test_the_five_points_of_2015_are_five_commitments(agreement: Agreement) -> None:
    points = [f"lecd-2017/3.{number}" for number in range(1, 6)]
    assert [c.clause for c in agreement.commitments if c.clause in points] == points
    for number, point in enumerate(points):
        assert agreement.clause(point).text["zh"].startswith(f"第{'一二三四五'[number]}点")


def test_the_earlier_rounds_remain_in_force(agreement: Agreement) -> None:
    carried = [row.id for row in agreement.instruments if row.carried_by == "lecd-2017/3.6"]
    assert carried == ["cybercrime-1", "cybercrime-2", "cybercrime-3"]


def test_every_commitment_binds_both_and_cites_the_dialogue(agreement: Agreement) -> None:
    for commitment in agreement.commitments:
        assert commitment.owner == "both"
        assert agreement.clause(commitment.clause).instrument == "lecd-2017"


def test_every_measure_is_one_the_text_gives_reason_for(agreement: Agreement) -> None:
    promised = {commitment.measure for commitment in agreement.commitments} - {""}
    assert {measure.name for measure in agreement.measures} == promised


# ---------------------------------------------------------------- Part II: the annex


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("party", PROVIDERS)
def test_a_calendar_is_what_the_package_says(agreement: Agreement, party: str, year: int) -> None:
    published, made = agreement.calendar(party, year), make_calendar(party, year, PROVIDERS[party])
    assert published is not None
    assert (published.holidays, published.workdays) == (made.holidays, made.workdays)
    assert published.weekend == made.weekend
    assert published.source.partition(" package ")[0] == made.source.partition(" package ")[0]


def working(calendar: Calendar) -> set[date]:
    days = (date(calendar.year, 1, 1) + timedelta(n) for n in range(366))
    return {day for day in days if day.year == calendar.year and calendar.is_working(day)}


@pytest.mark.parametrize("year", YEARS)
def test_two_packages_agree_on_the_working_days(agreement: Agreement, year: int) -> None:
    published = agreement.calendar("cn", year)
    assert published is not None
    assert working(published) == working(make_calendar("cn", year, "holidays:CN"))


def test_a_make_up_working_day(agreement: Agreement) -> None:
    """4 January 2026 is a Sunday on which offices open, for the bridge after New Year's Day."""
    calendar = agreement.calendar("cn", 2026)
    assert calendar is not None
    assert calendar.is_working(date(2026, 1, 4))
    assert calendar.why(date(2026, 1, 4))["zh"] == "2026-01-04（星期日）：调休上班日"


def test_a_drafted_table_reads_back_as_the_same_calendar(agreement: Agreement) -> None:
    drafted = make_calendar("us", 2023, "holidays:US")
    later = text_of("cn-us-2017").decode() + "\n" + calendar_table(drafted)
    later = later.replace("version = 1", "version = 2").replace(
        'supersedes = ""', f'supersedes = "{agreement.digest}"'
    )
    amended = Agreement.load(later.encode(), TRACKS)
    assert amended.calendar("us", 2023) == drafted
    assert Chain((agreement, amended)).calendar("us", 2023) == drafted
    assert [change.where for change in compare(agreement, amended)] == ["calendar us 2023"]


@pytest.mark.parametrize(
    ("year", "provider", "code"),
    [
        (2026, "almanac", "unknown-provider"),
        (2026, "holidays:QQ", "unknown-country"),
        (2199, "chinese-calendar", "calendar-not-published"),
        (1700, "holidays:US", "calendar-not-published"),
    ],
)
def test_a_calendar_nobody_has_published(year: int, provider: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        make_calendar("cn", year, provider)
    assert refused.value.code == code
