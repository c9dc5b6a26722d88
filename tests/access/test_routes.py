"""Every route of the node × every role × near and far × method, against the table beside this file.

What is out of sight answers, to the byte, as what does not exist; what is refused changes nothing and stands on the audit
trail; what is read stands there too; and no word of a case is in any answer to somebody who may not see it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from comity import actions
from comity.crypto import generate
from comity.exchange import views
from comity.exchange.desk import Desk, system_clock
from comity.store.audit import Audit, AuditQuerySet
from comity.store.people import Officer, Token
from tests.access import routes_world
from tests.access.routes_found import found, tabled
from tests.access.routes_judge import Cell, judge, undone
from tests.access.routes_table import (
    LAWFUL,
    OPEN,
    OPEN_PAGES,
    OPERATIONS,
    PAGES,
    ROLES,
    WHOLE_NODE,
    Row,
    expected,
)
from tests.access.routes_world import MARKS, RELATIONS, SCOPES, World, browser, said, snapshot, told

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "zh")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def empty(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """Everybody is there, and nothing is written."""
    from comity.actions import keeping

    routes_world.patch(monkeypatch)
    monkeypatch.setattr(keeping, "directory", lambda: tmp_path / "attachments")
    monkeypatch.setattr(
        logging.getLogger("django.request"), "disabled", True
    )  # thousands of refusals, all meant
    return World.of_people()


@pytest.fixture
def world(empty: World) -> World:
    return empty.plant()


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("door", [*LANGS, "api"])
def test_every_route_role_and_relation(world: World, door: str, relation: str) -> None:
    wrong, checked, still = [], 0, snapshot()
    for row in OPERATIONS if door == "api" else PAGES:
        for kind in row.of or ("",):
            for role in ROLES:
                faults = judge(world, row, door, role, relation, kind, still)
                wrong += [f"{row.method} {row.at} [{kind}] {role}: {fault}" for fault in faults]
                checked += 1
    assert not wrong, f"{len(wrong)} of {checked} cells:\n" + "\n".join(wrong)
    assert checked >= 7 * len(OPERATIONS if door == "api" else PAGES)
    assert snapshot() == still


def test_every_route_is_in_the_table_and_nothing_else(db: Any) -> None:
    there, said_to_be = found(), tabled()
    assert not there - said_to_be, f"without a row: {sorted(there - said_to_be)}"
    assert not said_to_be - there, f"rows of no route: {sorted(said_to_be - there)}"


# ---------------------------------------------------------------- lists and counts


@pytest.mark.parametrize("door", [*LANGS, "api"])
def test_lists_counts_and_searches_are_as_if_the_case_were_not_there(empty: World, door: str) -> None:
    """To the byte, at the same moment: what is not in sight moves no list, no number and no search."""
    rows = [row for row in (OPERATIONS if door == "api" else PAGES)
            if row.method == "GET" and not row.of and row.at not in WHOLE_NODE]  # fmt: skip
    asked = [(row, officer) for row in rows for (role, relation), officer in empty.people.items()
             if role != "oversight" and (relation == "foreign" or role == "administrator")]  # fmt: skip

    def ask() -> list[tuple[int, str]]:
        made = []
        for row, officer in asked:
            cell = Cell(empty, row, door, officer, "")
            made.append((cell.status, re.sub(r'value="[A-Za-z0-9]{64}"', "", cell.text)))
        return made

    from django.utils import timezone

    with time_machine.travel(timezone.now(), tick=False):
        before = ask()
        empty.plant()
        after = ask()
    pairs = zip(asked, before, after, strict=True)
    assert not [(row.at, officer.username) for (row, officer), one, two in pairs if one != two]


def test_what_stands_on_the_trail_is_read_by_oversight_alone(world: World) -> None:
    """Asked by case, officer and action, at both doors; nobody else is told even whether there is such a row."""
    for at in (f"case={world.case}", f"case={routes_world.NO_CASE}", "action=denied", "officer=author"):
        for door in (*LANGS, "api"):
            of = OPERATIONS if door == "api" else PAGES
            row = next(each for each in of if each.at == "audit")
            asked = Row("GET", "audit", row.who, query=at)
            for (role, _), officer in world.people.items():
                cell = Cell(world, asked, door, officer, "")
                assert cell.status == (200 if role == "oversight" else 403)
                assert role == "oversight" or not any(mark in cell.text for mark in (*MARKS, world.case))


# ---------------------------------------------------------------- who has not signed in


@pytest.mark.parametrize("door", [*LANGS, "api"])
def test_nobody_is_led_to_sign_in(world: World, door: str) -> None:
    """Without a session, with one that is none, with a closed account: 302 to the sign-in page, or 401; nothing changes."""
    closed = world.people["supervisor", "unit"]
    still = snapshot()
    for row in OPERATIONS if door == "api" else PAGES:
        for kind in row.of or ("",):
            place = world.place(kind, row, closed)
            with undone():
                Officer.objects.filter(pk=closed.pk).update(is_active=False)
                if door == "api":
                    answers = [
                        world.ask_api(s, row, place)
                        for s in ("", "comity_nonsense", "é" * 9, world.tokens[closed.pk])
                    ]
                    answers.append(_with_session(world, row, place))
                else:
                    answers = [world.ask_page(who, door, row, place) for who in (None, closed)]
                    client = browser()
                    client.cookies[settings.SESSION_COOKIE_NAME] = "nonsense" * 4
                    answers.append(client.generic(row.method, routes_world.address(f"/{door}/", row, place)))
                Officer.objects.filter(pk=closed.pk).update(is_active=True)
                assert snapshot() == still, row
            texts = [told(answer) for answer in answers]
            assert not any(mark in text for text in texts for mark in MARKS), row
            for answer in answers:
                if door == "api":
                    assert answer.status_code == 401, (row, said(answer))
                    assert answer.json()["code"] == "not-signed-in"
                else:
                    assert answer.status_code == 302, row
                    assert answer.headers["Location"].startswith(f"/{door}/sign-in")
    assert not Audit.objects.filter(officer=closed, via__in=("web", "token")).exists()


def _with_session(world: World, row: Row, place: dict[str, str]) -> Any:
    """A signed-in browser at the API: a session is no token."""
    officer = world.people["supervisor", "unit"]
    with undone():
        Officer.objects.filter(pk=officer.pk).update(is_active=True)
        client = world.client(officer)
        return client.generic(row.method, routes_world.address("/api/v1/", row, place), row.raw or b"{}",
                              content_type="application/json")  # fmt: skip


def test_scopes_of_tokens(world: World) -> None:
    """Every operation takes one scope and none of the others, whether or not the thing is in sight."""
    still = snapshot()
    for relation in ("unit", "foreign"):
        officer = world.people["supervisor", relation]
        secrets = {scope: Token.issue(officer, [scope], "one")[1] for scope in SCOPES}
        still = snapshot()
        for row in OPERATIONS:
            place = world.place(row.of[0] if row.of else "", row, officer)
            for scope, secret in secrets.items():
                with undone():
                    answer = world.ask_api(secret, row, place)
                    text = told(answer)
                    missing = answer.status_code == 403 and "scope-missing" in text
                    assert missing == (scope != row.scope), (row, scope, answer.status_code)
                    assert not missing or snapshot() == still
                    assert not missing or not any(mark in text for mark in MARKS)


# ---------------------------------------------------------------- methods, forgery, faults


def test_methods(world: World) -> None:
    """An address takes the methods of its rows (HEAD where GET); every other is 405, says nothing and changes nothing."""
    taken: dict[tuple[str, str], set[str]] = {}
    for door, rows in (*((lang, PAGES) for lang in LANGS), ("api", OPERATIONS)):
        for row in rows:
            taken.setdefault((door, row.at), set()).add(row.method)
    first = {(door, row.at): row for door, rows in ((*((x, PAGES) for x in LANGS), ("api", OPERATIONS)))
             for row in reversed(rows)}  # fmt: skip
    still, wrong = snapshot(), []
    for (door, at), row in first.items():
        goes = set(taken[door, at]) | ({"HEAD"} if door != "api" and "GET" in taken[door, at] else set())
        for method in METHODS:
            for relation in ("unit", "foreign"):
                officer = world.people["supervisor", relation]
                place = world.place(row.of[0] if row.of else "", row, officer)
                if method in goes and method != "HEAD":
                    continue
                with undone():
                    if door == "api":
                        answer = world.ask_api(world.tokens[officer.pk], row, place, method)
                    else:
                        answer = world.ask_page(officer, door, row, place, method)
                    text, same = told(answer), snapshot() == still
                    trail = Audit.objects.order_by("-pk")[:5]
                    noted = any(each.officer_id == officer.pk for each in trail)
                want = 405
                if method in goes:
                    get = next(each for each in PAGES if each.at == at and each.method == "GET")
                    want = expected(get, "supervisor", relation, get.of[0] if get.of else "")
                    if get.trail and not noted:
                        wrong.append(f"HEAD {door} {at} {relation}: not on the trail")
                if answer.status_code != want or not same:
                    wrong.append(
                        f"{method} {door} {at} {relation}: {answer.status_code} for {want}, unchanged: {same}"
                    )
                if any(mark in text for mark in MARKS) or (method == "HEAD" and said(answer)):
                    wrong.append(f"{method} {door} {at} {relation}: has a body")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lang", LANGS)
def test_a_forged_post_is_refused(world: World, lang: str) -> None:
    """Without the token of the form, with one of another session, or from elsewhere: 403, nothing changed, no word said."""
    officer, still = world.people["supervisor", "unit"], snapshot()
    rows = [row for row in PAGES if row.method == "POST"] + [Row("POST", at, "") for at in OPEN_PAGES]
    for row in rows:
        place = world.place(row.of[0] if row.of else "", row, officer)
        at = routes_world.address(f"/{lang}/", row, place)
        for data in (row.body(place), {**row.body(place), "csrfmiddlewaretoken": "x" * 64}):
            for headers in ({}, {"Origin": "https://elsewhere.example"}, {"HX-Request": "true"}):
                client = world.client(officer if row.at not in OPEN_PAGES else None, enforce_csrf_checks=True)
                answer = client.post(at, data, headers=headers)
                assert answer.status_code == 403, (row.at, headers)
                assert not any(mark in told(answer) for mark in MARKS)
        for method in ("PUT", "PATCH", "DELETE"):
            client = world.client(officer if row.at not in OPEN_PAGES else None, enforce_csrf_checks=True)
            assert client.generic(method, at).status_code == 403
    assert snapshot() == still


@pytest.mark.parametrize("door", ["en", "api"])
def test_nothing_is_read_or_done_that_cannot_be_put_on_the_trail(
    world: World, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trail is in the same transaction: where its row cannot be written, nothing is told and nothing is changed."""
    officer, still = world.people["supervisor", "unit"], snapshot()

    def full(*_: Any, **__: Any) -> None:
        raise RuntimeError("no trail")

    for row in OPERATIONS if door == "api" else PAGES:
        if not row.trail or "supervisor" not in row.who:
            continue
        for kind in row.of or ("",):
            place = world.place(kind, row, officer)
            with undone():
                with monkeypatch.context() as patch:
                    patch.setattr(AuditQuerySet, "bulk_create", full)
                    quiet: dict[str, Any] = {"raise_request_exception": False}
                    if door == "api":
                        answer = world.ask_api(world.tokens[officer.pk], row, place, **quiet)
                    else:
                        answer = world.ask_page(officer, door, row, place, **quiet)
                assert answer.status_code == 500, (row.method, row.at, kind, answer.status_code)
                assert not any(mark in told(answer) for mark in MARKS), row.at
                doomed = transaction.get_connection().needs_rollback  # then nothing of it stands
                if row.method != "GET" and "attach" not in row.at and not doomed:
                    assert snapshot() == still, (row.method, row.at, kind)


