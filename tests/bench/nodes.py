"""Two nodes for the measurements: made, joined under a freshly signed agreement, started, spoken to and ended.

Border: processes and files below one directory; every node is made and run by comity's own code.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Node:
    """One authority's node: its home and, once started, its process."""

    party: str
    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        return {**kept, "COMITY_HOME": str(self.home), "PYTHONPATH": path, **more}

    def child(self, role: str, *arguments: str) -> dict[str, Any]:
        """Run one short role of child.py in this home; its answer."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.child", role, *arguments],
            env=self.environment(),
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def start(self, **more: str) -> None:
        """Start the node as `comity run` does, and wait until it answers."""
        log = (self.home / "bench.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity.node.server"],
            env=self.environment(**more),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise RuntimeError(
            f"the node did not start:\n{(self.home / 'bench.log').read_text(errors='replace')[-3000:]}"
        )

    def peak_mib(self) -> float:
        """The most the node's process has had in memory, in MiB."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024

    def cpu(self) -> float:
        """Seconds of processor time the node's process has used so far."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


@dataclass
class Writer:
    """The writing authority's process (child.py, role `write`), told what to do line by line."""

    node: Node
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        log = (self.node.home / "writer.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.child", "write"],
            env=self.node.environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        log.close()
        self._answer()

    def tell(self, do: str, **given: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            log = (self.node.home / "writer.log").read_text(errors="replace")
            raise RuntimeError(f"the writing node ended:\n{log[-4000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def make_pair(work: Path, agreement: str = "cn-us-2017") -> tuple[Node, Node]:
    """The requesting authority's node and the other's, under the shipped agreement signed with fresh keys."""
    from comity.agreements import text_of
    from comity.core.agreement import Agreement, Keys, fill_keys
    from comity.crypto import load, sign_agreement

    blank = text_of(agreement)
    codes = Agreement.load(blank, None).codes
    answering, asking = (Node(code, work / code, free_port()) for code in codes)
    for node, peer in ((asking, answering), (answering, asking)):
        node.child("init", str(node.home), node.party, f"127.0.0.1:{node.port}", agreement, peer.url)
    secret = {node.party: load(node.home / "keys", node.party) for node in (asking, answering)}
    data = fill_keys(blank, {code: Keys(**keys.public.parts) for code, keys in secret.items()})
    read = Agreement.load(data, None)
    signature: bytes | None = None
    for keys in secret.values():
        signature = sign_agreement(read.name, read.version, data, keys, signature)
    assert signature is not None
    (work / "agreement.toml").write_bytes(data)
    (work / "agreement.toml.sig").write_bytes(signature)
    for node in (asking, answering):
        node.child("adopt", str(work / "agreement.toml"), str(work / "agreement.toml.sig"))
    return asking, answering


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
