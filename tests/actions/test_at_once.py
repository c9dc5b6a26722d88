"""Two officers, two clerks, two tabs at the same moment: each thing is done once, and the other is told why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = {
    "last_two_approvals": {"done,done"},
    "the_same_approval_twice": {"approval-twice,done"},
    "approval_and_edit": {"one"},
    "two_clerks": {"done,done"},
    "one_step_by_two_officers": {"case-ended,done"},
    "one_file_by_two_hands": {"done,done"},
    "a_row_taken_out_while_its_file_is_approved": {"one"},
}


@pytest.fixture
def races(database_url: str, tmp_path: Path) -> dict[str, dict[str, int]]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.actions.race"],
        cwd=ROOT,
        env={**os.environ, "COMITY_HOME": str(tmp_path), "COMITY_DATABASE": database_url, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    found: dict[str, dict[str, int]] = json.loads(made.stdout.splitlines()[-1])
    return found


def test_each_thing_is_done_once(races: dict[str, dict[str, int]]) -> None:
    assert {name: set(said) for name, said in races.items()} == EXPECTED
