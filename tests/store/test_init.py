"""What `comity init` makes, and what the node finds when it examines itself."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.nodes import Node

EXAMINE = "from comity.node.doctor import examine\nprint(json.dumps([each.to_json() for each in examine()]))"
START = """
from comity.core.text import Refusal
from comity.node.doctor import before_start
try:
    before_start()
except Refusal as refusal:
    print(refusal.code)
"""


@pytest.fixture
def node(tmp_path: Path, new_database: Callable[[], str], free_port: int) -> Node:
    made = Node("us", tmp_path / "us", free_port, new_database())
    made.init()
    return made


def findings(node: Node) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in json.loads(node.python(EXAMINE))}


def test_what_init_makes(node: Node) -> None:
    assert node.home.stat().st_mode & 0o777 == 0o700
    assert (node.home / "keys").stat().st_mode & 0o777 == 0o700
    for path in (*(node.home / "keys").iterdir(), node.home / "secret", node.home / "comity.toml"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    card = tomllib.loads((node.home / "us.card.toml").read_text(encoding="utf-8"))
    assert card["code"] == "us"
    assert len(card["fingerprint"].split()) == 12


def test_init_again_keeps_what_is_there(node: Node) -> None:
    before = {path: path.read_bytes() for path in [*(node.home / "keys").iterdir(), node.home / "secret"]}
    (node.home / "comity.toml").write_text('# mine\nparty = "us"\nthreads = 4\n', encoding="utf-8")
    node.python(
        "from comity.node.init import init\nprint(init('us', peers={'cn-us-2017': 'http://x'}).fresh)"
    )
    assert {path: path.read_bytes() for path in before} == before
    text = (node.home / "comity.toml").read_text(encoding="utf-8")
    assert "# mine" in text
    assert tomllib.loads(text)["threads"] == 4
    assert tomllib.loads(text)["peers"] == {"cn-us-2017": {"url": "http://x"}}


def test_a_home_of_another_party(node: Node) -> None:
    with pytest.raises(AssertionError, match=r"party-differs|keys"):
        node.python("from comity.node.init import init\ninit('cn')")


def test_the_doctor_of_a_new_node(node: Node) -> None:
    found = findings(node)
    assert {code: each["level"] for code, each in found.items()} == {
        "python": "good",
        "algorithms": "good",
        "home": "good",
        "disk": "good",
        "database": "good",
        "keys": "good",
        "no-agreement": "warning",
    }
    for each in found.values():
        assert set(each["what"]) == {"en", "zh"}
        assert (each["mend"] is None) == (each["level"] == "good")


def test_keys_others_may_read(node: Node) -> None:
    for path in (node.home / "keys").iterdir():
        path.chmod(0o644)
    found = findings(node)
    assert found["keys-exposed"]["level"] == "fault"
    assert node.python(START).strip() == "keys-exposed"


def test_keys_that_are_gone(node: Node) -> None:
    next((node.home / "keys").iterdir()).unlink()
    assert findings(node)["keys-missing"]["level"] == "fault"


def test_a_home_others_may_enter(node: Node) -> None:
    node.home.chmod(0o755)
    assert findings(node)["home-open"]["mend"]["en"] == f"chmod 700 {node.home}"


def test_tables_of_an_older_version(node: Node) -> None:
    node.python(
        "from django.core.management import call_command\ncall_command('migrate', 'store', 'zero', verbosity=0)"
    )
    assert findings(node)["database-old"]["level"] == "fault"
    assert node.python(START).strip() == "database-old"


def test_a_node_with_a_fault_does_not_start(node: Node) -> None:
    for path in (node.home / "keys").iterdir():
        path.chmod(0o644)
    with pytest.raises(RuntimeError, match="keys-exposed"):
        node.start()
    assert node.process is None or node.process.poll() is not None


def test_a_database_that_does_not_answer(tmp_path: Path, free_port: int) -> None:
    node = Node("us", tmp_path / "us", free_port, f"sqlite:///{tmp_path}/none/node.db")
    with pytest.raises(AssertionError, match="unable to open database file"):
        node.init()
