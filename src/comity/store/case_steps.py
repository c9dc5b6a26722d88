"""What can be done next in a case, by our side, and why not where it cannot be done now.

Border: reads; the audit row of the reading is its only write. The judgement is `core.case`'s own, on an entry that is
not written: what is offered here is exactly what both nodes would hold valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.core.case import ENDED, ON_HOLD
from comity.core.entry import Header, Placed
from comity.core.text import Text
from comity.core.track import EITHER, Step
from comity.core.verdict import Verdict
from comity.store.audit import reading
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.drafts import OPEN_STATUSES, Draft, drafts_in_sight
from comity.store.logs import Log
from comity.store.people import TAKES_STEPS, Officer
from comity.store.relations import logs

READ_ONLY = Text(
    "This node is reading its own records back from the other authority; nothing may be sent yet.",
    "本节点正在从对方取回自身记录，暂不得发出任何内容。",
)
ROLE = Text("Your role takes no steps in cases.", "您的角色不办理案件步骤。")
THEIR_TURN = Text("It is the other authority’s turn: {state}.", "现由对方办理：{state}。")


def judge(row: CaseRow, step: Step, both: Mapping[str, Log]) -> Verdict:
    """Whether `step` would be valid if we took it now, having read all the other side has sent. Writes nothing."""
    mine, theirs = both[row.relation.me], both[row.relation.peer]
    header = Header(
        agreement=row.relation.agreement_id,
        step=step.name,
        seen=theirs.size,
        time=mine.time or "1970-01-01T00:00:00.000Z",
        case=row.pk,
        officer="00000000",
    )
    return row.case.judge(Placed(row.relation.me, mine.size, header))


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step our side may take in the state as it stands, or at any time. `why_not` is None when it can be taken now.

    draft  the officer's open draft of it, or a colleague's that he may see
    """

    step: Step
    why_not: Text | None
    draft: Draft | None

    @property
    def available(self) -> bool:
        return self.why_not is None


def next_steps(case: CaseRow, officer: Officer, *, via: str = "web") -> tuple[NextStep, ...]:
    """The steps of our side: first those that lead on from the present state, then those possible at any time.

    The officer must be able to see the case (`access.case_or_404`). When it is the other side's turn there is no
    ordinary step; `waiting_for` says so in words.
    """
    with writing():
        reading(officer, case, via=via)
        folded = case.case
        side = folded.side_of(case.relation.me)
        both = logs(case.relation)
        open_drafts: dict[str, Draft] = {}
        rows = Draft.objects.filter(drafts_in_sight(officer), case=case, status__in=OPEN_STATUSES)
        for draft in rows.select_related("author").order_by("updated"):
            if draft.step not in open_drafts or draft.author_id == officer.pk:
                open_drafts[draft.step] = draft
        found = []
        for step in folded.track.steps_from(folded.joint.state, side):
            if step.opens or step.by not in (side, EITHER):
                continue
            found.append(NextStep(step, _why_not(case, step, both, officer), open_drafts.get(step.name)))
    return tuple(found)


def _why_not(case: CaseRow, step: Step, both: Mapping[str, Log], officer: Officer) -> Text | None:
    if officer.role not in TAKES_STEPS:
        return ROLE
    if case.relation.read_only:
        return READ_ONLY
    verdict = judge(case, step, both)
    return None if verdict.valid else verdict.why or Text(verdict.code, verdict.code)


def waiting_for(case: CaseRow) -> Text | None:
    """In words, why our side has no ordinary step: the other side's turn, a hold, the end; None when it is our turn."""
    folded = case.case
    if folded.ended:
        return ENDED.why
    if folded.held:
        return ON_HOLD.why
    if folded.mover is not None and folded.parties[folded.mover] != case.relation.me:
        return THEIR_TURN.fill(state=folded.track.state(folded.state).title)
    return None
