"""The counterpart answers people and nobody else; its forms are filled for every step of every track."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from comity import actions
from comity.core.deadline import stamp
from comity.core.types.resident_id import birth_date
from comity.demo import counterpart, filling
from comity.law import safeguards
from comity.law.form import clean_body
from comity.store.cases import CaseRow
from comity.tracks import TRACKS
from tests.actions.office import LAWFUL

if TYPE_CHECKING:
    from tests.actions.office import Office

PEER = "peerofficer"
STEPS = [(track, step) for track in TRACKS.values() for step in track.steps]


@pytest.fixture
def case(office: Office) -> CaseRow:
    opened = actions.open_case(office.author, "letter", {"whom": "A"}, LAWFUL, via="cli")
    assert isinstance(opened, CaseRow)
    return opened


def wanted(since: datetime, *robots: str, patience: float = 0.0) -> list[tuple[str, str]]:
    now = timezone.now() + timedelta(seconds=1)
    return [(move.case, move.step) for move in counterpart.moves(since, frozenset(robots), patience, now)]


def test_it_answers_what_a_person_of_the_other_side_wrote(office: Office, case: CaseRow) -> None:
    since = timezone.now() - timedelta(seconds=1)
    assert wanted(since) == []
    office.peer_writes(stamp(timezone.now()), "write", case.pk, approvals=("bossofpeer1",))
    assert wanted(since) == [(case.pk, "thank")]
    assert wanted(since, patience=60) == []
    assert wanted(since, PEER) == []  # the other side's own robot wrote it
    assert wanted(timezone.now() + timedelta(minutes=1)) == []  # it belongs to the story


def test_it_answers_a_question_at_any_time_and_leaves_its_own_people_alone(
    office: Office, case: CaseRow
) -> None:
    since = timezone.now() - timedelta(seconds=1)
    office.peer_writes(stamp(timezone.now()), "ask", case.pk)
    assert wanted(since) == [(case.pk, "answer")]
    actions.take_step(office.author, CaseRow.objects.get(pk=case.pk), "answer", via="cli")
    assert wanted(since) == []
    assert wanted(since, office.author.pseudonym) == []  # it is not our turn


@pytest.mark.parametrize(("track", "step"), STEPS, ids=[f"{t.name}.{s.name}" for t, s in STEPS])
def test_every_form_it_fills_is_right(track: Any, step: Any) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for seed in range(20):
        body = filling.body(step, now, Random(seed))
        _, problems = clean_body(step, body, now)
        assert problems == []
        answers = filling.answers(track, step)
        assert safeguards.problems(track, step, answers, on=now.date()) == []


def test_its_numbers_are_well_formed_and_of_no_place() -> None:
    number = filling.resident_id(Random(1), "1985-03-07", male=True)
    assert number.startswith("99")
    assert birth_date(number) == "1985-03-07"


def test_the_clock_is_real_time_unless_the_demonstration_sets_it_back(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.demo import clock

    before = timezone.now
    monkeypatch.setenv(clock.FILE, str(tmp_path / "clock"))
    clock.install()  # without COMITY_DEMO=1 nothing happens
    assert timezone.now is before
    clock.set_back(tmp_path / "clock", 10)
    assert (
        timedelta(days=9, hours=23)
        < datetime.now(UTC) - clock.shifted(tmp_path / "clock")
        < timedelta(days=10, hours=1)
    )
    assert datetime.now(UTC) - clock.shifted(tmp_path / "none") < timedelta(minutes=1)
