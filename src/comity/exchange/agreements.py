"""A signed agreement taken into this node: its signatures checked, its keys compared with our own, put in force.

Border: the one place where `crypto` and `store.relations` meet over an agreement.
"""

from __future__ import annotations

from comity.core.agreement import Agreement
from comity.core.text import Refusal, Text
from comity.crypto import PublicKeys, verify_agreement
from comity.exchange.desk import Desk, pinned
from comity.store.database import writing
from comity.store.logs import Relation
from comity.store.people import Unit
from comity.store.relations import join
from comity.tracks import TRACKS

INTAKE = "intake"


def parties(agreement: Agreement) -> tuple[PublicKeys, PublicKeys]:
    """The public keys of both parties. Refusal "keys-not-filled"."""
    first, second = (pinned(agreement, code) for code in agreement.codes)
    return first, second


def adopt(desk: Desk, data: bytes, signature: bytes) -> Relation:
    """Put a signed agreement, or an amendment of one, in force here. The same again changes nothing.

    1. it reads; 2. both parties' signatures over its bytes are good; 3. the keys it pins for us are ours;
    4. it follows the agreement in force (`relations.join`).
    Refusals: those of reading and of the signatures, "unknown-party", "keys-of-another", "agreement-order".
    """
    agreement = Agreement.load(data, TRACKS)  # 1.
    verify_agreement(agreement.name, agreement.version, data, signature, parties(agreement))  # 2.
    if pinned(agreement, desk.me).fingerprint != desk.keys.public.fingerprint:  # 3.
        raise Refusal(
            "keys-of-another",
            Text("The keys the agreement gives for this authority are not those of this node.",
                 "协议所载本主管机关的密钥并非本节点的密钥。"),
            f"agreement {agreement.name} / party {desk.me} / keys",
            Text("Hand the other side the identity card of this node and sign again.",
                 "请向对方提供本节点的身份卡并重新签署。"),
        )  # fmt: skip
    with writing(desk.using):
        relation = join(data, signature, desk.me, using=desk.using)  # 4.
        if relation.intake_id is None:
            relation.intake, _ = Unit.objects.using(desk.using).get_or_create(
                code=INTAKE, defaults={"en": "Intake", "zh": "收件登记"}
            )
            relation.save(update_fields=["intake"])
    return relation
