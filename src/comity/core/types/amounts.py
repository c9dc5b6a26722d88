"""Amounts: Money (ISO 4217) and Quantity with its unit (UCUM).

Pure. Amounts are decimal strings, never floats. Units are codes of the Unified Code for Units of Measure,
and UCUM annotations such as {tablet} for things that are counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

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
    same,
    unknown,
)
from comity.core.types.choice import Code, pick
from comity.core.types.code_lists import CURRENCIES, MINOR_UNITS, currencies
from comity.core.types.composite import Composite, Part, as_object
from comity.core.types.wording import clean_line

_NUMBER = re.compile(r"(-?)((?:[0-9]{1,3}(?:,[0-9]{3})+)|[0-9]{1,18})(?:\.([0-9]{1,12}))?")
_EXACT = Context(prec=80)
_NEAR = Decimal("0.01")


@dataclass(frozen=True)
class Amount(ValueType):
    """A decimal number as a string: "12.50". At most 18 digits before the point and 12 after; `signed`
    allows minus.
    """

    signed: bool = False
    personal: bool = False

    name = "amount"
    title = Text("Amount", "数额")

    @property
    def widget(self) -> Widget:
        return Widget(
            "text",
            max_length=32,
            hint=Text("Digits and a decimal point, e.g. 12.50", "数字及小数点，例如 12.50"),
        )

    def clean(self, raw: object) -> Json:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw) if abs(raw) < 10**18 else "?"
        if isinstance(raw, (float, Decimal)):
            raw = "?"
        found = _NUMBER.fullmatch(clean_line(raw, 60).replace("−", "-"))
        if not found or (found[1] and not self.signed) or len(found[2].replace(",", "")) > 18:
            raise Refusal(
                "bad-amount",
                Text("This is not a decimal number.", "此处不是十进制数。"),
                mend=Text(
                    "Write digits and a point as text, for example 12500.00; commas only between thousands.",
                    "请以文本形式写数字和小数点，例如 12500.00；逗号仅可用作千位分隔。",
                ),
            )
        whole = found[2].replace(",", "").lstrip("0") or "0"
        fraction = f".{found[3]}" if found[3] else ""
        minus = found[1] if (whole + fraction).strip("0.") else ""
        return f"{minus}{whole}{fraction}"

    def show(self, value: Json, lang: str) -> str:
        text = f"{Decimal(str(value)):,f}"
        return text

    def schema(self) -> JsonObject:
        minus = "-?" if self.signed else ""
        return {"type": "string", "pattern": f"^{minus}(0|[1-9][0-9]{{0,17}})(\\.[0-9]{{1,12}})?$"}

    def _compare(self, a: Json, b: Json) -> Comparison:
        return _compare_numbers(Decimal(str(a)), Decimal(str(b)))


def _compare_numbers(a: Decimal, b: Decimal) -> Comparison:
    if a == b:
        return same("The amounts are equal.", "数额相等。")
    if _EXACT.abs(_EXACT.subtract(a, b)) <= _EXACT.multiply(_NEAR, max(abs(a), abs(b))):
        return close("The amounts are within 1% of each other.", "数额相差不超过1%。")
    return different("The amounts differ.", "数额不同。")


@dataclass(frozen=True)
class _Currency(ValueType):
    """ISO 4217 alphabetic code of a currency in use."""

    name = "currency"
    title = Text("Currency", "币种")

    @property
    def widget(self) -> Widget:
        return Widget("select", options=currencies())

    def clean(self, raw: object) -> Json:
        return pick(raw, tuple((code, Text(code, code)) for code in CURRENCIES))

    def show(self, value: Json, lang: str) -> str:
        return dict(currencies())[str(value)][lang]

    def schema(self) -> JsonObject:
        return {"type": "string", "enum": list(CURRENCIES)}


_MONEY = (
    Part("amount", Text("Amount", "金额"), Amount()),
    Part("currency", Text("Currency", "币种"), _Currency()),
)


@dataclass(frozen=True)
class Money(Composite):
    """{"amount": "12500.00", "currency": "USD"}, with as many decimals as the currency has."""

    personal: bool = False

    name = "money"
    title = Text("Amount of money", "金额")

    @property
    def members(self) -> tuple[Part, ...]:
        return _MONEY

    def settle(self, value: JsonObject) -> JsonObject:
        digits = MINOR_UNITS.get(str(value["currency"]), 2)
        whole, _, fraction = str(value["amount"]).partition(".")
        if fraction[digits:].strip("0"):
            raise Refusal(
                "too-precise",
                Text(f"This currency has {digits} decimals.", f"该币种小数位数为 {digits} 位。"),
                "amount",
                Text("Correct the amount or the currency.", "请更正金额或币种。"),
            )
        value["amount"] = f"{whole}.{fraction[:digits].ljust(digits, '0')}" if digits else whole
        return value

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        amount, code = Amount().show(given.get("amount", "0"), lang), str(given.get("currency", ""))
        if lang == "zh":
            return f"{amount} {dict(currencies())[code].zh}（{code}）"
        return f"{code} {amount}"

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = as_object(a), as_object(b)
        if left["currency"] != right["currency"]:
            return unknown(
                "The currencies differ, and no exchange rate is known here.", "币种不同，且此处无汇率可用。"
            )
        return _compare_numbers(Decimal(str(left["amount"])), Decimal(str(right["amount"])))


# code, words, what it measures, how much of the base unit it is (exact)
_UNITS: tuple[tuple[str, Text, str, str], ...] = (
    ("kg", Text("kg", "千克"), "mass", "1000"),
    ("g", Text("g", "克"), "mass", "1"),
    ("mg", Text("mg", "毫克"), "mass", "0.001"),
    ("ug", Text("µg", "微克"), "mass", "0.000001"),
    ("t", Text("t (tonne)", "吨"), "mass", "1000000"),
    ("[lb_av]", Text("lb", "磅"), "mass", "453.59237"),
    ("[oz_av]", Text("oz", "盎司"), "mass", "28.349523125"),
    ("L", Text("l (litre)", "升"), "volume", "1"),
    ("mL", Text("ml", "毫升"), "volume", "0.001"),
    ("m3", Text("m³", "立方米"), "volume", "1000"),
    ("[gal_us]", Text("US gal", "美制加仑"), "volume", "3.785411784"),
    ("m", Text("m", "米"), "length", "1"),
    ("cm", Text("cm", "厘米"), "length", "0.01"),
    ("mm", Text("mm", "毫米"), "length", "0.001"),
    ("km", Text("km", "千米"), "length", "1000"),
    ("[ft_i]", Text("ft", "英尺"), "length", "0.3048"),
    ("[mi_i]", Text("mi", "英里"), "length", "1609.344"),
    ("[nmi_i]", Text("nautical mile", "海里"), "length", "1852"),
    ("m2", Text("m²", "平方米"), "area", "1"),
    ("har", Text("ha", "公顷"), "area", "10000"),
    ("s", Text("s", "秒"), "time", "1"),
    ("min", Text("min", "分钟"), "time", "60"),
    ("h", Text("h", "小时"), "time", "3600"),
    ("d", Text("d (day)", "天"), "time", "86400"),
    ("[kn_i]", Text("knot", "节"), "speed", "1852"),
    ("km/h", Text("km/h", "千米/时"), "speed", "1000"),
    ("deg", Text("°", "度"), "angle", "1"),
    ("Cel", Text("°C", "摄氏度"), "temperature", "1"),
    ("%", Text("%", "%"), "share", "1"),
    ("By", Text("B (byte)", "字节"), "data", "1"),
    ("kBy", Text("kB", "千字节"), "data", "1000"),
    ("MBy", Text("MB", "兆字节"), "data", "1000000"),
    ("GBy", Text("GB", "吉字节"), "data", "1000000000"),
    ("{piece}", Text("pieces", "件"), "pieces", "1"),
    ("{tablet}", Text("tablets", "片"), "tablets", "1"),
    ("{capsule}", Text("capsules", "粒"), "capsules", "1"),
    ("{ampoule}", Text("ampoules", "支"), "ampoules", "1"),
    ("{plant}", Text("plants", "株"), "plants", "1"),
    ("{package}", Text("packages", "包"), "packages", "1"),
    ("{box}", Text("boxes", "箱"), "boxes", "1"),
)
UNITS: Options = tuple((code, words) for code, words, _, _ in _UNITS)
_MEASURES = {code: (measure, Decimal(factor)) for code, _, measure, factor in _UNITS}


@dataclass(frozen=True)
class Quantity(Composite):
    """{"value": "1.50", "unit": "kg"}; `units` narrows the units that may be chosen. Zeros after the point
    are kept.
    """

    units: tuple[str, ...] = ()
    personal: bool = False

    name = "quantity"
    title = Text("Quantity", "数量")

    def __post_init__(self) -> None:
        wrong = [unit for unit in self.units if unit not in _MEASURES]
        if wrong:
            raise ValueError(f"no such units: {wrong}; known: {sorted(_MEASURES)}")

    @property
    def members(self) -> tuple[Part, ...]:
        options = tuple(option for option in UNITS if not self.units or option[0] in self.units)
        return (
            Part("value", Text("Quantity", "数量"), Amount(signed=True)),
            Part("unit", Text("Unit", "单位"), Code(options)),
        )

    def settle(self, value: JsonObject) -> JsonObject:
        if str(value["value"]).startswith("-") and value["unit"] not in ("Cel", "deg", "%"):
            raise Refusal(
                "negative",
                Text("A quantity in this unit cannot be less than nothing.", "以该单位计的数量不能为负。"),
                "value",
                Text("Correct the quantity or the unit.", "请更正数量或单位。"),
            )
        return value

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        unit = str(given.get("unit", ""))
        return f"{Amount().show(given.get('value', '0'), lang)} {dict(UNITS)[unit][lang]}"

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = as_object(a), as_object(b)
        (measure, factor), (other, other_factor) = (_MEASURES[str(side["unit"])] for side in (left, right))
        if measure != other:
            return unknown("The units cannot be converted into each other.", "两个单位之间不能换算。")
        return _compare_numbers(
            _EXACT.multiply(Decimal(str(left["value"])), factor),
            _EXACT.multiply(Decimal(str(right["value"])), other_factor),
        )
