"""The core stays pure: what the value types import, and that names are only loaded when they are asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import comity.core.types as types

ALLOWED = {"__future__", "abc", "collections", "comity", "dataclasses", "datetime", "decimal", "functools", "re",
           "typing", "unicodedata", "babel"}  # fmt: skip


def test_imports() -> None:
    for file in Path(next(iter(types.__path__))).glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= ALLOWED, file.name
        assert len(file.read_text("utf-8").splitlines()) <= 300, file.name
        assert ast.get_docstring(tree), file.name
        for clock in ("datetime.now", "date.today", "utcnow"):
            assert clock not in file.read_text("utf-8"), file.name


def test_babel_is_loaded_only_for_names() -> None:
    script = (
        "import sys; from comity.core.types import Country, Money;"
        "Country().clean('CHN'); Money().clean({'amount': '1', 'currency': 'USD'}); Country().schema();"
        "assert 'babel' not in sys.modules; assert Country().show('CHN', 'zh'); assert 'babel' in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={"PYTHONPATH": str(Path(types.__path__[0]).parents[2])},
    )
