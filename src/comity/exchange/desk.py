"""This authority's end of every relation: its keys, its clock, its database and its place for files.

A `Desk` is all that sending and admitting need beside the bytes, so that two nodes can stand in one process (the
simulator) and a test can hold the clock. Border: reads relations; never decides what is admitted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from comity.core.agreement import Agreement
from comity.core.deadline import stamp
from comity.core.text import Refusal, Text
from comity.crypto import PublicKeys, SecretKeys, load
from comity.exchange.wire import Envelope
from comity.store.logs import Relation
from comity.store.relations import Bond


@dataclass(frozen=True)
class Desk:
    """`clock` gives RFC 3339 UTC with milliseconds; `files` is the directory of attachments."""

    keys: SecretKeys
    clock: Callable[[], str]
    files: Path
    using: str = "default"

    @property
    def me(self) -> str:
        return self.keys.code

    def relations(self) -> list[Relation]:
        return list(Relation.objects.using(self.using).select_related("agreement").order_by("name"))

    def relation(self, name: str) -> Relation:
        """The relation of this name. Refusal "unknown-relation"."""
        found = Relation.objects.using(self.using).filter(name=name).first()
        if found is None:
            raise Refusal(
                "unknown-relation",
                Text(f"This node has no relation named {name!r}.", f"本节点没有名为“{name}”的合作关系。"),
                name[:80],
            )
        return found

    def peers(self) -> Mapping[str, Collection[str]]:
        """Whom this node hears: party code -> digests of the agreements in force with it."""
        found: dict[str, set[str]] = {}
        for peer, digest in Relation.objects.using(self.using).values_list("peer", "agreement_id"):
            found.setdefault(peer, set()).add(digest)
        return found

    def relation_of(self, envelope: Envelope) -> Relation:
        """The relation an envelope, already checked against `peers`, belongs to."""
        return Relation.objects.using(self.using).get(peer=envelope.sender, agreement_id=envelope.agreement)


@lru_cache(maxsize=256)
def pinned(agreement: Agreement, code: str) -> PublicKeys:
    """The public keys of a party as an agreement pins them. Refusal "keys-not-filled"."""
    keys = agreement.party(code).keys
    if keys is None:
        raise Refusal(
            "keys-not-filled",
            Text("The agreement still has placeholders for keys.", "协议中的密钥仍为占位符。"),
            f"agreement {agreement.name}",
        )
    return PublicKeys(
        code, agreement.suite, {"ed25519": keys.ed25519, "mldsa65": keys.mldsa65, "box": keys.box}
    )


def peer_keys(bond: Bond) -> PublicKeys:
    """The keys the other authority signs with and is written to, under the agreement in force."""
    return pinned(bond.agreement, bond.peer)


def system_clock() -> str:
    """The time of the machine, as entries bear it."""
    return stamp(datetime.now(UTC))


@lru_cache(maxsize=1)
def here() -> Desk:
    """The desk of this process, from the node's own settings. Refusal "no-party", or those of reading the keys."""
    config = settings.COMITY
    if not config.party:
        raise Refusal(
            "no-party",
            Text("This node does not know which authority it belongs to.", "本节点未设定所属主管机关。"),
            "party",
            Text("Set COMITY_PARTY, or run `comity init`.", "请设置 COMITY_PARTY，或运行 `comity init`。"),
        )
    return Desk(load(config.keys_dir, config.party), system_clock, config.attachments_dir)
