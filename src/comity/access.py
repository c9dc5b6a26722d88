"""Who may do what: one table, one function. Everything an officer may not see answers 404, always the same.

Border: decides and records refusals; changes nothing else. A role gives what may be done at all; need-to-know (`visible`)
gives in which cases: those assigned to the officer or held by his unit. An administrator runs the node and reads no
case; oversight reads everything and changes nothing; an analyst reads the cases of his unit and takes no step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from comity.core.text import Text
from comity.store.audit import reading, record
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.drafts import Bundle, Draft, bundles_in_sight, drafts_in_sight
from comity.store.people import (
    ADMINISTRATOR,
    ANALYST,
    APPROVES,
    HOTLINE_DUTY,
    LIAISON,
    OVERSIGHT,
    TAKES_STEPS,
    Officer,
    in_sight,
)

_WORKERS = TAKES_STEPS
_LEADERS = APPROVES
_READERS = _WORKERS | {ANALYST, OVERSIGHT}
_ALL = _READERS | {ADMINISTRATOR}

# In a case the officer must be able to see.
IN_CASE: dict[str, frozenset[str]] = {
    "read_case": _READERS,
    "read_attachment": _READERS,
    "export": _READERS,
    "who_saw": _READERS - {ANALYST, HOTLINE_DUTY},
    "take_step": _WORKERS,
    "save_draft": _WORKERS,
    "approve": _LEADERS,
    "add_note": _WORKERS | {ANALYST},
    "add_attachment": _WORKERS,
    "take_up": _WORKERS,
    "assign": _LEADERS,
    "move_to_unit": _LEADERS,
}
# Without a case.
AT_LARGE: dict[str, frozenset[str]] = {
    "read_list": _READERS,
    "search": _READERS,
    "open_case": _WORKERS,
    "open_many": _WORKERS - {HOTLINE_DUTY},
    "upload": _WORKERS,
    "approve_opening": _LEADERS,
    "workload": _LEADERS | {OVERSIGHT},
    "scorecard": _ALL,
    "agreement": _ALL,
    "links": _ALL,
    "read_audit": frozenset({OVERSIGHT}),
    "manage_officers": frozenset({ADMINISTRATOR}),
    "manage_node": frozenset({ADMINISTRATOR}),
    "release_link": frozenset({LIAISON}),
}
ACTIONS = (*IN_CASE, *AT_LARGE)


class Hidden(Http404):
    """There is no such thing, as far as this officer is concerned. Says nothing more to anybody."""

    def __init__(self, action: str, case_id: str | None) -> None:
        super().__init__("Not found")
        self.action, self.case_id = action, case_id


class Denied(PermissionDenied):
    """The officer sees the thing, but his role may not do this with it."""

    def __init__(self, action: str, case_id: str | None) -> None:
        self.what = Text("Your role does not allow this.", "您的角色无此权限。")
        self.mend = Text("Ask a supervisor or liaison officer.", "请联系主管人员或联络官。")
        self.code = "role-may-not"
        super().__init__(self.what.en)
        self.action, self.case_id = action, case_id


def role_may(role: str, action: str) -> bool:
    """Whether a role may ever do this: for menus and buttons. KeyError for an action that is in no table."""
    return role in (IN_CASE[action] if action in IN_CASE else AT_LARGE[action])


def may(officer: Officer, action: str, case: CaseRow | None = None) -> bool:
    """Whether the officer may do this, in this case where the action is done in one. The only such decision.

    Without a case an action of `IN_CASE` is refused; KeyError for an action that is in no table.
    """
    if not officer.is_active or not role_may(officer.role, action):
        return False
    if action in AT_LARGE:
        return case is None or sees(officer, case)
    return case is not None and sees(officer, case)


def visible(officer: Officer) -> QuerySet[CaseRow]:
    """The cases the officer may see. Start every query on cases from here."""
    return CaseRow.objects.filter(in_sight(officer))


def sees(officer: Officer, case: CaseRow) -> bool:
    """Whether the case is among those the officer may see."""
    return visible(officer).filter(pk=case.pk).exists()


def require(officer: Officer, action: str, case: CaseRow | None = None, *, via: str = "web") -> None:
    """Go on, or raise Hidden (the case is not in his sight) or Denied (his role may not do this); it is on the trail."""
    if may(officer, action, case):
        return
    case_id = case.pk if case is not None else None
    hidden = case is not None and not sees(officer, case)
    with acting(officer, via):
        raise Hidden(action, case_id) if hidden else Denied(action, case_id)


def case_or_404(officer: Officer, case_id: str, *, via: str = "web") -> CaseRow:
    """Load a case for reading: the row, with "read_case" on the audit trail; or Hidden, with "denied" on it."""
    with acting(officer, via):
        row = visible(officer).select_related("relation", "unit").filter(pk=case_id).first()
        if row is None or not role_may(officer.role, "read_case"):
            raise Hidden("read_case", case_id[:40])
        reading(officer, row, via=via)
        return row


def draft_or_404(officer: Officer, draft_id: object, *, via: str = "web") -> Draft:
    """Load a draft for reading, or Hidden with "denied" on the audit trail. A draft in a case counts as reading it."""
    with acting(officer, via):
        row = (
            Draft.objects.filter(drafts_in_sight(officer), pk=_key(draft_id))
            .select_related("case", "relation", "author", "unit", "bundle")
            .first()
        )
        if row is None:
            raise Hidden("read_draft", None)
        if row.case is not None:
            reading(officer, row.case, via=via)
        else:
            record(officer, "read_draft", row.case_name, via=via, draft=str(row.pk))
        return row


def bundle_or_404(officer: Officer, bundle_id: object, *, via: str = "web") -> Bundle:
    """Load a bundle for reading, or Hidden with "denied" on the audit trail."""
    with acting(officer, via):
        row = (
            Bundle.objects.filter(bundles_in_sight(officer), pk=_key(bundle_id))
            .select_related("relation", "author", "unit")
            .first()
        )
        if row is None:
            raise Hidden("read_draft", None)
        record(officer, "read_draft", None, via=via, bundle=str(row.pk))
        return row


def _key(given: object) -> UUID:
    """The key meant; one that no row has where it is not a key at all."""
    try:
        return given if isinstance(given, UUID) else UUID(str(given))
    except ValueError:
        return UUID(int=0)


_recording: ContextVar[bool] = ContextVar("comity_access_recording", default=False)


def whole() -> AbstractContextManager[None]:
    """A transaction that writes; within one that began before, a savepoint, so that a refusal takes back its own part
    and no more."""
    return transaction.atomic() if transaction.get_connection().in_atomic_block else writing()


@contextmanager
def acting(officer: Officer, via: str) -> Iterator[None]:
    """One transaction of one officer. A refusal by access ends it, and stands on the audit trail afterwards."""
    if _recording.get():
        with writing():
            yield
        return
    token = _recording.set(True)
    try:
        with whole():
            yield
    except (Hidden, Denied) as refusal:
        with writing():
            record(
                officer, "denied", refusal.case_id, via=via,
                wanted=refusal.action, hidden=isinstance(refusal, Hidden),
            )  # fmt: skip
        raise
    finally:
        _recording.reset(token)
