"""How every page is made: who asks, in which language, what stands around it, and what the browser may do with it.

`in_language` turns a view into the one that `urls.py` names; `show` renders. Every answer says `no-store`: nothing of a
case may stay in a browser. A view receives `request.lang` and, unless it is open to all, a signed-in officer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import urlencode

from comity import access
from comity.core.text import Refusal, Text
from comity.store.cases import CaseRow
from comity.store.logs import Relation
from comity.store.people import Officer
from comity.store.queries import approvals
from comity.store.relations import Bond, bond
from comity.web import dates, language
from comity.web.words import common

View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """A request that has passed `in_language`."""

    lang: str
    user: Officer  # signed in; an open view asks `is_authenticated` first


@dataclass(frozen=True, slots=True)
class NavItem:
    title: Text
    href: str
    active: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    ours: Text | None = None
    theirs: Text | None = None
    officer: str = ""
    role: Text | None = None
    nav: tuple[NavItem, ...] = ()
    clocks: tuple[dates.ZoneTime, ...] = ()
    zones: tuple[str, ...] = ("UTC",)
    banner: Text | None = None
    agreement: Text | None = None
    digest: str = ""


# Name of the page, its words, the action of `access` that opens it; "" for every officer. The first page of a role is
# the first it may open.
NAVIGATION: tuple[tuple[str, Text, str], ...] = (
    ("home", common.nav_work, "read_list"),
    ("new_case", common.nav_new, "open_case"),
    ("approvals", common.nav_approvals, "approve_opening"),
    ("search", common.nav_search, "search"),
    ("workload", common.nav_workload, "workload"),
    ("scorecard", common.nav_scorecard, "scorecard"),
    ("agreement", common.nav_agreement, "agreement"),
    ("link", common.nav_link, "links"),
    ("audit", common.nav_audit, "read_audit"),
)


def signed_in(request: HttpRequest) -> bool:
    """Whether an officer has signed in."""
    return bool(request.user.is_authenticated)


def in_language(lang: str, view: View, *, public: bool = False) -> View:
    """The view in one language; it asks an officer to sign in first unless it is `public`."""

    @wraps(view)
    def wrapped(asked: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request = cast(PageRequest, asked)
        request.lang = lang
        with translation.override(language.DJANGO_NAMES[lang]):
            if not public and not signed_in(asked):
                return _to_sign_in(request, lang)
            if signed_in(asked):
                _remember(request, lang)
            try:
                response: HttpResponseBase = view(request, *args, **kwargs)
            except Refusal as refusal:
                response = refused(request, refusal)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Content-Language"] = "zh-Hans" if lang == "zh" else "en"
        return response

    return wrapped


def refused(request: PageRequest, refusal: Refusal) -> HttpResponse:
    """The page of a refusal no view has dealt with: what is wrong, what is safe, what to do. Nothing was changed."""
    status = {"disk-full": 503, "attachment-too-large": 413}.get(refusal.code, 422)
    response = show(request, "refused.html", {"refusal": refusal, "status": status}, status=status)
    if status == 503:
        response.headers["Retry-After"] = "120"
    return response


def allow(officer: Officer, action: str, case: CaseRow | None = None) -> None:
    """Go on, or end in 404 or 403 with the refusal on the audit trail."""
    with access.acting(officer, "web"):
        access.require(officer, action, case)


def _to_sign_in(request: PageRequest, lang: str) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    response = HttpResponseRedirect(f"{language.address(lang, 'sign_in')}{'?' + query if query else ''}")
    response.headers["Cache-Control"] = "no-store"
    return response


def _remember(request: PageRequest, lang: str) -> None:
    """The officer's own language is the one he last read in."""
    officer = request.user
    if request.method == "GET" and officer.lang != lang:
        Officer.objects.filter(pk=officer.pk).update(lang=lang)
        officer.lang = lang


def first_page(officer: Officer) -> str:
    """Where an officer lands after signing in: the first page his role may open."""
    return next(name for name, _, action in NAVIGATION if access.role_may(officer.role, action))


