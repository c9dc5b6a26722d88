"""Every page in both languages, for every role: what may be seen is shown, and the browser is told to keep nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from comity import actions
from comity.store.audit import Audit
from comity.store.people import ROLES, Officer
from comity.web.language import in_other
from tests.web.desk import LANGUAGES, Desk

EVERY_OFFICER = ("", "cases/", "cases/new", "search", "search?q=wang", "approvals/", "workload", "scorecard", "agreement/",
                 "tracks/repatriation", "link", "audit")  # fmt: skip
OPEN = {
    "case_officer": {"", "cases/", "cases/new", "search", "search?q=wang"},
    "analyst": {"", "cases/", "search", "search?q=wang"},
    "oversight": {"", "cases/", "search", "search?q=wang", "workload", "audit"},
    "administrator": set(),
}
LEADER = {"", "cases/", "cases/new", "search", "search?q=wang", "approvals/", "workload"}
OPEN |= {"supervisor": LEADER, "liaison": LEADER, "hotline_duty": OPEN["case_officer"]}
ALWAYS = {"scorecard", "agreement/", "tracks/repatriation", "link"}


class Page(HTMLParser):
    """Language, ids, form methods and everything that would break the content security policy."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.lang, self.ids, self.faults, self.posts, self.tokens = "", [], [], 0, 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.lang = given.get("lang") or "" if tag == "html" else self.lang
        if given.get("id"):
            self.ids.append(given["id"])
        self.faults += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not (given.get("src") or "").startswith("/static/")):
            self.faults.append(tag)
        self.posts += tag == "form" and given.get("method") == "post"
        self.tokens += given.get("name") == "csrfmiddlewaretoken"


def check(response: object, lang: str) -> None:
    page = Page(response.content.decode())  # type: ignore[attr-defined]
    assert page.lang == {"en": "en", "zh": "zh-Hans"}[lang]
    assert not page.faults
    assert len(page.ids) == len(set(page.ids)), sorted(i for i in page.ids if page.ids.count(i) > 1)
    assert page.posts == page.tokens
    headers = response.headers  # type: ignore[attr-defined]
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_role_opens_its_pages_and_no_others(desk: Desk, role: str, lang: str) -> None:
    desk.case()
    client = desk.client(role)
    for where in EVERY_OFFICER:
        answer = client.get(f"/{lang}/{where}")
        if where in OPEN[role] | ALWAYS:
            assert answer.status_code == 200, (where, answer.status_code)
            check(answer, lang)
        elif where == "":
            assert answer.headers["Location"] == f"/{lang}/scorecard"
        else:
            assert answer.status_code == 403, where


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "step", ["", "arrange_interview", "verify", "return_incomplete", "cannot_verify", "not_a_national"]
)
def test_the_case_page_in_every_state(desk: Desk, lang: str, step: str) -> None:
    case = desk.case()
    if step:
        desk.peer(case, step)
    for role in ("case_officer", "supervisor", "analyst", "oversight"):
        answer = desk.client(role).get(f"/{lang}/cases/{case.pk}/")
        assert answer.status_code == 200
        check(answer, lang)
    case.refresh_from_db()
    said = answer.content.decode()
    assert case.case.track.state(case.state).title[lang] in said
    assert ('aria-current="step"') in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hold_is_shown_with_its_reason_and_stops_the_steps(desk: Desk, lang: str) -> None:
    case = desk.case()
    desk.peer(case, "hold", explanation="A court has stayed the removal.")
    answer = desk.client("case_officer").get(f"/{lang}/cases/{case.pk}/")
    said = answer.content.decode()
    assert "A court has stayed the removal." in said
    assert {"en": "On hold", "zh": "已暂停"}[lang] in said
    assert {"en": "Why is there no date?", "zh": "为何没有日期？"}[lang] in said


def test_what_a_person_is_called_is_text_and_never_markup(desk: Desk) -> None:
    nasty = "<script>alert(1)</script>"
    case = desk.case(birth_place=nasty, languages="a‮b", description="'\"><img src=x onerror=alert(1)>")
    for where in (f"cases/{case.pk}/", "", "search?q=" + nasty):
        said = desk.client("case_officer").get(f"/en/{where}").content.decode()
        assert nasty not in said
        assert "<img src=x" not in said
    said = desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert "a⟦U+202E⟧b" in said
    assert "&lt;script&gt;" in said


def test_reading_a_case_is_on_the_audit_trail_and_shown_to_those_who_work_on_it(desk: Desk) -> None:
    case = desk.case()
    desk.client("oversight").get(f"/en/cases/{case.pk}/")
    assert (
        Audit.objects.filter(action="read_case", case_id=case.pk, officer__username="oversight").count() == 1
    )
    assert "Oversight" in desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert 'id="saw-title"' not in desk.client("analyst").get(f"/en/cases/{case.pk}/").content.decode()


def test_the_language_switch_keeps_page_and_query(desk: Desk) -> None:
    client = desk.client("case_officer")
    said = client.get("/en/search?q=%E7%8E%8B+wei&x=1").content.decode()
    assert 'href="/zh/search?q=%E7%8E%8B+wei&amp;x=1"' in said
    said = client.get("/zh/cases/?waiting=us").content.decode()
    assert 'href="/en/cases/?waiting=us"' in said


