"""What every test may lean on: a throw-away home, either database, free ports, Chromium and the shared data.

Border: imports neither Django nor comity, so the pure tests run without them (`-p no:django`, tests/core and
tests/tracks). Which database the suite runs on is said once, by COMITY_TEST_DATABASE=sqlite|postgres; a PostgreSQL
cluster is made for the run in a temporary directory and removed after it. No test may touch a developer's own node,
so every COMITY_ setting of the environment is dropped before anything is imported.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster, free_loopback_port

ROOT = Path(__file__).resolve().parent.parent
ENGINE = os.environ.get("COMITY_TEST_DATABASE", "sqlite")
POSTGRES = "COMITY_TEST_POSTGRES"  # address of the run's cluster, handed from pytest-xdist's controller to its workers
DATABASE_FIXTURES = {
    "database_url",
    "db",
    "django_db_setup",
    "live_server",
    "new_database",
    "new_databases",
    "postgres_url",
    "transactional_db",
}
_homes: list[str] = []


def _isolate() -> None:
    """Drop the developer's settings and give this process a home of its own."""
    for name in [
        name for name in os.environ if name.startswith("COMITY_") and not name.startswith("COMITY_TEST_")
    ]:
        del os.environ[name]
    home = tempfile.mkdtemp(prefix="comity-test-")
    _homes.append(home)
    os.environ["COMITY_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
    # Playwright's own loop is running while a browser test's page calls the database in the same thread.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


_isolate()


_cluster: Cluster | None = None


def _postgres() -> str:
    """The address of the run's cluster; starts one when there is none yet."""
    global _cluster
    if POSTGRES not in os.environ:
        _cluster = Cluster()
        os.environ[POSTGRES] = _cluster.url
    return os.environ[POSTGRES]


# ---------------------------------------------------------------- the run


def pytest_configure(config: pytest.Config) -> None:
    """Name the database before Django reads its settings."""
    if ENGINE not in ("sqlite", "postgres"):
        raise pytest.UsageError(f"COMITY_TEST_DATABASE must be sqlite or postgres, not {ENGINE!r}")
    if ENGINE == "postgres":
        os.environ["COMITY_DATABASE"] = _postgres()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if _cluster is not None:
        _cluster.stop()
        os.environ.pop(POSTGRES, None)
    for home in _homes:
        shutil.rmtree(home, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches a database; on PostgreSQL leave out what speaks of SQLite alone."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
    if ENGINE == "postgres":
        out = [item for item in items if item.get_closest_marker("sqlite_only")]
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if not item.get_closest_marker("sqlite_only")]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """The pure run (COMITY_TEST_PURE=1) fails if anything pulled Django in."""
    if os.environ.get("COMITY_TEST_PURE") and "django" in sys.modules:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nDjango was imported by a pure test: core and tracks must not need it", file=sys.stderr)


# ---------------------------------------------------------------- fixtures


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of an empty-handed administrator of the run's PostgreSQL cluster, which starts on first use."""
    return _postgres()


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes the address of a fresh, empty database at each call, on the engine of this run. Two nodes need two."""
    yield from _databases(request, tmp_path)


@pytest.fixture(scope="module")
def new_databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """`new_database` for nodes that run for all the tests of a file."""
    yield from _databases(request, tmp_path_factory.mktemp("databases"))


def _databases(request: pytest.FixtureRequest, directory: Path) -> Iterator[Callable[[], str]]:
    made: list[str] = []

    def make() -> str:
        name = f"node_{secrets.token_hex(6)}"
        if ENGINE == "sqlite":
            return f"sqlite:///{directory / name}.db"
        _administer(request.getfixturevalue("postgres_url"), f'CREATE DATABASE "{name}"')
        made.append(name)
        return f"{os.environ[POSTGRES].rpartition('/')[0]}/{name}"

    yield make
    for name in made:
        _administer(os.environ[POSTGRES], f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(url: str, statement: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """Address of one fresh, empty database on the engine of this run."""
    return new_database()


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Makes as many loopback ports as asked for, all different and free a moment ago."""

    def make(count: int) -> list[int]:
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        ports = [listener.getsockname()[1] for listener in listeners]
        for listener in listeners:
            listener.close()
        return ports

    return make


@pytest.fixture
def free_port() -> int:
    """One loopback port that was free a moment ago."""
    return free_loopback_port()


@pytest.fixture(scope="session")
def data() -> Path:
    """The directory of shared reference data beside the repository; what needs it is skipped where it is not."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip(
            f"reference data are not on this machine: {path.name} beside the repository's parent is missing"
        )
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium for browser tests."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("Chromium is not installed. Run: make setup")
