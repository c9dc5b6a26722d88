"""Who calls: a bearer token, its officer, its scopes.

Border: looks tokens up, changes nothing. Every operation names the one scope it needs; what the officer himself may see and
do is `comity.access`, the same as at the pages. There is no session here, so no request of a browser can be forged into one.
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from comity.core.text import Refusal, Text
from comity.store.people import SCOPES, Officer, Token

VIA = "token"
LONGEST = 200


class NotSignedIn(Refusal):
    """401: no token, or none that lives."""

    def __init__(self) -> None:
        super().__init__(
            "not-signed-in",
            Text("This needs a token, and none that is valid was sent.", "此操作需要令牌，但未收到有效令牌。"),
            "Authorization",
            Text("Send “Authorization: Bearer …”; tokens are made with `comity officer token`.",
                 "请发送“Authorization: Bearer …”；令牌由 `comity officer token` 签发。"),
        )  # fmt: skip


class ScopeMissing(Refusal):
    """403: the token lives, but was not made for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            "scope-missing",
            Text("This token has not the scope “{scope}”: {what}.", "该令牌没有“{scope}”权限：{what}。").fill(
                scope=scope, what=SCOPES[scope]
            ),
            "Authorization",
            Text("Use a token made with this scope.", "请使用具有该权限的令牌。"),
        )


class Scope(HttpBearer):
    """Authentication of an operation: a live token with this scope."""

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES:
            raise KeyError(scope)
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token | None:
        found = super().__call__(request)
        if found is None:
            raise NotSignedIn
        return cast(Token, found)

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = Token.find(token) if 0 < len(token) <= LONGEST and token.isascii() else None
        if found is not None and self.scope not in found.scopes:
            raise ScopeMissing(self.scope)
        return found


READ, DRAFT, STEP = Scope("read"), Scope("draft"), Scope("step")


def caller(request: HttpRequest) -> Officer:
    """The officer the token of this request acts as."""
    return cast(Token, request.auth).officer  # type: ignore[attr-defined]  # set by ninja from `authenticate`
