"""The API of a running node against its own description: no 500, no undocumented status code, no shape that differs.

Every GET with the values at the edges of its schema, then every operation with generated requests. What the description
cannot say (the case stands elsewhere, the safeguard blocks) is answered 4xx on purpose, so acceptance of every generated
request is not asked for. A request without the token is left to `test_access`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.nodes import PASSWORD, Node, make_nodes

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TOO_MUCH = "positive_data_acceptance,missing_required_header"


@pytest.fixture
def node(
    tmp_path: Path, new_database: Callable[[], str], free_ports: Callable[[int], list[int]]
) -> Iterator[Node]:
    """A running node with a case and a draft."""
    made, _ = make_nodes(tmp_path, new_database, free_ports(2), linked=(False, False))
    made.start()
    try:
        yield made
    finally:
        made.stop()


def seeded(node: Node) -> dict[str, str]:
    """Numbers of things that are there, by path parameter."""
    order, file = str(EXAMPLES / "final_order.txt"), node.home / "few.csv"
    head, *lines = (EXAMPLES / "applications.csv").read_text("utf-8").splitlines()
    file.write_text("\n".join([head, *lines[:3]]), encoding="utf-8")
    (kept,) = node.cli_json("case", "attach", order, officer="case_officer")
    report = node.cli_json("case", "open", "repatriation", "--file", str(file), officer="case_officer")
    node.cli(
        "case", "approve", report["bundle"], "--password-stdin", officer="supervisor", stdin=PASSWORD + "\n"
    )
    draft = node.cli_json("case", "open", "repatriation", "--draft", "--set", "sex=M", officer="case_officer")
    relation = node.cli_json("peer", "list")[0]["relation"]
    return {
        "case": report["rows"][0]["case"], "draft": draft["id"], "bundle": report["bundle"], "sha256": kept["sha256"],
        "track": "repatriation", "step": "note", "relation": relation, "name": relation,
    }  # fmt: skip


def test_the_api_is_what_it_says_it_is(node: Node, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        "[parameters]\n" + "".join(f'"path.{name}" = "{value}"\n' for name, value in seeded(node).items()),
        encoding="ascii",
    )
    token = node.officers["supervisor"].token
    for words in (["--phases", "coverage", "--include-method", "GET"], ["--phases", "fuzzing", "-n", "12"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("st"), "--config-file", config, "run", f"{node.url}/api/v1/openapi.json",
             "-H", f"Authorization: Bearer {token}", "--exclude-checks", TOO_MUCH, "--seed", "7", "-w", "2", "--no-color",
             "--warnings", "off", *words],
            capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:] + node.log()
