"""Processes of the demonstration and how they are driven: the running node, the hand that plays, the program `comity`.

Border: starts and stops what it started itself, by its own handles; knows addresses and homes, no case.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

from comity.core.text import Refusal, Text
from comity.demo import clock

START_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass
class Seat:
    """One authority's place in the demonstration: a home, a port, and what runs there."""

    party: str
    home: Path
    port: int
    clock: Path
    peer: str = ""
    lang: str = "en"
    officers: dict[str, dict[str, str]] = field(default_factory=dict)
    robots: list[str] = field(default_factory=list)
    _node: subprocess.Popen[bytes] | None = None
    _hand: subprocess.Popen[str] | None = None
    _log: IO[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        own = {"COMITY_HOME": str(self.home), "COMITY_RECALL_SECONDS": "5", "PYTHONUNBUFFERED": "1"}
        return {**kept, **own, **clock.environment(self.clock)}

    # -- the running node ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start serving; `wait` until it answers."""
        self._log = (self.home / "node.log").open("ab")
        self._node = subprocess.Popen(  # noqa: S603  (our own program, our own words)
            _command("run"),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the demonstration, which then ends its nodes
        )

    def wait(self) -> None:
        """Until the node answers. Refusal "node-did-not-start" with the end of its log."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._node is not None and self._node.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False, timeout=2.0).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        said = (self.home / "node.log").read_text(encoding="utf-8", errors="replace")[-600:]
        raise Refusal(
            "node-did-not-start",
            Text(f"The node of {self.party} does not answer: {said}", f"{self.party} 的节点没有应答：{said}"),
            self.url,
            Text(
                "Is another program using the port? Choose another with --port.",
                "端口是否被占用？请以 --port 另选。",
            ),
        )

    # -- the hand that plays -------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Start the hand that plays here."""
        self._hand = subprocess.Popen(  # noqa: S603  (as above)
            _command("play"),
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    def ask(self, do: str, **given: Any) -> Any:
        """Have something done; its answer. Refusal "demo-failed" with what was refused, and where."""
        hand = self._hand
        if hand is None or hand.stdin is None or hand.stdout is None:
            raise AssertionError("nobody plays here")
        hand.stdin.write(json.dumps({"do": do, **given}, ensure_ascii=False) + "\n")
        hand.stdin.flush()
        line = hand.stdout.readline()
        ended = {"error": {"code": "hand-ended", "what": {"en": "It ended.", "zh": "已终止。"}}}
        answer: dict[str, Any] = json.loads(line) if line else ended
        if "error" in answer:
            fault = answer["error"]
            what = Text(fault["what"]["en"], fault["what"]["zh"])
            raise Refusal(
                "demo-failed", what, f"{self.party} / {do} / {given.get('step', '')} {fault.get('where', '')}"
            )
        return answer["ok"]

    # -- the program ---------------------------------------------------------------------------------------------------

    def cli(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `comity` at this node."""
        return subprocess.run(  # noqa: S603  (as above)
            _command("cli", *words), env=self.environment, input=stdin, capture_output=True, text=True, check=False,
            timeout=600,
        )  # fmt: skip

    def cli_json(self, *words: str) -> Any:
        """`cli` with --json, read. Refusal "demo-failed" where it did not end well."""
        done = self.cli(*words, "--json")
        if done.returncode:
            said = (done.stderr or done.stdout)[-600:]
            raise Refusal(
                "demo-failed",
                Text(said or "failed", said or "失败"),
                f"{self.party}: comity {' '.join(words)}",
            )
        return json.loads(done.stdout)

    def stop(self) -> None:
        """End what was started here, gently and then not."""
        if self._hand is not None and self._hand.stdin is not None:
            self._hand.stdin.close()
        if self._node is not None:
            self._node.terminate()
        for process in (self._hand, self._node):
            if process is not None:
                _wait(process)
        self._hand, self._node = None, None
        if self._log is not None:
            self._log.close()
            self._log = None


def _wait(process: subprocess.Popen[Any]) -> None:
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "comity.demo.process", *words]


def verifier(file: Path, digest: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `comity-verify` on an evidence file, as a court would: a program by itself."""
    command: Sequence[str] = [
        sys.executable,
        "-m",
        "comity_verify",
        str(file),
        "--agreement-digest",
        digest,
        "--json",
    ]
    return subprocess.run(  # noqa: S603  (our own program, our own words)
        command, env=dict(environment), capture_output=True, text=True, check=False, timeout=120
    )
