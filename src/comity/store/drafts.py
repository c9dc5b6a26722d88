"""What has not left the node, and some of it never will: drafts, bundles, approvals, internal notes.

Border: tables only; the rules are in `comity.actions` and `comity.law`. A draft keeps what an officer has typed,
complete or not. An approval names the digest of exactly what will be sent; an edit changes the digest, so the
approval no longer says anything.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from comity.core.text import Text
from comity.store.people import SEES_ALL, SEES_BY_NEED, Officer, Unit, in_sight

EDITING = "editing"
AWAITING = "awaiting"
LEAVING = "leaving"
SENT = "sent"
WITHDRAWN = "withdrawn"

STATUSES: dict[str, Text] = {
    EDITING: Text("Being written", "起草中"),
    AWAITING: Text("Waiting for approval", "待审批"),
    LEAVING: Text("About to leave, may still be recalled", "即将发出，仍可撤回"),
    SENT: Text("Sent", "已发出"),
    WITHDRAWN: Text("Withdrawn", "已撤回"),
}
OPEN_STATUSES = (EDITING, AWAITING, LEAVING)


class Bundle(models.Model):
    """Drafts made from one file, approved or sent back as one. Its digest covers every draft's digest in order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="+")
    track = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="bundles")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default=AWAITING, db_index=True)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["-created"]

    @property
    def status_title(self) -> Text:
        return STATUSES[self.status]


class Draft(models.Model):
    """A step not yet taken. `case` is None for a step that opens a new case; `case_name` is then reserved for it.

    body         {field: clean or raw value}; raw where it could not be cleaned yet
    safeguards   {safeguard: {"answer": code, "reason": text, "officer": pseudonym}}
    attachments  [sha256 hex], in the order they will be listed
    digest       of exactly what would be sent (`law.approvals.digest_of`); "" while editing
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("store.CaseRow", null=True, on_delete=models.PROTECT, related_name="drafts")
    case_name = models.CharField(max_length=40)
    track = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    safeguards = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="drafts")
    editors = models.JSONField(default=list)  # keys of the officers who changed it after the author
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey(Bundle, null=True, on_delete=models.PROTECT, related_name="drafts")
    place = models.PositiveIntegerField(default=0)  # row in the bundle's file
    status = models.CharField(max_length=10, default=EDITING, db_index=True)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)  # why it was sent back
    leaves_at = models.DateTimeField(null=True, db_index=True)
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey("store.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["-updated"]

    @property
    def status_title(self) -> Text:
        return STATUSES[self.status]

    @property
    def writers(self) -> set[int]:
        """Keys of all who wrote it: none of them may approve it."""
        return {self.author_id, *self.editors}


def drafts_in_sight(officer: Officer) -> Q:
    """The need-to-know rule as a filter on Draft: drafts in cases the officer may see; of new cases, his own and
    those of his unit; oversight all, an administrator none."""
    from comity.store.cases import CaseRow

    in_cases = Q(case__in=CaseRow.objects.filter(in_sight(officer)))
    if not officer.is_active or officer.role not in SEES_BY_NEED | SEES_ALL:
        return Q(pk__in=[])
    if officer.role in SEES_ALL:
        return Q()
    new = Q(author_id=officer.pk)
    if officer.unit_id is not None:
        new |= Q(unit_id=officer.unit_id)
    return in_cases | (Q(case__isnull=True) & new)


def bundles_in_sight(officer: Officer) -> Q:
    """The same rule for Bundle: its author's and his unit's."""
    if not officer.is_active or officer.role not in SEES_BY_NEED | SEES_ALL:
        return Q(pk__in=[])
    if officer.role in SEES_ALL:
        return Q()
    own = Q(author_id=officer.pk)
    return own | Q(unit_id=officer.unit_id) if officer.unit_id is not None else own


class Approval(models.Model):
    """One officer's yes to one digest: of one draft, or of one bundle."""

    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="approvals")
    bundle = models.ForeignKey(Bundle, null=True, on_delete=models.CASCADE, related_name="approvals")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    via = models.CharField(max_length=8)
    at = models.DateTimeField(default=timezone.now)
    voided = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(draft__isnull=True) ^ Q(bundle__isnull=True), name="approval_of_one_thing"
            ),
            models.UniqueConstraint(
                fields=["draft", "officer", "digest"],
                condition=Q(voided=None),
                name="approval_once_per_draft",
            ),
            models.UniqueConstraint(
                fields=["bundle", "officer", "digest"],
                condition=Q(voided=None),
                name="approval_once_per_bundle",
            ),
        ]


class BulkRow(models.Model):
    """A row of a bulk file that has become a case or a draft: read again, it is recognised and not opened twice."""

    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="+")
    track = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    case_name = models.CharField(max_length=40)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["relation", "track", "digest"], name="bulk_row_once"),
        ]


class Note(models.Model):
    """An internal note on a case. It never leaves the node."""

    case = models.ForeignKey("store.CaseRow", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["-at"]
