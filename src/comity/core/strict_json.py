"""The first parse of anything that arrives: JSON with everything refused that two readers could read differently.

Pure. Refused: duplicate keys, NaN and Infinity, floats, integers beyond 2^53, lone surrogates, depth and size beyond the
limits, bytes that are not UTF-8 (RFC 8259 §4, §6, §8.2; RFC 7493 "I-JSON"). Kept: the order of keys.
"""

from __future__ import annotations

import json
import re

from comity.core.text import Refusal, Text

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

GREATEST_INTEGER = 2**53
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_DIGITS = 16

_MEND = Text(
    "Ask the sender for the record as its own software wrote it.", "请发送方按其软件原样重新提供该记录。"
)


def _refuse(code: str, en: str, zh: str, where: str = "") -> Refusal:
    return Refusal(code, Text(en, zh), where, _MEND)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refuse(
            "json-duplicate-key",
            "The same name stands twice in one object.",
            "同一对象中出现重复的键名。",
            twice[:40],
        )
    return made


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS + 1 or abs(int(digits)) > GREATEST_INTEGER:
        raise _refuse("json-number", "A whole number is beyond 2^53.", "整数超出 2^53 的范围。", digits[:20])
    return int(digits)


def _no_float(digits: str) -> float:
    raise _refuse(
        "json-number",
        "A number is not a whole number; amounts are written as text.",
        "数字不是整数；数额应以文本形式书写。",
        digits[:20],
    )


def _no_constant(name: str) -> float:
    raise _refuse("json-number", "NaN and Infinity are not numbers.", "NaN 与 Infinity 不是有效数字。", name)


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_no_float, parse_constant=_no_constant
)


def depth_of(data: str, limit: int) -> int:
    """The deepest nesting of brackets outside strings, counted without recursion; stops once beyond `limit`."""
    depth = deepest = 0
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', data):
        if part in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > limit:
                return deepest
        elif part in "]}":
            depth -= 1
    return deepest


def strict_json(data: bytes, *, max_bytes: int, max_depth: int = 32) -> Json:
    """Parse `data`, or raise a Refusal: json-too-large, json-not-utf8, json-too-deep, json-duplicate-key,
    json-number, json-surrogate, json-malformed."""
    if len(data) > max_bytes:
        raise _refuse(
            "json-too-large",
            f"The record is larger than {max_bytes} bytes.",
            f"记录超过 {max_bytes} 字节的上限。",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refuse(
            "json-not-utf8", "The record is not UTF-8.", "记录不是 UTF-8 编码。", f"byte {error.start}"
        ) from error
    # Nesting can be no deeper than there are opening brackets; only a suspicious record is scanned.
    if text.count("[") + text.count("{") > max_depth and depth_of(text, max_depth) > max_depth:
        raise _refuse(
            "json-too-deep",
            f"The record is nested deeper than {max_depth}.",
            f"记录嵌套超过 {max_depth} 层。",
        )
    try:
        value: Json = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise _refuse(
            "json-malformed",
            "The record is not well-formed JSON.",
            "记录不是格式正确的 JSON。",
            f"character {error.pos}",
        ) from error
    if _ESCAPED_SURROGATE.search(data) and _has_surrogate(value):
        raise _refuse(
            "json-surrogate", "The record holds half a character.", "记录中含有不完整的字符（孤立代理项）。"
        )
    return value


def _has_surrogate(value: Json) -> bool:
    if isinstance(value, str):
        return bool(_SURROGATE.search(value))
    if isinstance(value, list):
        return any(_has_surrogate(item) for item in value)
    if isinstance(value, dict):
        return any(_has_surrogate(name) or _has_surrogate(item) for name, item in value.items())
    return False


def canonical_json(value: Json) -> bytes:
    """One value, one sequence of bytes: names sorted, no blanks, UTF-8. For digests made by comity itself."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
