"""What two clean person names say about each other, and why.

Pure. Characters are compared with characters and letters with letters; nothing is romanised and no
simplified character is turned into a traditional one here: where that would be needed the answer is unknown.
"""

from __future__ import annotations

import unicodedata

from comity.core.text import Text
from comity.core.types.base import Comparison, JsonObject, close, different, same, unknown
from comity.core.types.romanised import fold, fold_umlaut, one_letter_apart


def compare_names(left: JsonObject, right: JsonObject) -> Comparison:
    """The result of the native names and of the romanised names; close where the two results differ."""
    native, latin = _native(left, right), _latin(left, right)
    if native is None or native.result == "unknown":
        return (
            latin
            or native
            or unknown(
                "One name is in native script only, the other in Latin letters only.",
                "一方只有本民族文字姓名，另一方只有拉丁字母姓名，无法比较。",
            )
        )
    if latin is None or latin.result in ("unknown", native.result):
        return native
    return Comparison("close", Text(f"{native.why.en} {latin.why.en}", f"{native.why.zh}{latin.why.zh}"))


def _bare(native: str) -> str:
    """Without spaces, dots and hyphens, which differ from register to register (买买提·吐尔逊)."""
    return "".join(
        char
        for char in native.casefold()
        if unicodedata.category(char)[0] in "LMNS" or unicodedata.category(char) in ("Co", "Cn")
    )


def _native(left: JsonObject, right: JsonObject) -> Comparison | None:
    if "native" not in left or "native" not in right:
        return None
    one, other = _bare(str(left["native"])), _bare(str(right["native"]))
    if one and one == other:
        return same("The native names are the same.", "本民族文字姓名一致。")
    words = [sorted(_bare(word) for word in str(side["native"]).split()) for side in (left, right)]
    if words[0] == words[1] and len(words[0]) > 1:
        return close(
            "The native names have the same words in another order.", "本民族文字姓名用词相同，顺序不同。"
        )
    scripts = [str(side.get("script", "")) for side in (left, right)]
    if (scripts[0] != scripts[1] and "" not in scripts) or _kind(one) != _kind(other):
        return unknown("The native names are in different scripts.", "双方姓名所用文字不同。")
    return different("The native names differ.", "本民族文字姓名不一致。")


def _kind(text: str) -> str:
    return unicodedata.name(text[0], "?").split(" ")[0] if text else ""


def _latin(left: JsonObject, right: JsonObject) -> Comparison | None:
    if "surname" not in left or "surname" not in right:
        return None
    pairs = [(str(side["surname"]), str(side.get("given", ""))) for side in (left, right)]
    one, other = (tuple(fold(part) for part in pair) for pair in pairs)
    if one == other:
        return same("The romanised names are the same.", "拉丁字母姓名一致。")
    soft, soft_other = (tuple(fold_umlaut(part) for part in pair) for pair in pairs)
    if soft == soft_other:
        return same(
            "The romanised names differ only in how ü is written (Ü, YU, V or U).",
            "拉丁字母姓名仅在 ü 的写法（Ü、YU、V、U）上不同。",
        )
    if soft == soft_other[::-1]:
        return close("Surname and given names stand in the other order.", "姓与名的顺序颠倒。")
    if "".join(soft) == "".join(soft_other):
        return close(
            "The same letters, divided otherwise into surname and given names.",
            "字母相同，但姓与名的划分不同。",
        )
    if soft[0] == soft_other[0]:
        return _given(soft[1], soft_other[1])
    if "" in (one[1], other[1]) and (soft[0] in soft_other or soft_other[0] in soft):
        return close(
            "The single name of one is a part of the other's name.", "一方的单名为另一方姓名的一部分。"
        )
    if one_letter_apart("".join(soft), "".join(soft_other)):
        return close("The romanised names are one letter apart.", "拉丁字母姓名仅一个字母不同。")
    return different("The romanised names differ.", "拉丁字母姓名不一致。")


def _given(one: str, other: str) -> Comparison:
    if not one or not other:
        return unknown("The surnames agree; one given name is missing.", "姓一致；一方未填写名。")
    if one.startswith(other) or other.startswith(one):
        return close(
            "The surnames agree; one given name is the beginning of the other.",
            "姓一致；一方的名是另一方名的开头部分。",
        )
    if one_letter_apart(one, other):
        return close(
            "The surnames agree; the given names are one letter apart.", "姓一致；名仅一个字母不同。"
        )
    return different("The surnames agree; the given names differ.", "姓一致，名不一致。")
