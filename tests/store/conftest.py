"""Fixtures of the store: the two sides the exchange's tests use, for what one of them alone does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.exchange.pair import Side


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """The test modules here import tables at their top; the root conftest has named the database by now."""
    import django

    django.setup()


@pytest.fixture
def sides(
    tmp_path: Path, new_database: Callable[[], str], django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Side, Side]]:
    """Two nodes under one agreement, nothing written yet."""
    from tests.exchange.pair import pair

    with django_db_blocker.unblock(), pair(tmp_path, new_database) as both:
        yield both


@pytest.fixture
def side(sides: tuple[Side, Side]) -> Side:
    """One node, of the authority that requests."""
    return sides[0]
