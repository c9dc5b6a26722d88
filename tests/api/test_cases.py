"""Cases through the API: opened, moved, read; what a token may not do; what a case says of itself."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity import actions
from comity.core.deadline import stamp
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import Draft
from tests.actions.office import LAWFUL
from tests.api.caller import Caller, fault

if TYPE_CHECKING:
    from tests.actions.office import Office

Call = Callable[..., Caller]
OPENING: dict[str, Any] = {"track": "letter", "body": {"whom": "A B"}, "safeguards": LAWFUL}


def test_a_case_from_its_opening_to_its_end(office: Office, call: Call) -> None:
    author = call("author")
    opened = author.post("/cases", OPENING)
    assert opened.status_code == 201
    said = opened.json()
    assert (said["outcome"], said["step"], said["entry"]) == ("sent", "ask_letter", 0)
    case = said["case"]
    office.peer_writes(stamp(timezone.now()), "write", case, approvals=("bossofpeer1",))
    seen = author.get(f"/cases/{case}").json()
    assert (seen["state"], seen["waiting"], seen["requesting"], seen["responding"]) == (
        "written",
        "us",
        "aa",
        "bb",
    )
    assert {s["step"]: s["available"] for s in seen["next_steps"]}["thank"]
    taken = author.post(f"/cases/{case}/steps/thank")
    assert taken.status_code == 201
    assert taken.json()["outcome"] == "sent"
    ended = author.get(f"/cases/{case}").json()
    assert ended["ended"]
    assert ended["waiting"] == ""
    lines = author.get(f"/cases/{case}/timeline").json()
    assert [(each["side"], each["step"]) for each in lines] == [
        ("us", "ask_letter"),
        ("them", "write"),
        ("us", "thank"),
    ]
    assert lines[0]["fields"][0]["value"] == "A B"
    assert lines[0]["safeguards"][0]["name"] == "lawful"
    assert lines[0]["officer"] == office.author.pseudonym
    clocks = author.get(f"/cases/{case}/deadlines").json()
    assert {each["deadline"] for each in clocks} == {"writing", "thanks"}
    assert all(each["sentence"]["en"] and each["sentence"]["zh"] and each["why"]["start"] for each in clocks)


def test_where_two_officers_are_needed_a_token_waits_and_never_approves(office: Office, call: Call) -> None:
    paper = office.file(by=office.author).pk
    asked = {"track": "deed", "body": {"whom": "A B"}, "safeguards": LAWFUL, "attachments": [paper]}
    waits = call("author").post("/cases", asked)
    assert waits.status_code == 202
    said = waits.json()
    assert said["outcome"] == "awaiting"
    draft = f"/drafts/{said['draft']}"
    assert call("author").get(draft).json()["approvals_needed"] == 2
    for path, body in (
        (f"{draft}/approve", {"digest": said["digest"]}),
        (f"{draft}/reject", {"reason": "no"}),
    ):
        fault(call("boss").post(path, body), 403, "token-cannot-approve")
    assert Draft.objects.get(pk=said["draft"]).approvals.count() == 0
    row = Draft.objects.get(pk=said["draft"])
    actions.approve(office.boss, row, row.digest, via="web")
    actions.approve(office.link, row, row.digest, via="cli")
    assert call("author").get(f"/cases/{said['case']}").json()["state"] == "asked"


def test_what_is_wrong_is_said_all_at_once_and_nothing_is_kept(office: Office, call: Call) -> None:
    said = fault(call("author").post("/cases", {"track": "deed", "body": {"nonsense": 1}}), 422, "missing")
    codes = {(p["code"], p["where"]) for p in said["problems"]}
    assert {
        ("missing", "whom"), ("unknown-field", "nonsense"), ("safeguard-unanswered", "safeguards.lawful"),
        ("attachment-missing", "attachments"),
    } <= codes  # fmt: skip
    assert CaseRow.objects.count() == Draft.objects.count() == 0


def test_a_step_out_of_turn_by_the_wrong_side_or_unknown(office: Office, call: Call) -> None:
    case = call("author").post("/cases", OPENING).json()["case"]
    fault(call("author").post(f"/cases/{case}/steps/thank"), 409, "out-of-turn")
    fault(call("author").post(f"/cases/{case}/steps/send_back"), 409, "wrong-side")
    fault(call("author").post(f"/cases/{case}/steps/answer"), 409, "nothing-to-answer")
    fault(call("author").post(f"/cases/{case}/steps/nonsense"), 422, "unknown-step")
    fault(call("author").post("/cases", {**OPENING, "track": "nonsense"}), 422, "unknown-track")
    blocked = {**OPENING, "safeguards": {"lawful": {"answer": "no"}}}
    assert fault(call("author").post("/cases", blocked), 422, "safeguard-blocks")["problems"][0]["blocks"]


def test_a_draft_written_changed_checked_and_sent(office: Office, call: Call) -> None:
    author = call("author")
    draft = author.post("/drafts", {"track": "letter"}).json()
    path = f"/drafts/{draft['id']}"
    assert draft["status"] == "editing"
    assert draft["opens"]
    assert {p["code"] for p in author.get(f"{path}/check").json()} == {"missing", "safeguard-unanswered"}
    changed = author("PATCH", path, {"body": {"whom": "C D"}, "safeguards": LAWFUL})
    assert changed.json()["body"] == {"whom": "C D"}
    assert author.get(f"{path}/check").json() == []
    seen = author.get(f"{path}/preview").json()
    assert seen["body"]["whom"] == "C D"
    assert seen["problems"] == []
    sent = author.post(f"{path}/submit")
    assert sent.status_code == 201
    assert sent.json()["digest"] == seen["digest"]
    fault(author("PATCH", path, {"body": {}}), 409, "draft-closed")
    fault(author("DELETE", path), 409, "draft-closed")


def test_many_cases_at_once_each_row_by_itself(office: Office, call: Call) -> None:
    rows = [{"body": {"whom": f"P {n}"}, "safeguards": LAWFUL} for n in range(3)]
    rows[1] = {"body": {}, "safeguards": LAWFUL}
    report = call("author").post("/bulk", {"track": "letter", "rows": rows, "source": "test"}).json()
    assert report["counts"] == {"opened": 2, "awaiting": 0, "already": 0, "refused": 1}
    assert report["rows"][1]["problems"][0]["where"] == "whom"
    again = call("author").post("/bulk", {"track": "letter", "rows": rows}).json()
    assert again["counts"] == {"opened": 0, "awaiting": 0, "already": 2, "refused": 1}
    assert CaseRow.objects.count() == 2


def test_a_bundle_that_waits_can_be_read_and_taken_back(office: Office, call: Call) -> None:
    paper = office.file(by=office.author).pk
    row = {"body": {"whom": "A"}, "safeguards": LAWFUL, "attachments": [paper]}
    bundle = call("author").post("/bulk", {"track": "deed", "rows": [row]}).json()["bundle"]
    seen = call("boss").get(f"/bundles/{bundle}").json()
    assert (seen["rows"], seen["status"]) == (1, "awaiting")
    assert call("author")("DELETE", f"/bundles/{bundle}").status_code == 204
    assert call("boss").get(f"/bundles/{bundle}").json()["status"] == "withdrawn"


def test_lists_are_filtered_and_counted_in_sight_only(office: Office, call: Call) -> None:
    author = call("author")
    mine = [author.post("/cases", {**OPENING, "body": {"whom": f"P{n}"}}).json()["case"] for n in range(3)]
    call("stranger").post("/cases", OPENING)
    page = author.get("/cases?limit=2&order=opened").json()
    assert (page["total"], len(page["items"])) == (3, 2)
    assert author.get("/cases?limit=2&start=2&order=opened").json()["items"][0]["id"] not in [
        i["id"] for i in page["items"]
    ]
    assert {i["id"] for i in author.get("/cases?mine=true").json()["items"]} == set(mine)
    assert author.get("/cases?waiting=us").json()["total"] == 0
    assert author.get("/cases?waiting=them&state=asked&track=letter").json()["total"] == 3
    assert author.get("/cases?unit=nonsense").json()["total"] == 0
    assert author.get("/search?q=P1").json()["total"] == 1
    assert author.get("/work").json()["waiting_on_them"]["total"] == 3
    for wrong in (
        "limit=0",
        "limit=201",
        "limit=x",
        "start=-1",
        "order=nonsense",
        "waiting=nobody",
        "state=%00",
    ):
        assert author.get(f"/cases?{wrong}").status_code == 422


def test_files_go_in_and_come_out_as_streams(office: Office, call: Call) -> None:
    content = b"a paper " * 300_000  # more than one chunk
    put = call("author")(
        "POST", "/attachments?name=..%2Fpaper.pdf", raw=content, content_type="application/octet-stream"
    )
    assert put.status_code == 201
    digest = put.json()["sha256"]
    assert digest == hashlib.sha256(content).hexdigest()
    assert put.json()["size"] == len(content)
    got = call("author").get(f"/attachments/{digest}")
    assert got.whole == content
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert Audit.objects.filter(action="add_attachment", detail__name="paper.pdf").exists()
    assert Audit.objects.filter(action="read_attachment", detail__sha256=digest).exists()
    fault(call("stranger").get(f"/attachments/{digest}"), 404, "not-found")
    fault(call("author")("POST", "/attachments", raw=b"{}"), 415, "not-json")
    empty = call("author")("POST", "/attachments", raw=b"", content_type="application/octet-stream")
    fault(empty, 422, "attachment-empty")


def test_the_files_of_a_case(office: Office, call: Call) -> None:
    kept = actions.add_attachment(office.author, io.BytesIO(b"order"))
    asked = {"track": "deed", "body": {"whom": "A B"}, "safeguards": LAWFUL, "attachments": [kept.pk]}
    said = call("author").post("/cases", asked).json()
    row = Draft.objects.get(pk=said["draft"])
    actions.approve(office.boss, row, row.digest, via="cli")
    actions.approve(office.link, row, row.digest, via="cli")
    (file,) = call("reader").get(f"/cases/{said['case']}/attachments").json()
    assert (file["sha256"], file["state"], file["side"], file["entry"]) == (kept.pk, "held", "us", 0)
    assert call("watch").get(f"/attachments/{kept.pk}").whole == b"order"


def test_notes_assignments_and_who_saw(office: Office, call: Call) -> None:
    case = call("author").post("/cases", OPENING).json()["case"]
    assert call("boss").post(f"/cases/{case}/notes", {"text": "seen 已阅"}).json()["author"] == "boss"
    assert call("author").get(f"/cases/{case}/notes").json()[0]["text"] == "seen 已阅"
    assert call("boss").post(f"/cases/{case}/assignments", {"officer": "stranger"}).status_code == 201
    assert call("stranger").get(f"/cases/{case}").status_code == 200
    assert call("boss")("DELETE", f"/cases/{case}/assignments/stranger").status_code == 204
    assert call("stranger").get(f"/cases/{case}").status_code == 404
    fault(call("boss").post(f"/cases/{case}/assignments", {"officer": "nobody"}), 422, "unknown-officer")
    names = {each["officer"] for each in call("boss").get(f"/cases/{case}/seen-by").json()}
    assert {"author", "boss", "stranger"} <= names


def test_every_read_and_every_refusal_is_on_the_audit_trail(office: Office, call: Call) -> None:
    case = call("author").post("/cases", OPENING).json()["case"]
    call("author").get(f"/cases/{case}")
    call("stranger").get(f"/cases/{case}")
    trail = call("watch").get(f"/audit?case={case}").json()["items"]
    found = {(each["officer"], each["action"], each["via"]) for each in trail}
    assert {
        ("author", "open_case", "token"),
        ("author", "read_case", "token"),
        ("stranger", "denied", "token"),
    } <= found
    assert call("watch").get("/audit?action=nonsense").json()["total"] == 0
    assert call("watch").get("/audit?officer=author&limit=1").json()["items"][0]["officer"] == "author"


def test_scorecard_links_agreement_tracks_me(office: Office, call: Call) -> None:
    author = call("author")
    author.post("/cases", OPENING)
    (card,) = author.get("/scorecard").json()
    assert card["digest"] == author.get("/scorecard/letters?at=aa=1,bb=0").json()["digest"]
    assert author.get("/scorecard/letters?at=aa=0,bb=0").json()["content"]["cases"] == {}
    fault(author.get("/scorecard/letters?at=aa=2,bb=0"), 422, "bad-sizes")
    fault(author.get("/scorecard/letters?at=nonsense"), 422, "bad-sizes")
    fault(author.get("/scorecard/nonsense"), 404, "not-found")
    (link,) = author.get("/links").json()
    assert (link["relation"], link["ours"], link["owed"]) == ("letters", 1, 1)
    (agreement,) = author.get("/agreements").json()
    text = author.get("/agreements/letters/text")
    assert hashlib.sha256(text.content).hexdigest() == agreement["digest"]
    assert author.get("/agreements/letters?version=1").json()["digest"] == agreement["digest"]
    fault(author.get("/agreements/letters?version=2"), 404, "not-found")
    assert author.get("/me").json()["officer"] == "author"
    track = author.get("/tracks/repatriation").json()
    assert track["chart"].startswith("stateDiagram-v2")
    assert author.get("/tracks/repatriation/steps/verify").json()["input"]["title"] == "repatriation.verify"
    fault(author.get("/tracks/nonsense"), 404, "not-found")
    fault(author.get("/nonsense"), 404, "not-found")


def test_a_recall_is_only_for_what_is_about_to_leave(office: Office, call: Call) -> None:
    case = call("author").post("/cases", OPENING).json()
    fault(call("author").post(f"/drafts/{case['draft']}/recall"), 409, "too-late-to-recall")


def test_json_keeps_chinese_as_it_is(office: Office, call: Call) -> None:
    opened = call("author").post("/cases", {**OPENING, "body": {"whom": "欧阳小明"}})
    shown = call("author").get(f"/cases/{opened.json()['case']}").content
    assert "欧阳小明" in shown.decode()
    assert json.loads(shown)["title"]
