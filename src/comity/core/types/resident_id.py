"""The resident identity number of the People's Republic of China (ResidentId).

Pure. GB 11643-1999: six digits of place, eight of birth date, three of sequence (odd for men), and a check
character by ISO 7064 MOD 11-2. The form before 1999 has 15 digits: a two-digit year and no check character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from comity.core.text import Refusal, Text
from comity.core.types.base import Comparison, Json, JsonObject, ValueType, Widget, close, different, same
from comity.core.types.wording import clean_line

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SEPARATORS = re.compile(r"[\s\-\u00ad\u2010-\u2015\u200b]")
_NEW = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD = re.compile(r"[1-9][0-9]{14}")


@dataclass(frozen=True)
class ResidentId(ValueType):
    """18 characters ("11010519491231002X") or the old 15 digits, without spaces."""

    name = "resident_id"
    title = Text("Resident identity number", "公民身份号码")
    personal = True

    @property
    def widget(self) -> Widget:
        return Widget(
            "text",
            max_length=24,
            hint=Text("18 characters, or 15 digits on old cards", "18 位，旧证为 15 位"),
        )

    def clean(self, raw: object) -> Json:
        number = _SEPARATORS.sub("", clean_line(raw, 60)).upper()
        if not (_NEW.fullmatch(number) or _OLD.fullmatch(number)):
            raise Refusal(
                "bad-resident-id",
                Text(
                    "A resident identity number has 17 digits and a digit or X, or 15 digits.",
                    "公民身份号码应为17位数字加1位数字或X，旧号码为15位数字。",
                ),
                mend=Text("Copy the number from the card again.", "请对照证件重新填写。"),
            )
        try:
            year, month, day = (int(part) for part in birth_date(number).split("-"))
            date(year, month, day)
            real = 1800 <= year <= 2199
        except ValueError:
            real = False
        if not real:
            raise Refusal(
                "resident-id-birth-date",
                Text("The date of birth inside the number does not exist.", "号码中的出生日期不存在。"),
                mend=Text(
                    "Copy digits 7 to 14 again (7 to 12 of an old number).",
                    "请核对第7至14位（旧号码为第7至12位）。",
                ),
            )
        if len(number) == 18 and check_character(number[:17]) != number[17]:
            raise Refusal(
                "resident-id-check",
                Text(
                    "The last character does not fit the others; at least one is wrong.",
                    "末位校验码与其余各位不符，至少有一位有误。",
                ),
                mend=Text("Compare every digit with the card.", "请对照证件逐位核对。"),
            )
        return number

    def show(self, value: Json, lang: str) -> str:
        return str(value)

    def schema(self) -> JsonObject:
        return {"type": "string", "pattern": "^[1-9][0-9]{14}([0-9]{2}[0-9X])?$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        one, other = str(a), str(b)
        if one == other:
            return same("The numbers are the same.", "号码一致。")
        if len(one) != len(other) and lengthened(one) == lengthened(other):
            return same("The same number in its 15-digit and 18-digit forms.", "同一号码的15位与18位形式。")
        wrong = [place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right]
        if len(one) == len(other) and len(wrong) <= 2:
            return close("One or two characters differ.", "有一位或两位不同。")
        return different("The numbers differ.", "号码不一致。")


def check_character(body: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11]


def lengthened(number: str) -> str:
    """The 18-character form of an old number, which always means the years 1900 to 1999; a new number
    unchanged.
    """
    if len(number) != 15:
        return number
    body = number[:6] + "19" + number[6:]
    return body + check_character(body)


def birth_date(number: str) -> str:
    """The date of birth a number of either form carries, "1949-12-31"; not checked against the calendar."""
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def sex(number: str) -> str:
    """ "M" or "F", by the last digit of the sequence."""
    return "M" if int(number[16] if len(number) == 18 else number[14]) % 2 else "F"
