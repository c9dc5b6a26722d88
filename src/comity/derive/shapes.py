"""What a node tells programs: the shapes of its answers, the same from the API and from the command line's `--json`.

Border: declarations only; `shaping` makes them out of what the store has read. A member, once published, keeps its name and
meaning; members may be added. Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Every shape: no member that is not declared."""

    model_config = ConfigDict(extra="forbid")


class Words(Shape):
    en: str
    zh: str


class Problem(Shape):
    """One thing that is wrong. `blocks`: no better answer is asked for, the step may not be taken as things stand."""

    code: str
    what: Words
    where: str
    mend: Words | None
    blocks: bool = False


class Fault(Shape):
    """Why a request was refused; `problems` where there is more than one thing to mend."""

    code: str
    what: Words
    where: str
    mend: Words | None
    problems: list[Problem] = []


class Clock(Shape):
    """One deadline as it runs. `why` is everything its date was computed from; `sentence` says it in words."""

    deadline: str
    title: Words
    side: str
    owner: Words
    number: int
    start: str
    due: str | None
    answered: str | None
    stopped: str | None
    status: str
    seconds: int
    why: dict[str, Any]
    sentence: Words


class CaseBrief(Shape):
    """A case as a list shows it. `waiting`: "us", "them" or "" when it has ended; `due` of the side waited for."""

    id: str
    relation: str
    track: str
    title: str
    state: str
    state_title: Words
    waiting: str
    held: bool
    ended: bool
    opened: str
    updated: str
    due: str | None
    due_us: str | None
    due_them: str | None
    overdue: bool
    unit: str | None
    mine: bool


class CasePage(Shape):
    total: int
    start: int
    items: list[CaseBrief]


class StepOffer(Shape):
    """A step of our side that leads on from here, or may be taken at any time; `why_not` where it cannot be taken now."""

    step: str
    title: Words
    meaning: Words
    available: bool
    why_not: Words | None
    draft: str | None
    approvals: int
    attachments: str
    at_any_time: bool


class CaseFull(CaseBrief):
    """A case with all that both logs say of where it stands."""

    agreement: str
    requesting: str
    responding: str
    clocks: list[Clock]
    next_steps: list[StepOffer]
    waiting_for: Words | None


class Mark(Shape):
    name: str
    title: Words
    at: str | None


class Told(Shape):
    """One answer of a body: as it stands, and in words."""

    name: str
    title: Words
    value: Any
    shown: Words


class Answered(Shape):
    name: str
    question: Words | None
    answer: Words
    officer: str
    reason: str


class File(Shape):
    """A file an entry names. `state`: "held" here, "arriving", "erased" or "refused"."""

    sha256: str
    size: int
    root: str


class Line(Shape):
    """One entry of the case. `content`: shown, none, erased or defective (`defect` says how)."""

    author: str
    side: str
    index: int
    step: str | None
    title: Words
    time: str
    officer: str
    approvals: list[str]
    marks: list[Mark]
    valid: bool
    code: str
    why: Words | None
    content: str
    defect: Words | None
    fields: list[Told]
    safeguards: list[Answered]
    attachments: list[File]


class DraftShape(Shape):
    """A step not yet taken. `digest` is what an approval is bound to, "" while it is being written."""

    id: str
    case: str
    opens: bool
    relation: str
    track: str
    step: str
    title: Words
    status: str
    status_title: Words
    body: dict[str, Any]
    safeguards: dict[str, Any]
    attachments: list[str]
    author: str
    digest: str
    approvals: int
    approvals_needed: int
    reason: str
    bundle: str | None
    leaves_at: str | None
    created: str
    updated: str


class BundleShape(Shape):
    """Drafts made from one file, approved as one."""

    id: str
    relation: str
    track: str
    step: str
    status: str
    status_title: Words
    author: str
    source: str
    digest: str
    rows: int
    reason: str
    created: str


class WorkShape(Shape):
    waiting_on_us: CasePage
    waiting_on_them: CasePage
    drafts: list[DraftShape]
    approvals: list[DraftShape]
    bundles: list[BundleShape]


class Hit(CaseBrief):
    found_by: Words


class SearchShape(Shape):
    total: int
    items: list[Hit]


class Taken(Shape):
    """What became of a step: "sent" as entry `entry` of our log, or "awaiting" approval as draft `draft`."""

    outcome: str
    case: str
    step: str
    draft: str
    digest: str
    entry: int | None
