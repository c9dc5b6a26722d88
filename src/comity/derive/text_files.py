"""Which encoding a text file is in, decided by reading all of it strictly: UTF-8, UTF-16 by its mark, or GB 18030.

Nothing is guessed by likelihood and nothing is replaced: a file that is none of these is refused. GB 18030-2022 holds
GBK and GB 2312, so what older Chinese programs write is read too, and the report says so.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, TextIO

from comity.core.text import Refusal, Text

GB18030 = Text("The file was read as GB 18030, not as UTF-8.", "该文件按 GB 18030 编码读取（非 UTF-8）。")
UTF16 = Text("The file was read as UTF-16.", "该文件按 UTF-16 编码读取。")
_PIECE = 1 << 20


def as_text(file: BinaryIO, name: str) -> tuple[TextIO, Text | None]:
    """The file as text, from its beginning, and a note where it is not UTF-8. Refusal "unknown-encoding"."""
    file.seek(0)
    start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        tries: list[tuple[str, Text | None]] = [("utf-16", UTF16)]
    else:
        tries = [("utf-8-sig", None), ("gb18030", GB18030)]
    first_bad = -1
    for encoding, note in tries:
        bad = _first_bad(file, encoding)
        if bad < 0:
            file.seek(0)
            return io.TextIOWrapper(file, encoding=encoding, newline="", errors="strict"), note
        first_bad = bad if first_bad < 0 else first_bad
    raise Refusal(
        "unknown-encoding",
        Text("The file is neither UTF-8 nor GB 18030.", "文件既非 UTF-8 编码，也非 GB 18030 编码。"),
        f"{name[:120]} / byte {first_bad}",
        Text("Save it again as “CSV UTF-8”.", "请重新另存为“CSV UTF-8”格式。"),
    )


def _first_bad(file: BinaryIO, encoding: str) -> int:
    """Where the file stops being of this encoding, -1 where all of it is; a NUL is in no text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    done = 0
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as fault:
            return done + fault.start
        if "\0" in text:
            return done
        if not piece:
            return -1
        done += len(piece)
