"""A peer that does not keep the rules: batches written by hand, signed with its real keys where the test wants that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from comity.core.entry import Header, body_digest
from comity.core.note import Checkpoint
from comity.core.tree import CompactRange, leaf_hash
from comity.crypto import SecretKeys, sign_checkpoint
from comity.exchange.desk import peer_keys
from comity.exchange.send import root_at
from comity.exchange.wire import Batch, WireEntry, seal_batch
from comity.store import tiles
from comity.store.relations import bond
from tests.exchange.pair import CHIEF, NOTE, OFFICER, PAPER, Side

SALT = b"s" * 32


@dataclass
class Forger:
    """Writes in the name of `side`, on top of what it has written so far, without touching its database."""

    side: Side

    def header(self, step: str, case: str | None, body: bytes | None = None, **more: Any) -> Header:
        """A header as `side` would write it next; `more` replaces members."""
        made = Header(
            agreement=bond(self.side.relation).digest,
            step=step,
            seen=self.side.theirs.size,
            time=self.side.clock(),
            case=case,
            body=body_digest(SALT, body) if body is not None else None,
            officer=OFFICER,
        )
        return replace(made, **more)

    def opening(self, case: str, body: bytes | None = json.dumps(NOTE).encode()) -> WireEntry:
        header = self.header(
            "request", case, body, track="repatriation", approvals=(CHIEF,), attachments=(PAPER,)
        )
        return self.entry(header.encode(), body)

    def note(self, case: str, body: bytes = b'{"text":"made up"}', **more: Any) -> WireEntry:
        return self.entry(self.header("note", case, body, **more).encode(), body)

    @staticmethod
    def entry(header: bytes, body: bytes | None = None) -> WireEntry:
        return WireEntry(header) if body is None else WireEntry(header, SALT, body)

    def checkpoint(self, entries: Sequence[WireEntry], **more: Any) -> Checkpoint:
        """The checkpoint that truly belongs to these entries on top of the log; `more` replaces members."""
        tied, ours, theirs = bond(self.side.relation), self.side.ours, self.side.theirs
        tree = tiles.frontier(ours).extend(leaf_hash(entry.header) for entry in entries)
        made = Checkpoint(
            tied.origin(tied.me),
            tree.size,
            tree.root(),
            theirs.size,
            root_at(theirs, theirs.size),
            self.side.clock(),
        )
        return replace(made, **more)

    def batch(
        self,
        entries: Sequence[WireEntry],
        *,
        first: int | None = None,
        note: bytes | None = None,
        **more: Any,
    ) -> Batch:
        signed = note or sign_checkpoint(self.checkpoint(entries, **more), self.side.desk.keys)
        return Batch(signed, self.side.ours.size if first is None else first, tuple(entries))

    def sealed(self, entries: Sequence[WireEntry], **more: Any) -> bytes:
        """A sealed batch of these entries; the arguments of `batch`."""
        return self.seal(self.batch(entries, **more))

    def seal(self, batch: Batch, *, agreement: str | None = None, to: SecretKeys | None = None) -> bytes:
        tied = bond(self.side.relation)
        keys = to.public if to is not None else peer_keys(tied)
        return seal_batch(batch, tied.me, agreement or tied.digest, keys)


def tree_of(headers: Sequence[bytes]) -> CompactRange:
    return CompactRange().extend(leaf_hash(each) for each in headers)