def test_an_officer_is_remembered_in_the_language_he_last_read(desk: Desk) -> None:
    client = desk.client("case_officer")
    client.get("/zh/")
    assert Officer.objects.get(username="case_officer").lang == "zh"
    assert client.get("/").headers["Location"] == "/zh/"
    client.get("/en/search")
    assert client.get("/").headers["Location"] == "/en/"


def test_times_are_shown_in_the_zones_of_both_authorities_own_first(desk: Desk) -> None:
    case = desk.case()
    said = desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert re.search(r"Eastern Time</span>.*China Time</span>", said, re.DOTALL)
    assert re.search(r"U\.S\. Department of Justice.*Ministry of Public Security", said, re.DOTALL)


def test_why_this_date_names_clause_start_and_zone(desk: Desk) -> None:
    case = desk.case()
    desk.peer(case, "verify")
    said = desk.client("case_officer").get(f"/en/cases/{case.pk}/").content.decode()
    assert "Why this date?" in said
    assert "lecd-2017/1" in said
    assert re.search(r"due in 30 days|due in 29 days", said)


def test_in_other_language_leaves_addresses_without_a_language_alone() -> None:
    class Asked:
        path = "/nowhere"

        def get_full_path(self) -> str:
            return "/nowhere?x=1"

    assert in_other(Asked()) == "/zh/"  # type: ignore[arg-type]


def test_a_node_without_an_agreement_says_so(db: object) -> None:
    from django.test import Client

    officer = Officer.objects.create(username="first", role="administrator")
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    for where in ("agreement/", "scorecard", "link"):
        assert "No agreement is installed yet" in client.get(f"/en/{where}").content.decode()


def test_the_scorecard_compares_a_digest_read_out_by_the_other_side(desk: Desk) -> None:
    desk.case()
    client = desk.client("liaison")
    said = client.get("/en/scorecard").content.decode()
    digest = "".join(
        re.search(r"Our digest</p><p><span class=\"comity-digest\">([0-9a-f ]+)<", said)[1].split()
    )  # type: ignore[index]
    assert (
        "Both sides have the same figures"
        in client.get(f"/en/scorecard?digest={digest[:20]}").content.decode()
    )
    assert "do not have the same figures" in client.get(f"/en/scorecard?digest={'0' * 20}").content.decode()
    assert "not compared" in client.get("/en/scorecard?digest=0f").content.decode().lower()


def test_the_track_page_and_the_agreement_say_both_texts(desk: Desk) -> None:
    said = desk.client("analyst").get("/zh/agreement/").content.decode()
    assert "自身份核实之日起三十日内签发旅行证件" in said
    assert "no later than 30 days after verification" in said


def test_a_search_leaves_no_word_of_what_was_asked(desk: Desk) -> None:
    desk.client("case_officer").get("/en/search?q=very+secret+name")
    row = Audit.objects.filter(action="search").get()
    assert "secret" not in str(row.detail)


def test_assigning_a_case_and_writing_a_note(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("supervisor")
    to = desk.people["second"]
    assert client.post(f"/en/cases/{case.pk}/assign", {"officer": to.pk}).status_code == 302
    assert case.assignments.filter(officer=to).exists()
    assert client.post(f"/en/cases/{case.pk}/unassign", {"officer": to.pk}).status_code == 302
    assert not case.assignments.filter(officer=to).exists()
    client.post(f"/en/cases/{case.pk}/note", {"text": "Called the consulate."})
    said = client.get(f"/en/cases/{case.pk}/").content.decode()
    assert "Called the consulate." in said
    client.post(f"/en/cases/{case.pk}/note", {"text": " "})
    assert "This was not done" in client.get(f"/en/cases/{case.pk}/").content.decode()


def test_many_cases_are_assigned_at_once(desk: Desk) -> None:
    cases = [desk.case(), desk.case()]
    client = desk.client("supervisor")
    chosen = {"officer": desk.people["second"].pk, "case": [case.pk for case in cases]}
    assert client.post("/en/workload", chosen, follow=True).status_code == 200
    assert all(case.assignments.filter(officer=desk.people["second"]).exists() for case in cases)
    before = Audit.objects.filter(action="assign").count()
    client.post("/en/workload", {"officer": desk.people["stranger"].pk, "case": [cases[0].pk]})
    assert Audit.objects.filter(action="assign").count() == before


def test_an_attachment_is_a_download_the_browser_never_shows(desk: Desk) -> None:
    from io import BytesIO

    from comity.actions import keeping

    officer = desk.people["case_officer"]
    kept = actions.add_attachment(officer, BytesIO(b"<script>alert(1)</script>"), name="../../evil.html")
    draft = desk.draft()
    draft = actions.save_draft(officer, draft=draft, attachments=[kept.pk])
    draft = actions.submit(officer, draft)  # type: ignore[assignment]
    actions.approve(desk.people["supervisor"], draft, draft.digest, now=True)
    where = f"/en/cases/{draft.case_name}/files/{kept.pk}"
    answer = desk.client("case_officer").get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert keeping.place_of(kept.pk).is_file()
    assert "evil.html" in desk.client("case_officer").get(f"/en/cases/{draft.case_name}/").content.decode()
    assert desk.client("case_officer").get(f"/en/cases/{draft.case_name}/files/{'0' * 64}").status_code == 404
    assert Audit.objects.filter(action="read_attachment", detail__sha256=kept.pk).count() == 1
