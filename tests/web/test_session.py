"""Signing in and out: one answer for every failure, a lock after several, and nowhere to be led astray."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.store.audit import Audit
from comity.store.people import Officer
from tests.web.desk import PASSWORD, Desk


@pytest.fixture
def officer(desk: Desk, settings: object) -> Officer:
    """A case officer with a password, hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    officer = desk.people["case_officer"]
    officer.set_password(PASSWORD)
    officer.save()
    return officer


def sign_in(client: Client, **given: str) -> object:
    return client.post("/en/sign-in", {"username": "case_officer", "password": PASSWORD, **given})


def test_the_way_in_and_out_is_recorded(officer: Officer) -> None:
    client = Client()
    assert sign_in(client).headers["Location"] == "/en/"  # type: ignore[attr-defined]
    assert client.get("/en/sign-in").headers["Location"] == "/en/"
    assert client.post("/en/sign-out").headers["Location"] == "/en/sign-in"
    assert client.get("/en/").status_code == 302
    assert list(Audit.objects.filter(action__startswith="sign").order_by("pk").values_list("action", flat=True)) == [
        "sign_in", "sign_out",
    ]  # fmt: skip


def test_full_width_letters_are_the_letters_they_look_like(officer: Officer) -> None:
    assert sign_in(Client(), username="ｃａｓｅ＿ｏｆｆｉｃｅｒ").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "given", [{"password": "wrong"}, {"username": "nobody"}, {"username": "", "password": ""}]
)
def test_the_answer_never_says_which_half_was_wrong(officer: Officer, given: dict[str, str]) -> None:
    answer = sign_in(Client(), **given)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "The user name or the password is not right." in answer.content.decode()  # type: ignore[attr-defined]
    assert PASSWORD not in answer.content.decode()  # type: ignore[attr-defined]
    assert Audit.objects.filter(action="sign_in_failed").count() == 1


def test_several_failures_lock_the_account_whatever_the_password(officer: Officer) -> None:
    client = Client()
    statuses = [sign_in(client, password="wrong").status_code for _ in range(5)]  # type: ignore[attr-defined]
    assert statuses[-1] == 429
    locked = sign_in(client)
    assert locked.status_code == 429  # type: ignore[attr-defined]
    assert "closed for a while" in locked.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/en/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/api/v1/cases",
    ],
)
def test_no_page_outside_is_gone_on_to(officer: Officer, wanted: str) -> None:
    assert sign_in(Client(), next=wanted).headers["Location"] == "/en/"  # type: ignore[attr-defined]


def test_the_officer_goes_on_to_where_he_was_going(officer: Officer) -> None:
    answer = sign_in(Client(), next="/zh/search?q=wang")
    assert answer.headers["Location"] == "/zh/search?q=wang"  # type: ignore[attr-defined]


def test_the_session_key_changes_at_sign_in_and_the_cookie_is_strict(officer: Officer) -> None:
    client = Client()
    client.get("/en/sign-in")
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    cookie = client.cookies["comity"]
    assert cookie["samesite"] == "Strict"
    assert cookie["httponly"]


def test_before_signing_in_the_browser_says_the_language(db: object) -> None:
    assert Client().get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).headers["Location"] == "/zh/"
    assert Client().get("/", headers={"Accept-Language": "fr"}).headers["Location"] == "/en/"
