"""What a database must promise before a node writes to it, and the guards that make entries append-only.

SQLite: journal_mode WAL, synchronous FULL, foreign_keys ON, transactions BEGIN IMMEDIATE. PostgreSQL: a commit that is
answered is on disk. `writing` is the one way to begin a transaction that writes: in one process writers queue on a lock
instead of sleeping in SQLite's busy handler.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connections, transaction

from comity.core.text import Refusal, Text

SQLITE_START = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA wal_autocheckpoint=4000;"  # pages; a checkpoint then costs two more fsyncs every 16 MB
    "PRAGMA cache_size=-16000;"  # KiB a connection
    "PRAGMA temp_store=MEMORY;"
)
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": SQLITE_START,
}

_WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class BrokenPromise(RuntimeError):
    """The database does not keep what comity needs of it. The node does not start."""


def promises(connection: Any) -> list[str]:
    """What this connection does not promise, in words; empty when all is well."""
    broken = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = dict(_WANTED)
            if connection.is_in_memory_db():
                wanted.pop("journal_mode")  # a test's database in memory has no journal on disk
            for name, value in wanted.items():
                cursor.execute(f"PRAGMA {name}")
                (found,) = cursor.fetchone()
                if found != value:
                    broken.append(f"PRAGMA {name} is {found!r}, must be {value!r}")
            if connection.transaction_mode != "IMMEDIATE":
                broken.append(f"transaction_mode is {connection.transaction_mode!r}, must be 'IMMEDIATE'")
        elif connection.vendor == "postgresql":
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                (found,) = cursor.fetchone()
                if found == "off":
                    broken.append(f"{name} is off")
        else:
            broken.append(f"{connection.vendor} is neither sqlite nor postgresql")
    return broken


def assert_promises(connection: Any) -> None:
    """Raise BrokenPromise unless the connection promises everything. Called for every new connection."""
    broken = promises(connection)
    if broken:
        raise BrokenPromise("; ".join(broken))


_turns: dict[str, threading.RLock] = {}
_turns_guard = threading.Lock()


def _turn(using: str) -> threading.RLock:
    with _turns_guard:
        return _turns.setdefault(using, threading.RLock())


@contextmanager
def writing(using: str = "default") -> Iterator[None]:
    """A transaction that writes. Within one that has begun, a part of it (no savepoint).

    Refusal "disk-full" or "disk-fault" (nothing is kept) where the disk takes nothing; raised after the rollback.
    """
    connection = connections[using]
    try:
        if connection.in_atomic_block:
            with transaction.atomic(using=using, savepoint=False):
                yield
        elif connection.vendor == "sqlite":
            with _turn(using), transaction.atomic(using=using):
                yield
        else:
            with transaction.atomic(using=using):
                yield
    except (OperationalError, OSError) as fault:
        if is_disk_full(fault):
            raise disk_full() from fault
        if is_disk_fault(fault):
            raise disk_fault() from fault
        raise


def is_disk_full(fault: BaseException | None) -> bool:
    """Whether a fault of database or file system says that there is no room (SQLITE_FULL, ENOSPC, EDQUOT, 53100)."""
    while fault is not None:
        if isinstance(fault, sqlite3.Error) and getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            return True
        if isinstance(fault, OSError) and fault.errno in (28, 122, 27):  # ENOSPC, EDQUOT, EFBIG
            return True
        if getattr(fault, "sqlstate", "") in ("53100", "53000"):
            return True
        fault = fault.__cause__
    return False


def is_disk_fault(fault: BaseException | None) -> bool:
    """Whether the database says that the disk, or the file system it lies on, cannot be written or read."""
    while fault is not None:
        if isinstance(fault, sqlite3.Error):
            return getattr(fault, "sqlite_errorcode", 0) & 0xFF in (
                sqlite3.SQLITE_IOERR,
                sqlite3.SQLITE_READONLY,
            )
        if getattr(fault, "sqlstate", "") in ("58030", "25006"):  # io_error, read_only_sql_transaction
            return True
        fault = fault.__cause__
    return False


def disk_fault() -> Refusal:
    return Refusal(
        "disk-fault",
        Text(
            "The disk of this node cannot be written; nothing was kept.",
            "本节点磁盘无法写入，未写入任何内容。",
        ),
        "",
        Text(
            "Try again later; the node's operator must look at the disk.",
            "请稍后重试；须由节点运维人员检查磁盘。",
        ),
    )


def disk_full() -> Refusal:
    return Refusal(
        "disk-full",
        Text(
            "There is no room left to write on this node; nothing was kept.",
            "本节点磁盘空间不足，未写入任何内容。",
        ),
        "",
        Text(
            "Try again later; the node's operator must make room.", "请稍后重试；须由节点运维人员腾出空间。"
        ),
    )


# Installed by the first migration, run as they stand: GUARDS[connection.vendor].
_FIXED = ("id", "log_id", '"index"', "case_id", "step", "seen", "time", "header", "verdict", "received")
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FIXED)
_CHANGED_PG = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED)

GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER entry_is_fixed BEFORE UPDATE ON store_entry WHEN {_CHANGED}"
        " BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END",
        "CREATE TRIGGER entry_stays BEFORE DELETE ON store_entry"
        " BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION entry_is_fixed() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'an entry is never changed or deleted'; END $$",
        "CREATE TRIGGER entry_is_fixed BEFORE UPDATE ON store_entry FOR EACH ROW"
        f" WHEN ({_CHANGED_PG}) EXECUTE FUNCTION entry_is_fixed()",
        "CREATE TRIGGER entry_stays BEFORE DELETE ON store_entry FOR EACH ROW EXECUTE FUNCTION entry_is_fixed()",
    ),
}
UNGUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": ("DROP TRIGGER entry_is_fixed", "DROP TRIGGER entry_stays"),
    "postgresql": (
        "DROP TRIGGER entry_is_fixed ON store_entry",
        "DROP TRIGGER entry_stays ON store_entry",
        "DROP FUNCTION entry_is_fixed()",
    ),
}


def run_all(statements: dict[str, tuple[str, ...]]) -> Callable[[Any, Any], None]:
    """A migration operation that runs the statements of the database's own kind."""

    def run(_: Any, editor: Any) -> None:
        for statement in statements[editor.connection.vendor]:
            editor.execute(statement)

    return run
