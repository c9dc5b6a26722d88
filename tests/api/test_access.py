"""Every route of the API × every role × own and foreign: one table, and a route without a row in it fails.

A row says which roles are answered. Any other role gets 403 where the thing is in its sight, and 404 where it is not; what
is foreign answers everybody 404, with the very bytes a thing that does not exist answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from comity import actions
from comity.api.api import api
from comity.store.drafts import Draft
from comity.store.people import Token
from tests.actions.office import LAWFUL
from tests.api.caller import Caller

if TYPE_CHECKING:
    from comity.store.cases import CaseRow
    from tests.actions.office import Office

WORKERS = {"author", "boss", "link", "night"}  # case officer, supervisor, liaison, hotline duty
LEADERS = {"boss", "link"}
READERS = WORKERS | {"reader", "watch"}
ALL = READERS | {"admin"}
NO_CASE = {"admin"}
NOTHING = "US-2026-0000-0000"
NO_UUID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Row:
    """Who is answered (2xx or a refusal of the matter itself). `of`: "case", "draft", "file" or "" for no thing at all."""

    who: set[str]
    of: str = ""
    body: Any = None
    good: int = 200
    never: int = 0  # a status everybody in sight gets: nobody may do this by token
    scope: str = "read"
    more: dict[str, Any] = field(default_factory=dict)


OPENING = {"track": "letter", "body": {"whom": "A B"}, "safeguards": LAWFUL}
MANY = {"track": "letter", "rows": [{"body": {"whom": "C D"}, "safeguards": LAWFUL}]}
FILE = {"raw": b"bytes", "content_type": "application/octet-stream"}
TABLE: dict[str, Row] = {
    "GET /cases": Row(READERS),
    "POST /cases": Row(WORKERS, body=OPENING, good=201, scope="step"),
    "GET /work": Row(READERS),
    "POST /bulk": Row(WORKERS - {"night"}, body=MANY, scope="step"),
    "GET /cases/{case}": Row(READERS, "case"),
    "GET /cases/{case}/timeline": Row(READERS, "case"),
    "GET /cases/{case}/deadlines": Row(READERS, "case"),
    "POST /cases/{case}/steps/{step}": Row(WORKERS, "case", body={}, good=201, scope="step"),
    "GET /cases/{case}/notes": Row(READERS, "case"),
    "POST /cases/{case}/notes": Row(WORKERS | {"reader"}, "case", body={"text": "x"}, good=201, scope="draft"),
    "GET /cases/{case}/seen-by": Row(READERS - {"reader", "night"}, "case"),
    "POST /cases/{case}/assignments": Row(LEADERS, "case", body={"officer": "other_boss"}, good=201, scope="step"),
    "DELETE /cases/{case}/assignments/{name}": Row(LEADERS, "case", good=204, scope="step"),
    "GET /cases/{case}/attachments": Row(READERS, "case"),
    "GET /cases/{case}/evidence": Row(READERS, "case", good=422),  # the made-up peer has signed nothing
    "GET /drafts": Row(READERS),
    "POST /drafts": Row(WORKERS, body={"track": "letter"}, good=201, scope="draft"),
    "GET /drafts/{draft}": Row(READERS, "draft"),
    "PATCH /drafts/{draft}": Row(WORKERS, "draft", body={"body": {}}, scope="draft"),
    "DELETE /drafts/{draft}": Row(WORKERS, "draft", good=204, scope="draft"),
    "GET /drafts/{draft}/check": Row(READERS, "draft"),
    "GET /drafts/{draft}/preview": Row(READERS, "draft"),
    "POST /drafts/{draft}/submit": Row(WORKERS, "draft", good=201, scope="step"),
    "POST /drafts/{draft}/recall": Row(WORKERS, "draft", good=409, scope="step"),
    "POST /drafts/{draft}/approve": Row(READERS, "draft", body={}, never=403, scope="step"),
    "POST /drafts/{draft}/reject": Row(READERS, "draft", body={"reason": "no"}, never=403, scope="step"),
    "GET /bundles/{bundle}": Row(READERS, "bundle"),
    "DELETE /bundles/{bundle}": Row(WORKERS - {"night"}, "bundle", good=204, scope="step"),
    "POST /attachments": Row(WORKERS, good=201, scope="draft", more=FILE),
    "GET /attachments/{sha256}": Row(READERS, "file"),
    "GET /tracks": Row(ALL),
    "GET /tracks/{track}": Row(ALL),
    "GET /tracks/{track}/steps/{step}": Row(ALL),
    "GET /agreements": Row(ALL),
    "GET /agreements/{name}": Row(ALL),
    "GET /agreements/{name}/text": Row(ALL),
    "GET /healthz": Row(ALL),
    "GET /me": Row(ALL),
    "GET /search": Row(READERS),
    "GET /scorecard": Row(ALL),
    "GET /scorecard/{relation}": Row(ALL),
    "GET /links": Row(ALL),
    "GET /audit": Row({"watch"}),
}  # fmt: skip
QUERY = {"GET /search": "?q=anybody"}


def routes() -> list[str]:
    """Every operation the API has, as "METHOD /path"."""
    found = api.get_openapi_schema()["paths"]
    return [
        f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ops in found.items() for method in ops
    ]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert sorted(routes()) == sorted(TABLE)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_own(route: str, office: Office, call: Callable[..., Caller]) -> None:
    """What is in the officer's sight: by the table."""
    row = TABLE[route]
    for who in sorted(ALL):
        response = _ask(call(who), route, row, _place(office, route, own=True))
        if who not in row.who:
            hidden = row.of != "" and who in NO_CASE
            assert response.status_code == (404 if hidden else 403), (route, who, response.content)
        else:
            assert response.status_code == (row.never or row.good), (route, who, _said(response))


