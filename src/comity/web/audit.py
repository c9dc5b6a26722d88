"""The audit trail, for oversight alone: who read, changed or was refused what. Reading it leaves a row of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from comity.core.text import Text
from comity.store import queries
from comity.store.audit import ACTIONS, Audit
from comity.store.people import Officer
from comity.web.page import PageRequest, allow, show
from comity.web.pages_of import Pages, page_number
from comity.web.words import records as words

PER_PAGE = 50
VIAS = {
    "web": words.via_web,
    "api": words.via_api,
    "cli": words.via_cli,
    "token": words.via_token,
    "node": words.via_node,
}


@require_safe
def trail(request: PageRequest) -> HttpResponse:
    """The trail, latest first, filtered by case, officer and action."""
    officer = request.user
    allow(officer, "read_audit")
    number = page_number(request)
    case_id = request.GET.get("case", "").strip()[:40]
    username = request.GET.get("officer", "").strip()[:150]
    action = request.GET.get("action", "")
    of = Officer.objects.filter(username=username).first() if username else None
    rows: tuple[Audit, ...] = ()
    total = 0
    if not username or of is not None:
        rows, total = queries.audit_trail(
            officer, case_id=case_id, of=of, action=action if action in ACTIONS else "",
            start=(number - 1) * PER_PAGE, limit=PER_PAGE,
        )  # fmt: skip
    context = {
        "rows": [_row(row) for row in rows],
        "total": total,
        "asked": {"case": case_id, "officer": username, "action": action},
        "actions": sorted(ACTIONS.items(), key=lambda item: item[1][request.lang]),
        "officers": Officer.objects.order_by("username"),
        "pages": Pages.of(request, number, total, PER_PAGE),
    }
    return show(request, "audit.html", context, here="audit")


def _row(row: Audit) -> dict[str, Any]:
    plain = [f"{key}: {value}" for key, value in row.detail.items() if value not in (None, "", [])]
    return {
        "at": row.at,
        "who": row.officer.shown_name if row.officer is not None else "",
        "what": row.title,
        "case": row.case_id or "",
        "via": VIAS.get(row.via, Text(row.via, row.via)),
        "detail": plain,
        "denied": row.action in ("denied", "sign_in_failed"),
    }
