"""One code of a list (Code), several codes of a list (Codes).

Pure. Codes are what is stored and exchanged; the words may be changed without changing any record.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.core.text import Refusal, Text
from comity.core.types.base import (
    Comparison,
    Json,
    JsonObject,
    Options,
    ValueType,
    Widget,
    close,
    different,
    is_blank,
    missing,
    same,
)
from comity.core.types.composite import as_list
from comity.core.types.wording import clean_line, visible

FEW = 6  # up to this many options are shown as radio buttons


@dataclass(frozen=True)
class Code(ValueType):
    """Exactly one of `options`, each (code, words). Codes are matched without regard to case if that is
    unambiguous.
    """

    options: Options
    personal: bool = False
    title: Text = Text("Choice", "选项")

    name = "code"

    def __post_init__(self) -> None:
        check_options(self.options)

    @property
    def widget(self) -> Widget:
        return Widget("radios" if len(self.options) <= FEW else "select", options=self.options)

    def clean(self, raw: object) -> Json:
        return pick(raw, self.options)

    def show(self, value: Json, lang: str) -> str:
        return word(value, self.options, lang)

    def schema(self) -> JsonObject:
        return {"type": "string", "enum": [code for code, _ in self.options]}

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The same option was chosen.", "所选项一致。")
        return different("Different options were chosen.", "所选项不一致。")


@dataclass(frozen=True)
class Codes(ValueType):
    """One or more of `options`; stored once each, in the order of `options`."""

    options: Options
    personal: bool = False
    title: Text = Text("Choices", "多选项")

    name = "codes"

    def __post_init__(self) -> None:
        check_options(self.options)

    @property
    def widget(self) -> Widget:
        return Widget("checkboxes", options=self.options)

    def clean(self, raw: object) -> Json:
        if isinstance(raw, str):
            raw = raw.split(",")
        if is_blank(raw):
            raise missing()
        if not isinstance(raw, (list, tuple)):
            raise Refusal(
                "not-a-list",
                Text("This must be a list of codes.", "此处应为代码列表。"),
                mend=Text("Give a list.", "请以列表形式填写。"),
            )
        chosen = {pick(item, self.options) for item in raw if not is_blank(item)}
        return [code for code, _ in self.options if code in chosen]

    def show(self, value: Json, lang: str) -> str:
        stop = {"en": ", ", "zh": "、"}[lang]
        return stop.join(word(code, self.options, lang) for code in as_list(value))

    def schema(self) -> JsonObject:
        return {
            "type": "array",
            "items": {"type": "string", "enum": [code for code, _ in self.options]},
            "minItems": 1,
            "uniqueItems": True,
        }

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = {str(code) for code in as_list(a)}, {str(code) for code in as_list(b)}
        if left == right:
            return same("The same options were chosen.", "所选项一致。")
        common = [code for code, _ in self.options if code in left & right]
        if common:
            shown = Codes(self.options)
            return close(
                f"In common: {shown.show([*common], 'en')}; the others differ.",
                f"相同项：{shown.show([*common], 'zh')}；其余不同。",
            )
        return different("No option in common.", "没有相同的选项。")


def check_options(options: Options) -> None:
    """Raise ValueError, for whoever declares, unless there is an option and no code stands twice."""
    codes = [code for code, _ in options]
    if not codes or len(set(codes)) != len(codes) or any(not code.strip() for code in codes):
        raise ValueError("a list of options needs at least one code, each once and none blank")


def pick(raw: object, options: Options) -> str:
    """The code meant by `raw`. Refusal unknown-code."""
    given = clean_line(raw, 200)
    codes = [code for code, _ in options]
    if given in codes:
        return given
    alike = [code for code in codes if code.casefold() == given.casefold()]
    if len(alike) == 1:
        return alike[0]
    listed = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
    raise Refusal(
        "unknown-code",
        Text(
            f"“{visible(given)[:60]}” is not one of the options.", f"“{visible(given)[:60]}”不在可选范围内。"
        ),
        mend=Text(f"Choose one of: {listed}.", f"请从下列代码中选择：{listed}。"),
    )


def word(value: Json, options: Options, lang: str) -> str:
    """The words of a code; the code itself, made visible, where the list no longer has it."""
    for code, words in options:
        if code == value:
            return words[lang]
    return visible(str(value))
