"""One case as a story: both sides' entries on one line of time, each with what became of it, and its deadlines.

Border: reads; the audit row of the reading is its only write. What is not valid is shown with the reason; a body that does
not follow its form is shown as it came, and flagged; nothing here raises on what a peer sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.core.agreement import Agreement
from comity.core.case import Case
from comity.core.deadline import Clock, clocks, stamp
from comity.core.entry import AttachmentItem, Header
from comity.core.strict_json import Json
from comity.core.text import Refusal, Text
from comity.core.track import Deadline, Safeguard, Step
from comity.core.types.wording import visible
from comity.store import bodies
from comity.store.audit import reading
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.logs import Entry, Log
from comity.store.people import Officer
from comity.store.relations import bond, logs

US, THEM = "us", "them"
SENT, RECEIVED, ACTED = "sent", "received", "acted"
MARKS: dict[str, Text] = {
    SENT: Text("sent", "已发出"),
    RECEIVED: Text("received", "已签收"),
    ACTED: Text("acted on", "已办理"),
}
SHOWN, NONE, ERASED, DEFECTIVE = "shown", "none", "erased", "defective"
UNKNOWN_STEP = Text("A step this node does not know", "本节点未知的步骤")
FORM_FAULT = Text(
    "The content does not follow its form ({code}); it is shown as it came.",
    "正文不符合表格要求（{code}），按原样显示。",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer of a body. `title` of its field, `en` and `zh` as shown; `value` as it stands in the body."""

    name: str
    title: Text
    value: Json
    en: str
    zh: str

    def __getitem__(self, lang: str) -> str:
        return {"en": self.en, "zh": self.zh}[lang]


@dataclass(frozen=True, slots=True)
class Answered:
    """One safeguard and its answer, as it stands in the body. `safeguard` is None where the track has no such one."""

    name: str
    safeguard: Safeguard | None
    answer: Text
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """`at` is the time it is known by: the entry's own, that of the acknowledgement, or that of the act; "" not yet."""

    name: str
    at: str

    @property
    def title(self) -> Text:
        return MARKS[self.name]

    @property
    def done(self) -> bool:
        return bool(self.at)


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One entry. `index` in its author's log; `side` is "us" or "them".

    marks    sent, received, acted on, in that order
    valid    False for an entry that is kept without effect; `why` says the reason in both languages
    content  "shown", "none" (the step has no form), "erased", or "defective" (`defect` says what is wrong)
    """

    index: int
    author: str
    side: str
    step: Step | None
    title: Text
    time: str
    officer: str
    approvals: tuple[str, ...]
    marks: tuple[Mark, ...]
    valid: bool
    code: str
    why: Text | None
    content: str
    defect: Text | None
    fields: tuple[Shown, ...]
    safeguards: tuple[Answered, ...]
    attachments: tuple[AttachmentItem, ...]


def timeline(case: CaseRow, officer: Officer, *, via: str = "web") -> tuple[TimelineItem, ...]:
    """The case's entries of both logs, oldest first. The officer must be able to see the case."""
    with writing():
        reading(officer, case, via=via)
        both = logs(case.relation)
        track = case.case.track
        rows = list(Entry.objects.filter(case_id=case.pk, log__relation=case.relation))
        authors = {log.pk: author for author, log in both.items()}
        rows.sort(key=lambda row: (row.time, row.log_id != both[case.relation.me].pk, row.index))
        return tuple(
            _item(row, authors[row.log_id], case, track.find_step(row.step), both, rows) for row in rows
        )


def _item(
    row: Entry, author: str, case: CaseRow, step: Step | None, both: Mapping[str, Log], rows: Sequence[Entry]
) -> TimelineItem:
    header = row.parsed
    content, defect, fields, answers = _content(row, header, step, case.case)
    verdict = row.said
    return TimelineItem(
        index=row.index,
        author=author,
        side=US if author == case.relation.me else THEM,
        step=step,
        title=step.title if step is not None else UNKNOWN_STEP,
        time=row.time,
        officer=header.officer or "",
        approvals=header.approvals,
        marks=_marks(row, author, case, both, rows),
        valid=verdict.valid,
        code=verdict.code,
        why=verdict.why,
        content=content,
        defect=defect,
        fields=fields,
        safeguards=answers,
        attachments=header.attachments,
    )


