"""The demonstration played once, as `make demo ONCE=1` plays it; and left running until it is told to stop."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from comity.demo.story import TALES, TRACK, days
from comity.tracks import TRACKS

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
    "PYTHONPATH": str(ROOT / "src"),
    "PYTHONUNBUFFERED": "1",
}
LIMIT = 90.0  # seconds, on two cores that do nothing else
PATIENT = 240.0


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "comity.cli.main", "demo", *words]


def ports() -> int:
    """A port that is free with its next one, below those the machine hands out for calls of its own."""
    while True:
        port = random.randrange(20_000, 30_000)
        with (
            contextlib.suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 1)),
        ):
            return port


@pytest.mark.sqlite_only
def test_the_whole_story_once(tmp_path: Path) -> None:
    done = subprocess.run(
        command("--once", "--port", str(ports()), "--data", str(tmp_path / "demo")),
        env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=PATIENT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == 8
    assert "✗" not in done.stdout
    digests = re.findall(r"digest ([0-9a-f]{64})", done.stdout)
    assert len(digests) == 2
    assert len(set(digests)) == 1
    took = re.search(r"Everything agreed, in ([0-9.]+) s", done.stdout)
    assert took is not None
    if os.getloadavg()[0] < 2.5:
        assert float(took[1]) <= LIMIT


@pytest.mark.sqlite_only
def test_left_running_it_ends_both_nodes_when_told_to(tmp_path: Path) -> None:
    port = ports()
    process = subprocess.Popen(
        command("--port", str(port), "--data", str(tmp_path / "demo")),
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + PATIENT
        while time.monotonic() < end:
            try:
                if (
                    httpx.get(
                        f"http://127.0.0.1:{port}/api/v1/healthz", trust_env=False, timeout=1
                    ).status_code
                    == 200
                ):
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        for each in (port, port + 1):
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"http://127.0.0.1:{each}/", trust_env=False, timeout=1)
    finally:
        process.kill()
        process.communicate()


def test_it_never_empties_a_directory_that_is_not_a_demonstration(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear", encoding="ascii")
    done = subprocess.run(
        command("--once", "--data", str(tmp_path)),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "not-a-demo" in done.stderr
    assert (tmp_path / "letter").read_text(encoding="ascii") == "dear"


# -- the story itself --------------------------------------------------------------------------------------------------


def test_the_story_goes_through_every_state_and_takes_every_step_there_is() -> None:
    track = TRACKS[TRACK]
    taken = {move.step for tale in TALES for move in tale.moves} | {track.opening.name}
    assert taken == {step.name for step in track.steps}
    assert {tale.ends for tale in TALES} == {state.name for state in track.states}


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale.title.en)
def test_each_tale_is_one_the_track_allows(tale: object) -> None:
    from comity.demo.story import Tale

    assert isinstance(tale, Tale)
    track = TRACKS[TRACK]
    state, last = track.opening.to, tale.opened
    for move in tale.moves:
        step = track.step(move.step)
        assert step.by in (move.side, "either")
        assert move.day < last
        last = move.day
        if not step.at_any_time:
            assert state in step.frm, (tale.title.en, move.step, state)
        if step.to is not None:
            state = step.to
        for name in move.body:
            assert step.field(name) is not None
    assert state == tale.ends
    assert days() == sorted(days(), reverse=True)
