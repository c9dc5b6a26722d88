"""The state chart: drawing, list, Mermaid and Cytoscape say the same of every track."""

from __future__ import annotations

from itertools import combinations

import pytest

from comity.core.track import Track
from comity.derive import chart
from comity.tracks import TRACKS

EVERY = pytest.mark.parametrize("track", TRACKS.values(), ids=lambda track: track.name)


@EVERY
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_boxes_stand_apart_and_hold_their_words(track: Track, lang: str) -> None:
    drawing = chart.draw(track, lang)
    for one, other in combinations(drawing.boxes, 2):
        apart = (
            one.x + one.w <= other.x
            or other.x + other.w <= one.x
            or one.y + one.h <= other.y
            or other.y + other.h <= one.y
        )
        assert apart, (one.name, other.name)
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.w <= drawing.width
        assert box.y >= 0
        assert box.y + box.h <= drawing.height
        title = track.state(box.name).title[lang]
        assert "".join(line for _, line in box.lines).replace(" ", "") == title.replace(" ", "")
        assert all(box.y < y < box.badge for y, _ in box.lines)


@EVERY
def test_every_way_is_drawn_and_listed(track: Track) -> None:
    drawn = {box.name for box in chart.draw(track, "en").boxes}
    links = {(frm, to) for _, frm, to in chart.ways(track) if frm}
    assert drawn == {to for _, _, to in chart.ways(track)}
    doubled = sum(arrow.both for arrow in chart.draw(track, "en").arrows)
    assert len(chart.draw(track, "en").arrows) + doubled == len(links)
    listed = {state.name: len(state.ways) for state in chart.listed(track)}
    assert listed == {s.name: sum(frm == s.name for _, frm, _ in chart.ways(track)) for s in track.states}


def test_the_way_a_case_went_is_marked() -> None:
    track = TRACKS["repatriation"]
    drawing = chart.draw(
        track, "en", current="verified", been=["requested", "interview", "requested", "verified"]
    )
    marks = {box.name: box.mark for box in drawing.boxes}
    assert marks["verified"] == "current"
    assert marks["requested"] == marks["interview"] == "past"
    assert marks["returned"] == "ahead"
    assert {arrow.kind for arrow in drawing.arrows} >= {"past", "next", "ahead", "back"}


def test_a_state_reached_at_any_time_is_drawn_when_the_case_is_there() -> None:
    track = TRACKS["repatriation"]
    assert "withdrawn" not in {box.name for box in chart.draw(track, "en").boxes}
    assert "withdrawn" in {box.name for box in chart.draw(track, "en", current="withdrawn").boxes}


@EVERY
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_mermaid_names_every_state_and_step(track: Track, lang: str) -> None:
    text = chart.mermaid(track, lang)
    assert text.startswith("stateDiagram-v2\n")
    assert all(f" as {state.name}\n" in text for state in track.states)
    assert all(step.title[lang] in text for step in track.steps)
