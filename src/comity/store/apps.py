"""The Django app of the node's tables, and the promises every database connection of a node must keep."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class StoreConfig(AppConfig):
    name = "comity.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        connection_created.connect(_check, dispatch_uid="comity.store.promises")


def _check(connection: Any, **_: Any) -> None:
    from comity.store.database import assert_promises

    assert_promises(connection)
