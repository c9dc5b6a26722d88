"""First steps of a node: a home only its owner can read, keys, a secret for cookies, the database, the identity card.

Each step leaves what is there already: run again it completes what is missing and never overwrites a key.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from comity import config
from comity.core.text import Refusal, Text
from comity.crypto import SecretKeys, card, generate, load, save
from comity.node import boot


@dataclass(frozen=True, slots=True)
class Made:
    """What `init` made or found. `card`: the file to hand to the other authority; `fingerprint`: to be read out to it."""

    home: Path
    party: str
    card: Path
    fingerprint: str
    fresh: bool


def init(
    party: str,
    *,
    home: Path | None = None,
    listen: str | None = None,
    database: str | None = None,
    peers: dict[str, str] | None = None,
) -> Made:
    """Make a node for the authority `party`. `peers`: name of the agreement -> address of the other node.

    Refusals: "party-code-malformed", "party-differs" where the home belongs to another party, "keys-exposed" …
    """
    settings = config.load(home=home, listen=listen, database=database, party=party)
    _make_home(settings.home)  # 1.
    fresh = not settings.keys_dir.exists()
    keys = generate(party) if fresh else load(settings.keys_dir, party)
    _write_config(settings.home / config.FILE, party, listen, database, peers)  # 2.
    if fresh:
        save(settings.keys_dir, keys)  # 3.
    _write_once(settings.home / "secret", secrets.token_urlsafe(48).encode())  # 4.
    _write_card(settings.home, keys)  # 5.
    migrate(config.load(home=settings.home))  # 6.
    return Made(settings.home, party, settings.home / f"{party}.card.toml", keys.public.fingerprint, fresh)


def migrate(settings: config.Config) -> None:
    """Bring the database's tables to this version."""
    boot(settings)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    if settings.db.engine == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            path = Path(settings.db.name + suffix)
            if path.exists():
                path.chmod(0o600)


def _make_home(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    (home / "attachments").mkdir(exist_ok=True, mode=0o700)


def _write_config(
    path: Path, party: str, listen: str | None, database: str | None, peers: dict[str, str] | None
) -> None:
    """Add to comity.toml what is given, and keep what an operator has written there."""
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    if document.get("party", party) != party:
        raise Refusal(
            "party-differs",
            Text(f"This home belongs to {document['party']!r}.", f"该目录属于“{document['party']}”。"),
            str(path),
            Text("Choose another home.", "请另选目录。"),
        )
    for name, value in (("party", party), ("listen", listen), ("database", database)):
        if value is not None:
            document[name] = value
    if peers:
        table = document.setdefault("peers", tomlkit.table())
        for relation, url in peers.items():
            row = table.setdefault(relation, tomlkit.table())
            row["url"] = url
    _write(path, tomlkit.dumps(document).encode())


def _write_card(home: Path, keys: SecretKeys) -> None:
    _write(home / f"{keys.code}.card.toml", card(keys.public).encode())


def _write_once(path: Path, data: bytes) -> None:
    if not path.exists():
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
