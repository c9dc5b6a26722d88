"""Attachments as pages show them: what they are called here, how big, and how far they have come.

Border: reads. A file travels without a name; the name its own officer gave it is kept in the audit trail and shown only
where that officer's colleagues work on the same case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from comity.core.entry import AttachmentItem
from comity.core.text import Text
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.files import AWAITED, HELD, REFUSED, Attachment, AttachmentUse, Transfer, chunks
from comity.store.people import Officer
from comity.web.words import case as words


@dataclass(frozen=True, slots=True)
class File:
    """`of` is 0 unless parts are on their way; `href` names the case page's own address, "" while it is not here."""

    sha256: str
    name: Text
    size: int
    state: Text
    tone: str
    icon: str
    have: int = 0
    of: int = 0
    case: str = ""

    @property
    def here(self) -> bool:
        return bool(self.case)


def files(row: CaseRow, officer: Officer, items: Iterable[AttachmentItem]) -> dict[str, File]:
    """The files entries of a case name, by digest, in the order in which they are named."""
    wanted = {item.sha256: item for item in items}
    named = names(wanted, officer, row.pk)
    held = set(Attachment.objects.filter(pk__in=wanted, state=HELD).values_list("pk", flat=True))
    uses = {
        use.attachment_id: use
        for use in AttachmentUse.objects.filter(case_id=row.pk, attachment_id__in=wanted)
    }
    coming = {t.sha256: t for t in Transfer.objects.filter(relation=row.relation, sha256__in=wanted)}
    found = {}
    for number, (sha, item) in enumerate(wanted.items(), 1):
        state, tone, icon, have, of = _state(item, uses.get(sha), coming.get(sha), sha in held)
        name = Text(named[sha], named[sha]) if named.get(sha) else words.attachment_n.fill(n=number)
        found[sha] = File(sha, name, item.size, state, tone, icon, have, of, row.pk if sha in held else "")
    return found


def _state(
    item: AttachmentItem, use: AttachmentUse | None, coming: Transfer | None, here: bool
) -> tuple[Text, str, str, int, int]:
    """Words, tone, icon, parts that have come, parts in all."""
    if use is not None and use.ours:
        if use.sent is not None:
            return words.delivered, "green", "done", 0, 0
        return words.waiting_transfer, "amber", "clock", 0, 0
    if here:
        return words.held_here, "green", "seal", 0, 0
    if coming is not None and coming.state == REFUSED:
        return words.transfer_fault.fill(why=coming.fault), "red", "alert", 0, 0
    have = coming.arrived if coming is not None and coming.state == AWAITED else 0
    every = chunks(item.size)
    return words.arriving.fill(have=have, all=every), "amber", "in", have, every


def names(digests: Iterable[str], officer: Officer, case_id: str | None) -> dict[str, str]:
    """What files were called by the officers of this authority who put them here, where the reader may know it."""
    mine = Q(officer=officer) | Q(case_id=case_id) if case_id else Q(officer=officer)
    if officer.unit_id is not None:
        mine |= Q(officer__unit_id=officer.unit_id)
    rows = Audit.objects.filter(mine, action="add_attachment", detail__sha256__in=list(digests)).order_by(
        "id"
    )
    return {row.detail["sha256"]: str(row.detail.get("name") or "") for row in rows}
