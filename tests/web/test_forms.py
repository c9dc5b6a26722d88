"""From a declaration to a form and back: what was saved is shown, and what is shown and sent again is what was saved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from comity.core.text import Text
from comity.core.track import Step, Track
from comity.derive import form as forms
from comity.derive.form_controls import Look
from comity.law.problem import Problem
from comity.tracks import TRACKS
from tests.samples import body
from tests.web.desk import TRACK, posted

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ZONES = (
    ("America/New_York", Text("Eastern Time", "北美东部时间")),
    ("Asia/Shanghai", Text("China Time", "中国时间")),
)
LOOKS = {lang: Look(lang, ZONES) for lang in ("en", "zh")}
STEPS = [(track, step) for track in TRACKS.values() for step in track.steps if step.form]


def query(values: dict[str, Any]) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in values.items():
        made.setlist(name, value) if isinstance(value, list) else made.__setitem__(name, value)
    return made


@pytest.mark.parametrize(("track", "step"), STEPS, ids=lambda it: getattr(it, "name", ""))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_form_of_every_track_gives_back_what_it_was_shown(track: Track, step: Step, lang: str) -> None:
    filled = body(step, AT)
    again: dict[str, Any] = {}
    for section in forms.sections(track, step):
        if section in (forms.SAFEGUARDS, forms.ATTACHMENTS):
            continue
        shown = forms.StepForm(step, section, LOOKS[lang], body=filled)
        sent = forms.StepForm(step, section, LOOKS[lang], body={}, data=query(posted(shown.controls())))
        again |= sent.saved()
        assert sent.faults() == []
    assert again == filled


@pytest.mark.parametrize(("track", "step"), STEPS, ids=lambda it: getattr(it, "name", ""))
def test_every_field_stands_on_one_page_and_every_id_once(track: Track, step: Step) -> None:
    names: list[str] = []
    for section in forms.sections(track, step):
        form = forms.StepForm(step, section, LOOKS["en"], body={})
        ids = [each.id for each in walk(form.controls())]
        assert len(ids) == len(set(ids))
        names += form.fields
    assert sorted(names) == sorted(field.name for field in step.form)


def walk(controls: Any) -> Any:
    for each in controls:
        yield each
        if each.kind not in ("dates", "moment"):
            yield from walk(each.parts)
        for option in each.options:
            yield from walk(option.below)


def test_what_could_not_be_cleaned_is_kept_and_shown_again() -> None:
    sent = {"birth_date.year": "1985", "birth_date.month": "13", "person.native": "王伟", "sex": "M"}
    form = forms.StepForm(TRACK.opening, "person", LOOKS["en"], body={"evidence": "proof"}, data=query(sent))
    saved = form.saved()
    assert saved == {
        "evidence": "proof", "person": {"native": "王伟"}, "sex": "M", "birth_date": {"year": "1985", "month": "13"},
    }  # fmt: skip
    assert form.faults() == [
        ("f-birth_date", "There is no such day in the calendar. Check year, month and day.")
    ]
    later = forms.StepForm(TRACK.opening, "person", LOOKS["zh"], body=saved)
    dates = next(c for c in later.controls() if c.name == "birth_date")
    assert [(p.title, p.value) for p in dates.parts] == [("年", "1985"), ("月", "13"), ("日", "")]


def test_a_fault_inside_a_composite_stands_at_its_part() -> None:
    sent = {"person.surname": "王", "person.given": "WEI"}
    form = forms.StepForm(TRACK.opening, "person", LOOKS["en"], body={}, data=query(sent))
    form.saved()
    assert [where for where, _ in form.faults()] == ["f-person-surname"]
    person = next(c for c in form.controls() if c.name == "person")
    assert next(p for p in person.parts if p.name == "person.surname").error


def test_a_moment_is_asked_for_in_the_zone_it_is_meant_in() -> None:
    step = TRACK.step("carry_out")
    sent = {"departed.day": "24", "departed.month": "11", "departed.year": "2026", "departed.time": "9:30"}
    beijing = forms.StepForm(
        step, forms.DETAILS, LOOKS["en"], body={}, data=query({**sent, "departed.zone": "Asia/Shanghai"})
    )
    assert beijing.saved() == {"departed": "2026-11-24T01:30:00Z"}
    wrong = forms.StepForm(
        step, forms.DETAILS, LOOKS["en"], body={}, data=query({**sent, "departed.zone": "Mars/Olympus"})
    )
    assert wrong.saved()["departed"]["time"] == "9:30"  # type: ignore[call-overload, index]
    assert wrong.faults()


def test_a_list_grows_by_one_row_at_a_time_and_blank_rows_are_dropped() -> None:
    sent = {"other_names.0.surname": "LI", "other_names.1.surname": "", "other_names.7.surname": "WU"}
    form = forms.StepForm(TRACK.opening, "person", LOOKS["en"], body={}, data=query(sent))
    assert form.saved()["other_names"] == [{"surname": "LI"}, {"surname": "WU"}]
    rows = next(c for c in form.controls("other_names") if c.name == "other_names")
    assert [p.name for p in rows.parts] == ["other_names.0", "other_names.1", "other_names.2"]


def test_an_empty_optional_list_shows_no_empty_row() -> None:
    form = forms.StepForm(TRACK.opening, "person", LOOKS["en"], body={})
    assert next(c for c in form.controls() if c.name == "other_names").parts == []


def test_what_depends_on_an_answer_stands_below_it() -> None:
    family = forms.StepForm(TRACK.opening, "family", LOOKS["en"], body={}).controls()
    status = next(c for c in family if c.name == "civil_status")
    assert [below.name for option in status.options for below in option.below] == ["spouse"]
    assert "spouse" not in [c.name for c in family]


def test_problems_of_the_check_are_shown_at_their_inputs() -> None:
    form = forms.StepForm(TRACK.opening, "person", LOOKS["zh"], body={})
    problem = Problem(
        "missing", "sex", Text("“Sex” is missing.", "缺少“性别”。"), Text("Fill in “Sex”.", "请填写“性别”。")
    )
    other = Problem("missing", "evidence", Text("x", "甲"), None)
    form.add_problems([problem, other])
    assert form.faults() == [("f-sex", "请填写“性别”。")]
    assert forms.section_of(TRACK, TRACK.opening, "evidence") == "documents"
    assert forms.section_of(TRACK, TRACK.opening, "safeguards.minor") == "safeguards"


@pytest.mark.parametrize(
    "name", ["person.native", "birth_date.year", "other_names.0.surname", "sex", "children.9999999.given"]
)
def test_hostile_input_never_breaks_a_form(name: str) -> None:
    for value in ("\x00", "<script>alert(1)</script>", "‮", "9" * 5000, "١٢٣", "\ud800"):
        section = forms.section_of(TRACK, TRACK.opening, name)
        form = forms.StepForm(TRACK.opening, section, LOOKS["en"], body={}, data=query({name: value}))
        form.saved()
        assert form.controls()
