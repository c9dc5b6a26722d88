"""Every role × action × relation to the case, compared with the reference; and every way to a case answers alike."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.http import Http404

from comity import access, actions
from comity.store import queries
from comity.store.audit import Audit
from comity.store.drafts import Draft
from comity.store.people import ROLES, Officer
from tests.access.reference import POLICY, WITHOUT_CASE, allowed, sees
from tests.actions.office import LAWFUL, Office


def opened(office: Office) -> Any:
    return office.row(
        actions.open_case(office.author, "letter", {"whom": "the archive"}, LAWFUL, via="cli").pk
    )


def test_the_reference_speaks_of_every_action_and_no_other() -> None:
    assert set(POLICY) == set(access.ACTIONS)
    assert set(access.AT_LARGE) == WITHOUT_CASE


def test_the_table_says_what_the_reference_says(office: Office) -> None:
    case = opened(office)
    checked = 0
    for role, active, same, assigned in itertools.product(ROLES, (True, False), (True, False), (True, False)):
        officer = Officer.objects.create(
            username=f"{role}{active}{same}{assigned}", role=role, is_active=active,
            unit=office.home if same else office.away,
        )  # fmt: skip
        if assigned:
            office.assign(case, officer)
        assert access.sees(officer, case) == sees(role, active, same, assigned)
        for action in POLICY:
            given = None if action in WITHOUT_CASE else case
            expected = allowed(role, action, active, same, assigned)
            assert access.may(officer, action, given) == expected, (role, action, active, same, assigned)
            checked += 1
    assert checked == 7 * 8 * len(POLICY)


def test_an_action_in_a_case_without_a_case_is_refused(office: Office) -> None:
    for action in set(POLICY) - WITHOUT_CASE:
        for officer in office.people.values():
            assert not access.may(officer, action)


def test_a_refusal_is_on_the_trail_once_wherever_it_is_asked(office: Office) -> None:
    case = opened(office)
    with pytest.raises(access.Denied):
        access.require(office.reader, "who_saw", case, via="cli")
    with pytest.raises(access.Hidden):
        access.require(office.stranger, "who_saw", case)
    rows = Audit.objects.filter(action="denied").order_by("pk")
    assert [(r.officer, r.case_id, r.via, r.detail) for r in rows] == [
        (office.reader, case.pk, "cli", {"wanted": "who_saw", "hidden": False}),
        (office.stranger, case.pk, "web", {"wanted": "who_saw", "hidden": True}),
    ]


def test_an_unknown_action_is_a_fault_of_the_program(office: Office) -> None:
    with pytest.raises(KeyError):
        access.may(office.author, "fly")


def test_an_officer_without_unit_sees_only_what_he_is_assigned(office: Office) -> None:
    case = opened(office)
    loner = office.officer("loner", "case_officer")
    case.unit = None
    case.save()
    assert not access.sees(loner, case)
    office.assign(case, loner)
    assert access.sees(loner, case)


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_foreign_case_and_a_case_that_is_not_there_answer_alike(office: Office, who: str) -> None:
    case, officer = opened(office), office.people[who]
    answers = []
    for name in (case.pk, "AA-2026-0000-0000", "' OR 1=1 --", "x" * 400):
        with pytest.raises(Http404) as fault:
            access.case_or_404(officer, name)
        answers.append(str(fault.value))
    assert len(set(answers)) == 1
    rows = Audit.objects.filter(action="denied", officer=officer)
    assert [row.case_id for row in rows.order_by("pk")] == [
        case.pk,
        "AA-2026-0000-0000",
        "' OR 1=1 --",
        "x" * 40,
    ]


def test_a_read_case_is_on_the_trail_once_a_row(office: Office) -> None:
    case = opened(office)
    row = access.case_or_404(office.boss, case.pk)
    queries.timeline(row, office.boss)
    queries.next_steps(row, office.boss)
    assert Audit.objects.filter(action="read_case", officer=office.boss, case_id=case.pk).count() == 1
    queries.timeline(office.row(case.pk), office.boss)
    assert Audit.objects.filter(action="read_case", officer=office.boss, case_id=case.pk).count() == 2


def test_nothing_of_a_foreign_case_is_in_any_list_or_count(office: Office) -> None:
    case = opened(office)
    draft = actions.save_draft(office.author, case=case, step="note", body={})
    at = case.updated
    for who in ("stranger", "admin"):
        officer = office.people[who]
        work = queries.work(officer, at)
        assert (work.waiting_on_us.total, work.waiting_on_them.total, work.drafts, work.approvals) == (
            0,
            0,
            (),
            (),
        )
        assert queries.cases(officer, at).total == 0
        assert queries.search(officer, case.pk, at).total == 0
        assert queries.search(officer, "archive", at).total == 0
        assert sum(load.total for load in queries.workload(officer, at)) == 0
        with pytest.raises(Http404):
            access.draft_or_404(officer, draft.pk)
    for who in ("boss", "watch", "reader"):
        assert queries.search(office.people[who], case.pk, at).total == 1
        assert access.draft_or_404(office.people[who], draft.pk) == draft


def test_a_draft_key_that_is_none_answers_404(office: Office) -> None:
    for key in ("", "x", "00000000-0000-0000-0000-000000000000", None, 7):
        with pytest.raises(Http404):
            access.draft_or_404(office.author, key)
        with pytest.raises(Http404):
            access.bundle_or_404(office.author, key)


def test_the_author_of_a_draft_in_a_case_he_no_longer_sees_does_not_see_it(office: Office) -> None:
    case = opened(office)
    draft = actions.save_draft(office.author, case=case, step="note", body={})
    actions.move_to_unit(office.boss, case, office.away)
    actions.unassign(office.link, case, office.author) if access.sees(
        office.link, case
    ) else case.assignments.all().delete()
    with pytest.raises(Http404):
        access.draft_or_404(office.author, draft.pk)
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_moving_and_assigning(office: Office) -> None:
    case = opened(office)
    with pytest.raises(Http404):
        access.case_or_404(office.stranger, case.pk)
    actions.assign(office.boss, case, office.stranger)
    assert access.case_or_404(office.stranger, case.pk).pk == case.pk
    with pytest.raises(access.Denied):
        actions.assign(office.author, case, office.night)
    actions.take_up(office.night, case)
    assert {row.action for row in Audit.objects.filter(case_id=case.pk)} >= {
        "assign",
        "open_case",
        "read_case",
    }


def test_an_administrator_is_given_no_case(office: Office) -> None:
    from tests.actions.office import refused

    case = opened(office)
    assert refused(actions.assign, office.boss, case, office.admin) == "not-assignable"
    assert refused(actions.assign, office.boss, case, office.watch) == "not-assignable"


def test_audit_rows_are_never_changed_or_deleted(office: Office) -> None:
    from django.db import DatabaseError, connection, transaction

    opened(office)
    row = Audit.objects.first()
    assert row is not None
    for act in (row.delete, row.save, Audit.objects.all().delete, lambda: Audit.objects.update(action="x")):
        with pytest.raises(TypeError):
            act()
    for statement in ("UPDATE store_audit SET action = 'x'", "DELETE FROM store_audit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
