"""Exactly what the other authority will see, in both languages side by side, made from the preview `actions` computes."""

from __future__ import annotations

from dataclasses import dataclass

from comity.actions.drafting import Preview
from comity.core.text import Text
from comity.store.bodies import SAFEGUARDS
from comity.store.case_lines import answered
from comity.store.case_lines import shown as as_shown
from comity.store.drafts import Draft
from comity.store.relations import Bond
from comity.web import shown
from comity.web.page import party_name


@dataclass(frozen=True, slots=True)
class Sheet:
    """What would be sent, ready to be shown in either language."""

    case: str
    step: Text
    sender: Text
    rows: tuple[shown.Row, ...]
    guards: tuple[shown.Guard, ...]
    files: tuple[tuple[str, int], ...]
    officer: str
    digest: str


def sheet(seen: Preview, row: Draft, link: Bond) -> Sheet:
    """The preview of a draft as a sheet."""
    ordered = [field.name for field in seen.step.form if field.name in seen.body]
    return Sheet(
        case=seen.case,
        step=seen.step.title,
        sender=party_name(link, link.me),
        rows=tuple(shown.row(as_shown(seen.step, name, seen.body[name]), seen.step) for name in ordered),
        guards=tuple(
            shown.guard(each, seen.step.title)
            for each in answered(seen.track.safeguards, seen.body.get(SAFEGUARDS))
        ),
        files=tuple((file.pk, file.size) for file in seen.attachments),
        officer=row.author.pseudonym,
        digest=seen.digest,
    )
