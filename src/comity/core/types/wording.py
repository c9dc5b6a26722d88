"""Characters: what may be stored, and how what could deceive the eye is made visible.

Pure. Text is kept in Unicode Normalization Form C (UAX #15). Refused: control characters, lone surrogates
and noncharacters (Unicode 16.0, 23.7), because they cannot be exchanged safely. Kept as typed: every letter,
however rare (𠮷, 䶮), private-use characters that old systems gave to rare name characters, and bidirectional
controls (UAX #9); the last two are shown as tokens such as ⟦U+202E⟧, never obeyed.
"""

from __future__ import annotations

import re
import unicodedata

from comity.core.text import Refusal, Text
from comity.core.types.base import missing

# str.strip, not a regular expression: a search for spaces before the end is quadratic on a long run of them.
_EDGES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\ufeff"
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_JOINERS = "\u200c\u200d"
# Shown as nothing at all by most fonts although they are letters or symbols to Unicode.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e\u034f")

# Every code point `_check_character` may refuse, so that it looks at few: bodies are read on the exchange's hot path.
_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)


def clean_text(raw: object, limit: int, *, lines: bool = False) -> str:
    """`raw` as stored text: NFC, stripped, at most `limit` code points; `lines` allows line breaks and tabs.

    Refusals: not-text, lone-surrogate, control-character, not-a-character, missing, too-long.
    """
    if not isinstance(raw, str):
        raise not_text()
    text = _BREAKS.sub("\n", raw) if lines else raw
    text = unicodedata.normalize("NFC", text.strip(_EDGES))
    for found in _SUSPECT.finditer(text):
        _check_character(found.group(), found.start() + 1, lines)
    if not any(_is_visible(char) for char in text):
        raise missing()
    if len(text) > limit:
        raise Refusal(
            "too-long",
            Text(
                f"It has {len(text)} characters; at most {limit} fit here.",
                f"共 {len(text)} 个字符，此处最多 {limit} 个。",
            ),
            mend=Text("Shorten it, or attach it as a document.", "请缩短内容，或以附件形式提交。"),
        )
    return text


def clean_line(raw: object, limit: int) -> str:
    """One line for codes and numbers: as `clean_text`, with full-width forms made narrow and runs of space
    made one.
    """
    text = raw.translate(_FULL_WIDTH) if isinstance(raw, str) else raw
    return _SPACES.sub(" ", clean_text(text, limit))


def narrow(text: str) -> str:
    """Full-width Latin letters, digits and signs (U+FF01–U+FF5E), as Chinese keyboards type them, made
    narrow.
    """
    return text.translate(_FULL_WIDTH)


def visible(text: str) -> str:
    """`text` for the screen: each character that is invisible or reorders others becomes a token ⟦U+202E⟧."""
    out: list[str] = []
    before = ""
    for char in text:
        kind = unicodedata.category(char)
        plain = char in "\n\t " or (_is_visible(char) and kind not in ("Co", "Cn")) or _is_new_han(char)
        if char in _JOINERS:
            plain = _may_join(before)
        elif char == "\u3000":
            plain = True
        elif "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
            plain = bool(before) and _is_visible(before)
        out.append(char if plain else f"⟦U+{ord(char):04X}⟧")
        before = char
    return "".join(out)


def not_text() -> Refusal:
    """The refusal of something that is not text at all."""
    return Refusal(
        "not-text",
        Text("This is not text.", "此处内容不是文本。"),
        mend=Text("Give it as text.", "请以文本形式填写。"),
    )


def _may_join(before: str) -> bool:
    """Joiners belong in Arabic, Indic and emoji text; after a Latin letter, a digit or a Han character they
    only hide.
    """
    if not before or before.isspace():
        return False
    return (
        not unicodedata.name(before, "").startswith(("LATIN", "DIGIT", "CJK", "FULLWIDTH"))
        and not before.isascii()
    )


def _is_visible(char: str) -> bool:
    return (
        not char.isspace()
        and char not in _INVISIBLE
        and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
        and not ("\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef")
    )


def _is_new_han(char: str) -> bool:
    """Han characters are still being added to planes 2 and 3; those newer than this Python are shown."""
    return "\U00020000" <= char <= "\U0003fffd" and unicodedata.category(char) == "Cn"


def _check_character(char: str, place: int, lines: bool) -> None:
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise Refusal(
            "lone-surrogate",
            Text(
                f"Character {place} is half of a character (U+{code:04X}).",
                f"第 {place} 个字符不完整（U+{code:04X}）。",
            ),
            mend=Text("Type or paste that character again.", "请重新输入或粘贴该字符。"),
        )
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        raise Refusal(
            "not-a-character",
            Text(
                f"Character {place} (U+{code:04X}) is not a character and cannot be exchanged.",
                f"第 {place} 个字符（U+{code:04X}）为非字符码位，不能交换。",
            ),
            mend=Text("Remove it.", "请将其删除。"),
        )
    broken = unicodedata.category(char) == "Cc" or char in "\u2028\u2029"
    if broken and not (lines and char in "\n\t"):
        raise Refusal(
            "control-character",
            Text(
                f"Character {place} (U+{code:04X}) is a control character or line break: not allowed here.",
                f"第 {place} 个字符是控制字符或换行符（U+{code:04X}），此处不得使用。",
            ),
            mend=Text("Remove it; write everything on one line.", "请将其删除，内容写成一行。")
            if not lines
            else Text("Remove it.", "请将其删除。"),
        )
