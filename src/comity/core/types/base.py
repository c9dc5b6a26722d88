"""What every value type is: clean, show, compare, personal or not, widget, schema.

Pure: standard library only; no clock, no files, no network. A value type knows nothing of tracks, forms, web
pages or storage; those ask it. One type is one short class beside its rules and the standard they come from.

A *clean value* is JSON without floats whose strings are NFC; cleaning it again changes nothing, and it
conforms to `schema()`. `show` never raises on a clean value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from comity.core.text import Refusal, Text

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
JsonObject: TypeAlias = "dict[str, Json]"
Options: TypeAlias = tuple[tuple[str, Text], ...]

WidgetKind: TypeAlias = Literal[
    "text",
    "textarea",
    "date",
    "partial_date",
    "select",
    "radios",
    "checkboxes",
    "number",
    "email",
    "tel",
    "file",
    "group",
    "yes_no",
    "hidden",
]
Result: TypeAlias = Literal["same", "close", "different", "unknown"]


@dataclass(frozen=True)
class Widget:
    """How a value is asked for on a form; says nothing of HTML.

    kind        the control
    options     (code, words) for select, radios and checkboxes
    parts       (name, words, widget) for a group; the sub-input of part `p` of field `f` is called `f.p`
    lang        BCP 47 tag of what is typed, "" when it may be any
    rows        lines of a textarea
    max_length  in code points
    """

    kind: WidgetKind
    options: Options = ()
    parts: tuple[tuple[str, Text, Widget], ...] = ()
    lang: str = ""
    rows: int = 1
    hint: Text | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two values say about each other, and why, so that a person can check the reasoning."""

    result: Result
    why: Text


def same(en: str, zh: str) -> Comparison:
    return Comparison("same", Text(en, zh))


def close(en: str, zh: str) -> Comparison:
    return Comparison("close", Text(en, zh))


def different(en: str, zh: str) -> Comparison:
    return Comparison("different", Text(en, zh))


def unknown(en: str, zh: str) -> Comparison:
    return Comparison("unknown", Text(en, zh))


def missing(where: str = "") -> Refusal:
    """The refusal of a value that is not there."""
    return Refusal(
        "missing",
        Text("Nothing was given.", "未填写内容。"),
        where,
        Text(
            "Give a value, or leave the whole item out if it is optional.", "请填写；如为选填项，请整项留空。"
        ),
    )


def is_blank(value: object) -> bool:
    """True for nothing at all: None, "", white space, an empty list or object, or one that holds only
    blanks.
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_blank(item) for item in value)
    return False


class ValueType(ABC):
    """One kind of value. Subclasses set `name`, `title` and `personal`, and give the five methods."""

    name: str
    title: Text
    personal: bool = False

    @property
    @abstractmethod
    def widget(self) -> Widget:
        """How it is asked for."""

    @property
    def parts(self) -> dict[str, ValueType]:
        """The types of the parts, by name, of a composite type; empty for all others."""
        return {}

    @abstractmethod
    def clean(self, raw: object) -> Json:
        """The clean value of what was typed or received. Refusal, with `where` = path inside the value, if
        it is wrong.
        """

    @abstractmethod
    def show(self, value: Json, lang: str) -> str:
        """The clean value in words, in "en" or "zh". What could deceive the eye is made visible."""

    @abstractmethod
    def schema(self) -> JsonObject:
        """JSON schema (2020-12) that every clean value conforms to."""

    def compare(self, a: Json, b: Json) -> Comparison:
        """What clean values `a` and `b` say about each other. Missing data is unknown, never the same."""
        if is_blank(a) or is_blank(b):
            return unknown("One or both values are missing.", "一方或双方的内容缺失，无法比较。")
        return self._compare(a, b)

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The values are identical.", "两者完全一致。")
        return different("The values differ.", "两者不一致。")
