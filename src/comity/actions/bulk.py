"""Many new cases from one file: a report line for each row, all or nothing per row, and no row opened twice.

A row is known by the digest of what it says. Handed in again, after a crash or corrected, a file opens only what has not
been opened or put up for approval yet. Where the opening step needs approval, the rows become drafts of one bundle that
is approved as a whole; nothing leaves before that. Work is committed every AT_ONCE rows; progress is told after each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from comity.access import acting, require
from comity.actions.attached import Files
from comity.actions.bundles import AT_ONCE, digest_now
from comity.actions.drafting import (
    answered,
    as_json,
    attachment_in_sight,
    new_case_names,
    relation_for,
    unknown_attachment,
)
from comity.actions.sending import new_entry
from comity.actions.weighing import Preview, weigh
from comity.core.deadline import stamp
from comity.core.strict_json import canonical_json
from comity.core.text import Text
from comity.core.types import is_blank
from comity.law.form import SAFEGUARDS, clean_body
from comity.law.problem import Problem
from comity.store import drafts as tables
from comity.store.audit import record, record_many
from comity.store.drafts import AWAITING, EDITING, Bundle, Draft
from comity.store.entries import append_many
from comity.store.logs import Relation
from comity.store.people import Assignment, Officer, Unit
from comity.store.relations import bond

OPENED, WAITS, ALREADY, REFUSED = "opened", "awaiting", "already", "refused"
OUTCOMES: dict[str, Text] = {
    OPENED: Text("Opened", "已立案"),
    WAITS: Text("Waits for approval", "待审批"),
    ALREADY: Text("Was handed in before", "此前已提交"),
    REFUSED: Text("Refused", "未接受"),
}


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row of a file, as read. `number` as a person counts it there; `problems` are those of reading it."""

    number: int
    body: Mapping[str, object]
    safeguards: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row. `case` is the number it has, or will have once approved; "" when refused."""

    row: int
    outcome: str
    case: str = ""
    problems: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "row": self.row,
            "outcome": self.outcome,
            "case": self.case or None,
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What became of a file. `bundle` waits for approval, None where the cases are open or none was made."""

    rows: tuple[RowReport, ...]
    bundle: Bundle | None

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": {outcome: self.count(outcome) for outcome in OUTCOMES},
            "bundle": str(self.bundle.pk) if self.bundle else None,
            "rows": [row.to_json() for row in self.rows],
        }


@dataclass(slots=True)
class _Batch:
    """Everything one call of open_many knows, beside its rows."""

    officer: Officer
    relation: Relation
    track: str
    unit: Unit | None
    via: str
    bundle: Bundle | None
    files: Files = field(default_factory=Files)
    attachable: dict[str, bool] = field(default_factory=dict)  # digest -> may this officer attach it

    def strange_files(self, row: BulkRow) -> tuple[Problem, ...]:
        """Problems with files the officer may not attach, or that are not here."""
        found = []
        for digest in row.attachments:
            if digest not in self.attachable:
                self.attachable[digest] = attachment_in_sight(self.officer, digest)
            if not self.attachable[digest]:
                found.append(Problem.of(unknown_attachment(digest)))
        return tuple(found)


def open_many(
    officer: Officer,
    track: str,
    rows: Iterable[BulkRow],
    *,
    unit: Unit | None = None,
    relation: Relation | str | None = None,
    source: str = "",
    progress: Callable[[int], None] | None = None,
    via: str = "cli",
) -> BulkReport:
    """Open one case a row. `source` is the file's name; `progress` is told how many rows are done.

    Returns a report line for every row, in the order of the file. Refusals that concern the whole file (unknown track,
    which relation, disk full) are raised; what was committed before stays, and is recognised when the file comes again.
    """
    at = timezone.now()
    with acting(officer, via):
        require(officer, "open_many")
        row = relation_for(track, relation)
        opening = bond(row).tracks[track].opening
        batch = _Batch(officer, row, track, unit or officer.unit, via, None)
        if opening.approvals:
            batch.bundle = _bundle(batch, opening.name, source, at)
    reports: list[RowReport] = []
    stream = iter(rows)
    while part := list(islice(stream, AT_ONCE)):
        with acting(officer, via):
            reports += _open(batch, part, timezone.now())
        if progress is not None:
            progress(len(reports))
    return BulkReport(tuple(reports), _finish(batch, reports))


def _bundle(batch: _Batch, step: str, source: str, at: datetime) -> Bundle:
    """The bundle to fill: one that was left unfinished by the same officer for the same file, or a new one."""
    left = Bundle.objects.filter(
        author=batch.officer, relation=batch.relation, track=batch.track, source=source[:200], status=EDITING
    ).first()
    return left or Bundle.objects.create(
        relation=batch.relation, track=batch.track, step=step, author=batch.officer,
        unit=batch.unit, source=source[:200], status=EDITING, created=at,
    )  # fmt: skip


