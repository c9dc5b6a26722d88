"""One box for names in Chinese, pinyin or Latin letters, for document numbers and case numbers."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from comity.store import queries
from comity.web.home import Line, lines
from comity.web.page import PageRequest, allow, now, show

LONGEST = 200


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """The box, and what was found; htmx asks for the results alone."""
    officer = request.user
    allow(officer, "search")
    asked = request.GET.get("q", "").strip()[:LONGEST]
    found = queries.search(officer, asked, now()) if asked else None
    context = {
        "q": asked,
        "found": found,
        "cases": _cases(found) if found else [],
    }
    alone = request.headers.get("HX-Request") == "true"
    return show(request, "search_results.html" if alone else "search.html", context, here="search")


def _cases(found: queries.Search) -> list[Line]:
    """What was found, each with how: the same words, or the same sound."""
    made = lines(item for item, _ in found.items)
    return [replace(line, how=how) for line, (_, how) in zip(made, found.items, strict=True)]
