"""docs/spec-agreement.md is true: its bytes are shipped, its keys are those read, its codes are those raised."""

from __future__ import annotations

import re
from pathlib import Path

from comity.agreements import text_of
from comity.core.agreement import SUITE, SUITES
from comity.core.agreement.read import _KNOWN, _TOP

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "docs" / "spec-agreement.md").read_text("utf-8")
SOURCE = "".join(path.read_text("utf-8") for path in (ROOT / "src/comity/core/agreement").glob("*.py"))


def test_the_bytes_it_opens_with_are_shipped() -> None:
    block = SPEC.partition("```toml\n")[2].partition("```")[0]
    shipped = text_of("cn-us-2017").decode().splitlines()
    assert [line for line in block.splitlines() if line not in shipped] == []


def test_every_key_is_explained() -> None:
    rows = dict(re.findall(r"^\| `\[?\[([a-z]+)\]\]?·?` \| (.*?) \|", SPEC, re.MULTILINE))
    for table, keys in _KNOWN.items():
        assert set(re.findall(r"`([a-z_]+)·?`", rows[table])) == set(keys), table
    assert set(_TOP) - set(rows) == set(
        re.findall(r"`([a-z_]+)`", SPEC.partition("| top | ")[2].partition(" |")[0])
    )


def test_every_code_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`", SPEC.partition("| about | codes |")[2]))
    raised = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', SOURCE)) - {"utf-8"}
    raised |= {"blank", "unknown-party", "unknown-instrument", "unknown-topic", "unknown-clause"}
    assert listed == raised


def test_the_lengths_of_keys() -> None:
    lengths = SUITES[SUITE]
    for name in ("ed25519", "mldsa65"):
        assert f"`{name}` ({lengths[name]}" in SPEC
    assert lengths["box"] == 1184 + 32