# ---------------------------------------------------------------- one's own case, another's thing


def test_a_thing_of_another_case_is_no_thing_of_this_one(world: World) -> None:
    """The officer sees a case of his own; with its address he reaches nothing of a case he does not see."""
    officer = world.people["supervisor", "foreign"]
    own = str(actions.open_case(officer, "letter", {"whom": "somebody else"}, LAWFUL, via="cli").pk)
    draft = str(actions.save_draft(officer, case=world.office.row(own), step="note").pk)
    still = snapshot()
    secret = world.tokens[officer.pk]
    wrong_file, no_file = world.sha256, routes_world.NO_FILE

    def page(at: str, data: Mapping[str, Any] | None = None) -> tuple[int, str]:
        client = world.client(officer)
        answer = client.get(at) if data is None else client.post(at, data)
        return answer.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", told(answer))

    def api(method: str, at: str, body: Any) -> tuple[int, str]:
        answer = world.ask_api(secret, Row(method, at, "", body=lambda _: body), {})
        return answer.status_code, told(answer)

    for lang in LANGS:
        assert page(f"/{lang}/cases/{own}/")[0] == 200
        one, two = (page(f"/{lang}/cases/{own}/files/{sha}") for sha in (wrong_file, no_file))
        assert one == two
        assert one[0] == 404
        for other in (world.drafts["case_draft"], world.drafts["new_draft"]):
            for what, data in (
                ("", None),
                ("check", None),
                ("details", None),
                ("send", {}),
                ("discard", {}),
                ("detach", {}),
            ):
                one, two = (
                    page(f"/{lang}/drafts/{key}/{what}", data) for key in (other, routes_world.NO_KEY)
                )
                assert one == two
                assert one[0] == 404
        for decided in (
            {"decision": "approve", "read": "yes", "digest": world.digests["case_wait"]},
            {"decision": "reject", "reason": "x"},
        ):
            for at in (f"approvals/{world.drafts['case_wait']}", f"approvals/files/{world.drafts['bundle']}"):
                assert page(f"/{lang}/{at}", decided)[0] == 404
    for method, at, body in (("PATCH", f"drafts/{draft}", {}), ("POST", "drafts", {"case": own, "step": "note"}),
                             ("POST", f"cases/{own}/steps/note", {})):  # fmt: skip
        one, two = (api(method, at, {**body, "attachments": [sha]}) for sha in (wrong_file, no_file))
        assert one[0] == two[0]
        assert one[0] in (404, 422)
        assert one[1].replace(wrong_file[:12], "") == two[1].replace(no_file[:12], "")
    assert api("POST", "drafts", {"case": world.case, "step": "note"})[0] == 404
    assert snapshot() == still
    denied = Audit.objects.filter(officer=officer, action="denied")
    assert denied.filter(case_id=own).count() >= 2 * len(LANGS), (
        "a file that is none of this case: no refusal on the trail"
    )


