"""Romanised names folded for comparison.

Pure. Chinese names: GB/T 28039-2011 (surname first; surname and given name apart; the syllables of a given
name joined; compound surnames joined; double surnames hyphenated). The letter ü is printed YU in exit-entry
documents since 2012 (LÜ, NÜ → LYU, NYU; LÜE, NÜE → LUE, NUE) and was printed V before, or U by those who had
no other letter; so LÜ, LYU, LV and LU are one name here.
"""

from __future__ import annotations

import re
import unicodedata

from comity.core.types.wording import narrow

# No syllable of Pinyin ends in L, but many end in N: XINYU is XIN+YU, so NYU counts only where no vowel
# stands before it.
_UMLAUT = re.compile(r"(?:(L)|(?<![AEIOU])(N))YU|([LN])(?:U\u0308|V(?![AIOU]))")
_SPECIAL = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "İ": "I", "ı": "I"}
)


def fold(name: str) -> str:
    """Letters only: upper case, marks dropped, spaces, hyphens and apostrophes dropped. "Xiao-ming" →
    "XIAOMING".
    """
    upper = narrow(name).translate(_SPECIAL).upper().translate(_SPECIAL)
    parts = unicodedata.normalize("NFKD", upper)
    return "".join(char for char in parts if char.isalnum())


def fold_umlaut(name: str) -> str:
    """As `fold`, with every spelling of ü after L or N made U: "LÜ", "LYU", "LV", "Lu" → "LU"."""
    upper = unicodedata.normalize("NFD", narrow(name).upper())
    # A tone mark may stand on ü (lǚ): keep the dots, drop the tone, so that the letter is still seen as ü.
    toneless = "".join(char for char in upper if char == "\u0308" or not unicodedata.combining(char))
    return fold(
        _UMLAUT.sub(lambda found: next(letter for letter in found.groups() if letter) + "U", toneless)
    )


def one_letter_apart(a: str, b: str) -> bool:
    """True if one letter was changed, added, dropped, or two neighbours swapped, in names of six letters or
    more.
    """
    if a == b or min(len(a), len(b)) < 6 or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    left, right = a[start:], b[start:]
    if left[1:] == right[1:] or left[1:] == right or left == right[1:]:
        return True
    return len(left) == len(right) >= 2 and left[:2] == right[1::-1] and left[2:] == right[2:]
