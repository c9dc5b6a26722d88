"""Plain values: free text, short text, yes or no, count, attachment reference.

Pure. `personal` is said by whoever declares the field: free text may hold anything, so it is personal unless
told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from comity.core.text import Refusal, Text
from comity.core.types.base import (
    Comparison,
    Json,
    JsonObject,
    ValueType,
    Widget,
    close,
    different,
    missing,
    same,
)
from comity.core.types.wording import clean_line, clean_text, visible

LARGEST = 2**53 - 1  # the largest integer every JSON reader keeps exactly (RFC 8259 section 6)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_YES = frozenset(("yes", "y", "true", "on", "1", "是"))
_NO = frozenset(("no", "n", "false", "off", "0", "否"))


@dataclass(frozen=True)
class FreeText(ValueType):
    """Several lines of text of at most `max` code points."""

    max: int = 4000
    personal: bool = True
    rows: int = 5
    lang: str = ""

    name = "free_text"
    title = Text("Text", "文字说明")

    @property
    def widget(self) -> Widget:
        return Widget("textarea", rows=self.rows, lang=self.lang, max_length=self.max)

    def clean(self, raw: object) -> Json:
        return clean_text(raw, self.max, lines=True)

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "minLength": 1, "maxLength": self.max}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return compare_words(str(a), str(b))


@dataclass(frozen=True)
class ShortText(ValueType):
    """One line of text of at most `max` code points."""

    max: int = 200
    personal: bool = True
    lang: str = ""

    name = "short_text"
    title = Text("Short text", "简短文字")

    @property
    def widget(self) -> Widget:
        return Widget("text", lang=self.lang, max_length=self.max)

    def clean(self, raw: object) -> Json:
        return clean_text(raw, self.max)

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "minLength": 1, "maxLength": self.max}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return compare_words(str(a), str(b))


@dataclass(frozen=True)
class YesNo(ValueType):
    """Yes or no, stored as true or false."""

    personal: bool = False

    name = "yes_no"
    title = Text("Yes or no", "是否")

    @property
    def widget(self) -> Widget:
        return Widget("yes_no", options=(("yes", Text("Yes", "是")), ("no", Text("No", "否"))))

    def clean(self, raw: object) -> Json:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str):
            word = clean_line(raw, 20).casefold()
            if word in _YES or word in _NO:
                return word in _YES
        elif raw is None:
            raise missing()
        raise Refusal(
            "not-yes-or-no",
            Text("This is neither yes nor no.", "此处应为“是”或“否”。"),
            mend=Text("Answer yes or no.", "请选择“是”或“否”。"),
        )

    def show(self, value: Json, lang: str) -> str:
        return (Text("Yes", "是") if value else Text("No", "否"))[lang]

    def schema(self) -> JsonObject:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Count(ValueType):
    """A whole number from `least` to `most`; both within ±(2**53 − 1)."""

    least: int = 0
    most: int = 10**9
    personal: bool = False

    name = "count"
    title = Text("Number", "数量")

    def __post_init__(self) -> None:
        if not -LARGEST <= self.least <= self.most <= LARGEST:
            raise ValueError("a Count needs -(2**53 - 1) <= least <= most <= 2**53 - 1")

    @property
    def widget(self) -> Widget:
        return Widget("number", max_length=16)

    def clean(self, raw: object) -> Json:
        number = whole_number(raw)
        if not self.least <= number <= self.most:
            raise Refusal(
                "out-of-range",
                Text(
                    f"The number must be from {self.least} to {self.most}.",
                    f"数值应在 {self.least} 至 {self.most} 之间。",
                ),
                mend=Text("Correct the number.", "请更正数值。"),
            )
        return number

    def show(self, value: Json, lang: str) -> str:
        return f"{value:,}" if isinstance(value, int) else str(value)

    def schema(self) -> JsonObject:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class AttachmentRef(ValueType):
    """Which attachment of the same entry is meant: the SHA-256 of its bytes, 64 lower-case hex digits."""

    personal: bool = True

    name = "attachment"
    title = Text("Attachment", "附件")

    @property
    def widget(self) -> Widget:
        return Widget("file")

    def clean(self, raw: object) -> Json:
        digest = clean_line(raw, 200).lower()
        if not _DIGEST.fullmatch(digest):
            raise Refusal(
                "bad-digest",
                Text("This is not the SHA-256 of an attachment.", "此处不是附件的 SHA-256 摘要值。"),
                mend=Text(
                    "Choose a file of this entry, or give its 64 hex digits.",
                    "请选择本条目的附件，或填写其 64 位十六进制摘要。",
                ),
            )
        return digest

    def show(self, value: Json, lang: str) -> str:
        return f"{Text('attachment', '附件')[lang]} {str(value)[:12]}…"

    def schema(self) -> JsonObject:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The files are the same, byte for byte.", "两份文件逐字节一致。")
        return different("The files differ in at least one byte.", "两份文件内容不同。")


def whole_number(raw: object) -> int:
    """A whole number from an int or digits, full-width digits and thousands commas included; never a float
    or a bool.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        digits = clean_line(raw, 40).replace(",", "")
        if _WHOLE.fullmatch(digits):
            return int(digits)
    elif raw is None:
        raise missing()
    raise Refusal(
        "not-a-whole-number",
        Text("This is not a whole number.", "此处不是整数。"),
        mend=Text("Write digits only.", "请只填写数字。"),
    )


def compare_words(a: str, b: str) -> Comparison:
    """Same letter for letter; close when only case, spacing or punctuation differ."""
    if a == b:
        return same("The texts are identical.", "文字完全一致。")
    if letters(a) == letters(b) != "":
        return close(
            "The texts differ only in capitals, spaces or punctuation.", "文字仅在大小写、空格或标点上不同。"
        )
    return different("The texts differ.", "文字不一致。")


def letters(text: str) -> str:
    """Only the letters and digits of `text`, full-width made narrow, case folded."""
    return "".join(char for char in clean_fold(text) if char.isalnum())


def clean_fold(text: str) -> str:
    """Full-width made narrow, then case folded."""
    from comity.core.types.wording import narrow

    return narrow(text).casefold()
