"""The health of the line to each authority: a light, in words; what is held, what waits, how far the clocks are apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from comity.core.text import Text
from comity.core.tree import CompactRange
from comity.store import queries
from comity.store.files import AWAITED, AttachmentUse, Transfer
from comity.store.logs import Log, Relation
from comity.store.relations import bond
from comity.web import dates
from comity.web.page import PageRequest, allow, now, party_name, show, their_name
from comity.web.words import records as words

LAMPS = {
    "green": (words.link_good, "done"),
    "amber": (words.link_slow, "clock"),
    "red": (words.link_bad, "alert"),
}


@require_safe
def link(request: PageRequest) -> HttpResponse:
    """One block for each relation."""
    allow(request.user, "links")
    at = now()
    lines = [
        _line(each, (at - each.heard).total_seconds() if each.heard else None) for each in queries.links(at)
    ]
    alone = request.headers.get("HX-Request") == "true"
    return show(request, "link_lines.html" if alone else "link.html", {"lines": lines}, here="link")


def _line(each: queries.Link, silence: float | None) -> dict[str, Any]:
    words_of, icon = LAMPS[each.light]
    relation = each.relation
    known = bond(relation)
    if relation.hold:
        words_of = words.link_held
    elif relation.read_only:
        words_of = words.link_readonly
    elif relation.heard is None:
        words_of = words.link_never
    return {
        "who": their_name(known),
        "name": relation.name,
        "light": each.light,
        "icon": icon,
        "words": words_of,
        "why": each.why,
        "heard": each.heard,
        "silence": dates.lasting(silence) if silence is not None else None,
        "compared": relation.compared,
        "owed": each.owed,
        "since": each.since,
        "skew": _skew(each.skew_seconds),
        "logs": [
            _log(each.ours, party_name(known, known.me), True),
            _log(each.theirs, party_name(known, known.peer), False),
        ],
        "trouble": _trouble(relation),
        "arriving": list(Transfer.objects.filter(relation=relation, state=AWAITED).order_by("-changed")[:20]),
        "leaving": AttachmentUse.objects.filter(relation=relation, ours=True, sent=None).count(),
    }


def _log(log: Log, who: Text, ours: bool) -> dict[str, Any]:
    tree = CompactRange.from_bytes(bytes(log.frontier)) if log.size else CompactRange()
    return {
        "who": who,
        "ours": ours,
        "size": log.size,
        "held": log.held,
        "root": tree.root().hex(),
        "time": log.time,
    }


def _skew(seconds: int | None) -> Text | None:
    if seconds is None:
        return None
    if seconds == 0:
        return words.skew_none
    said = words.skew_ahead if seconds > 0 else words.skew_behind
    short = words.one_second if abs(seconds) == 1 else words.seconds.fill(n=abs(seconds))
    return said.fill(n=dates.lasting(seconds) if abs(seconds) >= 60 else short)


def _trouble(relation: Relation) -> dict[str, Any] | None:
    """The last refusal of the line, in both languages, as the exchange kept it."""
    found = relation.trouble
    if not isinstance(found, dict) or not isinstance(found.get("what"), dict):
        return None
    mend = found.get("mend")
    return {
        "what": Text(**found["what"]),
        "mend": Text(**mend) if isinstance(mend, dict) else None,
        "where": found.get("where", ""),
        "code": found.get("code", ""),
    }
