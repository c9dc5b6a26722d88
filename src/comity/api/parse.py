"""What arrives from a program, read strictly: size, kind, form. The same JSON rules as for what a peer sends.

Border: bytes in, plain values out. Refused here, before any operation runs: another content type, more than the limit,
duplicate names, floats, NaN, half characters, NUL, depth. Everything else is the operation's own to judge.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import StopUpload
from django.http import HttpRequest, UnreadablePostError
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 32
MOST_QUERY = 400

TOO_LARGE, NOT_JSON, NOT_READ = "request-too-large", "not-json", "request-unread"


class StrictParser(Parser):
    """JSON read by the strict rules; query strings without control characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type != "application/json":
            raise Refusal(
                NOT_JSON,
                Text("The body must be JSON.", "请求正文须为 JSON。"),
                "Content-Type",
                Text("Send “Content-Type: application/json”.", "请发送“Content-Type: application/json”。"),
            )
        value = strict_json(_bytes(request), max_bytes=MOST_BYTES, max_depth=MOST_DEPTH)
        _no_nul(value)
        return value  # type: ignore[return-value]  # ninja's own validation says what it must be

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            if any("\0" in each or len(each) > MOST_QUERY for each in values):
                raise Refusal(
                    "bad-query",
                    Text("A value of the query cannot be used.", "查询参数的取值无法使用。"),
                    name[:40],
                    Text(
                        "Leave out NUL characters, and at most 400 characters.",
                        "不得含 NUL 字符，且不超过 400 个字符。",
                    ),
                )
        return super().parse_querydict(data, list_fields, request)


def _bytes(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise too_large()
    try:
        return request.body
    except (UnreadablePostError, StopUpload) as fault:
        raise Refusal(
            NOT_READ,
            Text("The request ended before its body was whole.", "请求正文尚未完整即告中断。"),
            "body",
        ) from fault


def too_large() -> Refusal:
    return Refusal(
        TOO_LARGE,
        Text("The request is larger than 1 MiB.", "请求超过 1 MiB 的上限。"),
        "body",
        Text("Put long texts into attachments.", "请将较长内容放入附件。"),
    )


def _no_nul(value: Json) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Refusal(
                "json-nul", Text("A text holds the character NUL.", "文本中含有 NUL 字符。"), "body",
                Text("Leave it out.", "请删除该字符。"),
            )  # fmt: skip
    elif isinstance(value, list):
        for each in value:
            _no_nul(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            _no_nul(name)
            _no_nul(each)