def show(
    request: PageRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    here: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page. `here` is the name of the page in the navigation it belongs to."""
    officer = request.user if signed_in(request) else None
    lang = request.lang
    surroundings = frame(officer, lang, here)
    values = {
        "lang": lang,
        "static": settings.STATIC_URL,
        "other_language": language.in_other(request),
        "frame": surroundings,
        "zones": surroundings.zones,
        **(context or {}),
    }
    return render(request, template, values, status=status)


def relations() -> list[Relation]:
    """Every relation of this node, by name."""
    return list(Relation.objects.select_related("agreement").order_by("name"))


def frame(officer: Officer | None, lang: str, here: str) -> Frame:
    """The surroundings of a page for an officer, or for nobody."""
    rows = relations()
    links = [bond(row) for row in rows]
    now = timezone.now()
    zones = zones_of(links[0]) if links else ("UTC",)
    known = Frame(
        ours=our_name(links[0]) if links else None,
        theirs=_their_names(links),
        zones=zones,
        clocks=tuple(dates.in_zone(now, zone) for zone in zones) if officer is not None else (),
        banner=_banner(rows),
        agreement=links[0].agreement.title if links else None,
        digest=links[0].digest if links else "",
    )
    if officer is None:
        return Frame(ours=known.ours, theirs=known.theirs, zones=zones, agreement=None)
    return Frame(
        ours=known.ours, theirs=known.theirs, zones=zones, clocks=known.clocks, banner=known.banner,
        agreement=known.agreement, digest=known.digest, officer=officer.shown_name, role=officer.role_title,
        nav=_navigation(officer, lang, here),
    )  # fmt: skip


def _navigation(officer: Officer, lang: str, here: str) -> tuple[NavItem, ...]:
    items = []
    for name, title, action in NAVIGATION:
        if access.role_may(officer.role, action):
            count = sum(map(len, approvals(officer))) if name == "approvals" else 0
            items.append(NavItem(title, language.address(lang, name), name == here, count))
    return tuple(items)


def _banner(rows: list[Relation]) -> Text | None:
    if any(row.read_only for row in rows):
        return common.read_only_banner
    return common.hold_banner if any(row.hold for row in rows) else None


def our_name(link: Bond) -> Text:
    """Our authority, as the agreement names it."""
    return link.agreement.party(link.me).authority


def their_name(link: Bond) -> Text:
    return link.agreement.party(link.peer).authority


def party_name(link: Bond, code: str) -> Text:
    """The short name of a party."""
    return link.agreement.party(code).name


def _their_names(links: list[Bond]) -> Text | None:
    names = [their_name(link) for link in links]
    return Text("; ".join(n.en for n in names), "；".join(n.zh for n in names)) if names else None


def zones_of(link: Bond) -> tuple[str, ...]:
    """The time zones of both authorities, our own first; one where they are the same."""
    mine, other = (link.agreement.party(code).time_zone for code in (link.me, link.peer))
    return (mine,) if mine == other else (mine, other)


def go(request: PageRequest, name: str, *args: object, anchor: str = "") -> HttpResponseRedirect:
    """Redirect to a page in the reader's language."""
    where = language.address(request.lang, name, *args)
    return HttpResponseRedirect(f"{where}#{anchor}" if anchor else where)


def tell(request: PageRequest, text: Text) -> None:
    """Say on the next page that something was done."""
    messages.success(request, text[request.lang])


def tell_refusal(request: PageRequest, refusal: Refusal) -> None:
    """Say on the next page why something was not done, and what to do."""
    lang = request.lang
    mend = f" {refusal.mend[lang]}" if refusal.mend else ""
    messages.error(request, f"{common.refused[lang]}: {refusal.what[lang]}{mend}" if lang == "en"
                   else f"{common.refused[lang]}：{refusal.what[lang]}{mend}")  # fmt: skip


def now() -> datetime:
    """The time of this request: the pages' only clock."""
    return timezone.now()
