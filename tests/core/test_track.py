"""A wrong table never becomes a track: each rule is broken once, and the finding names track, line and mend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.core.text import Text
from comity.core.track import EITHER, ENDS, REQUESTING, RESPONDING, Field, Measure, Source, State, Track
from comity.core.track_check import TrackError
from comity.core.types import FreeText
from comity.tracks import TRACKS
from tests.core.small_track import LETTER, SOURCE, STATES, STEPS, make, step, t


def changed(row: str, /, **what: object) -> dict[str, object]:
    """The table of steps with one row changed."""
    return {"steps": tuple(replace(s, **what) if s.name == row else s for s in STEPS)}  # type: ignore[arg-type]


def deadline(**what: object) -> dict[str, object]:
    return {"deadlines": (replace(LETTER.deadlines[0], **what), LETTER.deadlines[1])}  # type: ignore[arg-type]


WRONG = {
    "two movers": (changed("write", by=REQUESTING), "states[1] 'asked'", "moved by responding"),
    "ordinary step of either": (changed("write", by=EITHER), "steps[4] 'write'", "one mover"),
    "unknown state": (changed("write", to="nowhere"), "steps[4] 'write'", "'nowhere'"),
    "no way out": ({"states": (*STATES, State("stuck", t("stuck"), REQUESTING)),
                    "steps": (*STEPS, step("get_stuck", RESPONDING, ("asked",), "stuck"))}, "'stuck'", "no way out"),
    "unreachable": ({"states": (*STATES, State("island", t("i"), None, final=True))}, "'island'", "cannot be reached"),
    "final with a mover": ({"states": tuple(replace(s, mover=REQUESTING) if s.name == "received" else s for s in STATES)},
                           "'received'", "no mover"),
    "step out of a final state": (changed("thank", frm=("received",)), "'received'", "is final"),
    "two openings": (changed("clarify", opens=True, frm=()), "steps", "2 steps open"),
    "ending in a state that goes on": (changed("drop", to="written"), "'drop'", "not final"),
    "ordinary step with an effect": (changed("thank", effect=ENDS), "'thank'", "has the effect"),
    "deadline that cannot start": (deadline(starts=()), "deadlines[1] 'writing'", "can never start"),
    "deadline that cannot end": (deadline(ends=("nothing",)), "deadlines[1] 'writing'", "is no step"),
    "deadline ended by the other side": (deadline(ends=("clarify",)), "'writing'", "other side"),
    "deadline without a source": (deadline(source=Source(" ")), "'writing'", "cites no source"),
    "deadline lapsing with nothing": (deadline(lapses=("nothing",)), "'writing'", "is no step"),
    "deadline of nobody": (deadline(owner=EITHER), "'writing'", "owner"),
    "deadline in fortnights": (deadline(unit="fortnights"), "'writing'", "unit"),
    "deadline with bounds crossed": (deadline(allows=(9, 3)), "'writing'", "least first"),
    "deadline pausing on rain": (deadline(pauses=("rain",)), "'writing'", "unknown"),
    "personal field without retention": (changed("ask_letter", form=(Field("whom", t("w"), FreeText(9)),)), "'whom'",
                                         "retention"),
    "reserved field": (changed("note", form=(Field("safeguards", t("s"), FreeText(9, personal=False)),)), "'safeguards'",
                       "reserved"),
    "field hanging on nothing": (changed("note", form=(Field("x1", t("x"), FreeText(9, personal=False), when=("y", ("z",))),)),
                                 "'x1'", "depends on"),
    "reserved step": (changed("note", name="receipt"), "'receipt'", "not a free name"),
    "same name twice": ({"steps": (*STEPS, STEPS[-1])}, "'note'", "stands twice"),
    "unknown safeguard": (changed("thank", safeguards=("luck",)), "'thank'", "'luck'"),
    "safeguard that stops nothing": ({"safeguards": (replace(LETTER.safeguards[0], answers=LETTER.safeguards[0].answers[:1]),)},
                                     "'lawful'", "cannot stop"),
    "safeguard without law": ({"safeguards": (replace(LETTER.safeguards[0], source=Source("")),)}, "'lawful'", "source"),
    "safeguard nobody asks": (changed("ask_letter", safeguards=()), "'lawful'", "no step"),
    "measure of nothing": ({"measures": (Measure("m1", t("m"), "count:nothing"),)}, "'m1'", "'count:nothing'"),
    "track without a source": ({"source": Source("")}, "source", "cites no source"),
    "summary of nothing": ({"summary": ("where",)}, "summary", "'where'"),
    "attachments sometimes": (changed("write", attachments="sometimes"), "'write'", "attachments"),
    "name with a blank": ({"name": "a letter"}, "name", "not a name"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_table_is_refused_with_track_line_and_mend(fault: str) -> None:
    change, line, word = WRONG[fault]
    with pytest.raises(TrackError) as caught:
        make(**change)
    said = str(caught.value)
    assert f"track {change.get('name', 'letter')!r}" in said
    assert line in said
    assert word in said
    assert all(finding.mend.endswith(".") for finding in caught.value.findings)


def test_the_small_track_is_right() -> None:
    assert make() == LETTER


def test_a_text_needs_both_languages() -> None:
    with pytest.raises(ValueError, match="both languages"):
        Text("only English", " ")


@pytest.mark.parametrize("track", list(TRACKS.values()), ids=lambda track: track.name)
def test_every_shipped_track_says_everything_twice(track: Track) -> None:
    """Both languages are sources: a Chinese text is Chinese and an English one is not the Chinese one again."""
    for text in texts(track):
        assert text.en != text.zh
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh), text
        assert not any("\u4e00" <= char <= "\u9fff" for char in text.en), text


def texts(thing: object) -> list[Text]:
    """Every Text anywhere inside a declaration."""
    if isinstance(thing, Text):
        return [thing]
    if isinstance(thing, (tuple, list)):
        return [text for item in thing for text in texts(item)]
    if hasattr(thing, "__dataclass_fields__"):
        return [text for name in thing.__dataclass_fields__ for text in texts(getattr(thing, name))]
    return []


def test_sources_are_named() -> None:
    assert SOURCE.cite
