"""The person a case is about, as readmission application forms ask for him. Declarations only.

Source: the application form annexed to EU readmission agreements, for example the Agreement between the European
Community and Sri Lanka on the readmission of persons residing without authorisation, Art. 7 and Annex 5.
"""

from __future__ import annotations

from comity.core.text import Text
from comity.core.track import Field
from comity.core.types import (
    Address,
    BirthDate,
    Code,
    FreeText,
    IdentityDocument,
    Many,
    Nationality,
    PersonName,
    ResidentId,
    Sex,
    ShortText,
)
from comity.tracks.bodies.common import CASE_RECORD

PERSON, FAMILY, DOCUMENTS, NEEDS, BASIS = "person", "family", "documents", "needs", "basis"

GROUPS = (
    (PERSON, Text("The person", "当事人")),
    (FAMILY, Text("Family", "家庭情况")),
    (DOCUMENTS, Text("Documents and evidence of nationality", "证件与国籍证据")),
    (NEEDS, Text("Care, health and protection", "照料、健康与保护")),
    (BASIS, Text("Legal basis", "法律依据")),
)

CIVIL_STATUS = (
    ("single", Text("single", "未婚")),
    ("married", Text("married", "已婚")),
    ("divorced", Text("divorced", "离异")),
    ("widowed", Text("widowed", "丧偶")),
    ("unknown", Text("not known", "不详")),
)

_KEPT = CASE_RECORD.name

IDENTITY_FIELDS = (
    Field(
        "person",
        Text("Name", "姓名"),
        PersonName(),
        why=Text(
            "Give it in the person’s own script where you have it: romanised names alone are ambiguous.",
            "如掌握本人文字的姓名，请一并填写：仅有拉丁字母拼写易生歧义。",
        ),
        retention=_KEPT,
        group=PERSON,
    ),
    Field(
        "other_names",
        Text("Earlier names, aliases and nicknames", "曾用名、化名及别称"),
        Many(PersonName()),
        required=False,
        retention=_KEPT,
        group=PERSON,
    ),
    Field("birth_date", Text("Date of birth", "出生日期"), BirthDate(), retention=_KEPT, group=PERSON,
          why=Text("A year, or a year and month, is enough where no more is known.", "如不掌握完整日期，可仅填年份或年月。")),
    Field("birth_place", Text("Place of birth", "出生地"), ShortText(200, personal=True), required=False,
          retention=_KEPT, group=PERSON),
    Field("sex", Text("Sex", "性别"), Sex(), retention=_KEPT, group=PERSON),
    Field("nationality", Text("Presumed nationality", "推定国籍"), Nationality(), retention=_KEPT, group=PERSON),
    Field("earlier_nationalities", Text("Earlier nationalities", "曾有国籍"), Many(Nationality()), required=False,
          retention=_KEPT, group=PERSON),
    Field("languages", Text("Languages spoken", "使用语言"), ShortText(200, personal=True), required=False,
          retention=_KEPT, group=PERSON,
          why=Text("So that an interview can be held in a language the person understands.",
                   "以便使用当事人通晓的语言进行面谈。")),
    Field("description", Text("Physical description", "体貌特征"), FreeText(1000), required=False,
          retention=_KEPT, group=PERSON),
)  # fmt: skip

FAMILY_FIELDS = (
    Field("father", Text("Father’s name", "父亲姓名"), PersonName(), required=False, retention=_KEPT, group=FAMILY),
    Field("mother", Text("Mother’s name", "母亲姓名"), PersonName(), required=False, retention=_KEPT, group=FAMILY),
    Field("civil_status", Text("Civil status", "婚姻状况"), Code(CIVIL_STATUS, personal=True), required=False,
          retention=_KEPT, group=FAMILY),
    Field("spouse", Text("Name of the spouse", "配偶姓名"), PersonName(), required=False, retention=_KEPT, group=FAMILY,
          when=("civil_status", ("married",))),
    Field("children", Text("Children travelling with the person", "随行子女"), Many(PersonName()), required=False,
          retention=_KEPT, group=FAMILY),
    Field("home_address", Text("Last known address in the country of origin", "原籍国最后已知住址"), Address(),
          required=False, retention=_KEPT, group=FAMILY),
)  # fmt: skip

DOCUMENT_FIELDS = (
    Field("resident_id", Text("Resident identity number", "居民身份号码"), ResidentId(), required=False,
          retention=_KEPT, group=DOCUMENTS,
          why=Text("Where there is one, it settles most verifications at once.", "如有该号码，多数核实可即时完成。")),
    Field("documents", Text("Identity and travel documents", "身份及旅行证件"), Many(IdentityDocument()), required=False,
          retention=_KEPT, group=DOCUMENTS,
          why=Text("Expired documents and copies count as prima facie evidence; say which they are.",
                   "过期证件及复印件可作为初步证据，请注明其性质。")),
)  # fmt: skip

__all__ = ["BASIS", "DOCUMENTS", "DOCUMENT_FIELDS", "FAMILY", "FAMILY_FIELDS", "GROUPS", "IDENTITY_FIELDS", "NEEDS",
           "PERSON"]  # fmt: skip
