"""Characters: what is kept, what is refused, what is made visible."""

from __future__ import annotations

import pytest

from comity.core.text import Refusal
from comity.core.types import FreeText, ShortText, visible


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a\x00b", "control-character"),
        ("a\x9bb", "control-character"),
        ("a\nb", "control-character"),
        ("a\u2028b", "control-character"),
        ("a\ud800", "lone-surrogate"),
        ("\udfff", "lone-surrogate"),
        ("a\ufffe", "not-a-character"),
        ("a\U0010ffff", "not-a-character"),
        ("\ufdd0", "not-a-character"),
        ("x" * 201, "too-long"),
        ("\u200b\u2060\ufeff", "missing"),
        ("\u3164", "missing"),
        (5, "not-text"),
    ],
)
def test_refused_with_place_and_remedy(raw: object, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ShortText().clean(raw)
    assert refused.value.code == code
    assert refused.value.mend


@pytest.mark.parametrize(
    "text", ["𠮷", "䶮", "\ue863", "한글", "\U000323b1", "ནམ་མཁའ", "𬎆", "a\u202eb", "क्‍ष"]
)
def test_kept_as_typed(text: str) -> None:
    assert ShortText().clean(text) == text


def test_length_is_counted_in_code_points_after_composition() -> None:
    assert ShortText(2).clean("e\u0301𠮷") == "é𠮷"
    with pytest.raises(Refusal) as refused:
        ShortText(2).clean("abc")
    assert "3" in refused.value.what.zh
    assert "2" in refused.value.what.en


def test_long_runs_of_space_cost_no_time() -> None:
    with pytest.raises(Refusal, match="too-long"):
        FreeText().clean("a" + " " * 250_000 + "b")


def test_lines_are_kept_and_made_one_kind() -> None:
    assert FreeText().clean("a\r\nb\rc\u2028d\te\n\n") == "a\nb\nc\nd\te"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("a\u202eb", "a⟦U+202E⟧b"),
        ("a\u2066b\u2069", "a⟦U+2066⟧b⟦U+2069⟧"),
        ("王\u200b伟", "王⟦U+200B⟧伟"),
        ("王\u200d伟", "王⟦U+200D⟧伟"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ue863", "⟦U+E863⟧"),
        ("a\u00a0b", "a⟦U+00A0⟧b"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("\ud800", "⟦U+D800⟧"),
        ("\U000323b1", "\U000323b1"),
        ("\u0378", "⟦U+0378⟧"),
        ("欧 阳\u3000𠮷", "欧 阳\u3000𠮷"),
        ("a\U000e0041", "a⟦U+E0041⟧"),
    ],
)
def test_what_deceives_the_eye_becomes_a_token(stored: str, shown: str) -> None:
    assert visible(stored) == shown
