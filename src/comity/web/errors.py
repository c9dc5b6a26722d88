"""Error pages that depend on the fault. All others are the templates 404.html, 403.html and 500.html, in both languages.

They know no reader and no case, so the page of what does not exist and of what may not be seen is the same to the byte.
`handler400` of the node's addresses names `bad_request`.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 where more was sent than the node takes, else 400; the same page."""
    status = 413 if isinstance(exception, RequestDataTooBig | TooManyFilesSent) else 400
    return render(request, "400.html", status=status)


def nothing(request: HttpRequest, elsewhere: str) -> HttpResponse:
    """There is no such page."""
    raise Http404
