"""The checks of law by themselves: age, safeguards, forms, retention, handling. No table is touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.deadline import stamp
from comity.core.text import Text
from comity.law.form import clean_body
from comity.law.handling import CONSENT, NEVER, Received, forwarding, onward
from comity.law.problem import Incomplete, Problem
from comity.law.retention import due, plan, rule_of, years_after
from comity.law.safeguards import ADULT, MAYBE, MINOR, minority, problems
from comity.tracks import TRACKS

TRACK = TRACKS["repatriation"]
OPENING = TRACK.opening
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
REASON = "Examined on the file of 3 March."
ANSWERS: dict[str, dict[str, str]] = {
    "final_order": {"answer": "yes"},
    "no_claim_pending": {"answer": "none"},
    "minor": {"answer": "adult"},
    "non_refoulement": {"answer": "no_grounds", "reason": REASON, "officer": "o" * 12},
}


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        ("2008-11-22", ADULT), ("2008-11-23", MINOR), ("2008-11-21", ADULT), ("1985", ADULT), ("2008", MAYBE),
        ("2008-11", MAYBE), ("2008-10", ADULT), ("2008-12", MINOR), ("2009", MINOR), ("2007", ADULT), ("2020-02-29", MINOR),
    ],
)  # fmt: skip
def test_age_on_a_day(birth: str, age: str) -> None:
    assert minority(birth, TODAY) == age


def test_a_leap_day_child_comes_of_age_on_the_first_of_march() -> None:
    assert minority("2008-02-29", date(2026, 2, 28)) == MINOR
    assert minority("2008-02-29", date(2026, 3, 1)) == ADULT


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2060, 1, 1)))
def test_less_known_never_makes_somebody_older(born: date, on: date) -> None:
    """A partial date gives what the full one gives, or "maybe"; and the plain count of years agrees with the full one."""
    full = minority(born.isoformat(), on)
    assert full == (
        ADULT if on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= 18 else MINOR
    )
    for partial in (born.isoformat()[:7], born.isoformat()[:4]):
        assert minority(partial, on) in (full, MAYBE)


def codes(found: list[Problem]) -> list[tuple[str, str]]:
    return [(p.code, p.where) for p in found]


def test_all_answered_and_an_adult() -> None:
    assert problems(TRACK, OPENING, ANSWERS, births=("1985-03-07",), on=TODAY) == []


@pytest.mark.parametrize(("birth", "blocks"), [("2010-01-01", True), ("2008", False)])
def test_who_is_or_may_be_a_minor_cannot_be_called_an_adult(birth: str, blocks: bool) -> None:
    (found,) = problems(TRACK, OPENING, ANSWERS, births=(birth,), on=TODAY)
    assert (found.code, found.where, found.blocks) == ("safeguard-contradicts", "safeguards.minor", blocks)


def test_any_of_several_birth_dates_counts() -> None:
    found = problems(TRACK, OPENING, ANSWERS, births=("1985", "2012-01-01"), on=TODAY)
    assert codes(found) == [("safeguard-contradicts", "safeguards.minor")]


def test_a_minor_with_arrangements_needs_the_reason() -> None:
    given = {**ANSWERS, "minor": {"answer": "minor_arranged"}}
    found = problems(TRACK, OPENING, given, births=("2010",), on=TODAY)
    assert codes(found) == [("safeguard-reason", "safeguards.minor.reason")]
    given["minor"] = {"answer": "minor_arranged", "reason": "Guardian appointed by the court of Essen."}
    assert problems(TRACK, OPENING, given, births=("2010",), on=TODAY) == []


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (guard.name, answer.code)
        for guard in TRACK.safeguards
        if guard.name in OPENING.safeguards
        for answer in guard.answers
        if answer.blocks
    ],
)
def test_every_blocking_answer_blocks(name: str, answer: str) -> None:
    given = {**ANSWERS, name: {"answer": answer, "reason": REASON}}
    found = problems(TRACK, OPENING, given, births=("1985",), on=TODAY)
    assert [p.code for p in found if p.blocks] == ["safeguard-blocks"]
    assert Incomplete(found).code == "safeguard-blocks"


def test_a_named_officer_gives_a_reason_in_words() -> None:
    given = {**ANSWERS, "non_refoulement": {"answer": "no_grounds", "reason": "ok"}}
    assert codes(problems(TRACK, OPENING, given, on=TODAY)) == [
        ("safeguard-reason", "safeguards.non_refoulement.reason")
    ]


def test_nothing_answered_names_each_and_its_source() -> None:
    found = problems(TRACK, OPENING, {}, on=TODAY)
    assert [p.where for p in found] == [f"safeguards.{name}" for name in OPENING.safeguards]
    assert all(p.mend is not None and p.mend.en and p.mend.zh for p in found)


# -- forms ------------------------------------------------------------------------------------------------------------


def body(**more: object) -> dict[str, Any]:
    return {
        "person": {"surname": "WANG", "given": "WEI"}, "birth_date": "1985", "sex": "M", "nationality": "CHN",
        "evidence": "proof", "order_authority": "Court", "order_number": "1/26", "order_date": "2026-01-02",
        "order_final_since": "2026-02-02", **more,
    }  # fmt: skip


def test_a_body_is_cleaned_and_cleaning_again_changes_nothing() -> None:
    clean, found = clean_body(OPENING, body(), NOW)
    assert found == []
    assert clean_body(OPENING, clean, NOW) == (clean, [])


def test_what_we_find_in_order_the_other_side_finds_in_order() -> None:
    """The check before sending is never milder than the check of what arrives."""
    from comity.core.entry import encode_body
    from comity.law.safeguards import answers
    from comity.store import bodies

    for evidence in ("proof", "none"):
        clean, found = clean_body(OPENING, body(evidence=evidence, interview_language="Mandarin"), NOW)
        assert found == []
        whole = {**clean, bodies.SAFEGUARDS: answers(OPENING, ANSWERS, "o" * 12)}
        assert bodies.fault(OPENING, encode_body(whole)) == ""
        for field in OPENING.form:
            less = {name: value for name, value in whole.items() if name != field.name}
            assert bool(clean_body(OPENING, less, NOW)[1]) == bool(bodies.fault(OPENING, encode_body(less)))


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_form() -> None:
    given = body(person={"surname": "王"}, birth_date="1985-13", sex="", wrong="x", order_date="yesterday")
    _, found = clean_body(OPENING, given, NOW)
    assert [p.where for p in found] == ["person.surname", "birth_date", "sex", "order_date", "wrong"]


def test_a_field_is_asked_only_where_its_condition_holds() -> None:
    _, found = clean_body(OPENING, body(evidence="none"), NOW)
    assert codes(found) == [("missing", "interview_language")]
    clean, found = clean_body(OPENING, body(interview_language="Mandarin"), NOW)
    assert found == []
    assert "interview_language" not in clean
    conditional = OPENING.field("interview_language")
    assert conditional is not None
    assert conditional.is_asked({"evidence": "none"})
    assert not conditional.is_asked({})


def test_a_period_of_notice_counts_from_the_step() -> None:
    step = next(s for s in TRACK.steps if any(f.lead_hours for f in s.form))
    field = next(f for f in step.form if f.lead_hours)
    for hours, late in ((field.lead_hours - 1, True), (field.lead_hours, False)):
        given = {field.name: stamp(NOW + timedelta(hours=hours))}
        assert ("too-short-notice" in [p.code for p in clean_body(step, given, NOW)[1]]) == late


def test_a_body_beyond_the_limit_is_refused() -> None:
    many = [{"surname": "A" * 80, "given": "B" * 80, "native": "名" * 120} for _ in range(50)]
    _, found = clean_body(OPENING, body(other_names=many), NOW)
    assert found == []
    note = TRACK.step("note")
    _, found = clean_body(note, {"note": "名" * 4001}, NOW)
    assert [p.where for p in found] == ["note"]


# -- retention, handling ----------------------------------------------------------------------------------------------


def test_every_step_with_personal_data_has_a_day_on_which_it_goes() -> None:
    found = {each.step: each for each in plan(TRACK, TODAY)}
    for step in TRACK.steps:
        if any(field.type.personal for field in step.form):
            assert found[step.name].on > TODAY
            assert rule_of(TRACK, step) == found[step.name].rule
    years = found[OPENING.name].rule.years
    assert due(TRACK, TODAY, years_after(TODAY, years) - timedelta(days=1), [OPENING.name]) == ()
    assert due(TRACK, TODAY, years_after(TODAY, years), [OPENING.name, OPENING.name]) == (OPENING.name,)
    assert years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)


SENDER = Text("Aland", "甲国")


@pytest.mark.parametrize(
    ("rule", "consents", "to", "blocked"),
    [
        (CONSENT, (), "cc", True), (CONSENT, ("cc",), "cc", False), (CONSENT, ("dd",), "cc", True),
        (NEVER, ("cc",), "cc", True), (NEVER, (), "aa", False),
    ],
)  # fmt: skip
def test_what_was_received_is_passed_on_only_with_consent(
    rule: str, consents: tuple[str, ...], to: str, blocked: bool
) -> None:
    found = forwarding([Received("attachments.0", "aa", SENDER, rule, frozenset(consents))], to)
    assert [p.blocks for p in found] == [True] * blocked


def test_a_red_label_is_stricter_than_the_agreement() -> None:
    assert onward(CONSENT, {"tlp": "RED"}) == NEVER
    assert onward(CONSENT, {"tlp": "AMBER"}) == onward(CONSENT, None) == CONSENT
    assert onward(NEVER, None) == NEVER
