"""Two nodes in one process, each with its own database and desk, and a clock the test holds. No network.

`pair()` gives two sides that have signed the shipped agreement with fresh keys. A side writes steps, makes batches,
admits them. Databases are SQLite files, or PostgreSQL databases where the run is on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp

from comity import config
from comity.core.agreement import Agreement, Keys, fill_keys
from comity.core.deadline import stamp
from comity.core.entry import AttachmentItem
from comity.crypto import SecretKeys, generate, sign_agreement
from comity.exchange.admit import Admitted, admit, answer
from comity.exchange.desk import Desk
from comity.exchange.send import Outgoing, outgoing
from comity.store.entries import NewEntry, append, append_many
from comity.store.logs import Entry, Log, Relation
from comity.store.relations import join, logs
from comity.tracks import TRACKS

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OFFICER, CHIEF = "officer01", "chiefof01"
NOTE = {"text": "made up"}
PAPER = AttachmentItem("ab" * 32, 5, "cd" * 32)
OPENING = {"track": "repatriation"}
TRACK = TRACKS["repatriation"]


@lru_cache(maxsize=1)
def signed() -> tuple[bytes, bytes, dict[str, SecretKeys]]:
    """(agreement bytes, signature, keys by party): made once in a process, for making keys takes time."""
    blank = files("comity.agreements").joinpath("cn-us-2017.toml").read_bytes()
    codes = Agreement.load(blank, None).codes
    keys = {code: generate(code) for code in codes}
    cards = {code: Keys(**each.public.parts) for code, each in keys.items()}
    data = fill_keys(blank, cards)
    agreement = Agreement.load(data, None)
    signature: bytes | None = None
    for code in codes:
        signature = sign_agreement(agreement.name, agreement.version, data, keys[code], signature)
    assert signature is not None
    return data, signature, keys


@dataclass
class Clock:
    """A clock that moves only when told to."""

    at: datetime = START

    def __call__(self) -> str:
        return stamp(self.at)

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Side:
    """One authority's node."""

    code: str
    desk: Desk
    clock: Clock
    name: str
    numbers: int = 0
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def using(self) -> str:
        return self.desk.using

    @property
    def relation(self) -> Relation:
        return Relation.objects.using(self.using).get(name=self.name)

    @property
    def ours(self) -> Log:
        return logs(self.relation)[self.code]

    @property
    def theirs(self) -> Log:
        relation = self.relation
        return logs(relation)[relation.peer]

    def case_number(self) -> str:
        self.numbers += 1
        return f"{self.code.upper()}-2026-0000-{self.numbers:04d}"

    def open(self, **more: object) -> str:
        """Open a repatriation case; returns its number."""
        case = self.case_number()
        self.write("request", case, **{**OPENING, **more})
        return case

    def write(self, step: str, case: str, **more: object) -> Entry:
        """A step with a made-up body, an approval, and a paper where the step needs one."""
        needs = {"attachments": (PAPER,)} if TRACK.step(step).attachments == "required" else {}
        usual = {"step": step, "case": case, "officer": OFFICER, "body": NOTE, "approvals": (CHIEF,), **needs}
        new = NewEntry(**{**usual, **more})  # type: ignore[arg-type]  # the fields of NewEntry by name
        (entry,) = append(self.relation, [new], now=self.clock())
        return entry

    def write_many(self, step: str, case: str, count: int) -> None:
        append_many(self.relation, [NewEntry(step, case, OFFICER, NOTE)] * count, now=self.clock())

    def batch(self, **more: object) -> Outgoing:
        return outgoing(self.desk, self.relation, **more)  # type: ignore[arg-type]

    def admit(self, sealed: bytes) -> Admitted:
        return admit(self.desk, sealed)

    def answer(self, sealed: bytes) -> bytes:
        """Admit and answer, as POST /exchange does."""
        return answer(self.desk, self.admit(sealed))

    def call(self, other: Side) -> Admitted:
        """One round: send what is owed, admit the answer."""
        return self.admit(other.answer(self.batch().sealed))

    def entries(self, author: str) -> list[Entry]:
        log = logs(self.relation)[author]
        return list(Entry.objects.using(self.using).filter(log=log).order_by("pk"))


def settle(a: Side, b: Side, rounds: int = 12) -> None:
    """Call both ways until neither owes anything."""
    for _ in range(rounds):
        a.call(b)
        b.call(a)
        if a.ours.held == a.ours.size and b.ours.held == b.ours.size:
            return
    raise AssertionError("the two sides do not come to rest")


_migrated: list[
    str
] = []  # an empty database with every table, copied for the next test: a file, or a template's name


@contextmanager
def database(alias: str, url: str) -> Iterator[None]:
    """A database with every table under an alias of its own, for as long as the block lasts."""
    from django.core.management import call_command
    from django.db import connections

    from comity.node.settings import database as settings_of

    at = config.Database.parse(url)
    given = {"default": {}, alias: settings_of(at)}
    connections.databases[alias] = connections.configure_settings(given)[alias]
    try:
        if _migrated:
            _copy(_migrated[0], at)
        else:
            call_command("migrate", database=alias, verbosity=0)
            connections[alias].close()
            _migrated.append(_keep(at))
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _keep(at: config.Database) -> str:
    """Put an empty database by; returns where."""
    if at.engine == "sqlite":
        kept = Path(mkdtemp(prefix="comity-test-")) / "migrated.db"
        atexit.register(rmtree, kept.parent, ignore_errors=True)
        copyfile(at.name, kept)
        return str(kept)
    template = f"template_{os.getpid()}"
    _administer('CREATE DATABASE "{}" TEMPLATE "{}"', template, at.name)
    return template


def _copy(kept: str, at: config.Database) -> None:
    if at.engine == "sqlite":
        copyfile(kept, at.name)
    else:
        _administer('DROP DATABASE "{}"', at.name)
        _administer('CREATE DATABASE "{}" TEMPLATE "{}"', at.name, kept)


def _administer(statement: str, *names: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["COMITY_TEST_POSTGRES"], autocommit=True) as connection:
        connection.execute(statement.format(*names))  # type: ignore[call-overload]  # names of our own making


def side(code: str, alias: str, home: Path, clock: Clock) -> Side:
    """Join the agreement as `code` in the database `alias`."""
    data, signature, keys = signed()
    relation = join(data, signature, code, using=alias)
    return Side(code, Desk(keys[code], clock, home / "attachments", alias), clock, relation.name)


@contextmanager
def pair(home: Path, new_database: Callable[[], str]) -> Iterator[tuple[Side, Side]]:
    """Two sides: the party that requests (second in the agreement), then the other."""
    codes = Agreement.load(signed()[0], None).codes
    clock = Clock()
    with database("node_a", new_database()), database("node_b", new_database()):
        yield (
            side(codes[1], "node_a", home / "a", clock),
            side(codes[0], "node_b", home / "b", clock),
        )
