"""The tiles of a log's tree in the database. Border: bytes in and out; what they mean is `core.tree`."""

from __future__ import annotations

from typing import Any

from django.db import connections

from comity.core.tree import CompactRange, Get, Tiles, append
from comity.store.logs import Log

_READ = 'SELECT data FROM store_tile WHERE log_id = %s AND level = %s AND "index" = %s'
_WRITE = (
    'INSERT INTO store_tile (log_id, level, "index", data) VALUES (%s, %s, %s, %s)'
    ' ON CONFLICT (log_id, level, "index") DO UPDATE SET data = excluded.data'
)


def reader(log: Log) -> Get:
    """(level, index) -> the bytes of that tile, b"" where there is none."""
    connection = connections[log._state.db or "default"]

    def get(level: int, index: int) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(_READ, (log.pk, level, index))
            found = cursor.fetchone()
        return bytes(found[0]) if found is not None else b""

    return get


def frontier(log: Log) -> CompactRange:
    """The compact range of a log as its row holds it."""
    data = bytes(log.frontier)
    return CompactRange.from_bytes(data) if data else CompactRange()


def extend(log: Log, size: int, leaf_hashes: list[bytes], cursor: Any) -> None:
    """Write the tiles that change when `leaf_hashes` follow the first `size` leaves. Part of the caller's transaction."""
    changed: Tiles = append(size, leaf_hashes, reader(log))
    rows = [(log.pk, level, index, data) for (level, index), data in changed.items()]
    cursor.executemany(_WRITE, rows)
