"""Who has how much, by age; and giving cases to another officer. For supervisors, liaison officers and oversight."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from comity import access, actions
from comity.core.text import Refusal, Text
from comity.store import queries
from comity.store.people import SEES_BY_NEED, Assignment, Officer
from comity.web import bars
from comity.web.home import lines
from comity.web.page import PageRequest, allow, go, now, show, tell, tell_refusal
from comity.web.pages_of import Pages, page_number
from comity.web.words import work as words

PER_PAGE = 25
COLOURS = {"week": "green", "month": "brand", "quarter": "amber", "older": "red"}
MOST_AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def workload(request: PageRequest) -> HttpResponse:
    """The chart and the list, oldest first; a POST gives the chosen cases to one officer."""
    officer = request.user
    allow(officer, "workload")
    if request.method == "POST":
        return _assign(request, officer)
    at = now()
    loads = queries.workload(officer, at)
    number = page_number(request)
    found = queries.cases(
        officer, at, ended=False, order="opened", start=(number - 1) * PER_PAGE, limit=PER_PAGE
    )
    keys = [item.case.pk for item in found.items]
    held: dict[str, list[str]] = {}
    for each in Assignment.objects.filter(case__in=keys).select_related("officer").order_by("at"):
        held.setdefault(each.case_id, []).append(each.officer.shown_name)
    names = [(load, _name(load.officer)) for load in loads]
    context = {
        "unit": officer.unit.title if officer.unit is not None else words.whole_node,
        "loads": [{"load": load, "name": name} for load, name in names],
        "ages": queries.AGES,
        "chart": bars.chart([
            (name, words.of_which_overdue.fill(n=load.overdue), tuple((COLOURS[a], load.ages[a]) for a, _, _ in queries.AGES))
            for load, name in names
        ]),
        "colours": [(COLOURS[name], title) for name, _, title in queries.AGES],
        "cases": [
            {"line": each, "held": ", ".join(held.get(each.id, [])), "age": (at - each.item.case.opened).days}
            for each in lines(found.items, "us")
        ],
        "total": found.total,
        "may_assign": access.role_may(officer.role, "assign"),
        "choices": _choices(officer),
        "pages": Pages.of(request, number, found.total, PER_PAGE),
    }  # fmt: skip
    return show(request, "workload.html", context, here="workload")


def _name(officer: Officer | None) -> Text:
    return Text(officer.shown_name, officer.shown_name) if officer is not None else words.workload_unassigned


def _choices(officer: Officer) -> list[Officer]:
    rows = Officer.objects.filter(is_active=True, role__in=SEES_BY_NEED)
    return list(rows.filter(unit=officer.unit) if officer.unit_id is not None else rows)


def _assign(request: PageRequest, officer: Officer) -> HttpResponse:
    key = str(request.POST.get("officer", ""))
    to = next((each for each in _choices(officer) if str(each.pk) == key), None)
    wanted = request.POST.getlist("case")[:MOST_AT_ONCE]
    rows = list(access.visible(officer).filter(pk__in=wanted))
    if to is None or not rows:
        return go(request, "workload")
    done = 0
    try:
        with access.acting(officer, "web"):
            for row in rows:
                actions.assign(officer, row, to)
                done += 1
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, "workload")
    tell(request, words.reassigned.fill(n=done, officer=to.shown_name))
    return go(request, "workload")
