"""The simulator imports tables at the top of its files, as the tests of the exchange do."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """The root conftest has named the database by now."""
    import django

    django.setup()
