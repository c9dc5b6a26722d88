"""Fixtures of the command line's tests: an office, and the program run in this process. Imports Django late."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error that `--json` writes to stderr."""
        said: dict[str, Any] = json.loads(self.err.strip().splitlines()[-1])["error"]
        return said


@pytest.fixture
def office(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    """An office with nothing written yet, and a home for files of its own."""
    from comity.actions import keeping
    from tests.actions.office import open_office, patch

    patch(monkeypatch)
    monkeypatch.setattr(keeping, "directory", lambda: tmp_path / "attachments")
    return open_office()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """`run("case", "list", officer="author")` in this process, in English; `stdin` is what is typed."""
    from typer.testing import CliRunner

    from comity.cli.frame import build
    from comity.cli.main import ROOT, carry_out

    monkeypatch.setenv(
        "COMITY_DATABASE", "sqlite:////nowhere/used"
    )  # the test's own database is open already
    monkeypatch.delenv("COMITY_OFFICER", raising=False)

    def invoke(*words: str, officer: str = "", stdin: str | None = None, lang: str = "en") -> Ran:
        app = build(ROOT, lang, carry_out)
        given = [*words, *(["--as", officer] if officer else []), *(["--lang", lang] if lang != "en" else [])]
        done = CliRunner().invoke(app, given, input=stdin)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    return invoke
