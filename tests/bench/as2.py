"""Measures django-pyas2 (AS2) on this machine, in a virtual environment of its own that is made on first use.

Border: starts only what pyas2_rig.py offers and ends it again; traffic stays on the loopback address. Nothing of
comity is used, so that both sides of the comparison stand on their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements" / "bench-pyas2.txt"
RIG = Path(__file__).with_name("pyas2_rig.py")


@dataclass(frozen=True, slots=True)
class As2Result:
    """What one sender after another reached: messages a second, and how many were confirmed by a signed receipt."""

    senders: int
    confirmed: int
    failed: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.confirmed / self.seconds


def environment() -> Path:
    """The Python of the rig's virtual environment, made from the lock file when it is not there or has changed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "comity"
    folder = cache / f"bench-pyas2-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if not stamp.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True, stdin=subprocess.DEVNULL)
        stamp.touch()
    return python


def measure(work: Path, *, seconds: float, senders: int, size: int) -> As2Result:
    """Send messages of `size` bytes for `seconds` between two fresh organisations below `work`."""
    python = environment()
    keys = work / "keys"
    subprocess.run([python, RIG, "keys", keys, "alpha", "beta"], check=True)
    port = _free_port()
    for name in ("alpha", "beta"):
        (work / name).mkdir(parents=True)
    log = (work / "beta.log").open("wb")
    serve: list[str | Path] = [python, RIG, "serve", work / "beta", "beta", "alpha", str(port), "0", keys]
    server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait(port, server, work / "beta.log")
        send: list[str | Path] = [python, RIG, "send", work / "alpha", "alpha", "beta", "0", str(port), keys]
        answer = subprocess.run(
            [*send, str(seconds), str(senders), str(size)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=seconds + 120,
        )
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()
    told = json.loads(answer.stdout)
    return As2Result(senders, told["sent"], told["failed"], told["seconds"])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until the receiving side answers; RuntimeError with its own words if it does not within 30 seconds."""
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"django-pyas2 did not start:\n{log.read_text(errors='replace')[-3000:]}")
