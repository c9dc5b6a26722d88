"""Pages seen seldom: a file of many cases, an amendment, error pages, a node that only reads, a link in trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.test import Client, RequestFactory

from comity import actions
from comity.actions.bulk import WAITS, rows_of
from comity.store.cases import CaseRow
from comity.store.drafts import Bundle
from comity.store.files import AWAITED, AttachmentUse, Transfer
from comity.store.relations import join
from comity.web.errors import bad_request
from tests.samples import answers, body
from tests.web.desk import LANGUAGES, ME, TRACK, Desk, agreement_bytes


def bundle(desk: Desk, count: int = 3) -> Bundle:
    officer, opening = desk.people["case_officer"], TRACK.opening
    files = [desk.file("case_officer")]
    filled = [
        {**body(opening, datetime.now(UTC)), "birth_place": f"Village {n}", "safeguards": answers(TRACK, opening),
         "attachments": files}
        for n in range(count)
    ]  # fmt: skip
    report = actions.open_many(officer, TRACK.name, rows_of(filled), source="applications.xlsx")
    assert [row.outcome for row in report.rows] == [WAITS] * count, report.to_json()
    return Bundle.objects.get()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_of_many_cases_is_read_and_approved_as_one(desk: Desk, lang: str) -> None:
    made = bundle(desk)
    client = desk.client("supervisor")
    assert "applications.xlsx" in client.get(f"/{lang}/approvals/").content.decode()
    where = f"/{lang}/approvals/files/{made.pk}"
    said = client.get(where).content.decode()
    assert "Village 2" in said
    assert made.digest in said.replace(" ", "")
    client.post(where, {"decision": "approve", "read": "yes", "digest": made.digest})
    assert CaseRow.objects.count() == 3
    assert desk.client("stranger").get(where).status_code in (403, 404)


def test_a_file_of_many_cases_is_sent_back_with_a_reason(desk: Desk) -> None:
    made = bundle(desk, 1)
    client = desk.client("second")
    client.post(f"/en/approvals/files/{made.pk}", {"decision": "reject", "reason": "Wrong column."})
    made.refresh_from_db()
    assert (made.status, made.reason) == ("withdrawn", "Wrong column.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_an_amendment_changed_is_said_in_both_languages(desk: Desk, lang: str) -> None:
    first = desk.relation.agreement_id
    amended = (
        agreement_bytes()
        .replace(b'supersedes = ""', f'supersedes = "{first}"'.encode())
        .replace(b"version = 1\n", b"version = 2\n", 1)
        .replace(b"delivery_grace_hours = 24", b"delivery_grace_hours = 12")
    )
    join(amended, b"not checked here", ME)
    client = desk.client("analyst")
    said = client.get(f"/{lang}/agreement/").content.decode()
    assert f"/{lang}/agreement/changes/1?relation=cn-us-2017" in said
    said = client.get(f"/{lang}/agreement/changes/1").content.decode()
    assert "12" in said
    assert "24" in said
    assert client.get(f"/{lang}/agreement/changes/2").status_code == 404
    assert client.get(f"/{lang}/tracks/unknown").status_code == 404


@pytest.mark.parametrize(("fault", "status"), [(RequestDataTooBig("too big"), 413), (BadRequest("no"), 400)])
def test_too_much_is_413_and_nonsense_is_400_in_both_languages(fault: Exception, status: int) -> None:
    answer = bad_request(RequestFactory().post("/en/"), fault)
    assert answer.status_code == status
    said = answer.content.decode()
    assert "too large" in said
    assert "提交的内容过大" in said


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "500.html"])
def test_error_pages_need_no_reader(name: str) -> None:
    from django.template.loader import render_to_string

    said = render_to_string(name)
    assert 'lang="en"' in said
    assert 'lang="zh-Hans"' in said


def test_a_fault_of_the_node_shows_nothing_of_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("comity.store.queries.work", broken)
    client = desk.client("case_officer")
    client.raise_request_exception = False
    answer = client.get("/en/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "The fault is in this node" in answer.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_node_that_only_reads_says_so_on_every_page_and_offers_no_step(desk: Desk, lang: str) -> None:
    case = desk.case()
    desk.relation.read_only = "restored"
    desk.relation.save()
    client = desk.client("case_officer")
    for where in ("", f"cases/{case.pk}/", "link"):
        assert 'class="comity-banner"' in client.get(f"/{lang}/{where}").content.decode()
    assert "/steps/" not in client.get(f"/{lang}/cases/{case.pk}/").content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("state", "lamp"),
    [({"heard_minutes": 2}, "green"), ({}, "amber"), ({"heard_minutes": 4000}, "amber"), ({"hold": "fork"}, "red"),
     ({"heard_minutes": 1, "peer_skew_ms": 900_000}, "amber")],
)  # fmt: skip
def test_the_light_of_the_link_and_its_words(desk: Desk, lang: str, state: dict[str, Any], lamp: str) -> None:
    relation = desk.relation
    minutes = state.get("heard_minutes")
    relation.heard = datetime.now(UTC) - timedelta(minutes=minutes) if minutes else None
    relation.hold, relation.peer_skew_ms = state.get("hold", ""), state.get("peer_skew_ms")
    relation.trouble = {
        "code": "x",
        "what": {"en": "No answer.", "zh": "无应答。"},
        "where": "",
        "mend": None,
    }
    relation.save()
    said = desk.client("liaison").get(f"/{lang}/link").content.decode()
    assert f"comity-light--{lamp}" in said
    assert {"en": "No answer.", "zh": "无应答。"}[lang] in said
    part = desk.client("liaison").get(f"/{lang}/link", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f"comity-light--{lamp}" in part


def test_a_file_on_its_way_shows_how_much_has_come(desk: Desk) -> None:
    case = desk.case()
    use = AttachmentUse.objects.get(case_id=case.pk)
    said = desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert "Waiting to be sent" in said
    AttachmentUse.objects.filter(pk=use.pk).update(sent=datetime.now(UTC))
    assert (
        "Delivered to the other authority"
        in desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    )
    AttachmentUse.objects.filter(pk=use.pk).update(ours=False, sent=None)
    use.attachment.delete()
    Transfer.objects.create(
        relation=desk.relation,
        sha256=use.attachment_id,
        size=3_000_000,
        root="cd" * 32,
        have=b"\x05",
        state=AWAITED,
    )
    said = desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert "Arriving: 2 of" in said
    assert "<progress" in said


def test_a_long_list_is_shown_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web import home

    monkeypatch.setattr(home, "PER_PAGE", 1)
    cases = {desk.case().pk, desk.case().pk}
    client = desk.client("case_officer")
    first, second = (client.get(f"/en/cases/?waiting=them&page={n}").content.decode() for n in (1, 2))
    assert "Page 1 of 2" in first
    assert "waiting=them&amp;page=2" in first
    assert sum(case in first for case in cases) == sum(case in second for case in cases) == 1
    for odd in ("0", "-3", "x", "9" * 30, "٣"):
        assert client.get(f"/en/cases/?page={odd}").status_code == 200


def test_the_first_address_leads_to_a_language(db: object) -> None:
    assert Client().get("/").headers["Location"] in ("/en/", "/zh/")
