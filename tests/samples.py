"""A step's form filled in, made from its declaration alone: so that a test can take every step of every track.

`body(step, at)` is complete and right; `answers(track, step)` answers its safeguards so that none blocks. Nothing here
knows a track by name: a new track is covered the day it is written.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from comity.core import types as t
from comity.core.strict_json import Json
from comity.core.track import Field, Step, Track
from tests.core.types.catalogue import EXAMPLES

ADULT = "1985-03-07"
_BY_TYPE: dict[type, object] = {type(type_): raws[0] for type_, raws in EXAMPLES}


def body(step: Step, at: datetime) -> dict[str, Json]:
    """Every field of the form that is asked, with a value of its type; moments lie after `at` as far as asked."""
    filled: dict[str, Json] = {}
    for field in step.form:
        if field.is_asked(filled):
            filled[field.name] = value(field, at)
    return filled


def value(field: Field, at: datetime) -> Json:
    """A clean value for one field."""
    return field.type.clean(_raw(field.type, field, at))


def _raw(type_: t.ValueType, field: Field, at: datetime) -> object:
    if isinstance(type_, t.Many):
        return [_raw(type_.of, field, at)]
    if isinstance(type_, t.Code):
        return type_.options[0][0]
    if isinstance(type_, t.Codes):
        return [type_.options[0][0]]
    if isinstance(type_, t.BirthDate):
        return ADULT
    if isinstance(type_, t.Moment):
        return (at + timedelta(hours=field.lead_hours + 1)).isoformat()
    if isinstance(type_, t.FreeText | t.ShortText):
        return f"{field.title.en} / {field.title.zh}"[: type_.max]
    if isinstance(type_, t.Count):
        return type_.least
    if isinstance(type_, t.Group):
        return {part.name: _raw(part.type, field, at) for part in type_.of}
    return _BY_TYPE[type(type_)]


def answers(track: Track, step: Step) -> dict[str, dict[str, str]]:
    """The first answer of each safeguard that does not block, with a reason."""
    chosen = {}
    for name in step.safeguards:
        answer = next(a for a in track.safeguard(name).answers if not a.blocks)
        chosen[name] = {
            "answer": answer.code,
            "reason": "Examined in this made-up case; see the file. 已审查。",
        }
    return chosen
