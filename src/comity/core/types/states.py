"""Country or region (Country), nationality (Nationality), issuing state or organisation (Issuer), as three
letters.

Pure. ISO 3166-1 alpha-3; nationality also takes the codes of ICAO Doc 9303-3 section 5 (XXA stateless, XXB
and XXC refugee, XXX not specified, the British ones); an issuer may be an organisation with such a code.
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
    same,
    unknown,
)
from comity.core.types.code_lists import (
    ALPHA_2,
    ALPHA_3,
    BRITISH,
    NO_NATIONALITY,
    ORGANISATIONS,
    countries,
    named,
)
from comity.core.types.wording import clean_line, visible

_REFUGEE = frozenset(("XXB", "XXC"))
_BRITISH = frozenset(code for code, _ in BRITISH) | {"GBR"}


class _State(ValueType):
    """ISO 3166-1 alpha-3 and the codes in `more`."""

    more: Options = ()

    @property
    def options(self) -> Options:
        """Every code taken, with its words; reads CLDR names on first use."""
        return self.more + countries()

    @property
    def widget(self) -> Widget:
        return Widget("select", options=tuple((code, named(code, self.options)) for code, _ in self.options))

    def clean(self, raw: object) -> Json:
        code = clean_line(raw, 80).upper()
        code = ALPHA_3.get(code, "DEU" if code == "D" else code)  # Doc 9303-3 writes Germany as D
        if code in ALPHA_2 or any(code == each for each, _ in self.more):
            return code
        raise Refusal(
            "unknown-country",
            Text(
                f"“{visible(code)[:40]}” is not a code of this list.",
                f"“{visible(code)[:40]}”不是本代码表中的代码。",
            ),
            mend=Text(
                "Give the three letters of ISO 3166-1, for example FRA.",
                "请填写 ISO 3166-1 三字母代码，例如 FRA。",
            ),
        )

    def show(self, value: Json, lang: str) -> str:
        return named(str(value), self.options)[lang]

    def schema(self) -> JsonObject:
        codes: list[Json] = [code for code, _ in self.more]
        return {"type": "string", "enum": [*codes, *sorted(ALPHA_2)]}


@dataclass(frozen=True)
class Country(_State):
    """A country or region, ISO 3166-1 alpha-3."""

    personal: bool = False

    name = "country"
    title = Text("Country or region", "国家或地区")

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The same country or region.", "国家或地区一致。")
        return different("Different countries or regions.", "国家或地区不一致。")


@dataclass(frozen=True)
class Nationality(_State):
    """A nationality, or the lack of one, as in the machine readable zone."""

    personal: bool = True

    name = "nationality"
    title = Text("Nationality", "国籍")
    more = NO_NATIONALITY + BRITISH

    def _compare(self, a: Json, b: Json) -> Comparison:
        if "XXX" in (a, b):
            return unknown("Not specified on at least one side.", "至少一方国籍未指明。")
        if a == b:
            return same("The same nationality.", "国籍一致。")
        if {a, b} == _REFUGEE:
            return close("Both are refugees, under different instruments.", "均为难民，但依据不同文书。")
        if a in _BRITISH and b in _BRITISH:
            return close("Two kinds of British nationality.", "均属英国国籍，类别不同。")
        return different("Different nationalities.", "国籍不一致。")


@dataclass(frozen=True)
class Issuer(_State):
    """The state, region or organisation that issued a document."""

    personal: bool = False

    name = "issuer"
    title = Text("Issuing country, region or organisation", "签发国家、地区或组织")
    more = ORGANISATIONS

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The same issuer.", "签发方一致。")
        return different("Different issuers.", "签发方不一致。")
