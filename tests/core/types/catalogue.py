"""Every value type with raw values it takes, so that one test can say what holds for all of them."""

from __future__ import annotations

from comity.core import types as t
from comity.core.text import Text

FRUIT = (("apple", Text("Apple", "苹果")), ("pear", Text("Pear", "梨")), ("PLUM", Text("Plum", "李子")))
DIGEST = "ab" * 32
PORT = t.Group(
    (
        t.Part("name", Text("Port", "港口"), t.ShortText(40, personal=False)),
        t.Part("country", Text("Country", "国家"), t.Country(), required=False),
    ),
    title=Text("Port of call", "停靠港"),
)
HANDLING = {
    "tlp": "AMBER",
    "codes": ["H2", "H1"],
    "pap": "GREEN",
    "evidence": "consent",
    "until": "2031-03-04",
}

# type, then raw values it takes
EXAMPLES: tuple[tuple[t.ValueType, tuple[object, ...]], ...] = (
    (t.FreeText(), (" one\r\ntwo\t", "𠮷野家 䶮", "e\u0301", "a\u202eb")),
    (t.ShortText(), ("Xi’an", "  e\u0301 ")),
    (t.YesNo(), (True, False, "yes", "否", "OFF")),
    (t.Count(), (0, "1,234", "１２", 10**9)),
    (t.Count(-5, 5), (-5, "-3", "+2")),
    (t.AttachmentRef(), (DIGEST, DIGEST.upper())),
    (t.Code(FRUIT), ("apple", "APPLE", " plum ")),
    (t.Codes(FRUIT), (["pear", "apple", "pear"], "plum,apple", ("PLUM",))),
    (t.Date(), ("2026-03-04", "2026/3/4", "2026年3月4日", {"year": 2026, "month": "3", "day": 4})),
    (t.BirthDate(), ("1985", "1985-03", "1985-3-7", "19850307", "1985-XX-XX", "1985-03-00", {"year": "1985"})),
    (t.Moment(), ("2026-03-04 15:30 +08:00", "2026-03-04T07:30:05.1234Z", "2026-03-04T07:30:00-00:00")),
    (t.PersonName(), (
        {"native": "欧阳小明", "script": "Hans", "surname": "OUYANG", "given": "XIAOMING"},
        {"native": "䶮"}, {"surname": "Ｗａｎｇ", "given": " Xiao-ming "}, {"surname": "Suharto", "script": "Latn"},
        {"native": "买买提·吐尔逊", "given": ""},
    )),
    (t.Sex(), ("m", "F", "X", "女", "<")),
    (t.Country(), ("CHN", "us", "fra", "D")),
    (t.Nationality(), ("XXA", "XXB", "GBN", "usa")),
    (t.Issuer(), ("UNO", "CHN")),
    (t.DocumentNumber(), ("e 1234567", "南字第123456号")),
    (t.IdentityDocument(), (
        {"kind": "passport", "number": "e12345678", "issuer": "CHN", "issued": "2015-01-02", "expiry": "2025-01-01"},
        {"kind": "household_register", "number": "110105004", "issuer": "CN", "authority": "朝阳分局"},
    )),
    (t.Address(), (
        {"country": "CHN", "region": "北京市", "city": "朝阳区", "street": "建国路1号\n2室", "postcode": "100022"},
        {"city": "Denver"},
    )),
    (t.Phone(), ("+86 138-0013-8000", "＋１ (202) 555 0100", "+44 (0)20 7946 0000")),
    (t.Email(), ("Li.Ming@Example.ORG", "用户@例子.中国")),
    (t.Amount(), ("12,500.50", 7, "0001.10")),
    (t.Money(), ({"amount": "12500", "currency": "usd"}, {"amount": "100.000", "currency": "JPY"})),
    (t.Quantity(), ({"value": "1.50", "unit": "kg"}, {"value": "-18", "unit": "Cel"})),
    (t.Quantity(("kg", "{tablet}")), ({"value": 12, "unit": "{tablet}"},)),
    (t.ResidentId(), ("11010519491231002x", "110105 491231 002", "１１０１０５１９４９１２３１００２Ｘ")),
    (t.Handling(), (HANDLING, {"tlp": "red", "codes": "H3", "restrictions": "Ask first", "evidence": "no",
                               "until": "2030-01-01"})),
    (t.Grading(), ("A1", {"source": "x", "information": 4}, "b 3")),
    (PORT, ({"name": "Ningbo", "country": "CHN"}, {"name": "Oakland", "country": ""})),
    (t.Many(t.PersonName()), ([{"native": "王伟"}, {}, {"surname": "LEE"}], {"0": {"surname": "LEE"}, "10": None})),
    (t.Many(t.Phone(), most=2), (["+8613800138000", ""],)),
)  # fmt: skip
TYPES = tuple(type_ for type_, _ in EXAMPLES)
CASES = tuple((type_, raw) for type_, raws in EXAMPLES for raw in raws)
