"""Tables of attachments: content-addressed files, which entry of which case names them, and what is still arriving.

Border: tables only; the bytes lie under the node's home as attachments/<first two hex digits>/<sha256>.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

CHUNK = 1024 * 1024  # bytes of a chunk; the leaf of an attachment's tree
MAX_SIZE = 8 * 1024**3

HELD = "held"  # complete here, checked against its digest
ERASED = "erased"  # was complete here; its bytes have been erased under the retention plan

AWAITED = "awaited"  # named by an entry of the peer; chunks are arriving
CHECKING = "checking"  # every chunk is here; one worker hashes the whole and puts it in its place
DONE = "done"
REFUSED = "refused"  # what arrived is not what the entry said; `fault` says how


class Attachment(models.Model):
    """A file complete on this node, known by the SHA-256 of its bytes. `root`: of the tree over its 1 MiB chunks."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default=HELD)
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "store"


class AttachmentUse(models.Model):
    """An entry names a file, which may be here or still on its way. `sent` once the peer holds one that is ours."""

    attachment = models.ForeignKey(
        Attachment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="uses"
    )
    entry = models.ForeignKey("store.Entry", on_delete=models.PROTECT, related_name="attachment_uses")
    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="+")
    case_id = models.CharField(max_length=40, db_index=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    ours = models.BooleanField()
    sent = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)  # why the peer will not take one that is ours

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attachment", "entry"], name="attachment_use_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["relation"], name="use_unsent", condition=models.Q(ours=True, sent=None)),
        ]


class Transfer(models.Model):
    """A file the peer has named and we do not hold yet, as the peer's entry described it. `have`: one bit a chunk."""

    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="transfers")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    have = models.BinaryField(default=bytes)
    state = models.CharField(max_length=8, default=AWAITED)
    fault = models.CharField(max_length=60, blank=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["relation", "sha256", "size", "root"], name="transfer_once"),
        ]

    @property
    def chunks(self) -> int:
        return chunks(self.size)

    @property
    def arrived(self) -> int:
        """How many chunks are here."""
        return int.from_bytes(bytes(self.have), "big").bit_count()


def chunks(size: int) -> int:
    """How many chunks a file of `size` bytes has; an empty file has one, which is empty."""
    return max(1, -(-size // CHUNK))
