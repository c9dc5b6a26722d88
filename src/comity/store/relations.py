"""What is constant about a relation between two agreements: parties, chain of agreements, terms, tracks.

A `Bond` is read once per process for each agreement in force; the agreement's bytes never change, so neither does it.
Border: reads `Relation`, `Log` and `AgreementRow`; `join` and `amend` are their only makers. Whether the signatures of
an agreement are true is for the caller (`exchange.agreements`), who can reach `comity.crypto`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.core.agreement import Agreement, Chain
from comity.core.fold import Terms
from comity.core.note import origin
from comity.core.text import Refusal, Text
from comity.core.track import Track
from comity.store.database import writing
from comity.store.logs import AgreementRow, Log, Relation
from comity.tracks import TRACKS


@dataclass(frozen=True)
class Bond:
    """Two authorities under one chain of agreements, as one of them sees it."""

    name: str
    me: str
    peer: str
    chain: Chain
    terms: Terms
    tracks: Mapping[str, Track] = field(hash=False)

    @property
    def agreement(self) -> Agreement:
        """The one in force."""
        return self.chain.head

    @property
    def digest(self) -> str:
        return self.chain.head.digest

    @property
    def parties(self) -> tuple[str, str]:
        return self.agreement.codes

    def other(self, party: str) -> str:
        return self.peer if party == self.me else self.me

    def origin(self, author: str) -> str:
        """The name of one of the two logs, as its checkpoints bear it."""
        return origin(self.name, author, self.other(author))


_bonds: dict[tuple[str, str], Bond] = {}


def bond(relation: Relation) -> Bond:
    """The bond of a relation under the agreement now in force."""
    key = relation.me, relation.agreement_id
    known = _bonds.get(key)
    if known is None:
        chain = _chain(relation)
        known = _bonds[key] = Bond(
            relation.name, relation.me, relation.peer, chain, Terms(chain.ranks, chain.tracks), TRACKS
        )
    return known


def _chain(relation: Relation) -> Chain:
    using = relation._state.db
    agreements: list[Agreement] = []
    digest = relation.agreement_id
    while digest:
        row = AgreementRow.objects.using(using).get(pk=digest)
        agreement = Agreement.load(bytes(row.bytes), TRACKS)
        if agreement.digest != digest:
            raise Refusal(
                "agreement-altered",
                Text(
                    "The agreement kept here is not the one both sides signed.",
                    "此处保存的协议与双方签署的文本不一致。",
                ),
                row.name,
            )
        agreements.append(agreement)
        digest = row.supersedes
    return Chain(agreements)


def join(data: bytes, signature: bytes, me: str, *, using: str = "default") -> Relation:
    """Begin a relation under a signed agreement, or put an amendment of it in force. The same again changes nothing.

    `signature` must have been verified. Refusals: those of reading, "keys-not-filled", "unknown-party",
    "agreement-order" where an amendment does not follow the agreement in force.
    """
    agreement = Agreement.load(data, TRACKS)
    peer = agreement.other(me).code
    if not agreement.signed_keys:
        raise Refusal(
            "keys-not-filled",
            Text("The agreement still has placeholders for keys.", "协议中的密钥仍为占位符。"),
            f"agreement {agreement.name}",
        )
    with writing(using):
        relation = Relation.objects.using(using).filter(name=agreement.name).first()
        known = AgreementRow.objects.using(using).filter(pk=agreement.digest).first()
        if relation is not None and known is not None:
            return relation
        if (relation.agreement_id if relation else "") != agreement.supersedes:
            raise Refusal(
                "agreement-order",
                Text(
                    "This agreement does not amend the one in force between the two authorities.",
                    "该协议并非对双方现行协议的修订。",
                ),
                f"agreement {agreement.name}",
                Text("Sign the versions in their order.", "请按版本先后签署。"),
            )
        row = AgreementRow.objects.using(using).create(
            digest=agreement.digest,
            name=agreement.name,
            version=agreement.version,
            supersedes=agreement.supersedes,
            bytes=data,
            signature=signature,
        )
        if relation is None:
            relation = Relation.objects.using(using).create(
                name=agreement.name, me=me, peer=peer, agreement=row
            )
            for author in (me, peer):
                Log.objects.using(using).create(relation=relation, author=author)
        else:
            relation.agreement = row
            relation.save(update_fields=["agreement"])
            _chain(relation)  # refuses an amendment of name, parties or version, and rolls back
    return relation


def logs(relation: Relation) -> dict[str, Log]:
    """Both logs of a relation by author code."""
    return {
        log.author: log
        for log in Log.objects.using(relation._state.db).filter(relation=relation).order_by("pk")
    }
