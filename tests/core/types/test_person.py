"""Names and sex. Romanisation: GB/T 28039-2011; ü in exit-entry documents: LYU since 2012, LV before."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from comity.core.text import Refusal
from comity.core.types import PersonName, Sex
from comity.core.types.romanised import fold, fold_umlaut, one_letter_apart

NAME = PersonName()
SURNAMES = Path(__file__).parents[4] / "shared" / "data" / "01-names" / "sinonym_surname_romanizations.csv"


def latin(surname: str, given: str = "") -> dict[str, str]:
    return {"surname": surname, "given": given} if given else {"surname": surname}


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        (latin("OUYANG", "XIAOMING"), latin("Ouyang", "Xiao Ming"), "same"),
        (latin("OUYANG", "XIAOMING"), latin("Ou-yang", "Xiao-ming"), "same"),
        (latin("LÜ", "WEI"), latin("LYU", "WEI"), "same"),
        (latin("LÜ", "WEI"), latin("LV", "WEI"), "same"),
        (latin("LU", "WEI"), latin("LYU", "WEI"), "same"),
        (latin("Lu\u0308", "Wei"), latin("lǚ", "wěi"), "same"),
        (latin("WANG", "NÜE"), latin("WANG", "NUE"), "same"),
        (latin("OUYANG", "XIAOMING"), latin("XIAOMING", "OUYANG"), "close"),
        (latin("OU", "YANGXIAOMING"), latin("OUYANG", "XIAOMING"), "close"),
        (latin("ZHANG", "XIAOMIN"), latin("ZHANG", "XIAOMING"), "close"),
        (latin("ZHANG", "WEI"), latin("ZHENG", "WEI"), "close"),
        (latin("SMITH", "JOHN"), latin("SMITH", "JOHN PAUL"), "close"),
        (latin("WANG", "XINYU"), latin("WANG", "XINU"), "different"),
        (latin("WANG"), latin("WANG", "WEI"), "unknown"),
        (latin("LI", "WU"), latin("LU", "WU"), "different"),
        (latin("WANG", "WEI"), latin("WANG", "FANG"), "different"),
        (latin("SILVA", "ANA"), latin("SILUA", "ANA"), "close"),
        ({"native": "王伟"}, {"native": "王 伟"}, "same"),
        ({"native": "买买提·吐尔逊"}, {"native": "买买提•吐尔逊"}, "same"),
        ({"native": "王伟"}, {"native": "王炜"}, "different"),
        ({"native": "𠮷田"}, {"native": "吉田"}, "different"),
        ({"native": "欧阳", "script": "Hans"}, {"native": "歐陽", "script": "Hant"}, "unknown"),
        ({"native": "王伟"}, {"native": "Ван Вэй"}, "unknown"),
        ({"native": "Ван Вэй"}, {"native": "Вэй Ван"}, "close"),
        ({"native": "王伟"}, latin("WANG", "WEI"), "unknown"),
        ({"native": "王伟", **latin("WANG", "WEI")}, {"native": "王炜", **latin("WANG", "WEI")}, "close"),
        ({"native": "王伟", **latin("WANG", "WEI")}, {"native": "王伟", **latin("WONG", "WAI")}, "close"),
        ({"native": "陆伟", **latin("LU", "WEI")}, {"native": "吕伟", **latin("LYU", "WEI")}, "close"),
        ({"native": "王伟", **latin("WANG", "WEI")}, {"native": "王伟"}, "same"),
    ],
)
def test_two_names(one: dict[str, str], other: dict[str, str], result: str) -> None:
    a, b = NAME.clean(one), NAME.clean(other)
    assert NAME.compare(a, b).result == result, NAME.compare(a, b).why.en
    assert NAME.compare(b, a).result == result


def test_the_reason_is_given_in_both_languages() -> None:
    why = NAME.compare(latin("LYU", "WEI"), latin("LV", "WEI")).why
    assert "ü" in why.en
    assert "ü" in why.zh


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        ({"given": "XIAOMING"}, "no-name", "surname"),
        ({"script": "Hans"}, "no-name", "native"),
        ({"surname": "欧阳"}, "not-latin", "surname"),
        ({"surname": "OUYANG", "given": "小明"}, "not-latin", "given"),
        ({"native": "··"}, "no-letter", "native"),
        ({"surname": "--"}, "not-latin", "surname"),
        ({"surname": "OUYANG2"}, "not-latin", "surname"),
        ({"native": "Ouyang", "script": "Hans"}, "script-mismatch", "script"),
        ({"native": "欧阳", "script": "Xxxx"}, "unknown-code", "script"),
        ({"native": "欧阳", "first": "x"}, "unknown-part", "first"),
        ("OUYANG XIAOMING", "not-an-object", ""),
    ],
)
def test_refused(raw: object, code: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        NAME.clean(raw)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_shown_surname_first_in_capitals() -> None:
    value = NAME.clean({"native": "欧阳小明", "surname": "Ouyang", "given": "Xiaoming"})
    assert NAME.show(value, "en") == "欧阳小明 (OUYANG Xiaoming)"
    assert NAME.show(value, "zh") == "欧阳小明（OUYANG Xiaoming）"
    assert NAME.show({"surname": "SUHARTO"}, "zh") == "SUHARTO"


def test_script_without_native_name_is_dropped() -> None:
    assert NAME.clean({"surname": "LEE", "script": "Hans"}) == {"surname": "LEE"}


def test_folding() -> None:
    assert fold("Łukasz d’Ærø-Straße") == "LUKASZDAEROSTRASSE"
    assert {fold_umlaut(each) for each in ("LÜ", "Lyu", "lv", "LU", "lǚ", "ＬＶ")} == {"LU"}
    assert {fold_umlaut(each) for each in ("NÜE", "NVE", "NUE", "NYUE")} == {"NUE"}
    assert fold_umlaut("CALVIN") == "CALVIN"
    assert one_letter_apart("ABCDEF", "ABDCEF")
    assert not one_letter_apart("ABCDE", "ABCDF")
    assert not one_letter_apart("ABCDEFG", "ABCDEFG")


def test_every_surname_spelling_of_the_collection_is_a_name() -> None:
    if not SURNAMES.exists():
        pytest.skip("the shared data set 01-names is not beside this repository")
    with SURNAMES.open(encoding="utf-8") as file:
        spellings = [row["spelling"] for row in csv.DictReader(file)][:1500]
    for spelling in spellings:
        value = NAME.clean({"surname": spelling})
        assert NAME.compare(value, NAME.clean({"surname": spelling.title()})).result == "same"


def test_unspecified_sex_is_unknown() -> None:
    assert Sex().compare("M", "M").result == "same"
    assert Sex().compare("M", "F").result == "different"
    assert Sex().compare("X", "X").result == "unknown"
    assert Sex().show("X", "zh") == "未指明"
