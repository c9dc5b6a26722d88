"""Signing in and out. Lockout after repeated failures is django-axes'; the answer never says which half was wrong."""

from __future__ import annotations

import unicodedata

from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from comity.store.audit import record
from comity.store.database import writing
from comity.store.people import Officer
from comity.web import language
from comity.web.page import PageRequest, first_page, go, show, signed_in, tell
from comity.web.words import common


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: PageRequest) -> HttpResponse:
    """The sign-in page; a POST signs in and goes on to where the officer was going."""
    if signed_in(request):
        return go(request, first_page(request.user))
    typed = ""
    faults: list[tuple[str, str]] = []
    if request.method == "POST":
        typed = unicodedata.normalize("NFKC", str(request.POST.get("username", ""))).strip()[:150]
        officer = authenticate(request, username=typed, password=str(request.POST.get("password", ""))[:1024])
        if isinstance(officer, Officer):
            return _enter(request, officer)
        with writing():
            record(None, "sign_in_failed", via="web")
        if getattr(request, "axes_locked_out", False):
            setattr(request, "axes_locked_out", False)  # noqa: B010  (its middleware would answer in plain text)
            return show(request, "locked.html", status=429)
        faults = [("username", common.sign_in_failed[request.lang])]
    context = {
        "username": typed,
        "faults": faults,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return show(request, "sign_in.html", context, status=200 if not faults else 422)


def _enter(request: PageRequest, officer: Officer) -> HttpResponse:
    with writing():
        login(request, officer)  # makes a new session key
        record(officer, "sign_in", via="web")
    lang = request.lang
    wanted = str(request.POST.get("next", ""))
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and language.of_path(wanted)
    return HttpResponseRedirect(wanted if safe else language.address(lang, first_page(officer)))


@require_POST
def sign_out(request: PageRequest) -> HttpResponse:
    """End the session."""
    with writing():
        record(request.user, "sign_out", via="web")
        logout(request)
    tell(request, common.signed_out)
    return go(request, "sign_in")
