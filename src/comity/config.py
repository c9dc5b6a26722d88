"""What a node is told about its own place: home, database, party, keys, peers, where it listens.

Order: flag over environment (`COMITY_…`) over `comity.toml` in the home directory over default. Every setting is
described below; `docs` are made from these descriptions. Border: reads the environment and one file, opens nothing else.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from comity.core.text import Refusal, Text

FILE = "comity.toml"
DEFAULT_HOME = "~/.comity"
Door = Literal["exchange", "api", "web"]
DOORS: tuple[Door, ...] = ("exchange", "api", "web")


class Peer(BaseModel):
    """How to reach the other authority of one relation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        "",
        description="Address of the peer's node, e.g. https://node.example; empty: it calls us, or a pouch",
    )
    every: float = Field(30.0, gt=0, description="Seconds between two calls when nothing is waiting (pull)")
    timeout: float = Field(30.0, gt=0, description="Seconds before an unanswered call is given up")
    ca: Path | None = Field(
        None, description="File of the certificate authority that signs the peer's TLS certificate"
    )

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("the peer's address must start with http:// or https://")
        return value.rstrip("/")


class _TomlSource(PydanticBaseSettingsSource):
    """`comity.toml` of the home directory, which flag or environment name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # pragma: no cover
        raise NotImplementedError  # __call__ gives the whole table at once

    def __call__(self) -> dict[str, Any]:
        home = self.current_state.get("home") or os.environ.get("COMITY_HOME") or DEFAULT_HOME
        path = Path(str(home)).expanduser() / FILE
        if not path.is_file():
            return {}
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise Refusal(
                "bad-config",
                Text(f"{path} is not valid TOML: {fault}", f"{path} 不是有效的 TOML 文件：{fault}"),
                FILE,
            ) from fault


class Config(BaseSettings):
    """The settings of one node. Make it with `load`."""

    model_config = SettingsConfigDict(env_prefix="COMITY_", extra="forbid", frozen=True)

    home: Path = Field(
        Path(DEFAULT_HOME), description="Directory of this node: database, keys, attachments, comity.toml"
    )
    database: str = Field(
        "",
        description="sqlite:////path or postgres://user:password@host:port/name; default: comity.db in the home",
    )
    party: str = Field("", description="Code of this authority as the agreement writes it, e.g. cn")
    listen: str = Field("127.0.0.1:8000", description="Address and port the node listens on")
    keys: Path | None = Field(None, description="Directory of the secret keys; default: keys in the home")
    peers: dict[str, Peer] = Field(
        default_factory=dict, description="By name of the agreement: how to reach the other side"
    )
    hosts: list[str] = Field(
        default_factory=list,
        description="Names under which browsers reach the pages; default: the listening address",
    )
    https: bool = Field(
        False, description="Pages are reached over HTTPS (through a proxy): cookies then go over HTTPS only"
    )
    threads: int = Field(8, ge=2, le=64, description="Threads that answer requests")
    doors: list[Literal["exchange", "api", "web"]] = Field(
        ["exchange", "api", "web"],
        description="What this process offers; one that faces the peer may offer the exchange alone",
    )
    courier: bool = Field(True, description="Send and fetch from inside `comity run`")
    log: Literal["json", "text"] = Field("json", description="How log lines are written")
    metrics_from: list[str] = Field(
        default_factory=list, description="Addresses that may read /metrics beside this machine"
    )
    recall_seconds: float = Field(
        30.0, ge=0, description="How long a step may be recalled before it is written into the log"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _TomlSource(settings_cls)

    @field_validator("home")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def keys_dir(self) -> Path:
        return self.keys or self.home / "keys"

    @property
    def attachments_dir(self) -> Path:
        return self.home / "attachments"

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]") or "127.0.0.1", int(port)

    @property
    def db(self) -> Database:
        return Database.parse(self.database or f"sqlite:///{self.home / 'comity.db'}")


@dataclass(frozen=True, slots=True)
class Database:
    """A database address, taken apart. `engine` is "sqlite" or "postgres"; for SQLite `name` is the file's path."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, address: str) -> Database:
        """Read `sqlite:////path` or `postgres://user:password@host:port/name?sslmode=…`. Refusal `bad-database`."""
        parts = urlsplit(address)
        if parts.scheme == "sqlite" and parts.path.startswith("//") and not parts.netloc:
            return cls("sqlite", unquote(parts.path[1:]))
        if parts.scheme in ("postgres", "postgresql") and parts.path.strip("/"):
            return cls(
                "postgres",
                unquote(parts.path.strip("/")),
                unquote(parts.username or ""),
                unquote(parts.password or ""),
                unquote(parts.hostname or ""),
                str(parts.port or ""),
                tuple(parse_qsl(parts.query)),
            )
        raise Refusal(
            "bad-database",
            Text("This is not a database address.", "这不是数据库地址。"),
            "database",
            Text(
                "Write sqlite:////path/to/file or postgres://user:password@host:port/name.",
                "请写成 sqlite:////路径/文件 或 postgres://用户:密码@主机:端口/库名。",
            ),
        )


def load(**flags: Any) -> Config:
    """The settings in force; `flags` that are not None win over everything. Refusal `bad-config` names each fault."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        config = Config(**given)
        config.address, config.db  # noqa: B018  (both refuse what they cannot read)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refusal(
            "bad-config",
            Text(
                f"The setting {place} cannot be used: {first['msg']}",
                f"设置项 {place} 无法使用：{first['msg']}",
            ),
            place,
        ) from fault
    except ValueError as fault:
        if isinstance(fault, Refusal):
            raise
        raise Refusal(
            "bad-config",
            Text("The setting listen must be written address:port.", "设置项 listen 应写成 地址:端口。"),
            "listen",
        ) from fault
    return config


_current: Config | None = None


def use(config: Config) -> Config:
    """Make this the configuration of the process, before Django starts. Returns it."""
    global _current
    _current = config
    return config


def current() -> Config:
    """The configuration of the process; loaded from environment and file where none was set by `use`."""
    return _current if _current is not None else use(load())
