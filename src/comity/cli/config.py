"""The configuration from the command line: what is in force, and where each value came from."""

from __future__ import annotations

import os
import tomllib
from typing import Annotated, Any

from comity.cli.frame import Noun, Opt
from comity.cli.node import settings
from comity.cli.terminal import Terminal
from comity.core.text import Text

CONFIG = Noun("config", Text("Settings of the node", "节点设置"))
FLAG, ENVIRONMENT, DEFAULT = "flag", "environment", "default"
Origin = Annotated[bool, Opt(Text("Tell where each value came from", "说明每项取值的来源"), ("--origin",))]


@CONFIG.verb("show", Text("Show the settings in force", "显示现行设置"), node=False)
def show(terminal: Terminal, origin: Origin = False) -> None:
    """Flag over environment over comity.toml over default. A password in a database address is not shown."""
    from comity import config

    found = settings(terminal)
    path = found.home / config.FILE
    written = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    rows: list[dict[str, Any]] = []
    for name, field in config.Config.model_fields.items():
        value = found.model_dump(mode="json")[name]
        if name == "database":
            value = _without_password(found.database)
        rows.append(
            {
                "name": name,
                "value": value,
                "origin": _origin(name, terminal, written),
                "description": field.description,
            }
        )
    heads = [Text("Setting", "设置项"), Text("Value", "取值"), *([Text("From", "来源")] if origin else [])]
    terminal.put(
        rows,
        lambda: terminal.table(
            heads, [(r["name"], r["value"], *([_place(r["origin"], path)] if origin else [])) for r in rows]
        ),
    )


def _origin(name: str, terminal: Terminal, written: dict[str, Any]) -> str:
    if name == "home" and terminal.home:
        return FLAG
    if f"COMITY_{name.upper()}" in os.environ:
        return ENVIRONMENT
    return "comity.toml" if name in written else DEFAULT


def _place(origin: str, path: object) -> str:
    return str(path) if origin == "comity.toml" else origin


def _without_password(address: str) -> str:
    start, at, rest = address.rpartition("@")
    scheme, slashes, user = start.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}:***@{rest}" if at and ":" in user else address
