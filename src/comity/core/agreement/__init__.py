"""The agreement between two authorities: read, checked, filled with keys, amended, compared. Pure.

Agreement.load(data, tracks)   read and check       fill_keys, signing_text   before it is signed
Chain(agreements)              a text and its amendments      compare(old, new)   what an amendment changes
"""

from comity.core.agreement.amend import Chain, Change, compare
from comity.core.agreement.document import Agreement
from comity.core.agreement.shapes import (
    BOTH,
    FORCES,
    ONWARD,
    PLACEHOLDER,
    SUITE,
    SUITES,
    AgreedMeasure,
    Clause,
    Commitment,
    Handling,
    Instrument,
    Keys,
    Party,
    Term,
    Topic,
    TrackLike,
    TrackTerms,
)
from comity.core.agreement.sign import agreement_text, fill_keys, signing_text

__all__ = [
    "BOTH", "FORCES", "ONWARD", "PLACEHOLDER", "SUITE", "SUITES", "AgreedMeasure", "Agreement", "Chain", "Change",
    "Clause", "Commitment", "Handling", "Instrument", "Keys", "Party", "Term", "Topic", "TrackLike", "TrackTerms",
    "agreement_text", "compare", "fill_keys", "signing_text",
]  # fmt: skip
