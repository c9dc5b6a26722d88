"""Addresses of the API, below /api/. What is no address of it answers JSON too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from comity.api.api import api
from comity.api.faults import NOT_FOUND, answer


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """There is no such address."""
    return answer(NOT_FOUND)


urlpatterns = [path("v1/", api.urls), re_path(r"^", nothing)]
