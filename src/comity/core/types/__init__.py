"""Value types: what a field of a step may hold.

Pure: standard library, and Babel for names of countries and currencies, imported only when a name is asked
for. No clock, no files, no network, no Django.
"""

from comity.core.types.amounts import UNITS, Amount, Money, Quantity
from comity.core.types.base import Comparison, Json, JsonObject, Options, ValueType, Widget, is_blank
from comity.core.types.choice import Code, Codes
from comity.core.types.composite import Composite, Group, Many, Part
from comity.core.types.contact import Address, Email, Phone
from comity.core.types.dates import BirthDate, Date, Moment
from comity.core.types.documents import DocumentNumber, IdentityDocument, expired
from comity.core.types.labels import Grading, Handling
from comity.core.types.person import PersonName, Sex
from comity.core.types.plain import AttachmentRef, Count, FreeText, ShortText, YesNo
from comity.core.types.resident_id import ResidentId
from comity.core.types.states import Country, Issuer, Nationality
from comity.core.types.wording import clean_line, clean_text, visible

__all__ = [
    "UNITS",
    "Address",
    "Amount",
    "AttachmentRef",
    "BirthDate",
    "Code",
    "Codes",
    "Comparison",
    "Composite",
    "Count",
    "Country",
    "Date",
    "DocumentNumber",
    "Email",
    "FreeText",
    "Grading",
    "Group",
    "Handling",
    "IdentityDocument",
    "Issuer",
    "Json",
    "JsonObject",
    "Many",
    "Moment",
    "Money",
    "Nationality",
    "Options",
    "Part",
    "PersonName",
    "Phone",
    "Quantity",
    "ResidentId",
    "Sex",
    "ShortText",
    "ValueType",
    "Widget",
    "YesNo",
    "clean_line",
    "clean_text",
    "expired",
    "is_blank",
    "visible",
]
