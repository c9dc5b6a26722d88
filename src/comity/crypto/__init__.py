"""Keys, signatures and seals.

    suite.py    what a suite of algorithms must offer, and the table of suites by name
    hybrid.py   the suite comity ships: Ed25519 and ML-DSA-65, X25519 and ML-KEM-768 (the only importer of the library)
    keys.py     a node's keys as files, an authority's identity card, its fingerprint
    sign.py     checkpoints and agreements: signed, and checked against pinned keys
    seal.py     HPKE bound to the header line that travels in clear

Nothing else in comity imports `cryptography`.
"""

from comity.core.agreement import agreement_text
from comity.crypto.hybrid import HYBRID
from comity.crypto.keys import card, generate, load, party_keys, read_card, save
from comity.crypto.seal import open_sealed, seal
from comity.crypto.sign import (
    sign_agreement,
    sign_checkpoint,
    sign_statement,
    signed_by,
    verify_agreement,
    verify_checkpoint,
    verify_statement,
)
from comity.crypto.suite import PublicKeys, SecretKeys, Suite, register, suite

__all__ = [
    "HYBRID",
    "PublicKeys",
    "SecretKeys",
    "Suite",
    "agreement_text",
    "card",
    "generate",
    "load",
    "open_sealed",
    "party_keys",
    "read_card",
    "register",
    "save",
    "seal",
    "sign_agreement",
    "sign_checkpoint",
    "sign_statement",
    "signed_by",
    "suite",
    "verify_agreement",
    "verify_checkpoint",
    "verify_statement",
]
