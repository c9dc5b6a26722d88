"""Which language a page is in: the first part of its address, `/en/…` or `/zh/…`.

Border: reads the request's path and the officer's own choice; knows no page. Addresses are written in one place
(`urls.py`) under the namespaces `en` and `zh`, so switching the language keeps the page and its query.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from comity.core.text import LANGUAGES

DJANGO_NAMES = {"en": "en", "zh": "zh-hans"}


def address(lang: str, name: str, *args: object) -> str:
    """The address of the page `name` in `lang`."""
    return reverse(f"{lang}:{name}", args=args)


def of_path(path: str) -> str:
    """The language the path names, "" where it names none."""
    first = path.lstrip("/").split("/", 1)[0]
    return first if first in LANGUAGES else ""


def other(lang: str) -> str:
    return "zh" if lang == "en" else "en"


def in_other(request: HttpRequest) -> str:
    """The same page, with the same query, in the other language; safe to call on any address."""
    path = request.get_full_path()
    lang = of_path(request.path)
    if not lang:
        return f"/{other('en')}/"
    return f"/{other(lang)}{path[len(lang) + 1 :]}"


def preferred(request: HttpRequest) -> str:
    """The officer's own language; before signing in, what the browser asks for; English where neither says."""
    chosen = getattr(request.user, "lang", "") if hasattr(request, "user") else ""
    if chosen in LANGUAGES:
        return str(chosen)
    asked = request.headers.get("Accept-Language", "")[:200].lower()
    first = asked.split(",", 1)[0].strip()
    return "zh" if first.startswith("zh") else "en"
