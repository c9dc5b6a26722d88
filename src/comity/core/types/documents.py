"""Identity documents: kind, number, issuer, dates (IdentityDocument).

Pure. Whether a document has expired depends on the day, and there is no clock here: `expired` is told the
day. An expired document is shown as such and never refused: readmission agreements take it as prima facie
evidence.
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
from comity.core.types.choice import Code, word
from comity.core.types.composite import Composite, Part, as_object
from comity.core.types.dates import Date
from comity.core.types.plain import ShortText, letters
from comity.core.types.states import Issuer
from comity.core.types.wording import clean_line, visible

KINDS: Options = (
    ("passport", Text("Passport", "护照")),
    ("travel_document", Text("Travel document", "旅行证件")),
    ("resident_identity_card", Text("Resident identity card", "居民身份证")),
    ("household_register", Text("Household register", "户口簿")),
    ("driving_licence", Text("Driving licence", "机动车驾驶证")),
    ("birth_certificate", Text("Birth certificate", "出生证明")),
    ("seafarers_book", Text("Seafarer’s book", "海员证")),
    ("military_id", Text("Military identity card", "军人身份证件")),
    ("other", Text("Other document", "其他证件")),
)
_LOOKS = str.maketrans("oiylzsbg", "01112586")  # letters that are read as digits, and the reverse


@dataclass(frozen=True)
class DocumentNumber(ValueType):
    """A document number as printed, in capitals: "E12345678", "南字第123456号"."""

    name = "document_number"
    title = Text("Document number", "证件号码")
    personal = True

    @property
    def widget(self) -> Widget:
        return Widget("text", max_length=40)

    def clean(self, raw: object) -> Json:
        from unicodedata import normalize

        text = normalize("NFC", clean_line(raw, 40).upper())
        if not any(char.isalnum() for char in text) or len(text) > 40:
            raise Refusal(
                "bad-document-number",
                Text(
                    "A document number has letters or digits, at most 40 characters.",
                    "证件号码应含字母或数字，且不超过40个字符。",
                ),
                mend=Text("Copy the number from the document.", "请按证件填写号码。"),
            )
        return text

    def show(self, value: Json, lang: str) -> str:
        return visible(str(value))

    def schema(self) -> JsonObject:
        return {"type": "string", "minLength": 1, "maxLength": 40}

    def _compare(self, a: Json, b: Json) -> Comparison:
        one, other = letters(str(a)), letters(str(b))
        if one == other:
            return same("The numbers are the same.", "号码一致。")
        if one.translate(_LOOKS) == other.translate(_LOOKS):
            return close(
                "The numbers differ only in signs that look alike (O and 0, I and 1 …).",
                "号码仅在形近字符（O与0、I与1等）上不同。",
            )
        if len(one) == len(other) >= 6 and sum(x != y for x, y in zip(one, other, strict=True)) == 1:
            return close("One character of the numbers differs.", "号码有一位不同。")
        return different("The numbers differ.", "号码不一致。")


_MEMBERS = (
    Part("kind", Text("Kind of document", "证件种类"), Code(KINDS)),
    Part("number", Text("Number", "证件号码"), DocumentNumber()),
    Part("issuer", Text("Issuing country, region or organisation", "签发国家、地区或组织"), Issuer()),
    Part("authority", Text("Issuing authority", "签发机关"), ShortText(200), required=False),
    Part("issued", Text("Date of issue", "签发日期"), Date(), required=False),
    Part("expiry", Text("Valid until", "有效期至"), Date(), required=False),
)


@dataclass(frozen=True)
class IdentityDocument(Composite):
    """{"kind", "number", "issuer", "authority"?, "issued"?, "expiry"?}; without expiry: none is printed, or
    not known.
    """

    name = "identity_document"
    title = Text("Identity document", "身份证件")
    personal = True

    @property
    def members(self) -> tuple[Part, ...]:
        return _MEMBERS

    def settle(self, value: JsonObject) -> JsonObject:
        issued, expiry = value.get("issued"), value.get("expiry")
        if isinstance(issued, str) and isinstance(expiry, str) and expiry < issued:
            raise Refusal(
                "expiry-before-issue",
                Text("The document would expire before it was issued.", "有效期截止日早于签发日期。"),
                "expiry",
                Text("Check both dates.", "请核对两个日期。"),
            )
        return value

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        said = [f"{word(given['kind'], KINDS, lang)} {visible(str(given['number']))}"]
        said.append(Issuer().show(given["issuer"], lang))
        if "authority" in given:
            said.append(visible(str(given["authority"])))
        for name, words in (
            ("issued", Text("issued {day}", "{day}签发")),
            ("expiry", Text("valid until {day}", "有效期至{day}")),
        ):
            if name in given:
                said.append(words[lang].format(day=Date().show(given[name], lang)))
        return {"en": ", ", "zh": "，"}[lang].join(said)

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = as_object(a), as_object(b)
        number = DocumentNumber().compare(left["number"], right["number"])
        if number.result != "same" and (left["kind"], left["issuer"]) != (right["kind"], right["issuer"]):
            return unknown(
                "Different kinds of document or issuers: one person may hold both.",
                "证件种类或签发方不同，同一人可同时持有。",
            )
        if number.result != "same":
            return number
        differs = [
            part
            for part in _MEMBERS
            if part.name in left.keys() & right.keys() and left[part.name] != right[part.name]
        ]
        telling = [part for part in differs if part.name not in ("number", "authority")]
        if not telling:
            return same("Kind, issuer and number are the same.", "种类、签发方和号码一致。")
        return close(
            f"The number is the same; these differ: {', '.join(part.title.en for part in telling)}.",
            f"号码一致；以下不同：{'、'.join(part.title.zh for part in telling)}。",
        )


def expired(document: Json, today: str) -> bool | None:
    """Whether a clean document has expired on the day `today` ("2026-03-04"); None if no expiry is known."""
    expiry = as_object(document).get("expiry")
    return expiry < today if isinstance(expiry, str) else None
