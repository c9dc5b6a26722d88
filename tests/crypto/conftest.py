"""Keys of three authorities, made once for the whole run."""

from __future__ import annotations

import pytest

from comity.crypto import SecretKeys, generate


@pytest.fixture(scope="session")
def cn() -> SecretKeys:
    return generate("cn")


@pytest.fixture(scope="session")
def us() -> SecretKeys:
    return generate("us")


@pytest.fixture(scope="session")
def stranger() -> SecretKeys:
    return generate("us")
