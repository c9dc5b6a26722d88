"""The guide to adding a track is kept true: its own code makes a track, and its own story plays on it."""

from __future__ import annotations

import re
from pathlib import Path

from comity.core.track import Track

GUIDE = (Path(__file__).parents[2] / "docs/add-a-track.md").read_text("utf-8")


def test_the_code_of_the_guide_makes_a_track() -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", GUIDE, re.S))
    made: dict[str, object] = {}
    exec(compile(code, "add-a-track.md", "exec"), made)  # noqa: S102 - our own page
    track = made["TRACK"]
    assert isinstance(track, Track)
    assert [s.name for s in track.steps if s.opens] == ["ask_record"]
    told = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d \w+: (\w+)", GUIDE, re.M)
    assert told == ["ask_record", "give_record"]
    assert all(track.find_step(step) for step in told)
