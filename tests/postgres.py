"""A throw-away PostgreSQL cluster for one test run, on the loopback address; nothing of it stays."""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class Cluster:
    """A PostgreSQL cluster in a temporary directory, on the loopback address, gone when stopped."""

    def __init__(self) -> None:
        self.binaries = _postgres_binaries()
        self.directory = Path(tempfile.mkdtemp(prefix="comity-pg-", dir=_roomy()))
        self.port = free_loopback_port()
        self.password = secrets.token_urlsafe(18)
        self.url = f"postgres://comity:{self.password}@127.0.0.1:{self.port}/postgres"
        # PostgreSQL refuses to run as root; a build machine often is.
        self.identity: dict[str, object] = {}
        if os.geteuid() == 0:
            account = _unprivileged()
            os.chown(self.directory, account.pw_uid, account.pw_gid)
            self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._run_initdb()
        self.log = (self.directory / "log").open("wb")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
        }
        command = [self.binaries / "postgres", "-D", self.directory / "data"]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            command,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            **self.identity,
        )  # type: ignore[call-overload]  # one keyword set, made above
        atexit.register(self.stop)
        self._wait()

    def _run_initdb(self) -> None:
        secret = self.directory / "password"
        secret.write_text(self.password + "\n", encoding="ascii")
        if self.identity:
            os.chown(secret, self.identity["user"], self.identity["group"])  # type: ignore[arg-type]  # both are int
        subprocess.run(
            [self.binaries / "initdb", "--username=comity", "--auth=password", f"--pwfile={secret}", "--no-sync",
             "--encoding=UTF8", "--locale=C.UTF-8", "-D", self.directory / "data"],
            cwd=self.directory, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **self.identity,
        )  # type: ignore[call-overload]  # as above  # fmt: skip

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"PostgreSQL did not start:\n{(self.directory / 'log').read_text()}"
                    ) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server at once and remove its directory; harmless when repeated."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def _postgres_binaries() -> Path:
    """Where initdb and postgres are: the newest of Debian's versions, or the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise RuntimeError("PostgreSQL is not installed. Run: make setup")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _roomy() -> str:
    """Where the cluster lies: in memory where there is room, for a node refuses a server that does not wait for the
    disk. Never below TMPDIR, which may be closed to the account the server runs under."""
    memory = "/dev/shm"  # noqa: S108
    roomy = os.path.isdir(memory) and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else "/tmp"  # noqa: S108


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("No account to run PostgreSQL under: neither postgres nor nobody exists")


def free_loopback_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
