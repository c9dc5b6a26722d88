"""What holds for every value type, on good values, on naughty strings and on whatever Hypothesis finds."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.core import types
from comity.core.text import Refusal
from comity.core.types import Json, ValueType, Widget
from tests.core.types.catalogue import CASES, EXAMPLES, TYPES

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "09-security" / "blns.json"
NESTED = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


@cache
def validator(type_: ValueType) -> Any:
    return jsonschema_rs.Draft202012Validator({**NESTED, **type_.schema()}, validate_formats=True)


def strings(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def holds(type_: ValueType, value: Json) -> None:
    """Everything that must be true of a clean value."""
    assert type_.clean(value) == value, "cleaning twice is cleaning once"
    assert json.loads(json.dumps(value, allow_nan=False).encode("ascii")) == value
    assert validator(type_).is_valid(value), (value, type_.schema())
    for text in strings(value):
        assert unicodedata.is_normalized("NFC", text)
        text.encode("utf-8")
    for lang in ("en", "zh"):
        shown = type_.show(value, lang)
        assert shown
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00") & set(shown)
    found = type_.compare(value, value)
    assert found.result in ("same", "close", "unknown")
    for nothing in (None, "", [], {}):
        assert type_.compare(value, nothing).result == "unknown" == type_.compare(nothing, value).result


def helps(refusal: Refusal) -> None:
    """A refusal has a code, says what to do, and can itself be sent and shown."""
    assert refusal.code
    assert refusal.mend is not None
    json.dumps(refusal.to_json()).encode("ascii")
    (refusal.what.en + refusal.what.zh + refusal.where).encode("utf-8")


def tried(type_: ValueType, raw: object) -> None:
    """Either a refusal that helps, or a clean value of which everything holds."""
    try:
        value = type_.clean(raw)
    except Refusal as refused:
        helps(refused)
    else:
        holds(type_, value)


@pytest.mark.parametrize(("type_", "raw"), CASES, ids=lambda each: repr(each)[:60])
def test_examples_are_taken(type_: ValueType, raw: object) -> None:
    holds(type_, type_.clean(raw))


@pytest.mark.parametrize("type_", TYPES, ids=lambda each: each.name)
def test_what_is_never_taken(type_: ValueType) -> None:
    for wrong in (
        None,
        "",
        " \u3000",
        1.5,
        float("nan"),
        b"x",
        object(),
        [],
        {},
        {"nobody": "asked"},
        [[]],
        "\u200b",
    ):
        with pytest.raises(Refusal) as refused:
            type_.clean(wrong)
        assert refused.value.mend is not None


@pytest.mark.parametrize("type_", TYPES, ids=lambda each: each.name)
def test_declaration_is_whole(type_: ValueType) -> None:
    assert type_.name.isidentifier()
    assert type_.title.en
    assert type_.title.zh
    assert isinstance(type_.personal, bool)
    assert isinstance(hash(type_), int)
    widget = type_.widget
    assert isinstance(widget, Widget)
    assert bool(widget.options) == (widget.kind in ("select", "radios", "checkboxes", "yes_no"))
    if type_.parts:
        assert widget.kind == "group"
        assert [name for name, _, _ in widget.parts] == list(type_.parts)
    jsonschema_rs.meta.validate({**NESTED, **type_.schema()})


def test_every_public_type_is_in_the_catalogue() -> None:
    abstract = {types.ValueType, types.Composite}
    public = {
        each for each in vars(types).values() if isinstance(each, type) and issubclass(each, types.ValueType)
    }
    assert public - abstract == {type(type_) for type_ in TYPES}


def test_naughty_strings() -> None:
    if not NAUGHTY.exists():
        pytest.skip("the shared data set 09-security/blns.json is not beside this repository")
    naughty = json.loads(NAUGHTY.read_text("utf-8"))
    for type_, raws in EXAMPLES:
        parts = [name for name, _, _ in type_.widget.parts]
        for number, text in enumerate(naughty):
            tried(type_, text)
            if parts and isinstance(raws[0], dict):
                tried(type_, {**raws[0], parts[number % len(parts)]: text})


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)
NEAR = st.text(
    st.sampled_from("0123456789+-./ :TZXx年月日UJLVYNuü\u0308,@a王·{}\u202e\u200d\u2029\n"), max_size=24
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | NEAR
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_anything_is_refused_or_clean(data: st.DataObject) -> None:
    raw = data.draw(ANYTHING)
    for type_ in TYPES:
        tried(type_, raw)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CASES), st.data())
def test_good_values_with_one_part_changed(case: tuple[ValueType, object], data: st.DataObject) -> None:
    type_, raw = case
    if isinstance(raw, dict) and raw:
        raw = {**raw, data.draw(st.sampled_from(sorted(raw))): data.draw(LEAVES)}
    elif isinstance(raw, str):
        place = data.draw(st.integers(0, len(raw)))
        raw = raw[:place] + data.draw(ANY_TEXT | NEAR) + raw[place:]
    tried(type_, raw)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(EXAMPLES), st.data())
def test_comparing_any_two_says_why_and_has_no_sides(
    example: tuple[ValueType, tuple[object, ...]], data: st.DataObject
) -> None:
    type_, raws = example
    a, b = (type_.clean(data.draw(st.sampled_from(raws))) for _ in range(2))
    there, back = type_.compare(a, b), type_.compare(b, a)
    assert there.result == back.result
    assert there.why.en
    assert there.why.zh
