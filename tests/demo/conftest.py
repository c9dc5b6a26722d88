"""Fixtures of the demonstration's tests. Django is not ready when this file is read: it imports late."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.actions.office import Office


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """The test modules here import tables at their top; the root conftest has named the database by now."""
    import django

    django.setup()


@pytest.fixture
def office(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    """An office with nothing written yet, and a home for files of its own."""
    from comity.actions import keeping
    from tests.actions.office import open_office, patch

    patch(monkeypatch)
    monkeypatch.setattr(keeping, "directory", lambda: tmp_path / "attachments")
    return open_office()