# ---------------------------------------------------------------- what is open


def test_the_exchange_is_open_and_refuses_what_is_no_batch(
    empty: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Garbage gets the contract's JSON, in both languages; every other method 405; nothing is kept."""
    monkeypatch.setattr(views, "here", lambda: Desk(generate("aa"), system_clock, tmp_path))
    still = snapshot()
    envelope = b'{"v":1,"from":"bb","to":"aa","agreement":"' + b"0" * 64 + b'","suite":"none"}\n'
    client = browser()
    for at, methods in OPEN.items():
        if not at.startswith(("exchange", "^exchange")):
            continue
        path = "/" + at if at.startswith("exchange") else f"/exchange/chunks/{'0' * 64}"
        for data in (
            b"",
            b"\0",
            b"{}",
            b"[" * 10_000,
            b"\xff" * 4096,
            b'{"v":1}\n',
            envelope,
            envelope + b"x" * 999,
        ):
            answer = client.generic(methods, path, data, content_type="application/vnd.comity.batch")
            fault = answer.json()
            assert answer.status_code in (400, 403, 413), (at, fault)
            assert set(fault) == {"code", "what", "where", "mend"}
            assert fault["what"]["en"]
            assert fault["what"]["zh"]
        for method in set(METHODS) - {methods}:
            answer = client.generic(method, path, b"{}", content_type="application/json")
            assert answer.status_code == 405, (method, at)
            assert not said(answer)
    assert snapshot() == still
    assert not Audit.objects.exists()


@pytest.mark.parametrize("lang", LANGS)
def test_a_case_out_of_sight_answers_as_an_address_that_is_none(world: World, lang: str) -> None:
    """By every method to whoever is signed in; and nobody else learns which addresses there are."""
    officer = world.people["supervisor", "foreign"]
    for method in METHODS:
        nothing = world.client(officer).generic(method, f"/{lang}/nothing/here")
        assert nothing.status_code == 404, method
        if method in ("GET", "HEAD"):
            assert told(world.client(officer).generic(method, f"/{lang}/cases/{world.case}/")) == told(
                nothing
            )
        answer = browser().generic(method, f"/{lang}/nothing/here")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(f"/{lang}/sign-in")


def test_what_is_open_says_nothing_of_a_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, still = browser(), snapshot()
    for at in ("/healthz", "/metrics", "/api/v1/healthz", "/api/v1/openapi.json", "/api/v1/", "/api/nothing", "/", "/nothing",
               "/en/sign-in", "/zh/sign-in", "/en/nothing", "/static/../settings.py", "/admin/"):  # fmt: skip
        for method in METHODS:
            if method == "POST" and "sign-in" in at:
                continue  # a failed attempt is counted
            answer = client.generic(method, at)
            assert answer.status_code < 500, (method, at)
            text = told(answer)
            assert not any(mark in text for mark in (*MARKS, world.case, routes_world.THEIRS)), at
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert snapshot() == still
