"""The schema of a step and the check of its body agree: what is clean conforms, what is missing does not."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest

from comity.core.types import YesNo
from comity.derive.schema import body_schema, step_schema
from comity.law.form import clean_body
from comity.tracks import TRACKS
from tests.actions.office import DEED, LETTER, PERSON
from tests.actions.test_law import ANSWERS, body

TRACK = TRACKS["repatriation"]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize("track", [*TRACKS.values(), LETTER, DEED, PERSON], ids=lambda t: t.name)
def test_every_step_has_a_schema_that_is_one(track: Any) -> None:
    for step in track.steps:
        jsonschema_rs.meta.validate(step_schema(track, step))


def test_a_clean_body_conforms_and_one_with_less_or_more_does_not() -> None:
    check = jsonschema_rs.validator_for(body_schema(TRACK.opening))
    clean, problems = clean_body(
        TRACK.opening, body(documents=[{"kind": "passport", "number": "E1", "issuer": "CHN"}]), NOW
    )
    assert problems == []
    assert check.is_valid(clean)
    for field in TRACK.opening.form:
        less = copy.deepcopy(clean)
        if less.pop(field.name, None) is not None:
            assert check.is_valid(less) == (not clean_body(TRACK.opening, less, NOW)[1]), field.name
    assert not check.is_valid({**clean, "more": 1})


def test_a_conditional_field_is_required_only_where_it_is_asked() -> None:
    check = jsonschema_rs.validator_for(body_schema(TRACK.opening))
    clean, _ = clean_body(TRACK.opening, body(), NOW)
    assert check.is_valid(clean)
    assert not check.is_valid({**clean, "evidence": "none"})
    assert check.is_valid({**clean, "evidence": "none", "interview_language": "Mandarin"})


def test_a_whole_request() -> None:
    check = jsonschema_rs.validator_for(step_schema(TRACK, TRACK.opening))
    clean, _ = clean_body(TRACK.opening, body(), NOW)
    answers = {name: {k: v for k, v in given.items() if k != "officer"} for name, given in ANSWERS.items()}
    whole = {"body": clean, "safeguards": answers, "attachments": ["ab" * 32]}
    assert check.is_valid(whole)
    for name in whole:
        assert not check.is_valid({key: value for key, value in whole.items() if key != name})
    assert not check.is_valid({**whole, "attachments": []})
    assert not check.is_valid({**whole, "safeguards": {**answers, "minor": {"answer": "perhaps"}}})
    assert not check.is_valid(
        {**whole, "safeguards": {**answers, "non_refoulement": {"answer": "no_grounds"}}}
    )


def test_a_condition_on_yes_or_no_is_a_condition_on_true_or_false() -> None:
    from comity.core.track import REQUESTING, Field
    from comity.core.types import FreeText
    from tests.core.small_track import step

    made = step(
        "ask", REQUESTING, to="asked", opens=True,
        form=(
            Field("urgent", LETTER.title, YesNo()),
            Field("why", LETTER.title, FreeText(100), when=("urgent", ("yes",)), retention="short"),
        ),
    )  # fmt: skip
    check = jsonschema_rs.validator_for(body_schema(made))
    for given in ({"urgent": True}, {"urgent": True, "why": "x"}, {"urgent": False}):
        assert check.is_valid(given) == (not clean_body(made, given, NOW)[1])
