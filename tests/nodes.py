"""Real nodes for tests: separate homes, separate databases, separate processes, talking over real HTTP.

    with two_nodes(tmp_path, new_database, free_ports) as (us, cn): …      both signed the shipped agreement, both run
    node.start() / node.stop() / node.kill()      the process `comity run`
    node.cli("case", "list", "--json")            the program `comity` at this node
    node.python("print(CaseRow.objects.count())") a few lines inside this node (tables imported, Django ready)
    node.client("supervisor")                     an httpx client signed in to the API with a token of that officer
    node.url, node.home, node.party, node.officers[role].username / .password / .token

Border: imports nothing of Django in the test's own process. Officers and tokens are made up.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import httpx

from comity.core.agreement import Agreement, Keys, fill_keys
from comity.crypto import load, sign_agreement

ROOT = Path(__file__).resolve().parent.parent
AGREEMENT = "cn-us-2017"
PASSWORD = "correct horse battery staple"
ROLES = ("case_officer", "supervisor", "liaison", "hotline_duty", "analyst", "oversight", "administrator")
SCOPES = ("read", "draft", "step")
START_SECONDS = 90

_PREAMBLE = """
import json, sys
from comity.node import boot
config = boot()
from comity.store.models import *
from comity.exchange.desk import here
given = json.loads(sys.argv[1])
"""

_INIT = """
import json, shutil, sys
from comity.node.init import init
given = json.loads(sys.argv[1])
init(given["party"], listen=given["listen"])
if given["keep"]:
    from django.db import connection
    connection.close()
    shutil.copyfile(connection.settings_dict["NAME"], given["keep"])
"""

_PEOPLE = """
from django.contrib.auth.hashers import make_password
unit, _ = Unit.objects.get_or_create(code="intake", defaults={"en": "Intake", "zh": "收件登记"})
made, hashed = {}, make_password(given["password"])
for name, role in given["people"].items():
    officer, new = Officer.objects.get_or_create(username=name, defaults={"role": role, "unit": unit, "password": hashed})
    token = Token.issue(officer, given["scopes"], "tests")[1] if role != "administrator" else ""
    made[name] = {"username": name, "role": role, "token": token, "pseudonym": officer.pseudonym}
print(json.dumps(made))
"""

_ADOPT = """
from pathlib import Path
from comity.exchange.agreements import adopt
adopt(here(), Path(given["toml"]).read_bytes(), Path(given["sig"]).read_bytes())
"""


@dataclass(frozen=True)
class Person:
    """An officer of a test node. `token` has all scopes; "" for an administrator."""

    username: str
    role: str
    token: str
    pseudonym: str
    password: str = PASSWORD


@dataclass
class Node:
    """One authority's node. `database`: an address, or "" for SQLite in the home."""

    party: str
    home: Path
    port: int
    database: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    _log: IO[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of every process of this node."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        kept |= {
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
            "COMITY_HOME": str(self.home),
            "COMITY_LISTEN": f"127.0.0.1:{self.port}",
            "COMITY_RECALL_SECONDS": "0",
        }
        if self.database:
            kept["COMITY_DATABASE"] = self.database
        return kept | dict(self.settings)

    # -- making it --------------------------------------------------------------------------------------------------

    def init(self, peer_url: str = "", every: float = 1.0) -> None:
        """Keys, database, card, and the officers of every role (named after it; "second" is another supervisor)."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = (
            self.home / "comity.db" if not self.database else Path(self.database.removeprefix("sqlite:///"))
        )
        empty = self.database.startswith("sqlite:") or not self.database
        if empty and _migrated and not place.exists() and place.parent.is_dir():
            shutil.copyfile(_migrated[0], place)
        said = json.loads(
            self._run(
                _INIT + _PREAMBLE + _PEOPLE,
                {
                    "party": self.party,
                    "listen": f"127.0.0.1:{self.port}",
                    "keep": str(_kept()) if empty and not _migrated else "",
                    "people": {**{role: role for role in ROLES}, "second": "supervisor"},
                    "password": PASSWORD,
                    "scopes": list(SCOPES),
                },
            )
        )
        if empty and not _migrated:
            _migrated.append(_kept())
        self.officers |= {name: Person(**each) for name, each in said.items()}
        if peer_url:
            with (self.home / "comity.toml").open("a", encoding="utf-8") as file:
                file.write(f'\n[peers.{AGREEMENT}]\nurl = "{peer_url}"\nevery = {every}\n')

    def add_people(self, people: Mapping[str, str]) -> None:
        """Make officers: {user name: role}. All in the unit "intake", all with `PASSWORD`."""
        said = json.loads(self.python(_PEOPLE, people=dict(people), password=PASSWORD, scopes=list(SCOPES)))
        self.officers |= {name: Person(**each) for name, each in said.items()}

    def adopt(self, toml: Path, sig: Path) -> None:
        """Put a signed agreement in force."""
        self.python(_ADOPT, toml=str(toml), sig=str(sig))

    # -- running it ---------------------------------------------------------------------------------------------------

    def start(self, *, wait: bool = True, **settings: str) -> None:
        """Start `comity run` and wait until it answers. RuntimeError with its log where it does not."""
        self._log = (self.home / "node.log").open("ab")
        command = [sys.executable, "-m", "comity.node.server"]
        self.process = subprocess.Popen(
            command, env=self.env | settings, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Until /readyz says yes."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is not None and self.process.poll() is not None:
                code = self.process.returncode
                self.stop()
                raise RuntimeError(f"node {self.party} ended with {code}:\n{self.log()}")
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"node {self.party} does not answer:\n{self.log()}")

    def stop(self) -> None:
        """End it as an operator would (SIGTERM), and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power failure would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
        self.process = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def log(self) -> str:
        path = self.home / "node.log"
        return path.read_text(encoding="utf-8", errors="replace")[-8000:] if path.exists() else ""

    # -- using it -----------------------------------------------------------------------------------------------------

    def cli(
        self, *args: str, officer: str = "", check: bool = True, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the program `comity` at this node. `officer`: user name for --as. AssertionError on failure if `check`."""
        words = [*args, *(["--as", officer] if officer else [])]
        done = subprocess.run(
            [sys.executable, "-m", "comity.cli.main", *words],
            env=self.env, input=stdin, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert not check or done.returncode == 0, (
            f"comity {' '.join(words)} -> {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done

    def cli_json(self, *args: str, officer: str = "") -> Any:
        """`cli` with --json, read."""
        return json.loads(self.cli(*args, "--json", officer=officer).stdout)

    def python(self, source: str, **given: Any) -> str:
        """Run a few lines inside this node: the tables and `here` are imported, `given` holds the arguments. Its stdout."""
        return self._run(_PREAMBLE + source, given)

    def _run(self, source: str, given: Mapping[str, Any]) -> str:
        done = subprocess.run(
            [sys.executable, "-c", source, json.dumps(dict(given))],
            env=self.env, capture_output=True, text=True, check=False, timeout=600, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 0, f"at {self.party}: {done.stderr}\n{source}"
        return done.stdout

    def client(self, officer: str = "case_officer") -> httpx.Client:
        """A client of the API with this officer's token. Close it, or use it as a context."""
        token = self.officers[officer].token
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        )

    def sizes(self) -> dict[str, int]:
        """Entries in each of the two logs, by author."""
        found: dict[str, int] = json.loads(
            self.python("print(json.dumps({x.author: x.size for x in Log.objects.all()}))")
        )
        return found


