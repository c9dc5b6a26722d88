"""Reads the zip of an evidence file into memory, without trusting a word of it.

Nothing is ever written to disk and no name in the zip becomes a path. The size of the file, of its directory, of each
member and of all together, and the number of members are bounded before or while reading, so a zip bomb costs no more
than those bounds. A zip that is not plain (encrypted, several disks, zip64, other compressions, a name twice) is refused.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError
from typing import BinaryIO

from comity.core.text import Refusal, Text
from comity_verify import layout

_END = Struct("<4sHHHHIIH")  # APPNOTE 4.3.16: end of central directory record
_END_MARK = b"PK\x05\x06"
_LOCATOR_SIZE, _LOCATOR_MARK = 20, b"PK\x06\x07"  # APPNOTE 4.3.15: zip64
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, OverflowError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archive:
    """`members`: name -> bytes. `damaged`: names of members whose bytes do not come out whole."""

    members: dict[str, bytes]
    damaged: tuple[str, ...]


def read_archive(file: BinaryIO) -> Archive:
    """Read every member. Refusal "evidence-unreadable" (where = what is wrong) or "evidence-too-large"."""
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except Refusal:  # a ValueError, as what zipfile raises may be
        raise
    except _BROKEN:
        raise unreadable("zip") from None


def _read(archive: zipfile.ZipFile) -> Archive:
    infos = archive.infolist()
    if len(infos) > layout.MAX_MEMBERS:
        raise _too_large()
    if len({info.filename for info in infos}) != len(infos):
        raise unreadable("a name stands twice")
    members: dict[str, bytes] = {}
    damaged = []
    room = layout.MAX_TOTAL
    for info in infos:
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _PLAIN:
            raise unreadable(info.filename[:100])
        try:
            with archive.open(info) as member:
                data = member.read(min(layout.MAX_MEMBER, room) + 1)
        except _BROKEN:
            damaged.append(info.filename)
            continue
        if len(data) > min(layout.MAX_MEMBER, room):
            raise _too_large()
        room -= len(data)
        members[info.filename] = data
    return Archive(members, tuple(damaged))


def _check_end(file: BinaryIO) -> None:
    """The end record must be the last bytes and plain, and the directory small, before anything reads the directory."""
    size = file.seek(0, os.SEEK_END)
    if size > layout.MAX_FILE:
        raise _too_large()
    if size < _END.size:
        raise unreadable("zip")
    file.seek(-min(size, _END.size + _LOCATOR_SIZE), os.SEEK_END)
    tail = file.read()
    mark, disk, first_disk, _, count, directory, _, comment = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or disk or first_disk or comment or tail.startswith(_LOCATOR_MARK):
        raise unreadable("zip")
    if count > layout.MAX_MEMBERS or directory > layout.MAX_DIRECTORY:
        raise _too_large()


def unreadable(where: str) -> Refusal:
    return Refusal("evidence-unreadable", _UNREADABLE, where, _UNREADABLE_MEND)


def _too_large() -> Refusal:
    return Refusal("evidence-too-large", _TOO_LARGE)


_UNREADABLE = Text("This cannot be read as an evidence file.", "无法作为证据文件读取。")
_UNREADABLE_MEND = Text(
    "Ask for the file again, as `comity evidence export` wrote it; do not unpack and pack it.",
    "请重新索取由 `comity evidence export` 直接生成的文件；请勿解压后再打包。",
)
_TOO_LARGE = Text("The file is larger than an evidence file can be.", "该文件超出证据文件的大小上限。")
