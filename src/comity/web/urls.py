"""The addresses of the pages, each once in `/en/…` and once in `/zh/…`, under the namespaces `en` and `zh`.

`/` leads to the officer's own language. Every view that writes takes POST only (its own decorator says so) and redirects
afterwards.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, include, path

from comity.core.text import LANGUAGES
from comity.web import (
    agreements,
    approvals,
    audit,
    cases,
    drafts,
    drafts_send,
    errors,
    home,
    language,
    links,
    questions,
    scorecard,
    search,
    session,
    workload,
)
from comity.web.page import View, in_language


def root(request: HttpRequest) -> HttpResponse:
    """To the pages in the reader's language."""
    return HttpResponseRedirect(f"/{language.preferred(request)}/")


# (address, view, name), all for signed-in officers.
PAGES: tuple[tuple[str, View, str], ...] = (
    ("", home.desk, "home"),
    ("cases/", home.cases, "cases"),
    ("cases/new", drafts.new_case, "new_case"),
    ("cases/new/<slug:track>", drafts.begin_case, "begin_case"),
    ("cases/<str:case>/", cases.case, "case"),
    ("cases/<str:case>/steps/<slug:step>", drafts.begin_step, "begin"),
    ("cases/<str:case>/assign", cases.assign, "assign"),
    ("cases/<str:case>/unassign", cases.unassign, "unassign"),
    ("cases/<str:case>/note", cases.note, "note"),
    ("cases/<str:case>/files/<str:sha256>", cases.file, "file"),
    ("drafts/<uuid:draft>/", drafts.draft, "draft"),
    ("drafts/<uuid:draft>/check", drafts_send.check, "check"),
    ("drafts/<uuid:draft>/send", drafts_send.send, "send"),
    ("drafts/<uuid:draft>/recall", drafts_send.recall, "recall"),
    ("drafts/<uuid:draft>/discard", drafts_send.discard, "discard"),
    ("drafts/<uuid:draft>/attach", questions.attach, "attach"),
    ("drafts/<uuid:draft>/detach", questions.detach, "detach"),
    ("drafts/<uuid:draft>/<slug:section>", questions.question, "question"),
    ("approvals/", approvals.queue, "approvals"),
    ("approvals/<uuid:draft>", approvals.approval, "approval"),
    ("approvals/files/<uuid:bundle>", approvals.bundle, "bundle"),
    ("search", search.search, "search"),
    ("workload", workload.workload, "workload"),
    ("scorecard", scorecard.scorecard, "scorecard"),
    ("agreement/", agreements.agreement, "agreement"),
    ("agreement/changes/<int:version>", agreements.changes, "changes"),
    ("tracks/<slug:track>", agreements.track, "track"),
    ("link", links.link, "link"),
    ("audit", audit.trail, "audit"),
    ("sign-out", session.sign_out, "sign_out"),
)
# Whatever else is asked for: the same way in and the same answer as for a case that may not be seen.
NOTHING: tuple[str, View, str] = ("<path:elsewhere>", errors.nothing, "nothing")
OPEN_PAGES: tuple[tuple[str, View, str], ...] = (("sign-in", session.sign_in, "sign_in"),)


def _pages(lang: str) -> list[URLPattern]:
    signed_in = [path(where, in_language(lang, view), name=name) for where, view, name in PAGES]
    where, nothing, name = NOTHING
    open_to_all = [
        path(at, in_language(lang, view, public=True), name=called) for at, view, called in OPEN_PAGES
    ]
    return [*signed_in, *open_to_all, path(where, in_language(lang, nothing), name=name)]


urlpatterns = [
    path("", root, name="root"),
    *(path(f"{lang}/", include((_pages(lang), lang))) for lang in LANGUAGES),
]
