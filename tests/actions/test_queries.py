"""What officers see: the desk, one case as a story, next steps, deadlines, links, workload, who saw what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity import actions
from comity.store import queries
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.logs import Entry, Log
from tests.actions.office import LAWFUL, Office, stamp


def opened(office: Office, whom: str = "the archive") -> CaseRow:
    made = actions.open_case(office.author, "letter", {"whom": whom}, LAWFUL, via="cli")
    return office.row(made.pk)


def later(seconds: int = 1) -> str:
    return stamp(timezone.now() + timedelta(seconds=seconds))


def test_the_desk_is_split_by_whose_move_it_is(office: Office) -> None:
    theirs, ours = opened(office), opened(office, "the registry")
    office.peer_writes(later(), "send_back", ours.pk)
    at = timezone.now()
    work = queries.work(office.author, at)
    assert [item.case.pk for item in work.waiting_on_them.items] == [theirs.pk]
    assert [item.case.pk for item in work.waiting_on_us.items] == [ours.pk]
    (them,) = work.waiting_on_them.items
    assert them.state.name == "asked"
    assert them.mine
    assert not queries.work(office.boss, at).waiting_on_us.items[0].mine
    assert Audit.objects.filter(action="read_list", officer=office.author).count() == 1


def test_nearest_deadline_first_and_those_without_last(office: Office) -> None:
    cases = [opened(office, f"archive {n}") for n in range(4)]
    at = timezone.now()
    for row, days in zip(cases, (5, None, -1, 2), strict=True):
        CaseRow.objects.filter(pk=row.pk).update(
            due_them=at + timedelta(days=days) if days is not None else None
        )
    items = queries.work(office.author, at).waiting_on_them.items
    assert [item.case.pk for item in items] == [cases[2].pk, cases[3].pk, cases[0].pk, cases[1].pk]
    assert [item.overdue for item in items] == [True, False, False, False]
    page = queries.work(office.author, at, limit=2, start_them=2).waiting_on_them
    assert (len(page.items), page.total, page.start) == (2, 4, 2)


def test_the_desk_shows_drafts_and_what_waits_for_ones_approval(office: Office) -> None:
    file = office.file(by=office.author)
    draft = actions.open_case(office.author, "deed", {"whom": "x"}, LAWFUL, [file.pk])
    at = timezone.now()
    assert queries.work(office.author, at).drafts == (draft,)
    assert queries.work(office.author, at).approvals == ()
    assert queries.work(office.boss, at).approvals == (draft,)
    assert queries.work(office.night, at).approvals == ()
    actions.approve(office.boss, draft, draft.digest)
    assert queries.work(office.boss, at).approvals == ()
    assert queries.work(office.link, at).approvals == (draft,)


def test_one_story_of_both_sides_with_what_became_of_each_entry(office: Office) -> None:
    case = opened(office)
    first = queries.timeline(case, office.author)[0]
    assert [mark.done for mark in first.marks] == [False, False, False]
    Log.objects.filter(author="aa").update(offered=1)
    assert [mark.done for mark in queries.timeline(case, office.author)[0].marks] == [True, False, False]
    office.peer_writes(later(), "note", case.pk)
    story = queries.timeline(office.row(case.pk), office.author)
    assert [(item.side, item.title.en) for item in story] == [("us", "ask_letter"), ("them", "note")]
    assert all(mark.done for mark in story[0].marks)
    assert [mark.done for mark in story[1].marks] == [True, True, False]
    assert story[0].fields[0].en == "the archive"
    assert story[0].safeguards[0].answer.en == "yes"
    assert story[0].safeguards[0].officer == office.author.pseudonym
    assert story[1].officer == "peerofficer"


def test_an_entry_out_of_turn_is_shown_with_the_reason(office: Office) -> None:
    case = opened(office)
    office.peer_writes(later(), "thank", case.pk)
    wrong = queries.timeline(case, office.author)[1]
    assert not wrong.valid
    assert wrong.code == "wrong-side"
    assert wrong.why is not None
    assert wrong.why.zh
    assert not queries.timeline(case, office.author)[0].marks[2].done  # what has no effect is no act


def test_a_body_that_does_not_follow_its_form_is_shown_and_flagged(office: Office) -> None:
    case = opened(office)
    office.peer_writes(later(), "note", case.pk, {"strange": {"x": 1}, "safeguards": [1]})
    item = queries.timeline(case, office.author)[1]
    assert item.valid
    assert item.content == "defective"
    assert item.defect is not None
    assert item.fields[0].en == '{"x": 1}'
    assert item.safeguards == ()


def test_an_erased_body_is_said_to_be_erased(office: Office) -> None:
    case = opened(office)
    Entry.objects.filter(case_id=case.pk).update(body=None, salt=None)
    assert queries.timeline(case, office.author)[0].content == "erased"


def test_next_steps_say_why_not(office: Office) -> None:
    case = opened(office)
    steps = {each.step.name: each for each in queries.next_steps(case, office.author)}
    assert {name for name, each in steps.items() if each.available} == {"drop", "hold", "ask", "note"}
    assert steps["release"].why_not is not None
    assert queries.waiting_for(case) is not None
    office.peer_writes(later(), "send_back", case.pk)
    case = office.row(case.pk)
    steps = {each.step.name: each for each in queries.next_steps(case, office.author)}
    assert steps["clarify"].available
    assert queries.waiting_for(case) is None
    draft = actions.save_draft(office.author, case=case, step="clarify")
    assert {e.step.name: e.draft for e in queries.next_steps(case, office.author)}["clarify"] == draft
    assert not any(each.available for each in queries.next_steps(case, office.watch))
    actions.take_step(office.author, case, "hold", via="cli")
    held = {each.step.name: each for each in queries.next_steps(office.row(case.pk), office.author)}
    assert not held["clarify"].available
    assert held["release"].available


def test_every_step_offered_as_available_can_be_taken_and_no_other(office: Office) -> None:
    """What the page offers is what the fold holds valid."""
    case = opened(office)
    for offered in queries.next_steps(case, office.author):
        problems = actions.check_draft(
            office.author, actions.save_draft(office.author, case=case, step=offered.step.name)
        )
        assert (not problems) == offered.available, offered.step.name


def test_deadlines_say_whose_and_why(office: Office) -> None:
    case = opened(office)
    assert queries.deadlines(case, later()) == ()
    office.peer_writes(later(), "note", case.pk)
    (item,) = queries.deadlines(office.row(case.pk), later(5))
    assert (item.side, item.owner.en) == ("them", "Beland")
    assert item.clock.due
    assert item.clock.why is not None


def test_links_say_how_the_line_is(office: Office) -> None:
    (link,) = queries.links(timezone.now())
    assert (link.light, link.owed) == ("amber", 0)
    opened(office)
    at = timezone.now()
    office.relation.heard = at
    office.relation.save()
    (link,) = queries.links(at)
    assert (link.light, link.owed) == ("green", 1)
    (link,) = queries.links(at + timedelta(hours=2))
    assert link.light == "amber"
    office.relation.hold = "fork"
    office.relation.save()
    assert queries.links(at)[0].light == "red"


def test_workload_by_officer_and_age(office: Office) -> None:
    old, new = opened(office), opened(office)
    at = timezone.now()
    CaseRow.objects.filter(pk=old.pk).update(opened=at - timedelta(days=40), due_us=at - timedelta(days=1))
    loads = {
        load.officer.username if load.officer else "": load for load in queries.workload(office.boss, at)
    }
    assert loads["author"].total == 2
    assert loads["author"].ages == {"week": 1, "month": 0, "quarter": 1, "older": 0}
    assert (loads["author"].overdue, loads[""].total) == (1, 0)
    new.assignments.all().delete()
    loads = {
        load.officer.username if load.officer else "": load for load in queries.workload(office.boss, at)
    }
    assert (loads["author"].total, loads[""].total) == (1, 1)


def test_the_scorecard_holds_no_person(office: Office) -> None:
    opened(office, "somebody")
    card = queries.scorecard(office.relation)
    assert b"somebody" not in card.data
    assert card.digest == queries.scorecard(office.relation).digest


def test_who_saw_a_case(office: Office) -> None:
    case = opened(office)
    queries.timeline(office.row(case.pk), office.watch)
    saw = {each.officer.username: each.times for each in queries.who_saw(case, office.boss) if each.officer}
    assert saw["watch"] == 1
    assert saw["author"] == 2  # the draft and the opening
    assert saw["boss"] == 1  # this very reading


def test_the_trail_is_itself_on_the_trail(office: Office) -> None:
    opened(office)
    rows, total = queries.audit_trail(office.watch, action="open_case")
    assert (len(rows), total) == (1, 1)
    assert Audit.objects.filter(action="read_audit", officer=office.watch).exists()


@pytest.mark.parametrize("order", ["updated", "due", "opened"])
def test_lists_are_filtered_and_ordered(office: Office, order: str) -> None:
    cases = [opened(office, f"archive {n}") for n in range(3)]
    at = timezone.now()
    assert queries.cases(office.author, at, order=order).total == 3
    assert queries.cases(office.author, at, track="person").total == 0
    assert queries.cases(office.author, at, state="asked", waiting="them", mine=True, ended=False).total == 3
    assert queries.cases(office.author, at, overdue=True).total == 0
    assert queries.cases(office.author, at, unit=office.away).total == 0
    assert len(queries.cases(office.author, at, start=2, limit=1).items) == 1
    with pytest.raises(KeyError):
        queries.cases(office.author, at, order="body")
    assert {c.pk for c in cases} == {item.case.pk for item in queries.cases(office.author, at).items}
