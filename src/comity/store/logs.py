"""Tables of what travels: relations, agreements, the two logs of a relation, their tiles, entries and checkpoints.

Border: tables only. `entries.append` is the only writer of `Entry`; a trigger keeps header, place and verdict of an
entry from ever being changed and its row from being deleted. The salt and the body may be erased, and `acked` is set
once, when the other side says that it has read the entry.
"""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models

from comity.core.entry import Header, Line, Placed
from comity.core.text import Text
from comity.core.verdict import VALID, Verdict

DIGEST = 64  # hex digits of SHA-256
STAMP = 24  # "2026-03-04T01:02:03.123Z"
INDEX_BITS = 40  # of an entry's key: 2^40 entries in a log, 2^23 logs in a node


class AgreementRow(models.Model):
    """The bytes of an agreement as both sides signed them, and their signatures."""

    digest = models.CharField(max_length=DIGEST, primary_key=True)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    supersedes = models.CharField(max_length=DIGEST, blank=True)
    bytes = models.BinaryField()
    signature = models.BinaryField()
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.digest[:12]}"


class Relation(models.Model):
    """This authority and one other, under one chain of agreements.

    `name` is the agreement's name, the same on both sides. `agreement` is the digest in force. `hold` and `read_only`
    hold the code of the reason, "" in good order: on hold nothing is sent or admitted until an officer releases it;
    read-only means that entries of our own are being read back from the peer.
    """

    name = models.CharField(max_length=80, unique=True)
    me = models.CharField(max_length=8)
    peer = models.CharField(max_length=8)
    agreement = models.ForeignKey(AgreementRow, on_delete=models.PROTECT, related_name="+")
    intake = models.ForeignKey("store.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    hold = models.CharField(max_length=60, blank=True)
    read_only = models.CharField(max_length=60, blank=True)
    compared = models.DateTimeField(null=True)  # heads last compared with the peer
    heard = models.DateTimeField(null=True)  # last batch of the peer that was in order
    peer_skew_ms = models.BigIntegerField(null=True)  # the peer's clock minus ours, when it last wrote to us
    resend = models.BigIntegerField(null=True)  # the peer lost its own entries from here on and asks for them
    trouble = models.JSONField(null=True)  # the last refusal of the line, as both sides' words

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return self.name


class Log(models.Model):
    """One of the two logs of a relation: all entries `author` has written to the other.

    size, frontier  of the tree; `frontier` is the compact range, 32 bytes a peak
    seen, time, rank  where the log's own line stands (`core.entry.Line`)
    held, held_root   how much of this log the other side holds, as its last signed checkpoint says
    offered           how much was last handed over in an answer, and not yet confirmed
    spoke             the time of the author's newest checkpoint we have read
    indexed           how many of its entries the search knows
    ahead             while our own entries are being read back: the author's batch of which a part has to wait, opened
    """

    relation = models.ForeignKey(Relation, on_delete=models.PROTECT, related_name="logs")
    author = models.CharField(max_length=8)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)
    seen = models.BigIntegerField(default=0)
    time = models.CharField(max_length=STAMP, blank=True)
    rank = models.IntegerField(default=0)
    held = models.BigIntegerField(default=0)
    offered = models.BigIntegerField(default=0)
    spoke = models.CharField(max_length=STAMP, blank=True)
    indexed = models.BigIntegerField(default=0)
    ahead = models.BinaryField(null=True)
    substantial = models.BigIntegerField(default=0)  # size just after the last entry that is not a receipt

    class Meta:
        app_label = "store"
        constraints: ClassVar = [models.UniqueConstraint(fields=["relation", "author"], name="log_once")]

    @property
    def line(self) -> Line:
        return Line(self.author, self.size, self.seen, self.time, self.rank)


class Tile(models.Model):
    """Up to 256 hashes of one log's tree, level by level (C2SP tlog-tiles, height 8)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        app_label = "store"
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "level", "index"], name="tile_once")]


def entry_key(log_id: int, index: int) -> int:
    """The primary key of an entry: its log and its place, so that one log's entries lie together and in order."""
    return (log_id << INDEX_BITS) | index


class Entry(models.Model):
    """One step as it stands in a log, with its body beside it.

    time      the author's, as in the header; text of fixed width, so it sorts
    marked    the fold keeps a mark of it: its acknowledgement moves a clock
    verdict   "" for a valid entry, else the code of why it has no effect; `why` holds the words in both languages (JSON)
    form      "" or the code of what is wrong with the body's form; it has no bearing on the fold
    acked     the time borne by the other side's first entry that had read this one; "" until then
    received  when this node wrote it down (its own clock)
    """

    id = models.BigIntegerField(primary_key=True)
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries", db_index=False)
    index = models.BigIntegerField()
    case_id = models.CharField(max_length=40, null=True)
    step = models.CharField(max_length=40)
    seen = models.BigIntegerField()
    time = models.CharField(max_length=STAMP)
    marked = models.BooleanField(default=False)
    verdict = models.CharField(max_length=60, blank=True)
    why = models.TextField(blank=True)
    form = models.CharField(max_length=60, blank=True)
    acked = models.CharField(max_length=STAMP, blank=True)
    received = models.CharField(max_length=STAMP)
    header = models.BinaryField()
    salt = models.BinaryField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["case_id"], name="entry_case", condition=models.Q(case_id__isnull=False)),
        ]

    @property
    def valid(self) -> bool:
        return not self.verdict

    @property
    def parsed(self) -> Header:
        return Header.parse(bytes(self.header))

    def placed(self, author: str) -> Placed:
        return Placed(author, self.index, self.parsed)

    @property
    def said(self) -> Verdict:
        """The verdict with its words."""
        if not self.verdict:
            return VALID
        return Verdict(self.verdict, Text(**json.loads(self.why)) if self.why else None)


class Checkpoint(models.Model):
    """A signed note of a log's author: at this size the log's root was this."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints", db_index=False)
    size = models.BigIntegerField()
    note = models.BinaryField()

    class Meta:
        app_label = "store"
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "size"], name="checkpoint_once")]


class Fork(models.Model):
    """Two signed statements of one author that cannot both be true. Both originals are kept; the relation is on hold."""

    relation = models.ForeignKey(Relation, on_delete=models.PROTECT, related_name="forks")
    author = models.CharField(max_length=8)
    size = models.BigIntegerField()
    ours = models.BinaryField()  # the note we had accepted, at `size` or beyond
    theirs = models.BinaryField()  # the note that contradicts it
    batch = models.BinaryField()  # what arrived with it, opened
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "store"