def _open(batch: _Batch, part: list[BulkRow], at: datetime) -> list[RowReport]:
    """One transaction: weigh every row of the part, and write those that pass. The lock keeps two hands off one file."""
    Relation.objects.select_for_update().get(pk=batch.relation.pk)
    drafts = _drafts(batch, part, at)
    digests = [_digest(draft, at) for draft in drafts]
    known = dict(
        tables.BulkRow.objects.filter(
            relation=batch.relation, track=batch.track, digest__in=[digest for digest in digests if digest]
        ).values_list("digest", "case_name")
    )
    reports: list[RowReport] = []
    passed: list[tuple[Draft, Preview, str]] = []
    for row, draft, digest in zip(part, drafts, digests, strict=True):
        if digest in known and not row.problems:
            reports.append(RowReport(row.number, ALREADY, known[digest]))
            continue
        seen = weigh(draft, at, lone=False, files=batch.files)
        problems = (*row.problems, *batch.strange_files(row), *seen.problems)
        if problems:
            reports.append(RowReport(row.number, REFUSED, "", problems))
            continue
        draft.body = {name: value for name, value in seen.body.items() if name != SAFEGUARDS}
        draft.digest = seen.digest
        passed.append((draft, seen, digest))
        known[digest] = draft.case_name
        reports.append(RowReport(row.number, WAITS if batch.bundle else OPENED, draft.case_name))
    if passed:
        _write(batch, passed, at)
    return reports


def _drafts(batch: _Batch, part: list[BulkRow], at: datetime) -> list[Draft]:
    """A draft for each row, not saved yet, each under a number of its own."""
    names = new_case_names(batch.relation.me, at, len(part))
    step = bond(batch.relation).tracks[batch.track].opening.name
    return [
        Draft(
            relation=batch.relation, case_name=name, track=batch.track, step=step,
            body={key: as_json(value) for key, value in row.body.items() if not is_blank(value)},
            safeguards=answered({}, row.safeguards, batch.officer.pseudonym),
            attachments=list(dict.fromkeys(row.attachments)), author=batch.officer, unit=batch.unit,
            bundle=batch.bundle, place=row.number, status=AWAITING, created=at, updated=at,
        )
        for row, name in zip(part, names, strict=True)
    ]  # fmt: skip


def _write(batch: _Batch, passed: list[tuple[Draft, Preview, str]], at: datetime) -> None:
    drafts = [draft for draft, _, _ in passed]
    if batch.bundle is not None:
        Draft.objects.bulk_create(drafts, batch_size=100)
        action = "save_draft"
    else:
        append_many(batch.relation, [new_entry(draft, seen, ()) for draft, seen, _ in passed], now=stamp(at))
        Assignment.objects.bulk_create(
            [Assignment(case_id=d.case_name, officer=batch.officer, by=batch.officer, at=at) for d in drafts],
            batch_size=200,
        )
        action = "open_case"
    tables.BulkRow.objects.bulk_create(
        [
            tables.BulkRow(
                relation=batch.relation, track=batch.track, digest=digest, case_name=draft.case_name, at=at,
                draft=draft if batch.bundle is not None else None,
            )
            for draft, _, digest in passed
        ],
        batch_size=200,
    )  # fmt: skip
    record_many(
        (
            (batch.officer, action, d.case_name, {"step": d.step, "digest": d.digest, "row": d.place})
            for d in drafts
        ),
        via=batch.via,
        at=at,
    )


def _finish(batch: _Batch, reports: list[RowReport]) -> Bundle | None:
    """Put the bundle up for approval, or drop it where no row passed."""
    with acting(batch.officer, batch.via):
        bundle = batch.bundle
        if bundle is not None:
            if bundle.drafts.filter(status=AWAITING).exists():
                bundle.status, bundle.digest, bundle.updated = AWAITING, digest_now(bundle), timezone.now()
                bundle.save()
            else:
                bundle.delete()
                bundle = None
        record(
            batch.officer, "open_many", None, via=batch.via, track=batch.track,
            bundle=str(bundle.pk) if bundle else None,
            counts={outcome: sum(r.outcome == outcome for r in reports) for outcome in OUTCOMES},
        )  # fmt: skip
    return bundle


def _digest(draft: Draft, at: datetime) -> str:
    """What makes two rows the same row, in whatever kind of file: the clean body, the answers, the files. "" for a row
    that cannot be cleaned, which no row is the same as."""
    body, problems = clean_body(bond(draft.relation).tracks[draft.track].opening, draft.body, at)
    if problems:
        return ""
    answers = {name: [given["answer"], given["reason"]] for name, given in draft.safeguards.items()}
    said: dict[str, Any] = {"body": body, "safeguards": answers, "attachments": draft.attachments}
    return hashlib.sha256(canonical_json(said)).hexdigest()


def rows_of(bodies: Iterable[Mapping[str, object]]) -> Iterator[BulkRow]:
    """Plain bodies as rows, numbered from 1; answers may stand under "safeguards", files under "attachments"."""
    for number, body in enumerate(bodies, 1):
        answers, files = body.get("safeguards") or {}, body.get("attachments") or ()
        yield BulkRow(
            number,
            {key: value for key, value in body.items() if key not in ("safeguards", "attachments")},
            answers if isinstance(answers, Mapping) else {},
            tuple(str(each) for each in files) if isinstance(files, list | tuple) else (),
        )
