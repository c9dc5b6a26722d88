"""The table of cases: what the fold says of each, in columns that lists and searches can use.

Border: a table only. A row is written by `entries.append` in the transaction of the entries it follows from, and says
nothing that cannot be folded again from the two logs.
"""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models

from comity.core.case import Case
from comity.tracks import TRACKS


class CaseRow(models.Model):
    """One case. `id` is the case's own name (US-2026-7KQ2-MD4T).

    fold       the folded case as JSON text (`case` reads it)
    waiting    "us", "them" or "" (ended): whose move it is
    due_us, due_them  the nearest open deadline each side owns
    unit       which part of this authority holds the case; null until it is taken in
    title      what the list shows, from the fields the track names as its summary (this node only)
    """

    id = models.CharField(max_length=40, primary_key=True)
    relation = models.ForeignKey("store.Relation", on_delete=models.PROTECT, related_name="cases")
    track = models.CharField(max_length=40)
    agreement = models.CharField(max_length=64)
    requesting = models.CharField(max_length=8)
    fold = models.TextField()
    state = models.CharField(max_length=40)
    held = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)
    waiting = models.CharField(max_length=4, blank=True)
    opened = models.DateTimeField()
    updated = models.DateTimeField()
    due_us = models.DateTimeField(null=True)
    due_them = models.DateTimeField(null=True)
    unit = models.ForeignKey("store.Unit", null=True, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["-updated"]
        indexes: ClassVar = [
            models.Index(fields=["due_us"], name="case_due_us", condition=models.Q(due_us__isnull=False)),
            models.Index(
                fields=["due_them"], name="case_due_them", condition=models.Q(due_them__isnull=False)
            ),
            models.Index(fields=["-updated"], name="case_updated"),
        ]

    @property
    def case(self) -> Case:
        """The folded case itself. KeyError where this node no longer has its track."""
        return Case.from_json(json.loads(self.fold), TRACKS)

    def __str__(self) -> str:
        return self.id