def sign_between(directory: Path, nodes: Sequence[Node]) -> tuple[Path, Path]:
    """The shipped agreement with the nodes' own keys, signed by all of them; paths of the file and its signature."""
    blank = files("comity.agreements").joinpath(f"{AGREEMENT}.toml").read_bytes()
    keys = {node.party: load(node.home / "keys", node.party) for node in nodes}
    data = fill_keys(blank, {code: Keys(**each.public.parts) for code, each in keys.items()})
    agreement = Agreement.load(data, None)
    signature: bytes | None = None
    for each in keys.values():
        signature = sign_agreement(agreement.name, agreement.version, data, each, signature)
    assert signature is not None
    toml, sig = directory / f"{AGREEMENT}.toml", directory / f"{AGREEMENT}.toml.sig"
    toml.write_bytes(data)
    sig.write_bytes(signature)
    return toml, sig


def make_nodes(
    directory: Path,
    new_database: Callable[[], str],
    ports: Sequence[int],
    *,
    linked: tuple[bool, bool] = (True, True),
) -> tuple[Node, Node]:
    """Two nodes that have signed the shipped agreement, not started. `linked`: which of them knows the other's address."""
    blank = files("comity.agreements").joinpath(f"{AGREEMENT}.toml").read_bytes()
    codes = Agreement.load(blank, None).codes[::-1]
    made = [
        Node(code, directory / code, port, new_database()) for code, port in zip(codes, ports, strict=True)
    ]
    first, second = made
    urls = (second.url if linked[0] else "", first.url if linked[1] else "")
    with ThreadPoolExecutor(2) as pool:
        if _migrated:
            list(pool.map(Node.init, made, urls))
        else:  # the first leaves its empty tables for all that follow
            for node, url in zip(made, urls, strict=True):
                node.init(url)
        toml, sig = sign_between(directory, made)
        list(pool.map(lambda node: node.adopt(toml, sig), made))
    return first, second


_migrated: list[
    Path
] = []  # a SQLite file with every table and nothing in them, made by the first node of this process


def _kept() -> Path:
    return _directory() / "migrated.db"


@lru_cache(maxsize=1)
def _directory() -> Path:
    made = Path(tempfile.mkdtemp(prefix="comity-nodes-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@contextmanager
def two_nodes(
    directory: Path,
    new_database: Callable[[], str],
    free_ports: Callable[[int], list[int]],
    *,
    doors: Sequence[str] = ("exchange", "api", "web"),
) -> Iterator[tuple[Node, Node]]:
    """Two running nodes: first the party that requests in the shipped agreement's stories (us), then the other (cn).

    `doors`: what they offer; the exchange alone starts faster.
    """
    nodes = make_nodes(directory, new_database, free_ports(2))
    for node in nodes:
        node.settings = {**node.settings, "COMITY_DOORS": json.dumps(list(doors))}
    try:
        for node in nodes:
            node.start(wait=False)
        for node in nodes:
            node.wait()
        yield nodes
    finally:
        for node in nodes:
            node.stop()


def until(true: Callable[[], object], seconds: float = 60.0, every: float = 0.05) -> None:
    """Wait until something holds. AssertionError when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(every)
    raise AssertionError("it did not come true in time")
