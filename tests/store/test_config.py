"""Settings: flag over environment over comity.toml over default; every setting described; every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity import config
from comity.core.text import Refusal


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMITY_HOME", str(tmp_path))
    monkeypatch.delenv("COMITY_DATABASE", raising=False)
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / config.FILE).write_text(text, encoding="utf-8")


def test_the_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.load().listen == "127.0.0.1:8000"
    write(home, 'listen = "127.0.0.1:1"\nparty = "aa"')
    assert config.load().listen == "127.0.0.1:1"
    monkeypatch.setenv("COMITY_LISTEN", "127.0.0.1:2")
    assert config.load().listen == "127.0.0.1:2"
    assert config.load(listen="127.0.0.1:3").listen == "127.0.0.1:3"
    assert config.load(listen=None).listen == "127.0.0.1:2"
    assert config.load().party == "aa"


def test_the_file_is_that_of_the_home_a_flag_names(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, 'party = "bb"')
    assert config.load(home=other).party == "bb"
    assert config.load(home=other).keys_dir == other / "keys"


def test_peers_and_tables(home: Path) -> None:
    write(home, '[peers.cn-us-2017]\nurl = "https://node.example/"\nevery = 5')
    peer = config.load().peers["cn-us-2017"]
    assert (peer.url, peer.every, peer.timeout) == ("https://node.example", 5, 30)


@pytest.mark.parametrize(
    ("address", "engine", "name", "host", "port"),
    [
        ("sqlite:////var/node.db", "sqlite", "/var/node.db", "", ""),
        ("postgres://u:p%40ss@db.example:5433/comity", "postgres", "comity", "db.example", "5433"),
        ("postgresql://u@[::1]/comity?sslmode=require", "postgres", "comity", "::1", ""),
    ],
)
def test_database_addresses(address: str, engine: str, name: str, host: str, port: str) -> None:
    found = config.Database.parse(address)
    assert (found.engine, found.name, found.host, found.port) == (engine, name, host, port)
    if "p%40ss" in address:
        assert found.password == "p@ss"
    if "sslmode" in address:
        assert found.options == (("sslmode", "require"),)


def test_the_default_database_lies_in_the_home(home: Path) -> None:
    assert config.load().db == config.Database("sqlite", str(home / "comity.db"))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("listen = ", "bad-config", "comity.toml"),
        ('listen = "8000x"', "bad-config", "listen"),
        ("threads = 1", "bad-config", "threads"),
        ('surprise = "x"', "bad-config", "surprise"),
        ('doors = ["cellar"]', "bad-config", "doors.0"),
        ('[peers.x]\nurl = "ftp://x"', "bad-config", "peers.x.url"),
        ('database = "mysql://x/y"', "bad-database", "database"),
        ('database = "sqlite:///relative"', "bad-database", "database"),
    ],
)
def test_every_fault_names_its_place(home: Path, text: str, code: str, where: str) -> None:
    write(home, text)
    with pytest.raises(Refusal) as caught:
        config.load()
    assert (caught.value.code, caught.value.where) == (code, where)


def test_every_setting_is_described() -> None:
    for model in (config.Config, config.Peer):
        for name, each in model.model_fields.items():
            assert each.description, f"{model.__name__}.{name} says nothing"
