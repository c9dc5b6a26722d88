"""Every word of the pages is in both languages, is used, and every template compiles with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

from comity.core.text import Text
from comity.web import words
from comity.web.icons import ICONS

WEB = Path(words.__file__).resolve().parent.parent
TEMPLATES = sorted(
    path.relative_to(WEB / "templates").as_posix() for path in (WEB / "templates").rglob("*.html")
)
SAME_IN_BOTH = {"common.product", "case.sha", "case.chart_way", "work.amount"}
PLACE = re.compile(r"{(\w+)}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(words.everything()))
def test_a_word_is_in_both_languages_and_fills_the_same_places(name: str) -> None:
    text = words.everything()[name]
    assert set(PLACE.findall(text.en)) == set(PLACE.findall(text.zh))
    assert not HAN.search(text.en)
    if name not in SAME_IN_BOTH:
        assert text.en != text.zh
        assert HAN.search(text.zh) or not re.search(r"[A-Za-z]{3}", PLACE.sub("", text.zh)), text.zh


def test_every_word_is_used() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in (WEB / "templates").rglob("*.html"))
    code = "".join(
        path.read_text(encoding="utf-8") for path in WEB.rglob("*.py") if path.parent.name != "words"
    )
    unused = [
        name
        for name in words.everything()
        if f" {name} " not in said
        and not re.search(rf"\b(?:\w*words|{name.split('.')[0]})\.{name.split('.')[1]}\b", code)
    ]
    assert not unused


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(name: str) -> None:
    assert get_template(name)


def test_a_word_that_does_not_exist_stops_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="no such words"):
        engines["django"].from_string("{% load pages %}{% say case.no_such_word %}")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_words_styles_or_scripts_of_its_own(name: str) -> None:
    source = (WEB / "templates" / name).read_text(encoding="utf-8")
    assert not re.search(
        r"\sstyle=|\son[a-z]+=|javascript:|\|safe\b|autoescape|<style|<script(?! src=)", source
    )
    assert name == "parts/languages.html" or not HAN.search(source.replace("中文", ""))
    for icon in re.findall(r'{% icon "(\w+)"', source):
        assert icon in ICONS


def test_filling_a_word_with_words_says_each_in_its_language() -> None:
    said = words.work.clock_due_in.fill(n=words.work.one_day)
    assert said == Text("due in 1 day", "还剩 1 日")
