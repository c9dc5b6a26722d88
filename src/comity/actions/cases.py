"""What an officer does with a case at his own node: assign, move, note, attach. None of it leaves the node."""

from __future__ import annotations

import re
import unicodedata
from typing import BinaryIO

from comity.access import acting, require
from comity.actions.keeping import read_in, settle
from comity.core.text import Refusal, Text
from comity.store import search
from comity.store.audit import record
from comity.store.cases import CaseRow
from comity.store.drafts import Note
from comity.store.files import Attachment
from comity.store.people import SEES_BY_NEED, Assignment, Officer, Unit

LONGEST_NOTE = 8000


def assign(officer: Officer, case: CaseRow, to: Officer, *, via: str = "web") -> Assignment:
    """Put a case on an officer's desk. No clock moves. A case officer may take up a case himself (`take_up`).

    Refusal: not-assignable (closed account, or a role that works on no case).
    """
    with acting(officer, via):
        require(officer, "take_up" if to.pk == officer.pk else "assign", case)
        to = Officer.objects.get(pk=to.pk)
        if not to.is_active or to.role not in SEES_BY_NEED:
            raise Refusal(
                "not-assignable",
                Text("This account cannot be given a case: {role}.", "不能向该账户指派案件：{role}。").fill(
                    role=to.role_title
                ),
                "officer",
                Text("Choose an officer who works on cases.", "请选择承办案件的人员。"),
            )
        made, new = Assignment.objects.get_or_create(case=case, officer=to, defaults={"by": officer})
        if new:
            record(officer, "assign", case.pk, via=via, to=to.username)
    return made


def take_up(officer: Officer, case: CaseRow, *, via: str = "web") -> Assignment:
    """Take a case one's unit holds onto one's own desk."""
    return assign(officer, case, officer, via=via)


def unassign(officer: Officer, case: CaseRow, to: Officer, *, via: str = "web") -> None:
    """Take a case off an officer's desk. Refusal: last-holder, where nobody would hold the case any more."""
    with acting(officer, via):
        require(officer, "take_up" if to.pk == officer.pk else "assign", case)
        row = CaseRow.objects.select_for_update(of=("self",)).get(pk=case.pk)
        others = Assignment.objects.filter(case=row).exclude(officer=to)
        if row.unit_id is None and not others.exists():
            raise Refusal(
                "last-holder",
                Text("Nobody would hold this case any more.", "此后将无人承办本案。"),
                mend=Text("Assign it to another officer or to a unit first.", "请先指派其他人员或移交部门。"),
            )
        if Assignment.objects.filter(case=row, officer=to).delete()[0]:
            record(officer, "unassign", row.pk, via=via, to=to.username)


def move_to_unit(officer: Officer, case: CaseRow, unit: Unit, *, via: str = "web") -> CaseRow:
    """Give a case to another unit: its officers see it from now on, and those assigned to it keep it."""
    with acting(officer, via):
        require(officer, "move_to_unit", case)
        row = CaseRow.objects.select_for_update(of=("self",)).get(pk=case.pk)
        before = row.unit.code if row.unit is not None else None
        row.unit = unit
        row.save(update_fields=["unit"])
        record(officer, "move_to_unit", row.pk, via=via, before=before, after=unit.code)
    return row


def add_note(officer: Officer, case: CaseRow, text: str, *, via: str = "web") -> Note:
    """Write an internal note on a case. It never leaves the node. Refusals: note-empty, note-too-long."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Refusal(
            "note-too-long" if text else "note-empty",
            Text("A note has 1 to {most} characters.", "备注须为 1 至 {most} 个字符。").fill(
                most=LONGEST_NOTE
            ),
            "text",
        )
    with acting(officer, via):
        require(officer, "add_note", case)
        note = Note.objects.create(case=case, author=officer, text=text)
        search.index_case(case.pk, [text])
        record(officer, "add_note", case.pk, via=via, note=note.pk)
    return note


def add_attachment(
    officer: Officer, file: BinaryIO, *, name: str = "", case: CaseRow | None = None, via: str = "web"
) -> Attachment:
    """Keep a file on this node, by the SHA-256 of its bytes, so that a draft may name it. Read in 1 MiB chunks.

    name  what the officer calls it; kept in the audit trail only, made harmless. Refusals: attachment-too-large,
    attachment-empty, disk-full.
    """
    with acting(officer, via):
        _may_attach(officer, case)
    with read_in(file) as incoming, acting(officer, via):
        _may_attach(officer, case)
        kept = settle(incoming)
        record(
            officer, "add_attachment", case.pk if case is not None else None, via=via,
            sha256=kept.pk, size=kept.size, name=harmless_name(name),
        )  # fmt: skip
    return kept


def _may_attach(officer: Officer, case: CaseRow | None) -> None:
    if case is None:
        require(officer, "upload")
    else:
        require(officer, "add_attachment", case)


def harmless_name(name: str) -> str:
    """A file name without path, control and direction characters, at most 120 long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    return plain.strip(". ")[:120]
