"""What may not be seen does not exist: one answer, the same to the byte, whatever is behind the address."""

from __future__ import annotations

import pytest
from django.test import Client

from comity import actions
from comity.store.audit import Audit
from comity.store.drafts import Draft
from comity.store.people import Assignment
from tests.web.desk import LANGUAGES, Desk

ABSENT = "US-2026-0000-0000"
NO_DRAFT = "00000000-0000-4000-8000-000000000000"


def face(answer: object) -> tuple[int, bytes, dict[str, str]]:
    """Everything an answer shows: status, body, headers."""
    return answer.status_code, answer.content, dict(answer.headers)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_a_foreign_case_an_absent_one_and_no_page_at_all_look_the_same(
    desk: Desk, lang: str, who: str
) -> None:
    case = desk.case()
    client = desk.client(who)
    faces = [
        face(client.get(f"/{lang}/{where}"))
        for where in (f"cases/{case.pk}/", f"cases/{ABSENT}/", "no/such/page", f"cases/{case.pk}/files/{'a' * 64}",
                      f"cases/{ABSENT}/files/{'a' * 64}")
    ]  # fmt: skip
    assert faces[0][0] == 404
    assert all(each == faces[0] for each in faces)
    assert case.pk.encode() not in faces[0][1]


def test_writing_to_what_may_not_be_seen_is_the_same_and_is_recorded(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("stranger")
    writes = ("steps/hold", "assign", "unassign", "note")
    own = [face(client.post(f"/en/cases/{case.pk}/{where}", {"officer": 1, "text": "x"})) for where in writes]
    none = [face(client.post(f"/en/cases/{ABSENT}/{where}", {"officer": 1, "text": "x"})) for where in writes]
    assert {each[0] for each in own} == {404}
    assert own == none
    assert not Draft.objects.exclude(status="sent").exists()
    assert not case.notes.exists()
    denied = Audit.objects.filter(action="denied", officer__username="stranger")
    assert denied.count() == 8


def test_drafts_of_others_do_not_exist(desk: Desk) -> None:
    draft = desk.draft()
    client = desk.client("stranger")
    for where in ("", "check", "person", "safeguards", "attachments"):
        theirs = face(client.get(f"/en/drafts/{draft.pk}/{where}"))
        assert theirs == face(client.get(f"/en/drafts/{NO_DRAFT}/{where}"))
        assert theirs[0] == 404
    for where in ("send", "recall", "discard", "attach", "detach"):
        assert client.post(f"/en/drafts/{draft.pk}/{where}").status_code == 404
    draft.refresh_from_db()
    assert draft.status == "editing"


def test_lists_counts_and_search_leave_out_what_may_not_be_seen(desk: Desk) -> None:
    case = desk.case(person={"native": "欧阳小明", "surname": "OUYANG", "given": "XIAOMING"})
    client = desk.client("stranger")
    for where in ("", "cases/", "search?q=ouyang", f"search?q={case.pk}"):
        said = client.get(f"/en/{where}").content.decode()
        assert f"/cases/{case.pk}/" not in said
        assert "欧阳小明" not in said
    Assignment.objects.create(case=case, officer=desk.people["stranger"])
    assert "欧阳小明" in client.get("/en/search?q=ouyang").content.decode()


def test_oversight_reads_everything_and_changes_nothing(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("oversight")
    said = client.get(f"/en/cases/{case.pk}/").content.decode()
    assert "Start" not in said.split('id="next-title"')[1].split('id="summary-title"')[0]
    before = Audit.objects.exclude(action__in=("denied", "read_case")).count()
    for where in ("steps/hold", "assign", "note"):
        answer = client.post(
            f"/en/cases/{case.pk}/{where}", {"officer": desk.people["case_officer"].pk, "text": "x"}
        )
        assert answer.status_code == 403, where
    assert client.post("/en/cases/new/repatriation").status_code == 403
    assert Audit.objects.exclude(action__in=("denied", "read_case")).count() == before


def test_nobody_is_let_in_without_signing_in(desk: Desk) -> None:
    case = desk.case()
    client = Client()
    for where in ("", "cases/", f"cases/{case.pk}/", f"cases/{ABSENT}/", "audit", "scorecard", "link"):
        answer = client.get(f"/zh/{where}")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/zh/sign-in?next=")
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_that_write_take_post_alone_and_want_the_token(desk: Desk) -> None:
    case, draft = desk.case(), desk.draft()
    client = desk.client("case_officer")
    posts = [f"cases/{case.pk}/{w}" for w in ("steps/hold", "assign", "unassign", "note")]
    posts += [f"drafts/{draft.pk}/{w}" for w in ("send", "recall", "discard", "attach", "detach")]
    posts += ["cases/new/repatriation", "sign-out"]
    for where in posts:
        assert client.get(f"/en/{where}").status_code == 405, where
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.people["case_officer"], backend="django.contrib.auth.backends.ModelBackend")
    for where in [*posts, f"drafts/{draft.pk}/person"]:
        assert strict.post(f"/en/{where}").status_code == 403, where


def test_approvals_are_read_by_those_who_may_approve(desk: Desk) -> None:
    draft = actions.submit(desk.people["case_officer"], desk.draft())
    assert desk.client("case_officer").get(f"/en/approvals/{draft.pk}").status_code == 403
    assert desk.client("supervisor").get(f"/en/approvals/{draft.pk}").status_code == 200
    assert desk.client("stranger").get(f"/en/approvals/{draft.pk}").status_code == 404
