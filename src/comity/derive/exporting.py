"""A case handed out as a whole: who may, and that it was, on the audit trail. Border: `exchange.gather` makes the file."""

from __future__ import annotations

from typing import BinaryIO

from comity.access import acting, require
from comity.core.text import Refusal, Text
from comity.exchange.desk import here
from comity.exchange.gather import export
from comity.store.audit import record
from comity.store.cases import CaseRow
from comity.store.logs import Checkpoint
from comity.store.people import Officer


def evidence(officer: Officer, case: CaseRow, file: BinaryIO, *, via: str) -> str:
    """Write the evidence file of a case the officer may export; the digest of its agreement in force.

    Denied or Hidden where he may not. Refusals: evidence-not-covered where the other side has signed nothing yet; those
    of `gather.export`.
    """
    with acting(officer, via):
        require(officer, "export", case)
        if not Checkpoint.objects.filter(
            log__relation=case.relation, log__author=case.relation.peer
        ).exists():
            raise Refusal(
                "evidence-not-covered",
                Text(
                    "The other side has signed nothing yet that could prove this case.",
                    "对方尚未签署可证明本案的内容。",
                ),
                case.pk,
                Text("Exchange with it once, then make the file again.", "请先与对方交换一次，再生成文件。"),
            )
        record(officer, "export", case.pk, via=via, form="evidence")
        export(here(), case.pk, file)
    return case.relation.agreement_id
