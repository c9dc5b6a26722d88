"""How an operation is refused: every refusal as JSON {code, what, where, mend, problems} and one status for each code.

Border: turns exceptions into answers. A case outside the officer's sight and one that does not exist give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from comity.access import Denied
from comity.api.auth import NotSignedIn
from comity.api.parse import NOT_JSON, TOO_LARGE, too_large
from comity.core.text import Refusal, Text
from comity.derive.shapes import Fault
from comity.derive.shaping import fault

RETRY_AFTER = 30  # seconds, with 503

STATUS: dict[str, int] = {
    "not-signed-in": 401,
    "scope-missing": 403,
    "role-may-not": 403,
    "token-cannot-approve": 403,
    "approval-by-token": 403,
    "not-found": 404,
    NOT_JSON: 415,
    TOO_LARGE: 413,
    "json-too-large": 413,
    "attachment-too-large": 413,
    # The request is well-formed, but the case or draft stands elsewhere now.
    "already-open": 409,
    "case-ended": 409,
    "draft-closed": 409,
    "draft-in-bundle": 409,
    "draft-leaving": 409,
    "last-holder": 409,
    "nothing-to-answer": 409,
    "nothing-to-release": 409,
    "on-hold": 409,
    "out-of-turn": 409,
    "relation-on-hold": 409,
    "too-late-to-recall": 409,
    "wrong-side": 409,
    "busy": 503,
    "disk-full": 503,
    "relation-read-only": 503,
}
"""Status of a refusal by its code; 400 for what is no JSON, 422 for all others."""

NOT_FOUND = Refusal(
    "not-found",
    Text("There is no such thing here, or you may not see it.", "不存在该内容，或您无权查看。"),
)
BUSY = Refusal(
    "busy",
    Text("This node is busy; nothing was kept.", "节点繁忙，未保存任何内容。"),
    "",
    Text("Send the request again in a while.", "请稍后重新发送。"),
)

READING = {401: Fault, 403: Fault, 422: Fault, 503: Fault}
READING_ONE = {**READING, 404: Fault}
WRITING = {**READING_ONE, 400: Fault, 409: Fault, 413: Fault, 415: Fault}


def as_json(value: Any) -> bytes:
    """JSON as every answer is written: Chinese as it is, not escaped."""
    return json.dumps(value, ensure_ascii=False, cls=NinjaJSONEncoder).encode()


class Renderer(JSONRenderer):
    """Ninja's, by the same rule."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return as_json(data)


def status(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    if refusal.code in STATUS:
        return STATUS[refusal.code]
    return 400 if refusal.code.startswith("json-") or refusal.code == "request-unread" else 422


def answer(refusal: Refusal) -> HttpResponse:
    """The refusal as an HTTP response."""
    code = status(refusal)
    made = HttpResponse(
        as_json(fault(refusal).model_dump()), status=code, content_type="application/json; charset=utf-8"
    )
    made.headers["Cache-Control"] = "no-store"
    if code == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="comity"'
    if code == 503:
        made.headers["Retry-After"] = str(RETRY_AFTER)
    return made


def handle(api: NinjaAPI) -> None:
    """Let every exception an operation may raise end in `answer`. Faults of the program are not among them."""
    for kind in (
        Refusal,
        Http404,
        PermissionDenied,
        ValidationError,
        OperationalError,
        RequestDataTooBig,
        HttpError,
    ):
        api.add_exception_handler(kind, _answered)


def _answered(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    return answer(_refusal(exc))


def _refusal(exc: Exception | type[Exception]) -> Refusal:
    """Any exception an operation may end with, as a refusal."""
    match exc:
        case Refusal():
            return exc
        case Http404():
            return NOT_FOUND
        case Denied():
            return Refusal(exc.code, exc.what, "", exc.mend)
        case PermissionDenied():
            return Refusal("role-may-not", Text("Your role does not allow this.", "您的角色无此权限。"))
        case ValidationError():
            return _invalid(exc.errors)
        case OperationalError():
            return BUSY
        case RequestDataTooBig():
            return too_large()
        case HttpError(status_code=401):
            return NotSignedIn()
        case HttpError(__cause__=Refusal() as cause):
            return cause
    return Refusal("json-malformed", Text("The request cannot be read.", "无法读取该请求。"), "body")


def _invalid(errors: Iterable[dict[str, Any]]) -> Refusal:
    """What ninja found wrong with the request's form; the first place speaks for all."""
    first = next(iter(errors), {"loc": (), "msg": ""})
    where = ".".join(str(part) for part in first["loc"])
    return Refusal(
        "bad-request",
        Text(f"The request is not as described: {first['msg']}.", f"请求不符合接口说明：{first['msg']}。"),
        where[:200],
        Text("See openapi.json for what is asked.", "要求见 openapi.json。"),
    )


__all__ = ["NOT_FOUND", "READING", "READING_ONE", "WRITING", "answer", "handle", "status"]
