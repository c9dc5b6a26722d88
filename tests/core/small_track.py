"""A made-up track for tests and for newcomers: one side asks for a letter, the other writes it.

It has one of everything a track can declare, and nothing else.
"""

from __future__ import annotations

from comity.core.text import Text
from comity.core.track import (
    ANSWERS,
    ASKS,
    EITHER,
    ENDS,
    HOLDS,
    RELEASES,
    REQUESTING,
    RESPONDING,
    Answer,
    Deadline,
    Field,
    Measure,
    Retention,
    Safeguard,
    Source,
    State,
    Step,
    Track,
)  # fmt: skip
from comity.core.types import FreeText

SOURCE = Source("A made-up convention, Art. 1")


def t(word: str) -> Text:
    return Text(word, f"{word}（中文）")


def step(name: str, by: str, frm: tuple[str, ...] = (), to: str | None = None, **more: object) -> Step:
    return Step(name, t(name), by, t(f"{name} means this"), frm, to, **more)  # type: ignore[arg-type]


STATES = (
    State("asked", t("asked"), RESPONDING),
    State("unclear", t("unclear"), REQUESTING),
    State("written", t("written"), REQUESTING),
    State("received", t("received"), None, final=True),
    State("dropped", t("dropped"), None, final=True),
)
STEPS = (
    step("ask_letter", REQUESTING, to="asked", opens=True, safeguards=("lawful",),
         form=(Field("whom", t("whom"), FreeText(100), retention="short"),)),
    step("send_back", RESPONDING, ("asked",), "unclear"),
    step("clarify", REQUESTING, ("unclear",), "asked"),
    step("write", RESPONDING, ("asked",), "written", approvals=1),
    step("thank", REQUESTING, ("written",), "received"),
    step("complain", REQUESTING, ("written",), "asked"),
    step("drop", REQUESTING, to="dropped", at_any_time=True, effect=ENDS),
    step("hold", EITHER, at_any_time=True, effect=HOLDS),
    step("release", EITHER, at_any_time=True, effect=RELEASES),
    step("ask", EITHER, at_any_time=True, effect=ASKS),
    step("answer", EITHER, at_any_time=True, effect=ANSWERS),
    step("note", EITHER, at_any_time=True),
)  # fmt: skip


def make(**changes: object) -> Track:
    """The small track, with some rows of its table replaced."""
    table: dict[str, object] = {
        "name": "letter",
        "title": t("Letter"),
        "purpose": t("to get a letter"),
        "source": SOURCE,
        "states": STATES,
        "steps": STEPS,
        "deadlines": (
            Deadline("writing", t("writing"), RESPONDING, ("ask_letter", "complain"), ("write",), "days", SOURCE,
                     pauses=("hold", "question"), pause_in=("unclear",), allows=(1, 60)),
            Deadline("thanks", t("thanks"), REQUESTING, ("write",), ("thank",), "working_days", SOURCE, allows=(1, 60)),
        ),
        "safeguards": (
            Safeguard("lawful", t("is it lawful?"), SOURCE, (Answer("yes", t("yes")), Answer("no", t("no"), blocks=True))),
        ),
        "measures": (Measure("speed", t("speed"), "writing"), Measure("thanked", t("thanked"), "count:thank")),
        "retention": (Retention("short", t("short"), 1, SOURCE),),
        "summary": ("whom",),
    }  # fmt: skip
    return Track(**(table | changes))  # type: ignore[arg-type]


LETTER = make()
