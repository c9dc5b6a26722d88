"""The cases an append touches: loaded once, folded in memory, saved once; and what hangs on an entry beside its case.

Border: used by `entries.Writer` inside its transaction and by nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections

from comity.core.case import Case
from comity.core.deadline import moment
from comity.core.entry import AttachmentItem, Placed
from comity.core.fold import take_in_case
from comity.core.text import Refusal, Text
from comity.core.verdict import Verdict
from comity.store import bodies, rows
from comity.store.cases import CaseRow
from comity.store.files import AWAITED, MAX_SIZE, REFUSED, Attachment, AttachmentUse, Transfer
from comity.store.hands import Hand, Item
from comity.store.logs import Relation, entry_key
from comity.store.relations import Bond

_NEW = (
    "INSERT INTO store_caserow (id, relation_id, track, agreement, requesting, fold, state, held, ended, waiting, opened,"
    " updated, due_us, due_them, unit_id, title) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_CHANGED = "UPDATE store_caserow SET fold = %s, state = %s, held = %s, ended = %s, waiting = %s, updated = %s WHERE id = %s"
_CHANGED_DUE = (
    "UPDATE store_caserow SET fold = %s, state = %s, held = %s, ended = %s, waiting = %s, updated = %s,"
    " due_us = %s, due_them = %s WHERE id = %s"
)
_AT_ONCE = 500  # cases in one SELECT


class Cases:
    """Cases by number. `units` says who holds a case that is opened here."""

    def __init__(self, relation: Relation, bond: Bond, now: str, using: str) -> None:
        self.relation, self.bond, self.now, self.using = relation, bond, now, using
        self.units: dict[str, int | None] = {}
        self._cases: dict[str, Case] = {}
        self._looked: set[str] = set()
        self._new: dict[str, str] = {}  # number -> title
        self._touched: dict[str, bool] = {}  # number -> do its clocks need computing

    def load(self, numbers: Iterable[str]) -> None:
        """Read the rows of these cases that have not been read yet. Refusal "case-name-taken"."""
        wanted = [number for number in dict.fromkeys(numbers) if number not in self._looked]
        self._looked.update(wanted)
        for start in range(0, len(wanted), _AT_ONCE):
            found = (
                CaseRow.objects.using(self.using)
                .filter(pk__in=wanted[start : start + _AT_ONCE])
                .order_by()
                .values_list("id", "relation_id", "fold")
            )
            for number, relation_id, fold in found:
                if relation_id != self.relation.pk:
                    raise _taken(number)
                self._cases[number] = Case.from_json(json.loads(fold), self.bond.tracks)

    def take(self, placed: Placed, item: Item) -> tuple[Verdict, bool]:
        """Judge an entry of a case and let it have its effect. Returns the verdict, and whether the fold keeps a mark."""
        number = placed.header.case or ""
        known = self._cases.get(number)
        marks = len(known.trace) if known else 0
        verdict = take_in_case(
            placed, self._cases, self.bond.parties, self.bond.tracks, self.bond.terms.tracks
        )
        case = self._cases.get(number)
        if case is None:
            return verdict, False
        marked = len(case.trace) > marks
        if known is None:
            self._new[number] = bodies.title(case.track, bodies.read(item.body))
        if placed.author != self.bond.me and verdict.valid:
            item.form = bodies.fault(case.track.find_step(placed.header.step), item.body)
        self._touched[number] = self._touched.get(number, False) or marked
        return verdict, marked

    def acknowledge(self, author: str, numbers: Sequence[str], seen: int, time: str) -> None:
        """The other side of `author` had read `seen` entries of its log at `time`."""
        self.load(numbers)
        for number in dict.fromkeys(numbers):
            if self._cases[number].acknowledge(author, seen, time):
                self._touched[number] = True

    def save(self, cursor: Any) -> None:
        """Write the rows of all cases touched."""
        adapt = connections[self.using].ops.adapt_datetimefield_value
        now = adapt(moment(self.now))
        new, changed, changed_due = [], [], []
        for number, clocked in self._touched.items():
            case = self._cases[number]
            columns = (rows.fold_text(case), case.state, case.held, case.ended, rows.waiting(case, self.bond))
            if number in self._new or clocked:
                us, them = (adapt(at) for at in rows.due(case, self.bond, self.now))
            if number in self._new:
                unit = self.units.get(number, self.relation.intake_id)
                new.append(
                    (number, self.relation.pk, case.track.name, case.agreement, case.parties["requesting"], *columns,
                     adapt(moment(case.opened_time)), now, us, them, unit, self._new[number])
                )  # fmt: skip
            elif clocked:
                changed_due.append((*columns, now, us, them, number))
            else:
                changed.append((*columns, now, number))
        for statement, lines in ((_NEW, new), (_CHANGED, changed), (_CHANGED_DUE, changed_due)):
            if lines:
                cursor.executemany(statement, lines)


def name_attachments(
    relation: Relation,
    uses: Sequence[tuple[str, int, str, AttachmentItem]],
    hands: Mapping[str, Hand],
    using: str,
) -> None:
    """Write down which entry names which file; a file of the peer that is not here is awaited from now on."""
    if not uses:
        return
    AttachmentUse.objects.using(using).bulk_create(
        [
            AttachmentUse(
                attachment_id=file.sha256,
                entry_id=entry_key(hands[author].row.pk, index),
                relation=relation,
                case_id=case,
                size=file.size,
                root=file.root,
                ours=author == relation.me,
            )
            for author, index, case, file in uses
        ]
    )
    named = {file for author, _, _, file in uses if author != relation.me}
    here = set(
        Attachment.objects.using(using).filter(pk__in=[f.sha256 for f in named]).values_list("pk", flat=True)
    )
    Transfer.objects.using(using).bulk_create(
        [
            Transfer(
                relation=relation,
                sha256=file.sha256,
                size=file.size,
                root=file.root,
                state=REFUSED if (fault := _impossible(file)) else AWAITED,
                fault=fault,
            )
            for file in sorted(named, key=lambda file: file.sha256)
            if file.sha256 not in here
        ],
        ignore_conflicts=True,
    )


def _impossible(file: AttachmentItem) -> str:
    """Why a file as described can never arrive, "" where it can."""
    if file.size > MAX_SIZE:
        return "attachment-too-large"
    return "" if file.size else "attachment-empty"


def _taken(number: str) -> Refusal:
    return Refusal(
        "case-name-taken",
        Text("A case of another relation bears this number.", "另一合作关系中的案件已使用此编号。"),
        number,
        Text("The author must draw another number.", "作者须另行取号。"),
    )
