"""From choosing a new case to the entry in the record, page by page, as a browser without scripts would send it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity import actions
from comity.derive import form as forms
from comity.derive.form_controls import Look
from comity.store.drafts import Draft
from comity.store.logs import Entry
from comity.web import dates
from tests.samples import answers, body
from tests.web.desk import LANGUAGES, TRACK, Desk, posted

ZONES = tuple((zone, dates.zone_name(zone)) for zone in ("America/New_York", "Asia/Shanghai"))


def page(section: str, filled: dict[str, Any], step: str = "request") -> dict[str, Any]:
    """What is sent from one question page filled in completely."""
    form = forms.StepForm(TRACK.step(step), section, Look("en", ZONES), body=filled)
    return posted(form.controls())


def safeguards(step: str) -> dict[str, str]:
    declared = TRACK.step(step)
    given = answers(TRACK, declared)
    flat = {f"safeguards.{name}": each["answer"] for name, each in given.items()}
    return flat | {f"safeguards.{name}.reason": each["reason"] for name, each in given.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_case_from_the_first_page_to_the_record(desk: Desk, lang: str, settings: Any) -> None:
    client = desk.client("case_officer")
    filled = body(TRACK.opening, datetime.now(UTC))
    began = client.post(f"/{lang}/cases/new/repatriation", {"relation": "cn-us-2017"})
    draft = Draft.objects.get()
    where = f"/{lang}/drafts/{draft.pk}/"
    assert began.headers["Location"] == where
    pages = forms.sections(TRACK, TRACK.opening)
    for section, after in zip(pages, [*pages[1:], "check"], strict=True):
        if section == forms.ATTACHMENTS:
            upload = SimpleUploadedFile("最终决定.pdf", b"%PDF-1.7 final order")
            client.post(f"{where}attach", {"file": upload})
            assert "最终决定.pdf" in client.get(f"{where}attachments").content.decode()
            sent = {}
        else:
            sent = safeguards("request") if section == forms.SAFEGUARDS else page(section, filled)
        answer = client.post(f"{where}{section}", sent)
        assert answer.headers.get("Location") == f"{where}{after}", (section, answer.status_code)
    draft.refresh_from_db()
    assert draft.body == filled
    said = client.get(f"{where}check").content.decode()
    assert {"en": "Nothing is missing", "zh": "内容齐备"}[lang] in said
    assert client.post(f"{where}send").headers["Location"] == where
    draft.refresh_from_db()
    assert draft.status == "awaiting"
    approve(desk, draft, lang)
    entry = Entry.objects.get(case_id=draft.case_name)
    assert entry.step == "request"
    assert client.get(where).headers["Location"] == f"/{lang}/cases/{draft.case_name}/"


def approve(desk: Desk, draft: Draft, lang: str) -> None:
    other = desk.client("supervisor")
    said = other.get(f"/{lang}/approvals/{draft.pk}").content.decode()
    assert draft.digest in said.replace(" ", "")
    unread = other.post(f"/{lang}/approvals/{draft.pk}", {"decision": "approve", "digest": draft.digest})
    assert unread.headers["Location"].endswith("#decide")
    stale = other.post(
        f"/{lang}/approvals/{draft.pk}",
        {"decision": "approve", "read": "yes", "digest": "0" * 64},
        follow=True,
    )
    assert {"en": "has been changed since", "zh": "已有改动"}[lang] in stale.content.decode()
    answer = other.post(
        f"/{lang}/approvals/{draft.pk}", {"decision": "approve", "read": "yes", "digest": draft.digest}
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    if draft.status == "leaving":
        actions.send_due(draft.leaves_at)


def begun(desk: Desk) -> tuple[Client, Draft, str]:
    client = desk.client("case_officer")
    client.post("/en/cases/new/repatriation", {"relation": "cn-us-2017"})
    draft = Draft.objects.get()
    return client, draft, f"/en/drafts/{draft.pk}/"


def test_what_is_wrong_is_said_at_its_place_and_kept(desk: Desk) -> None:
    client, draft, where = begun(desk)
    sent = {
        "birth_date.year": "1985",
        "birth_date.month": "2",
        "birth_date.day": "30",
        "person.native": "王伟",
    }
    answer = client.post(f"{where}person", sent)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'href="#f-birth_date"' in said
    assert 'value="30"' in said
    draft.refresh_from_db()
    assert draft.body == {
        "person": {"native": "王伟"},
        "birth_date": {"year": "1985", "month": "2", "day": "30"},
    }
    assert "Needs attention" in client.get(where).content.decode()


def test_an_incomplete_page_is_saved_and_the_check_says_what_is_missing(desk: Desk) -> None:
    client, draft, where = begun(desk)
    assert client.post(f"{where}person", {"person.native": "王伟"}).headers["Location"] == f"{where}family"
    said = client.get(f"{where}check").content.decode()
    assert f"/en/drafts/{draft.pk}/person?check=1#f-birth_date" in said
    assert f"/en/drafts/{draft.pk}/safeguards?check=1" in said
    assert f'action="{where}send"' not in said
    shown = client.get(f"{where}person?check=1").content.decode()
    assert "There is a problem" in shown
    assert client.post(f"{where}send").headers["Location"] == f"{where}check"
    draft.refresh_from_db()
    assert draft.status == "editing"


def test_adding_a_row_saves_and_shows_one_more(desk: Desk) -> None:
    client, draft, where = begun(desk)
    sent = {"other_names.0.surname": "LI", "more": "other_names"}
    said = client.post(f"{where}person", sent).content.decode()
    assert 'name="other_names.1.surname"' in said
    draft.refresh_from_db()
    assert draft.body["other_names"] == [{"surname": "LI"}]


def test_an_answer_that_blocks_is_said_and_stops_the_step(desk: Desk) -> None:
    client, draft, where = begun(desk)
    given = safeguards("request") | {"safeguards.no_claim_pending": "pending"}
    answer = client.post(f"{where}safeguards", given)
    assert answer.status_code == 422
    assert "With this answer the step may not be taken" in answer.content.decode()
    assert "Stops the step" in client.get(where).content.decode()
    draft.refresh_from_db()
    assert draft.safeguards["no_claim_pending"]["answer"] == "pending"


def test_a_file_can_be_taken_off_again_and_none_is_no_file(desk: Desk) -> None:
    client, draft, where = begun(desk)
    assert client.post(f"{where}attach").status_code == 422
    client.post(f"{where}attach", {"file": SimpleUploadedFile("a.pdf", b"abc")})
    draft.refresh_from_db()
    (digest,) = draft.attachments
    client.post(f"{where}detach", {"sha256": digest})
    draft.refresh_from_db()
    assert draft.attachments == []


def test_an_edit_after_asking_for_approval_takes_it_back(desk: Desk) -> None:
    draft = actions.submit(desk.people["case_officer"], desk.draft())
    assert isinstance(draft, Draft)
    client = desk.client("case_officer")
    assert "approvals already given lapse" in client.get(f"/en/drafts/{draft.pk}/").content.decode()
    client.post(f"/en/drafts/{draft.pk}/needs", {"care_needs": "A wheelchair."})
    draft.refresh_from_db()
    assert (draft.status, draft.digest) == ("editing", "")


def test_the_author_cannot_approve_and_a_draft_sent_back_says_why(desk: Desk) -> None:
    draft = actions.submit(desk.people["supervisor"], desk.draft("supervisor"))
    own = desk.client("supervisor")
    said = own.get(f"/en/approvals/{draft.pk}").content.decode()
    assert "another officer must approve it" in said
    assert 'value="approve"' not in said
    other = desk.client("second")
    empty = other.post(f"/en/approvals/{draft.pk}", {"decision": "reject", "reason": " "}, follow=True)
    assert "Say why you send it back." in empty.content.decode()
    other.post(f"/en/approvals/{draft.pk}", {"decision": "reject", "reason": "The order is not attached."})
    assert "The order is not attached." in own.get(f"/en/drafts/{draft.pk}/").content.decode()


def test_a_step_on_a_case_begins_once_and_is_gone_on_with(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("case_officer")
    first = client.post(f"/en/cases/{case.pk}/steps/ask").headers["Location"]
    assert client.post(f"/en/cases/{case.pk}/steps/ask").headers["Location"] == first
    assert "Continue draft" in client.get(f"/en/cases/{case.pk}/").content.decode()
    client.post(first, {"question": "Is the passport number known?"})
    draft = Draft.objects.get(step="ask")
    client.post(f"/en/drafts/{draft.pk}/send")
    draft.refresh_from_db()
    assert draft.status in ("leaving", "sent")
    if draft.status == "leaving":
        assert "About to leave" in client.get(f"/en/drafts/{draft.pk}/").content.decode()
        client.post(f"/en/drafts/{draft.pk}/recall")
        draft.refresh_from_db()
        assert draft.status == "editing"
    client.post(f"/en/drafts/{draft.pk}/discard")
    draft.refresh_from_db()
    assert draft.status in ("withdrawn", "sent")


@pytest.mark.parametrize(
    "step", [s.name for s in TRACK.steps if s.at_any_time and s.by != "responding" and not s.releases]
)
def test_every_step_of_either_side_can_be_begun_from_the_case_page(desk: Desk, step: str) -> None:
    case = desk.case()
    if step == "answer":
        desk.peer(case, "ask")
    client = desk.client("case_officer")
    assert (
        f'action="/en/cases/{case.pk}/steps/{step}"' in client.get(f"/en/cases/{case.pk}/").content.decode()
    )
    where = client.post(f"/en/cases/{case.pk}/steps/{step}").headers["Location"]
    assert client.get(where).status_code == 200


def test_a_step_that_does_not_exist_is_refused_in_words(desk: Desk) -> None:
    case = desk.case()
    answer = desk.client("case_officer").post(f"/en/cases/{case.pk}/steps/launch", follow=True)
    assert "The track has no such step." in answer.content.decode()


def test_a_full_disk_is_said_and_nothing_is_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.store.database import disk_full

    client, _, where = begun(desk)

    def full(*_: object, **__: object) -> None:
        raise disk_full()

    monkeypatch.setattr(actions, "add_attachment", full)
    answer = client.post(f"{where}attach", {"file": SimpleUploadedFile("a.pdf", b"abc")})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "There is no room left" in answer.content.decode()
