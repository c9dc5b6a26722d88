"""The addresses of a node: the exchange, its health, and the pages and API where they are installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import include, path

HERE = Path(__file__).resolve().parent.parent
DOORS = {"exchange": "", "api": "api/", "web": ""}

handler400 = "comity.web.errors.bad_request"  # an oversized form is told so, on a page

urlpatterns: list[Any] = [
    path(at, include(f"comity.{door}.urls"))
    for door, at in DOORS.items()
    if door in settings.COMITY.doors and (HERE / door / "urls.py").is_file()
]
