"""Files named on the command line: read with a limit, written whole or not at all; what goes wrong is a refusal."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from comity.core.text import Refusal, Text

MOST_BYTES = 1024 * 1024


def read(file: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, at most one more than `most`. Refusal "file-unreadable"."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(most + 1)
    except OSError as fault:
        raise unreadable(file, fault) from fault


def read_text(file: str) -> str:
    """A small text file. Refusals: file-unreadable, not-utf8."""
    try:
        return read(file).decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refusal("not-utf8", Text(f"{file} is not UTF-8.", f"{file} 不是 UTF-8 文本。"), file) from fault


def unreadable(file: str, fault: OSError) -> Refusal:
    return Refusal(
        "file-unreadable",
        Text(f"{file} cannot be read: {fault.strerror}.", f"无法读取 {file}：{fault.strerror}。"),
        file,
        Text("Check the path.", "请检查路径。"),
    )


def write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        raise Refusal(
            "file-unwritable",
            Text(f"{path} cannot be written: {fault.strerror}.", f"无法写入 {path}：{fault.strerror}。"),
            str(path),
        ) from fault
