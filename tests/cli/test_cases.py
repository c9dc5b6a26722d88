"""Cases at the command line: open, move, approve in person, read; exit codes; options made from the declarations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from comity import actions
from comity.cli import case_work, steps
from comity.cli.outcome import FAILED, OK, REFUSED, USAGE
from comity.core.deadline import stamp
from comity.derive import command
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import Draft
from comity.tracks import TRACKS
from tests.actions.office import LAWFUL
from tests.cli.conftest import Ran

if TYPE_CHECKING:
    from tests.actions.office import Office

Run = Callable[..., Ran]
PASSWORD = "correct horse battery"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line know the made-up tracks: its verbs are made when it is loaded."""
    from comity.cli import case
    from tests.actions.office import ALL

    for module in (steps, case_work):
        monkeypatch.setattr(module, "TRACKS", ALL)
    monkeypatch.setattr(case.STEP, "verbs", steps.step_verbs(case_work.take))
    monkeypatch.setattr(case.OPEN, "verbs", steps.open_verbs(case_work.open_, case_work.BULK))


@pytest.fixture
def case(office: Office) -> str:
    opened = actions.open_case(office.author, "letter", {"whom": "A B"}, LAWFUL, via="cli")
    assert isinstance(opened, CaseRow)
    return opened.pk


@pytest.mark.usefixtures("letters")
def test_a_case_from_its_opening_to_its_end(office: Office, run: Run) -> None:
    opened = run(
        "case",
        "open",
        "letter",
        "--whom",
        "欧阳小明",
        "--safeguards.lawful",
        "yes",
        "--json",
        officer="author",
    )
    assert opened.code == OK
    said = opened.json
    assert (said["outcome"], said["entry"]) == ("sent", 0)
    office.peer_writes(stamp(timezone.now()), "write", said["case"], approvals=("bossofpeer1",))
    shown = run("case", "show", said["case"].lower(), "--json", officer="author").json
    assert (shown["state"], shown["waiting"]) == ("written", "us")
    assert run("case", "step", said["case"], "thank", officer="author").code == OK
    assert CaseRow.objects.get().ended
    lines = run("case", "timeline", said["case"], "--json", officer="author").json
    assert [each["step"] for each in lines] == ["ask_letter", "write", "thank"]
    assert "欧阳小明" in run("case", "timeline", said["case"], officer="author").out


@pytest.mark.usefixtures("letters")
def test_every_way_to_say_what_a_form_asks(office: Office, run: Run, tmp_path: Path) -> None:
    by_set = run("case", "open", "letter", "--set", "whom=B", "--safeguards.lawful", "yes", officer="author")
    file = tmp_path / "body.json"
    file.write_text('{"body": {"whom": "C"}, "safeguards": {"lawful": {"answer": "yes"}}}', encoding="utf-8")
    by_file = run("case", "open", "letter", "--json-body", str(file), officer="author")
    piped = run(
        "case",
        "open",
        "letter",
        "--json-body",
        "-",
        "--safeguards.lawful",
        "yes",
        officer="author",
        stdin='{"whom": "D"}',
    )
    assert by_set.code == by_file.code == piped.code == OK
    assert {row.title for row in CaseRow.objects.all()} == {"B", "C", "D"}