def _marks(
    row: Entry, author: str, case: CaseRow, both: Mapping[str, Log], rows: Sequence[Entry]
) -> tuple[Mark, ...]:
    """Sent: it has been handed over. Received: the other side has said so. Acted on: its next entry in the case."""
    log = both[author]
    ours = author == case.relation.me
    sent = row.time if not ours or row.acked or row.index < max(log.held, log.offered) else ""
    acted = next(
        (
            each.time
            for each in rows
            if each.log_id != row.log_id and each.seen > row.index and not each.verdict
        ),
        "",
    )
    return Mark(SENT, sent), Mark(RECEIVED, row.acked), Mark(ACTED, acted)


def _content(
    row: Entry, header: Header, step: Step | None, case: Case
) -> tuple[str, Text | None, tuple[Shown, ...], tuple[Answered, ...]]:
    if row.body is None:
        return (ERASED if header.body else NONE), None, (), ()
    body = bodies.read(bytes(row.body))
    fields = tuple(
        shown(step, name, value) for name, value in _ordered(step, body) if name != bodies.SAFEGUARDS
    )
    answers = answered(case.track.safeguards, body.get(bodies.SAFEGUARDS))
    if row.form:
        return DEFECTIVE, FORM_FAULT.fill(code=row.form), fields, answers
    return SHOWN, None, fields, answers


def _ordered(step: Step | None, body: Mapping[str, Json]) -> list[tuple[str, Json]]:
    order = [field.name for field in step.form] if step is not None else []
    return sorted(body.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def shown(step: Step | None, name: str, value: Json) -> Shown:
    """A body's value in words; as raw JSON, made visible, where it is not what its field takes."""
    field = step.field(name) if step is not None else None
    if field is not None:
        try:
            clean = field.type.clean(value)
            return Shown(name, field.title, value, field.type.show(clean, "en"), field.type.show(clean, "zh"))
        except Refusal:
            pass
    raw = visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:4000]
    label = visible(name)[:80] or "-"
    return Shown(name, field.title if field is not None else Text(label, label), value, raw, raw)


def answered(declared: Sequence[Safeguard], given: Json) -> tuple[Answered, ...]:
    """The safeguards' answers of a body, in the order of the track; strange ones last, as they came."""
    if not isinstance(given, dict):
        return ()
    known = {safeguard.name: safeguard for safeguard in declared}
    names = [name for name in known if name in given] + [name for name in given if name not in known]
    found = []
    for name in names:
        item = given[name]
        said = item if isinstance(item, dict) else {}
        code = visible(str(said.get("answer") or ""))[:80] or "-"
        answer = known[name].answer(code) if name in known else None
        found.append(
            Answered(
                name, known.get(name), answer.text if answer else Text(code, code),
                visible(str(said.get("officer") or ""))[:40], visible(str(said.get("reason") or ""))[:2000],
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DeadlineItem:
    """A clock with its declaration: `side` ("us"/"them") owns it; `clock.why` explains the date."""

    clock: Clock
    deadline: Deadline
    side: str
    owner: Text


def deadlines(case: CaseRow, at: str) -> tuple[DeadlineItem, ...]:
    """Every clock of the case as of `at` (an entry time), in the order of the track. Reads the fold only, no bodies."""
    link = bond(case.relation)
    folded = case.case
    agreement: Agreement = link.chain.by_digest(case.agreement)
    return tuple(
        DeadlineItem(
            clock,
            folded.track.deadline(clock.deadline),
            US if folded.parties[clock.owner] == link.me else THEM,
            agreement.party(folded.parties[clock.owner]).name,
        )
        for clock in clocks(folded, agreement, link.chain.calendar, at)
    )


__all__ = [
    "ACTED", "DEFECTIVE", "ERASED", "MARKS", "RECEIVED", "SENT", "Answered", "DeadlineItem", "Mark", "Shown",
    "TimelineItem", "answered", "deadlines", "shown", "stamp", "timeline",
]  # fmt: skip
