"""From a folded case to its row. Border: computes columns, writes nothing.

Every column follows from the fold, the agreement and the calendars; a test folds both logs again and demands the same.
"""

from __future__ import annotations

import json
from datetime import datetime

from comity.core.case import Case
from comity.core.deadline import clocks, moment
from comity.store.relations import Bond

US, THEM = "us", "them"

Due = tuple[datetime | None, datetime | None]


def fold_text(case: Case) -> str:
    return json.dumps(case.to_json(), ensure_ascii=False, separators=(",", ":"))


def waiting(case: Case, bond: Bond) -> str:
    """Whose move it is: "us", "them", or "" when the case has ended."""
    mover = case.mover
    if mover is None:
        return ""
    return US if case.parties[mover] == bond.me else THEM


def due(case: Case, bond: Bond, as_of: str) -> Due:
    """The nearest deadlines we and they still have to meet by a step of their own."""
    ours: list[datetime] = []
    theirs: list[datetime] = []
    for clock in clocks(case, bond.chain.by_digest(case.agreement), bond.chain.calendar, as_of):
        if clock.open and clock.due and not clock.answered:
            (ours if case.parties[clock.owner] == bond.me else theirs).append(moment(clock.due))
    return min(ours, default=None), min(theirs, default=None)