@pytest.mark.usefixtures("letters")
def test_four_eyes_at_the_command_line(office: Office, run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("a paper", encoding="utf-8")
    words = [
        "case",
        "open",
        "deed",
        "--whom",
        "A",
        "--safeguards.lawful",
        "yes",
        "--attach",
        str(paper),
        "--json",
    ]
    draft = run(*words, officer="author").json["draft"]
    for name in ("author", "boss", "link", "reader"):
        person = office.people[name]
        person.set_password(PASSWORD)
        person.save()
    wrong = run("case", "approve", draft, "--password-stdin", "--json", officer="boss", stdin="wrong\n")
    assert (wrong.code, wrong.error["code"]) == (REFUSED, "sign-in-failed")
    own = run("case", "approve", draft, "--password-stdin", "--json", officer="author", stdin=PASSWORD + "\n")
    assert (own.code, own.error["code"]) == (REFUSED, "role-may-not")
    stale = run(
        "case",
        "approve",
        draft,
        "--digest",
        "0" * 64,
        "--password-stdin",
        "--json",
        officer="boss",
        stdin=PASSWORD + "\n",
    )
    assert (stale.code, stale.error["code"]) == (REFUSED, "approval-of-another-digest")
    first = run("case", "approve", draft, "--password-stdin", officer="boss", stdin=PASSWORD + "\n")
    assert first.code == OK
    assert "A" in first.err  # what is approved was shown
    twice = run("case", "approve", draft, "--password-stdin", "--json", officer="boss", stdin=PASSWORD + "\n")
    assert (twice.code, twice.error["code"]) == (REFUSED, "approval-twice")
    last = run("case", "approve", draft, "--password-stdin", "--json", officer="link", stdin=PASSWORD + "\n")
    assert last.json["outcome"] == "sent"
    assert Audit.objects.filter(action="sign_in_failed", via="cli", officer=office.boss).count() == 1
    assert Audit.objects.filter(action="sign_in", via="cli").count() >= 3


@pytest.mark.usefixtures("letters")
def test_a_draft_saved_checked_sent_back_and_sent(office: Office, run: Run) -> None:
    office.boss.set_password(PASSWORD)
    office.boss.save()
    saved = run("case", "open", "deed", "--draft", "--json", officer="author").json
    assert saved["status"] == "editing"
    missing = run("case", "draft", "check", saved["id"], "--json", officer="author")
    assert missing.code == REFUSED
    assert {p["code"] for p in missing.json} == {"missing", "safeguard-unanswered", "attachment-missing"}
    refused = run("case", "draft", "submit", saved["id"], "--json", officer="author")
    assert (refused.code, len(refused.error["problems"])) == (FAILED, 3)
    row = Draft.objects.get(pk=saved["id"])
    actions.save_draft(
        office.author,
        draft=row,
        body={"whom": "A"},
        safeguards=LAWFUL,
        attachments=[office.file(by=office.author).pk],
    )
    assert run("case", "draft", "submit", saved["id"], officer="author").code == OK
    back = run(
        "case",
        "reject",
        saved["id"],
        "--reason",
        "mend it",
        "--password-stdin",
        officer="boss",
        stdin=PASSWORD + "\n",
    )
    assert back.code == OK
    assert run("case", "draft", "list", "--json", officer="author").json["drafts"][0]["reason"] == "mend it"
    assert run("case", "draft", "withdraw", saved["id"], officer="author").code == OK
    assert "mend it" not in run("case", "draft", "list", officer="author").out


def test_lists_work_and_search_hold_what_is_in_sight(office: Office, run: Run, case: str) -> None:
    foreign = actions.open_case(office.stranger, "letter", {"whom": "A B"}, LAWFUL, via="cli")
    assert isinstance(foreign, CaseRow)
    page = run("case", "list", "--json", officer="author").json
    assert (page["total"], [each["id"] for each in page["items"]]) == (1, [case])
    assert run("case", "list", "--waiting", "us", "--json", officer="author").json["total"] == 0
    assert run("case", "work", "--json", officer="author").json["waiting_on_them"]["total"] == 1
    assert run("case", "search", "A B", "--json", officer="author").json["total"] == 1
    assert case in run("case", "work", officer="author").out
    assert case in run("case", "search", "A B", officer="author").out
    assert run("case", "list", "--order", "nonsense", officer="author").code == FAILED


def test_what_is_foreign_is_not_there(office: Office, run: Run, case: str) -> None:
    foreign = run("case", "show", case, "--json", officer="stranger")
    nothing = run("case", "show", "AA-2026-0000-0000", "--json", officer="stranger")
    assert foreign.code == nothing.code == FAILED
    assert foreign.err == nothing.err
    assert foreign.error["code"] == "not-found"
    for words in (
        ["timeline", case],
        ["deadlines", case],
        ["note", case, "x"],
        ["assign", case, "author"],
        ["step", case, "note"],
    ):
        assert run("case", *words, officer="stranger").code == FAILED
    assert run("case", "show", case, "--json", officer="admin").error["code"] == "not-found"


def test_who_acts_must_be_said_and_known(office: Office, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("case", "list", "--json").error["code"] == "no-officer"
    assert run("case", "list", "--json", officer="nobody").error["code"] == "unknown-officer"
    monkeypatch.setenv("COMITY_OFFICER", "author")
    assert run("case", "list").code == OK


@pytest.mark.usefixtures("letters")
def test_steps_out_of_turn_and_of_the_wrong_side(office: Office, run: Run, case: str) -> None:
    for step, code in (
        ("thank", "out-of-turn"),
        ("send_back", "wrong-side"),
        ("answer", "nothing-to-answer"),
    ):
        refused = run("case", "step", case, step, "--json", officer="author")
        assert (refused.code, refused.error["code"]) == (REFUSED, code)
    denied = run("case", "step", case, "note", "--json", officer="reader")
    assert (denied.code, denied.error["code"]) == (REFUSED, "role-may-not")
    blocked = run(
        "case", "open", "letter", "--whom", "A", "--safeguards.lawful", "no", "--json", officer="author"
    )
    assert (blocked.code, blocked.error["code"]) == (REFUSED, "safeguard-blocks")
    said = run("case", "step", case, "thank", officer="author")
    assert "out-of-turn" in said.err
    assert "refused by policy" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ["case", "step"],
        ["case", "nonsense"],
        ["case", "list", "--nonsense"],
        ["case", "list", "--limit", "x"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, words: list[str]) -> None:
    assert run(*words).code == USAGE


def test_notes_assignments_and_files(office: Office, run: Run, case: str, tmp_path: Path) -> None:
    assert run("case", "note", case, "内部备注", officer="author").code == OK
    assert run("case", "assign", case, "stranger", officer="boss").code == OK
    assert run("case", "show", case, officer="stranger").code == OK
    assert run("case", "assign", case, "stranger", "--off", officer="boss").code == OK
    assert run("case", "show", case, officer="stranger").code == FAILED
    file = tmp_path / "paper.txt"
    file.write_text("a paper", encoding="utf-8")
    digest = run("case", "attach", str(file), "--json", officer="author").json[0]["sha256"]
    target = tmp_path / "back.txt"
    assert run("case", "fetch", digest, "--out", str(target), officer="author").code == OK
    assert target.read_text(encoding="utf-8") == "a paper"
    assert run("case", "fetch", digest, "--json", officer="stranger").error["code"] == "not-found"
    assert (
        run("case", "attach", str(tmp_path / "nothing"), "--json", officer="author").error["code"]
        == "file-unreadable"
    )


def test_scorecard_log_peer_officers(
    office: Office, run: Run, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = run("scorecard", "--json").json[0]
    assert now["digest"] == run("scorecard", "letters", "--at", "aa=1,bb=0", "--json").json[0]["digest"]
    assert now["digest"] in run("scorecard").out
    assert run("scorecard", "--at", "x", "--json").error["code"] == "bad-sizes"
    assert run("log", "list", "--json").json[0]["size"] == 1
    verified = run("log", "verify", "--json")
    assert verified.code == OK
    assert verified.json[0]["good"]
    assert run("peer", "list", "--json").json[0]["owed"] == 1
    made = run(
        "officer",
        "add",
        "new",
        "--role",
        "analyst",
        "--unit",
        "desk",
        "--password-stdin",
        "--json",
        stdin="a long enough word\n",
    )
    assert made.json["role"] == "analyst"
    weak = run("officer", "add", "weak", "--role", "analyst", "--password-stdin", "--json", stdin="short\n")
    assert weak.error["code"] == "weak-password"
    assert (
        run("officer", "add", "x", "--role", "king", "--password-stdin", "--json", stdin="a\n").error["code"]
        == "unknown-role"
    )
    token = run("officer", "token", "new", "--scopes", "read", "--json").json
    assert token["token"].startswith("comity_")
    assert run("officer", "revoke", str(token["id"])).code == OK
    assert run("officer", "token", "new", "--scopes", "approve", "--json").error["code"] == "bad-token"
    assert run("officer", "close", "new").code == OK
    assert {each["officer"]: each["active"] for each in run("officer", "list", "--json").json}["new"] is False


def test_a_hold_on_a_line_is_released_by_a_liaison_officer(office: Office, run: Run) -> None:
    from comity.store.logs import Relation

    Relation.objects.update(hold="fork")
    assert run("peer", "show", "letters", "--json").json["hold"] == "fork"
    assert run("peer", "release", "letters", "--json", officer="author").error["code"] == "role-may-not"
    assert run("peer", "release", "letters", officer="link").code == OK
    assert Relation.objects.get().hold == ""
    assert Audit.objects.filter(action="release_link").count() == 1


# -- derived options ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("track", "step"), [(t, s) for t in TRACKS.values() for s in t.steps], ids=lambda x: x.name
)
def test_every_field_of_every_step_has_an_option_and_help(track: Any, step: Any) -> None:
    flags = command.flags(track, step)
    assert {flag.path[0] for flag in flags if flag.kind == command.FIELD} == {f.name for f in step.form}
    assert {flag.path[1] for flag in flags if flag.kind == command.ANSWER} == set(step.safeguards)
    assert len({flag.option for flag in flags}) == len(flags)
    assert all(flag.help.en and flag.help.zh for flag in flags)


def test_help_shows_the_options_of_a_step_in_both_languages(run: Run) -> None:
    english = run("case", "step", "X", "verify", "--help")
    assert english.code == OK
    assert "--basis" in english.out
    assert "population register" in " ".join(english.out.split())
    chinese = run("case", "open", "repatriation", "--help", lang="zh")
    assert "--birth-date" in chinese.out
    assert "出生日期" in chinese.out
    assert "保障措施" in chinese.out


def test_options_become_the_body_they_stand_for() -> None:
    track = TRACKS["repatriation"]
    flags = command.flags(track, track.opening)
    given = {
        "person.native": ["王明"], "person.surname": ["WANG"], "birth_date": ["1985"],
        "documents": ["kind=passport,number=E1,issuer=CHN", '{"kind":"other","number":"2"}'],
        "earlier_nationalities": ["CHN", "USA"], "safeguards.minor": ["adult"], "safeguards.minor.reason": ["seen"],
    }  # fmt: skip
    assert command.body(flags, given) == {
        "person": {"native": "王明", "surname": "WANG"},
        "birth_date": "1985",
        "documents": [
            {"kind": "passport", "number": "E1", "issuer": "CHN"},
            {"kind": "other", "number": "2"},
        ],
        "earlier_nationalities": ["CHN", "USA"],
    }
    assert command.answers(track.opening, given) == {"minor": {"answer": "adult", "reason": "seen"}}
    assert command.assignment("a.b=c=d") == (("a", "b"), "c=d")
    assert command.assignment('a=["x"]') == (("a",), ["x"])
