"""Every form of every track can be filled in, and what fits is accepted by its own types."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.core.track import Step
from comity.tracks import TRACKS
from tests.samples import answers, body

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
STEPS = [(track.name, step) for track in TRACKS.values() for step in track.steps]


@pytest.mark.parametrize(
    ("name", "step"), STEPS, ids=lambda value: value.name if isinstance(value, Step) else value
)
def test_every_step_can_be_filled_in(name: str, step: Step) -> None:
    filled = body(step, AT)
    for field in step.form:
        if field.name in filled:
            assert field.type.clean(filled[field.name]) == filled[field.name]
            assert field.type.show(filled[field.name], "zh")
    assert set(answers(TRACKS[name], step)) == set(step.safeguards)
