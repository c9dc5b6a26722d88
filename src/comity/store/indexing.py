"""Making cases findable by what entries say: at once for a few entries, later for many.

Working out the terms of a body costs far more than writing the entry. A large batch therefore only leaves
`Log.indexed` behind `Log.size`; `catch_up` (the clerk's work in a quiet moment) brings it forward. A crash between loses
nothing: the mark moves in the transaction of the terms. Border: reads entries, writes the search table and the mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import F

from comity.store import bodies, names
from comity.store.database import writing
from comity.store.logs import Entry, Log, entry_key
from comity.store.search import body_terms

FEW = 16  # entries indexed in the transaction that writes them
AT_ONCE = 100  # entries of one catching up

_WRITE = "INSERT INTO store_searchdoc (case_id, terms) VALUES (%s, %s)"


def index(rows: Iterable[tuple[str, bytes | None]], cursor: Any) -> None:
    """Write what the cases are found by: (case number, body) of valid entries. Part of the caller's transaction."""
    cursor.executemany(_WRITE, _documents(rows))


def catch_up(using: str = "default", *, most: int = AT_ONCE) -> int:
    """Index the next entries of each log that is behind; returns how many were looked at, 0 when none is behind."""
    looked = 0
    for log in Log.objects.using(using).filter(indexed__lt=F("size")):
        end = min(log.size, log.indexed + most)
        entries = (
            Entry.objects.using(using)
            .filter(
                pk__gte=entry_key(log.pk, log.indexed),
                pk__lt=entry_key(log.pk, end),
                verdict="",
                case_id__isnull=False,
            )
            .values_list("case_id", "body")
        )
        documents = _documents(
            (case, bytes(body) if body is not None else None) for case, body in entries if case is not None
        )
        with writing(using):
            moved = Log.objects.using(using).filter(pk=log.pk, indexed=log.indexed).update(indexed=end)
            if moved:
                with connections[using].cursor() as cursor:
                    cursor.executemany(_WRITE, documents)
                looked += end - log.indexed
    return looked


def _documents(rows: Iterable[tuple[str, bytes | None]]) -> list[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for case, body in rows:
        terms = found.get(case)
        if terms is None:
            terms = found[case] = names.terms(case)
        if body is not None:
            terms |= body_terms(bodies.read(body))
    return [(case, " ".join(sorted(terms))) for case, terms in found.items()]
