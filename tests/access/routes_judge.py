"""One cell of the matrix: a request by one person, and everything that is wrong with its answer.

Border: asks and compares; what is right is said by `routes_table.expected`. What a request changes is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from comity.store.audit import Audit
from comity.store.people import Officer
from tests.access.routes_table import IN_CASE, Row, expected
from tests.access.routes_world import MARKS, THEIRS, World, snapshot, told


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Cell:
    """One request: its answer, what it left on the trail, and what it said."""

    def __init__(
        self, world: World, row: Row, door: str, officer: Officer, kind: str, *, there: bool = True
    ) -> None:
        before = Audit.objects.count()
        place = world.place(kind, row, officer, there=there)
        if door == "api":
            self.answer = world.ask_api(world.tokens[officer.pk], row, place)
        else:
            self.answer = world.ask_page(officer, door, row, place)
        self.status = self.answer.status_code
        self.text = told(self.answer)
        self.trail = list(Audit.objects.order_by("pk")[before:])

    def same_as(self, other: Cell) -> bool:
        return self.status == other.status and self.text == other.text

    def left(self, action: str, officer: Officer, door: str) -> bool:
        """Whether the trail has this action of this officer. "read": the reading of a case, or of a draft."""
        wanted = ("read_case", "read_draft") if action == "read" else (action,)
        via = "token" if door == "api" else "web"
        return any(
            row.action in wanted and row.officer_id == officer.pk and row.via == via for row in self.trail
        )


def judge(
    world: World, row: Row, door: str, role: str, relation: str, kind: str, still: dict[str, Any]
) -> list[str]:
    """Everything wrong with one cell."""
    officer, want = world.people[role, relation], expected(row, role, relation, kind)
    sees = role == "oversight" or (role != "administrator" and (relation == "unit" or (relation == "assigned" and (
        kind in IN_CASE or not kind))))  # fmt: skip
    wrong = []
    with undone():
        cell = Cell(world, row, door, officer, kind)
        refused = cell.status >= 400
        after = still if row.method == "GET" and not refused and role != "oversight" else snapshot()
    if cell.status != want:
        wrong.append(f"{cell.status} for {want}: {cell.text[-300:]}")
    if (refused or role == "oversight") and after != still:
        wrong.append(f"changed {[name for name in after if after[name] != still[name]]}")
    if row.changes and want < 400 and relation == "unit" and after == still:
        wrong.append("answered, and changed nothing")
    if row.at_large and not sees and after != still:
        wrong.append("changed what is out of sight")
    marks = [mark for mark in (*MARKS, world.case, THEIRS) if mark in cell.text]
    if not sees and marks:
        wrong.append(f"says {marks}")
    if row.shows and want == 200 and relation == "unit" and role != "administrator" and not marks:
        wrong.append("shows nothing of the case, so nothing is known of who else it is shown to")
    if want in (403, 404) and want != row.good and not row.never and not cell.left("denied", officer, door):
        wrong.append("no refusal on the trail")
    if want < 400 and role not in row.but:
        done = not row.changes or after != still  # a case put on the desk it lies on: nothing was done
        wrong += [f"no {action} on the trail" for action in row.trail
                  if (done or action == "read_case") and not cell.left(action, officer, door)]  # fmt: skip
    if kind in IN_CASE and "read_case" in row.trail and want < 400:
        seen = {each.case_id for each in cell.trail if each.action == "read_case"}
        wrong += [f"the reading is of {seen}"] if seen != {world.case} else []
    if kind and want >= 400 and want != row.good and not sees:
        with undone():
            other = Cell(world, row, door, officer, kind, there=False)
        if not cell.same_as(other):
            wrong.append(
                f"not as what does not exist: {cell.text[-200:]} / {other.status} {other.text[-200:]}"
            )
    return wrong
