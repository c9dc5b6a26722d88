"""A person's name, in native characters and romanised (PersonName), and sex as on travel documents (Sex).

Pure. Names: GB/T 28039-2011 for Chinese names in Latin letters (surname first, both apart, given-name
syllables joined); ICAO Doc 9303-3: somebody with a single name has it as the primary
identifier, here `surname`. Scripts: ISO 15924. Sex: ICAO Doc 9303-3 (M, F, X = unspecified).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from comity.core.text import Refusal, Text
from comity.core.types.base import (
    Comparison,
    Json,
    JsonObject,
    ValueType,
    Widget,
    different,
    same,
    unknown,
)
from comity.core.types.choice import Code, pick, word
from comity.core.types.composite import Composite, Part, as_object
from comity.core.types.name_compare import compare_names
from comity.core.types.romanised import fold
from comity.core.types.wording import clean_line, clean_text, visible

# ISO 15924 code, words, and how Unicode begins the names of its letters.
_SCRIPTS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("Hans", Text("Chinese, simplified", "汉字（简体）"), ("CJK", "IDEOGRAPHIC")),
    ("Hant", Text("Chinese, traditional", "汉字（繁体）"), ("CJK", "IDEOGRAPHIC")),
    ("Hani", Text("Chinese characters, variant not known", "汉字（简繁不详）"), ("CJK", "IDEOGRAPHIC")),
    ("Latn", Text("Latin", "拉丁文"), ("LATIN", "FULLWIDTH LATIN")),
    ("Cyrl", Text("Cyrillic", "西里尔文"), ("CYRILLIC",)),
    ("Arab", Text("Arabic (Uyghur, Kazakh and others)", "阿拉伯文（维吾尔文、哈萨克文等）"), ("ARABIC",)),
    ("Tibt", Text("Tibetan", "藏文"), ("TIBETAN",)),
    ("Mong", Text("Mongolian", "蒙古文"), ("MONGOLIAN",)),
    ("Yiii", Text("Yi", "彝文"), ("YI",)),
    ("Jpan", Text("Japanese", "日文"), ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")),
    ("Kore", Text("Korean", "朝鲜文（韩文）"), ("HANGUL", "CJK")),
    ("Thai", Text("Thai", "泰文"), ("THAI",)),
    ("Laoo", Text("Lao", "老挝文"), ("LAO",)),
    ("Khmr", Text("Khmer", "高棉文"), ("KHMER",)),
    ("Mymr", Text("Myanmar", "缅甸文"), ("MYANMAR",)),
    ("Deva", Text("Devanagari", "天城文"), ("DEVANAGARI",)),
    ("Beng", Text("Bengali", "孟加拉文"), ("BENGALI",)),
    ("Taml", Text("Tamil", "泰米尔文"), ("TAMIL",)),
    ("Hebr", Text("Hebrew", "希伯来文"), ("HEBREW",)),
    ("Grek", Text("Greek", "希腊文"), ("GREEK",)),
    ("Armn", Text("Armenian", "亚美尼亚文"), ("ARMENIAN",)),
    ("Geor", Text("Georgian", "格鲁吉亚文"), ("GEORGIAN",)),
    ("Ethi", Text("Ethiopic", "埃塞俄比亚文"), ("ETHIOPIC",)),
    ("Zzzz", Text("Another script", "其他文字"), ("",)),
)
SCRIPTS: tuple[tuple[str, Text], ...] = tuple((code, words) for code, words, _ in _SCRIPTS)
_BEGINS = {code: begins for code, _, begins in _SCRIPTS}
_SEXES = (("M", Text("Male", "男")), ("F", Text("Female", "女")), ("X", Text("Unspecified", "未指明")))
_SEX_WORDS = {"male": "M", "female": "F", "unspecified": "X", "男": "M", "女": "F", "未指明": "X", "<": "X"}
_MARKS = " -'’‘ʼʻ`´.,·•‐‑/()"


@dataclass(frozen=True)
class _Native(ValueType):
    """The name in its own characters, on one line; digits and rare characters are kept as typed."""

    name = "native_name"
    title = Text("Name in native script", "本民族文字姓名")
    personal = True

    @property
    def widget(self) -> Widget:
        return Widget(
            "text",
            max_length=120,
            hint=Text("As in the civil register, e.g. 欧阳小明", "按户籍登记填写，例如：欧阳小明"),
        )

    def clean(self, raw: object) -> Json:
        text = clean_text(raw, 120)
        if not any(
            unicodedata.category(char)[0] in "LN" or unicodedata.category(char) in ("Co", "Cn")
            for char in text
        ):
            raise Refusal(
                "no-letter",
                Text("There is no letter or character of a name in this.", "此处没有可作姓名的文字。"),
                mend=Text("Write the name as in the civil register.", "请按户籍登记填写姓名。"),
            )
        return text

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "minLength": 1, "maxLength": 120}


@dataclass(frozen=True)
class _Latin(ValueType):
    """A part of a name in Latin letters, with marks, hyphens, apostrophes, full stops and spaces."""

    hint: Text

    name = "romanised_name"
    title = Text("Romanised name", "拉丁字母姓名")
    personal = True

    @property
    def widget(self) -> Widget:
        return Widget("text", max_length=80, hint=self.hint)

    def clean(self, raw: object) -> Json:
        text = clean_line(raw, 80)
        for char in text:
            if not (
                char in _MARKS
                or unicodedata.combining(char)
                or unicodedata.name(char, "").startswith("LATIN ")
            ):
                raise Refusal(
                    "not-latin",
                    Text(f"“{visible(char)}” is not a Latin letter.", f"“{visible(char)}”不是拉丁字母。"),
                    mend=Text(
                        "Write this part in Latin letters; put other scripts in the native name.",
                        "此处请用拉丁字母书写；其他文字请填入本民族文字姓名。",
                    ),
                )
        if not fold(text):
            raise Refusal(
                "not-latin",
                Text("There is no letter in this name.", "姓名中没有字母。"),
                mend=Text("Write the name in Latin letters.", "请用拉丁字母书写姓名。"),
            )
        return text

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "minLength": 1, "maxLength": 80}


_SURNAME = _Latin(
    Text(
        "As in the passport, e.g. OUYANG; a single name goes here",
        "按护照填写，例如：OUYANG；只有单名的填在此处",
    )
)
_GIVEN = _Latin(Text("As in the passport, e.g. XIAOMING", "按护照填写，例如：XIAOMING"))
_MEMBERS = (
    Part("native", Text("Name in native script", "本民族文字姓名"), _Native(), required=False),
    Part("script", Text("Script", "文字种类"), Code(SCRIPTS, personal=True), required=False),
    Part("surname", Text("Surname (Latin letters)", "姓（拉丁字母）"), _SURNAME, required=False),
    Part("given", Text("Given names (Latin letters)", "名（拉丁字母）"), _GIVEN, required=False),
)


@dataclass(frozen=True)
class PersonName(Composite):
    """{"native"?, "script"?, "surname"?, "given"?}: the native name or the romanised surname, better both."""

    name = "person_name"
    title = Text("Name", "姓名")
    personal = True

    @property
    def members(self) -> tuple[Part, ...]:
        return _MEMBERS

    def settle(self, value: JsonObject) -> JsonObject:
        if "native" not in value and "surname" not in value:
            raise Refusal(
                "no-name",
                Text(
                    "Neither a native name nor a surname was given.",
                    "既未填写本民族文字姓名，也未填写拉丁字母的姓。",
                ),
                "surname" if "given" in value else "native",
                Text(
                    "Give the native name or the surname; a single name goes in the surname.",
                    "请填写本民族文字姓名或姓；只有单名的填在“姓”一栏。",
                ),
            )
        script, native = value.get("script"), value.get("native")
        if script and not native:
            del value["script"]
        elif script and not _written_in(str(native), str(script)):
            raise Refusal(
                "script-mismatch",
                Text(
                    "The native name is not written in the script chosen.", "姓名所用文字与所选文字种类不符。"
                ),
                "script",
                Text(
                    "Choose the script of the name, or leave it out.", "请选择与姓名相符的文字种类，或留空。"
                ),
            )
        return value

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        native = visible(str(given.get("native", "")))
        latin = " ".join(
            visible(part)
            for part in (str(given.get("surname", "")).upper(), str(given.get("given", "")))
            if part
        )
        if native and latin:
            return {"en": f"{native} ({latin})", "zh": f"{native}（{latin}）"}[lang]
        return native or latin

    def schema(self) -> JsonObject:
        return {**super().schema(), "anyOf": [{"required": ["native"]}, {"required": ["surname"]}]}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return compare_names(as_object(a), as_object(b))


def _written_in(native: str, script: str) -> bool:
    letters = [char for char in native if unicodedata.category(char)[0] in "LMN"]
    begins = _BEGINS.get(script, ("",))
    return any(unicodedata.name(char, "").startswith(begins) for char in letters) or not letters


@dataclass(frozen=True)
class Sex(ValueType):
    """M, F or X (unspecified), as printed on travel documents."""

    name = "sex"
    title = Text("Sex", "性别")
    personal = True

    @property
    def widget(self) -> Widget:
        return Widget("radios", options=_SEXES)

    def clean(self, raw: object) -> Json:
        if isinstance(raw, str):
            raw = _SEX_WORDS.get(raw.strip().casefold(), raw)
        return pick(raw, _SEXES)

    def show(self, value: Json, lang: str) -> str:
        return word(value, _SEXES, lang)

    def schema(self) -> JsonObject:
        return {"type": "string", "enum": ["M", "F", "X"]}

    def _compare(self, a: Json, b: Json) -> Comparison:
        if "X" in (a, b):
            return unknown("Unspecified on at least one side.", "至少一方未指明。")
        if a == b:
            return same("The same sex.", "性别一致。")
        return different("Different sexes.", "性别不一致。")