@pytest.mark.parametrize("route", sorted(r for r in TABLE if TABLE[r].of))
def test_foreign(route: str, office: Office, call: Callable[..., Caller]) -> None:
    """What is not in his sight answers as what is not there at all: same status, same bytes, for everybody but oversight."""
    row = TABLE[route]
    foreign, nothing = _place(office, route, own=False), _place(office, route, own=None)
    for who in sorted(ALL - {"watch"}):
        as_foreign, as_nothing = (_ask(call(who), route, row, place) for place in (foreign, nothing))
        assert as_foreign.status_code == as_nothing.status_code == 404, (route, who, _said(as_foreign))
        assert as_foreign.content == as_nothing.content
    seen = _ask(call("watch"), route, row, _place(office, route, own=False))
    assert seen.status_code in ((row.never or row.good,) if "watch" in row.who else (403,))


@pytest.mark.parametrize("route", sorted(r for r in TABLE if r != "GET /healthz"))
def test_no_token_wrong_token_wrong_scope(route: str, office: Office, call: Callable[..., Caller]) -> None:
    row, place = TABLE[route], _place(office, route, own=True)
    for caller in (Caller("", Client()), Caller("comity_nonsense", Client())):
        response = _ask(caller, route, row, place)
        assert response.status_code == 401, route
        assert "Bearer" in response.headers["WWW-Authenticate"]
    others = [scope for scope in ("read", "draft", "step") if scope != row.scope]
    response = _ask(call("boss", *others), route, row, place)
    assert response.status_code == 403, route
    assert response.json()["code"] == "scope-missing"


def test_a_token_that_is_expired_revoked_or_of_a_closed_account_is_none(
    office: Office, call: Callable[..., Caller]
) -> None:
    from django.utils import timezone

    caller = call("author")
    token = Token.objects.get()
    assert caller.get("/me").status_code == 200
    for change in ({"expires": timezone.now()}, {"revoked": timezone.now()}):
        kept = {name: getattr(token, name) for name in change}
        Token.objects.filter(pk=token.pk).update(**change)
        assert caller.get("/me").status_code == 401
        Token.objects.filter(pk=token.pk).update(**kept)
    office.author.is_active = False
    office.author.save()
    assert caller.get("/me").status_code == 401


def _ask(caller: Caller, route: str, row: Row, path: str) -> Any:
    return caller(route.split()[0], path, row.body, **row.more)


def _said(response: Any) -> bytes:
    return response.whole if response.streaming else response.content


def _place(office: Office, route: str, *, own: bool | None) -> str:
    """The path with a thing in the home unit's sight (own), in the other unit's (not own), or with none (None)."""
    path = route.split()[1]
    unit, by = (office.home, office.author) if own else (office.away, office.stranger)
    values = {
        "track": "repatriation", "name": "link" if "assignments" in path else office.relation.name,
        "relation": office.relation.name, "step": "note" if "cases" in path else "verify",
    }  # fmt: skip
    if "{case}" in path:
        values["case"] = NOTHING if own is None else _case(office, by, with_two=own).pk
    if "{draft}" in path:
        values["draft"] = NO_UUID if own is None else str(_draft(by).pk)
    if "{bundle}" in path:
        values["bundle"] = NO_UUID if own is None else str(_bundle(by))
    if "{sha256}" in path:
        values["sha256"] = "0" * 64 if own is None else _file(office, by, unit.code)
    return path.format(**values) + QUERY.get(route, "")


def _case(office: Office, by: Any, *, with_two: bool) -> CaseRow:
    opened = actions.open_case(by, "letter", {"whom": "A B"}, LAWFUL, via="cli")
    assert not isinstance(opened, Draft)
    if with_two:
        actions.assign(office.boss, opened, office.link)
    return opened


def _draft(by: Any) -> Draft:
    return actions.save_draft(by, track="letter", body={"whom": "A B"}, safeguards=LAWFUL)


def _bundle(by: Any) -> Any:
    from comity.store.drafts import AWAITING, Bundle
    from comity.store.logs import Relation

    return Bundle.objects.create(
        relation=Relation.objects.get(),
        track="letter",
        step="ask_letter",
        author=by,
        unit=by.unit,
        status=AWAITING,
    ).pk


def _file(office: Office, by: Any, content: str) -> str:
    """A file named in a case of that officer's unit."""
    import io

    kept = actions.add_attachment(by, io.BytesIO(content.encode()))
    actions.save_draft(by, track="deed", body={"whom": "A B"}, attachments=[kept.pk])
    return kept.pk
