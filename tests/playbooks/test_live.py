"""Every story again, on two real nodes: two processes, two databases, real HTTP between them, officers who approve.

The nodes' clocks are their own, so dates are left to the pure run; states, refusals, holds and both sides' agreement on
them are not. At the end of each story both nodes hold the same fold of the case, byte for byte.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.tracks import TRACKS
from tests.nodes import AGREEMENT, ROOT, Node, make_nodes, until
from tests.playbooks.play import Story, stories

pytestmark = pytest.mark.database


class Desk:
    """The officers of one node."""

    def __init__(self, node: Node) -> None:
        self.node = node
        env = node.env | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.playbooks.desk"], env=env, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, do: str, **asked: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **asked}) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said, f"the desk at {self.node.party} ended at {do} {asked}"
        return json.loads(said)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Live:
    """A story on two live nodes. A node that must not read yet is stopped; its officers can still write."""

    def __init__(self, track: str, desks: dict[str, Desk]) -> None:
        self.track, self.desks, self.case = track, desks, ""
        self.stopped: Node | None = None

    def step(self, at: str, party: str, step: str, unread: bool) -> str:
        row = TRACKS[self.track].step(step)
        if not row.opens and self.stopped is None:
            self.settle()
        if unread:
            self.stopped = self.desks[self.other(party)].node
            self.stopped.stop()
        done = self.desks[party]("step", track=self.track, name=step, case=self.case)
        self.case = self.case or done["case"]
        if row.opens:
            self.settle()
            assert self.desks[self.other(party)]("take_up", case=self.case)["there"]
        return str(done["code"])

    def read(self, at: str, party: str) -> None:
        self.settle()

    def settle(self) -> None:
        """Until both nodes hold the same of both logs."""
        if self.stopped is not None:
            self.stopped.start()
            self.stopped = None
        until(lambda: len({json.dumps(desk("sizes"), sort_keys=True) for desk in self.desks.values()}) == 1)
        time.sleep(0.05)
        until(lambda: len({json.dumps(desk("sizes"), sort_keys=True) for desk in self.desks.values()}) == 1)

    def seen(self) -> list[tuple[str, set[str]]]:
        self.settle()
        found = [desk("seen", case=self.case) for desk in self.desks.values()]
        assert found[0]["fold"] == found[1]["fold"]
        return [(each["state"], {word for word in ("held", "ended") if each[word]}) for each in found]

    def clock(self, name: str) -> list[tuple[str, str, int]]:
        self.settle()
        found = [desk("clock", case=self.case, name=name) for desk in self.desks.values()]
        assert found[0] == found[1]
        return [(each["status"], each["due"], each["days"]) for each in found]

    def other(self, party: str) -> str:
        return next(code for code in self.desks if code != party)


@pytest.fixture(scope="module")
def desks(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[dict[str, Desk]]:
    """Two nodes that run for all the stories of this file, with an officer's desk beside each."""
    directory = tmp_path_factory.mktemp("nodes")
    new_database: Callable[[], str] = request.getfixturevalue("new_databases")
    nodes = make_nodes(directory, new_database, request.getfixturevalue("free_ports")(2))
    for node in nodes:
        _call_often(node.home)
        node.settings = {**node.settings, "COMITY_DOORS": json.dumps(["exchange"])}
        node.start(wait=False)
    made: dict[str, Desk] = {}
    try:
        for node in nodes:
            node.wait()
            made[node.party] = Desk(node)
        yield made
    finally:
        for desk in made.values():
            desk.close()
        for node in nodes:
            node.stop()


def _call_often(home: Path) -> None:
    """The officers write from another process than the server's, which therefore must look by itself."""
    path = home / "comity.toml"
    path.write_text(path.read_text("utf-8").replace("every = 1.0", "every = 0.1"), "utf-8")
    assert AGREEMENT in path.read_text("utf-8")


@pytest.mark.parametrize("story", list(stories()), ids=lambda story: f"{story.track}/{story.path.stem}")
def test_story(story: Story, desks: dict[str, Desk]) -> None:
    story.perform(Live(story.track, desks), dated=False)
