"""The one endpoint of the exchange, and the node's health. Plain Django views; they answer in JSON or sealed bytes.

Nothing is said about a case before what arrived has been opened, and errors name codes, never contents. Border: HTTP
only; what is admitted is `admit`, what is answered is `admit.answer`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from comity.core.text import Refusal, Text
from comity.exchange import arriving, attachments, metrics, reasons
from comity.exchange.admit import admit, answer
from comity.exchange.desk import here
from comity.exchange.wire import MAX_SEALED
from comity.store.database import disk_fault, disk_full, is_disk_fault, is_disk_full

SEALED = "application/vnd.comity.batch"
View = Callable[..., HttpResponse]


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal as the contract's JSON, with its status."""
    response = JsonResponse(refusal.to_json(), status=reasons.status(refusal))
    if response.status_code == 503:
        response["Retry-After"] = str(reasons.RETRY_AFTER)
    return response


def _door(view: View) -> View:
    """What every way in has in common: no cookies are asked for, a refusal is JSON, a busy database is 503."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        started = monotonic()
        try:
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            metrics.refused(refusal.code)
            response = refused(refusal)
        except OperationalError as fault:
            trouble = (
                disk_full() if is_disk_full(fault) else disk_fault() if is_disk_fault(fault) else _busy()
            )
            metrics.refused(trouble.code)
            response = refused(trouble)
        response["Cache-Control"] = "no-store"
        metrics.answered(view.__name__, response.status_code, monotonic() - started)
        return response

    return guarded


@_door
@require_POST
def exchange(request: HttpRequest) -> HttpResponse:
    """POST /exchange: take in a sealed batch, answer with a sealed batch."""
    desk = here()
    admitted = admit(desk, _body(request))
    metrics.admitted(admitted.new)
    return HttpResponse(answer(desk, admitted), content_type=SEALED)


@_door
@require_POST
def chunk(request: HttpRequest) -> HttpResponse:
    """POST /exchange/chunk: take in one sealed chunk of a file that an admitted entry names."""
    arriving.take_chunk(here(), _body(request))
    return HttpResponse(status=204)


@_door
@require_GET
def chunks(request: HttpRequest, sha256: str) -> HttpResponse:
    """GET /exchange/chunks/<sha256>?relation=NAME: which chunks of a file are here, sealed for the peer."""
    desk = here()
    relation = desk.relation(request.GET.get("relation", ""))
    return HttpResponse(arriving.list_of(desk, relation, sha256), content_type=SEALED)


@_door
@require_POST
def want(request: HttpRequest) -> HttpResponse:
    """POST /exchange/want: the peer's sealed list of chunks it holds; answered with the next one it lacks, or 204."""
    sealed = attachments.wanted(here(), _body(request))
    return HttpResponse(status=204) if sealed is None else HttpResponse(sealed, content_type=SEALED)


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and the keys are there: 200, else 503."""
    try:
        here()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM store_relation")
            cursor.fetchone()
    except (DatabaseError, Refusal) as fault:
        return JsonResponse(
            {"ok": False, "code": fault.code if isinstance(fault, Refusal) else "database"}, status=503
        )
    return JsonResponse({"ok": True})


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """GET /metrics: counts for Prometheus, from this machine only. No case, no person, no text.

    What a proxy on this machine passes on (it comes as HTTPS) is not from this machine.
    """
    caller = request.META.get("REMOTE_ADDR")
    here_itself = caller in ("127.0.0.1", "::1") and not request.is_secure()
    if not here_itself and caller not in settings.COMITY.metrics_from:
        return HttpResponse(status=404)
    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def _body(request: HttpRequest) -> bytes:
    """The body, which the server has already cut at its limit. Refusal "batch-too-large" before anything is read."""
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        size = 0
    if size > MAX_SEALED:
        raise reasons.too_large(MAX_SEALED)
    data: bytes = request.META["wsgi.input"].read(size) if size else b""
    return data


def _busy() -> Refusal:
    return Refusal(
        "busy",
        Text("The node's database does not answer in time.", "本节点数据库未能及时响应。"),
        "",
        Text("Try again later.", "请稍后重试。"),
    )
