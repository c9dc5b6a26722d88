"""What the database itself refuses, and what it must promise before a node writes to it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from comity.store.audit import Audit
from comity.store.database import BrokenPromise, assert_promises, promises, writing
from comity.store.logs import Entry
from tests.exchange.pair import Side


@pytest.mark.parametrize(
    "change",
    [
        {"header": b"{}"},
        {"index": 7},
        {"case_id": "US-2026-0000-0009"},
        {"case_id": None},
        {"step": "verify"},
        {"seen": 9},
        {"time": "2026-03-02T08:00:00.001Z"},
        {"verdict": "out-of-turn"},
        {"received": "2026-03-02T08:00:00.001Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_entry_is_never_changed(side: Side, change: dict[str, object]) -> None:
    side.open()
    before = Entry.objects.using(side.using).values().get()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(using=side.using):
        Entry.objects.using(side.using).update(**change)
    assert Entry.objects.using(side.using).values().get() == before


def test_an_entry_is_never_deleted(side: Side) -> None:
    side.open()
    with (
        pytest.raises(DatabaseError, match="never"),
        transaction.atomic(using=side.using),
        connections[side.using].cursor() as cursor,
    ):
        cursor.execute("DELETE FROM store_entry")
    assert Entry.objects.using(side.using).count() == 1


def test_a_body_can_be_erased(side: Side) -> None:
    side.open()
    assert Entry.objects.using(side.using).update(salt=None, body=None) == 1
    assert Entry.objects.using(side.using).update(acked="2026-03-02T08:00:00.001Z") == 1


def test_an_audit_row_is_never_changed_or_deleted(side: Side) -> None:
    with writing(side.using):
        Audit.objects.using(side.using).create(action="admit", at=timezone.now())
    for statement in ("UPDATE store_audit SET via = 'web'", "DELETE FROM store_audit"):
        with (
            pytest.raises(DatabaseError, match="never"),
            transaction.atomic(using=side.using),
            connections[side.using].cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Audit.objects.using(side.using).get().via == "node"


def test_a_node_s_database_promises_durability(side: Side) -> None:
    assert promises(connections[side.using]) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "pragma", ["journal_mode=DELETE", "synchronous=NORMAL", "synchronous=OFF", "foreign_keys=OFF"]
)
def test_a_promise_taken_back_is_seen(side: Side, pragma: str) -> None:
    connection = connections[side.using]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    assert len(promises(connection)) == 1
    with pytest.raises(BrokenPromise, match=pragma.partition("=")[0]):
        assert_promises(connection)


@pytest.mark.sqlite_only
def test_a_connection_that_begins_lazily_is_refused(side: Side) -> None:
    connection = connections[side.using]
    kept, connection.transaction_mode = connection.transaction_mode, None
    try:
        assert promises(connection) == ["transaction_mode is None, must be 'IMMEDIATE'"]
    finally:
        connection.transaction_mode = kept
