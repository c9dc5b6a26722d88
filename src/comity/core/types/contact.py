"""Where somebody is reached: Address, Phone, Email.

Pure. Phones: ITU-T E.164 (the check is of form only: no numbering plan is kept here). E-mail: the common
form of RFC 5321 and RFC 6531, without quoted local parts, comments or address literals.
"""

from __future__ import annotations

import re
import unicodedata
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
    same,
    unknown,
)
from comity.core.types.composite import Composite, Part, as_object
from comity.core.types.plain import FreeText, ShortText, letters
from comity.core.types.states import Country
from comity.core.types.wording import clean_line, visible

_SEPARATORS = re.compile(r"[\s\-./()\u00ad\u2010-\u2015\u200b\u202a\u202c]")
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*")
_LABEL = re.compile(r"\w(?:[\w\-]{0,61}\w)?")


@dataclass(frozen=True)
class Phone(ValueType):
    """A telephone number as "+8613800138000": plus, 8 to 15 digits, the first not 0."""

    personal: bool = True

    name = "phone"
    title = Text("Telephone", "电话号码")

    @property
    def widget(self) -> Widget:
        return Widget("tel", max_length=40, hint=Text("With + and country code", "请加“+”和国家（地区）代码"))

    def clean(self, raw: object) -> Json:
        number = _SEPARATORS.sub("", clean_line(raw, 60).replace("(0)", ""))
        if not _E164.fullmatch(number):
            raise Refusal(
                "bad-phone",
                Text(
                    "This is not an international number: + and 8 to 15 digits.",
                    "此处不是国际电话号码：应为“+”加8至15位数字。",
                ),
                mend=Text(
                    "Begin with + and the country code instead of 0 or 00; leave extensions out.",
                    "请以“+”和国家（地区）代码开头，不要以0或00开头，不含分机号。",
                ),
            )
        return number

    def show(self, value: Json, lang: str) -> str:
        return str(value)

    def schema(self) -> JsonObject:
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The same number.", "号码一致。")
        if str(a)[-8:] == str(b)[-8:]:
            return close("The last eight digits are the same.", "末八位相同。")
        return different("Different numbers.", "号码不一致。")


@dataclass(frozen=True)
class Email(ValueType):
    """An e-mail address; the part after @ in lower case."""

    personal: bool = True

    name = "email"
    title = Text("E-mail", "电子邮箱")

    @property
    def widget(self) -> Widget:
        return Widget("email", max_length=254)

    def clean(self, raw: object) -> Json:
        text = clean_line(raw, 254)
        local, _, domain = text.rpartition("@")
        domain = unicodedata.normalize("NFC", domain.lower())
        labels = domain.split(".")
        good = (
            _LOCAL.fullmatch(local)
            and len(local.encode()) <= 64
            and len(labels) >= 2
            and all(_LABEL.fullmatch(label) and "_" not in label for label in labels)
            and not labels[-1].isdigit()
            and visible(text) == text
            and len(local) + len(domain) < 254
        )
        if not good:
            raise Refusal(
                "bad-email",
                Text("This is not an e-mail address.", "此处不是有效的电子邮箱地址。"),
                mend=Text("Write it as name@example.org.", "请写成 name@example.org 的形式。"),
            )
        return f"{local}@{domain}"

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "maxLength": 254, "pattern": "^[^@\\s]+@[^@\\s]+$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        if str(a).casefold() == str(b).casefold():
            return same("The same address.", "地址一致。")
        one, other = (str(value).casefold().partition("@") for value in (a, b))
        if _mailbox(one[0]) == _mailbox(other[0]) and one[2] == other[2]:
            return close("The same but for dots or what follows a +.", "除点号或“+”后内容外一致。")
        return different("Different addresses.", "地址不一致。")


def _mailbox(local: str) -> str:
    return local.partition("+")[0].replace(".", "")


_MEMBERS = (
    Part("country", Text("Country or region", "国家或地区"), Country(personal=True), required=False),
    Part("region", Text("State, province or region", "省（州、自治区）"), ShortText(120), required=False),
    Part("city", Text("City, county or town", "市（县、镇）"), ShortText(120), required=False),
    Part(
        "street",
        Text("Street, house and flat, or village", "街道、门牌、室，或村组"),
        FreeText(400, rows=3),
        required=False,
    ),
    Part("postcode", Text("Postal code", "邮政编码"), ShortText(16), required=False),
)


@dataclass(frozen=True)
class Address(Composite):
    """{"country"?, "region"?, "city"?, "street"?, "postcode"?}: as much as is known, and more than the
    country.
    """

    name = "address"
    title = Text("Address", "地址")
    personal = True

    @property
    def members(self) -> tuple[Part, ...]:
        return _MEMBERS

    def settle(self, value: JsonObject) -> JsonObject:
        if not value.keys() & {"region", "city", "street"}:
            raise Refusal(
                "no-address",
                Text(
                    "A country or postal code alone is not an address.",
                    "仅有国家（地区）或邮政编码不构成地址。",
                ),
                "city",
                Text("Give the region, the city or the street.", "请填写省、市或街道。"),
            )
        return value

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        said = {
            part.name: part.type.show(given[part.name], lang).replace("\n", {"en": ", ", "zh": "，"}[lang])
            for part in self.members
            if part.name in given
        }
        if lang == "zh":
            line = " ".join(said[each] for each in ("country", "region", "city", "street") if each in said)
            return line + (f"（邮编 {said['postcode']}）" if "postcode" in said else "")
        return ", ".join(
            said[each] for each in ("street", "city", "region", "postcode", "country") if each in said
        )

    def schema(self) -> JsonObject:
        needed: list[Json] = [{"required": [each]} for each in ("region", "city", "street")]
        return {**super().schema(), "anyOf": needed}

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = as_object(a), as_object(b)
        if left.get("country", "") != right.get("country", "") and "country" in left and "country" in right:
            return different("Different countries or regions.", "国家或地区不一致。")
        one, other = (_words(side) for side in (left, right))
        if one == other and left.keys() == right.keys():
            return same("The addresses are the same.", "地址一致。")
        if one == other or one in other or other in one:
            return close(
                "One address has no more than the other, less exact.", "一方地址为另一方地址的一部分。"
            )
        if one.isascii() != other.isascii():
            return unknown(
                "The addresses are written in different scripts.", "双方地址所用文字不同，无法比较。"
            )
        if letters(str(left.get("postcode", "a"))) == letters(str(right.get("postcode", "b"))):
            return close("The postal code is the same; the rest differs.", "邮政编码相同，其余不同。")
        for part, said in (("city", Text("city", "市（县）")), ("region", Text("region", "省（州）"))):
            if part in left and part in right and letters(str(left[part])) == letters(str(right[part])):
                return close(f"The {said.en} is the same; the rest differs.", f"{said.zh}相同，其余不同。")
        return different("The addresses differ.", "地址不一致。")


def _words(address: JsonObject) -> str:
    return letters("".join(str(address.get(part, "")) for part in ("region", "city", "street")))
