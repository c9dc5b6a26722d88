"""Fixtures of the pages' tests: an office under the shipped agreement, and two running nodes for the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.nodes import Node
    from tests.web.desk import Desk


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """The test modules here import tables at their top; the root conftest has named the database by now."""
    import django

    django.setup()


@pytest.fixture
def desk(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    """An office with nothing written yet, and a home for files of its own."""
    from comity.actions import keeping
    from comity.web import page
    from tests.web.desk import open_desk

    monkeypatch.setattr(keeping, "directory", lambda: tmp_path / "attachments")
    assert page.NAVIGATION
    return open_desk()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the browser tests of a module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield chrome
        chrome.close()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Node]]:
    """Two running nodes, talking to each other: the requesting authority's and the responding one's."""
    from tests.nodes import two_nodes
    from tests.web.desk import free_ports

    place = tmp_path_factory.mktemp("nodes")
    number = iter(range(100))
    new_database: Callable[[], str] = lambda: f"sqlite:///{place / f'node{next(number)}.db'}"  # noqa: E731
    with two_nodes(place, new_database, free_ports) as both:
        yield both
