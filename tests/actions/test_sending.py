"""From a draft to an entry: what is asked for, what is refused, what is written, and what stands on the audit trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity import actions
from comity.access import Denied, Hidden
from comity.law.problem import Incomplete
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import EDITING, LEAVING, SENT, WITHDRAWN, Draft
from comity.store.logs import Entry
from comity.store.people import Assignment
from comity.store.relations import logs
from tests.actions.office import LAWFUL, Office, refused

BODY = {"whom": "the archive"}


def codes(problems: object) -> list[str]:
    return [p.code for p in problems]  # type: ignore[attr-defined]


def open_letter(office: Office, **more: object) -> CaseRow:
    made = actions.open_case(office.author, "letter", BODY, LAWFUL, via="cli", **more)  # type: ignore[arg-type]
    assert isinstance(made, CaseRow)
    return office.row(made.pk)


def test_a_complete_step_becomes_an_entry_and_its_author_gets_the_case(office: Office) -> None:
    case = open_letter(office)
    entry = Entry.objects.get(case_id=case.pk)
    assert entry.parsed.officer == office.author.pseudonym
    assert case.unit == office.home
    assert Assignment.objects.get(case=case).officer == office.author
    assert Draft.objects.get().status == SENT
    row = Audit.objects.get(action="open_case")
    assert (row.officer, row.case_id, row.via) == (office.author, case.pk, "cli")


def test_answers_travel_in_the_body_with_the_pseudonym_of_who_gave_them(office: Office) -> None:
    case = open_letter(office)
    body = Entry.objects.get(case_id=case.pk).body
    assert (
        b'"safeguards":{"lawful":{"answer":"yes","officer":"%s"}}' % office.author.pseudonym.encode()
        in bytes(body)
    )


def test_a_draft_may_be_incomplete_and_says_what_is_missing(office: Office) -> None:
    draft = actions.save_draft(office.author, track="letter", body={})
    assert codes(actions.check_draft(office.author, draft)) == ["missing", "safeguard-unanswered"]
    with pytest.raises(Incomplete) as fault:
        actions.submit(office.author, draft)
    assert codes(fault.value.problems) == ["missing", "safeguard-unanswered"]
    assert not Entry.objects.exists()
    assert Draft.objects.get().status == EDITING


def test_a_blocking_answer_keeps_the_step_in_the_node_and_says_why(office: Office) -> None:
    answers = {"lawful": {"answer": "no"}}
    with pytest.raises(Incomplete) as fault:
        actions.open_case(office.author, "letter", BODY, answers)
    assert fault.value.code == "safeguard-blocks"
    assert "A made-up convention" in fault.value.what.en
    assert not Entry.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "safeguard-unanswered"),
        ({"lawful": {"answer": ""}}, "safeguard-unanswered"),
        ({"lawful": {"answer": "perhaps"}}, "safeguard-unknown-answer"),
        ({"lawful": {"answer": "yes"}, "other": {"answer": "yes"}}, "safeguard-unknown"),
    ],
)
def test_answers_that_are_none(office: Office, answers: dict[str, dict[str, str]], code: str) -> None:
    assert refused(actions.open_case, office.author, "letter", BODY, answers) == code


def test_a_field_nobody_asked_for_is_refused(office: Office) -> None:
    assert (
        refused(actions.open_case, office.author, "letter", {**BODY, "who": "x"}, LAWFUL) == "unknown-field"
    )


def test_a_step_out_of_turn_is_refused_before_anything_is_written(office: Office) -> None:
    case = open_letter(office)
    assert refused(actions.take_step, office.author, case, "thank") == "out-of-turn"
    assert refused(actions.take_step, office.author, case, "write") == "wrong-side"
    assert refused(actions.take_step, office.author, case, "answer") == "nothing-to-answer"
    assert Entry.objects.count() == 1


def test_attachments_are_asked_for_and_refused_as_the_step_says(office: Office) -> None:
    file = office.file(by=office.author).pk
    assert refused(actions.open_case, office.author, "deed", BODY, LAWFUL) == "attachment-missing"
    assert refused(actions.open_case, office.author, "letter", BODY, LAWFUL, [file]) == "attachment-unwanted"
    strange = office.file(b"of another officer").pk
    assert refused(actions.open_case, office.author, "deed", BODY, LAWFUL, [strange]) == "attachment-unknown"
    assert (
        refused(actions.open_case, office.author, "deed", BODY, LAWFUL, ["ab" * 32]) == "attachment-unknown"
    )


def test_the_page_leaves_time_for_recall_and_the_node_sends_when_it_is_over(
    office: Office, settings: object
) -> None:
    settings.COMITY = settings.COMITY.model_copy(update={"recall_seconds": 30.0})  # type: ignore[attr-defined]
    draft = actions.save_draft(office.author, track="letter", body=BODY, safeguards=LAWFUL)
    waiting = actions.submit(office.author, draft, via="web")
    assert isinstance(waiting, Draft)
    assert waiting.status == LEAVING
    assert actions.send_due() == []
    assert actions.recall(office.author, waiting).status == EDITING
    again = actions.submit(office.author, draft, via="web")
    assert isinstance(again, Draft)
    later = timezone.now() + timedelta(seconds=31)
    (entry,) = actions.send_due(later)
    assert actions.send_due(later) == []
    assert entry.case_id == draft.case_name
    assert refused(actions.recall, office.author, draft) == "too-late-to-recall"


def test_the_time_of_recall_ends_on_time_whether_or_not_somebody_has_sent_it(
    office: Office, settings: object
) -> None:
    settings.COMITY = settings.COMITY.model_copy(update={"recall_seconds": 30.0})  # type: ignore[attr-defined]
    waiting = actions.open_case(office.author, "letter", BODY, LAWFUL)
    Draft.objects.update(leaves_at=timezone.now())
    assert refused(actions.recall, office.author, waiting) == "too-late-to-recall"


def test_what_no_longer_passes_when_its_time_comes_goes_back_with_the_reason(
    office: Office, settings: object
) -> None:
    case = open_letter(office)
    settings.COMITY = settings.COMITY.model_copy(update={"recall_seconds": 30.0})  # type: ignore[attr-defined]
    office.peer_writes("2099-01-01T00:00:00.000Z", "send_back", case.pk)
    waiting = actions.take_step(office.author, office.row(case.pk), "clarify")
    assert isinstance(waiting, Draft)
    actions.take_step(office.author, office.row(case.pk), "drop", via="cli")
    assert actions.send_due(timezone.now() + timedelta(seconds=31)) == []
    back = Draft.objects.get(pk=waiting.pk)
    assert back.status == EDITING
    assert back.reason


def test_one_that_cannot_leave_does_not_hold_up_the_others(office: Office, settings: object) -> None:
    settings.COMITY = settings.COMITY.model_copy(update={"recall_seconds": 30.0})  # type: ignore[attr-defined]
    case = open_letter(office)
    first = actions.take_step(office.author, case, "drop")
    second = actions.take_step(office.author, case, "hold")
    third = actions.open_case(office.author, "letter", BODY, LAWFUL)
    later = timezone.now() + timedelta(seconds=31)
    office.relation.read_only = "restored"
    office.relation.save()
    assert actions.send_due(later) == []
    office.relation.read_only = ""
    office.relation.save()
    assert [entry.step for entry in actions.send_due(later)] == ["drop", "ask_letter"]
    statuses = {each.pk: each.status for each in Draft.objects.all()}
    assert [statuses[each.pk] for each in (first, second, third)] == [SENT, EDITING, SENT]


def test_programs_send_at_once(office: Office, settings: object) -> None:
    settings.COMITY = settings.COMITY.model_copy(update={"recall_seconds": 30.0})  # type: ignore[attr-defined]
    assert isinstance(open_letter(office), CaseRow)


def test_a_withdrawn_draft_is_closed(office: Office) -> None:
    draft = actions.save_draft(office.author, track="letter", body=BODY)
    assert actions.withdraw_draft(office.author, draft).status == WITHDRAWN
    assert refused(actions.save_draft, office.author, draft=draft, body={}) == "draft-closed"
    assert refused(actions.submit, office.author, draft) == "draft-closed"


def test_a_read_only_node_sends_nothing(office: Office) -> None:
    office.relation.read_only = "restored"
    office.relation.save()
    assert refused(actions.open_case, office.author, "letter", BODY, LAWFUL) == "relation-read-only"


def test_strangers_see_neither_case_nor_draft(office: Office) -> None:
    case = open_letter(office)
    draft = actions.save_draft(office.author, case=case, step="note")
    for act in (
        lambda: actions.take_step(office.stranger, case, "note"),
        lambda: actions.save_draft(office.stranger, case=case, step="note"),
        lambda: actions.save_draft(office.stranger, draft=draft, body={}),
        lambda: actions.submit(office.stranger, draft),
        lambda: actions.check_draft(office.stranger, draft),
        lambda: actions.withdraw_draft(office.stranger, draft),
        lambda: actions.add_note(office.stranger, case, "x"),
        lambda: actions.assign(office.stranger, case, office.stranger),
    ):
        with pytest.raises(Hidden):
            act()
    assert (
        Audit.objects.filter(action="denied", officer=office.stranger).count() == 7
    )  # check_draft changes nothing


@pytest.mark.parametrize("who", ["reader", "watch"])
def test_those_who_only_read_take_no_step(office: Office, who: str) -> None:
    case = open_letter(office)
    with pytest.raises(Denied):
        actions.take_step(office.people[who], case, "note")
    with pytest.raises(Denied):
        actions.open_case(office.people[who], "letter", BODY, LAWFUL)
    assert Audit.objects.filter(action="denied", officer=office.people[who]).count() == 2


def test_every_change_leaves_its_audit_row_or_neither_is_there(office: Office) -> None:
    case = open_letter(office)
    before = Audit.objects.count()
    actions.take_step(office.author, case, "note", via="api")
    new = Audit.objects.order_by("pk")[before:]
    assert [row.action for row in new] == ["save_draft", "take_step"]
    entries, rows = Entry.objects.count(), Audit.objects.count()
    with pytest.raises(Incomplete):
        actions.take_step(office.author, case, "thank", via="api")
    assert (Entry.objects.count(), Audit.objects.count()) == (entries, rows)


def test_which_relation_is_asked_where_two_have_the_track(office: Office) -> None:
    from comity.store.relations import join
    from tests.actions.office import agreement_bytes

    join(agreement_bytes("others", "aa", "cc"), b"x", "aa")
    assert refused(actions.open_case, office.author, "letter", BODY, LAWFUL) == "which-relation"
    assert refused(actions.open_case, office.author, "nothing", BODY, LAWFUL) == "unknown-track"
    made = actions.open_case(office.author, "letter", BODY, LAWFUL, relation="others", via="cli")
    assert made.relation.name == "others"
    assert logs(made.relation)["aa"].size == 1
