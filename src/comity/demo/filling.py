"""A step's form filled in by the demonstration: plausible values by type, from the declaration alone.

Pure but for the generator of chance it is handed. So the demonstration plays every track, also one written tomorrow. Nobody
here is real: numbers begin where no number was ever given (no place in GB/T 2260 begins with 99).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from comity.core import types as t
from comity.core.strict_json import Json
from comity.core.track import Field, Step, Track
from comity.core.types.resident_id import check_character

_SURNAMES = (("王", "WANG"), ("李", "LI"), ("陈", "CHEN"), ("赵", "ZHAO"), ("周", "ZHOU"), ("吴", "WU"), ("郑", "ZHENG"),
             ("林", "LIN"), ("何", "HE"), ("欧阳", "OUYANG"))  # fmt: skip
_GIVEN = (("明", "MING"), ("伟", "WEI"), ("静", "JING"), ("丽", "LI"), ("强", "QIANG"), ("磊", "LEI"), ("洋", "YANG"),
          ("勇", "YONG"), ("娟", "JUAN"), ("涛", "TAO"), ("晨", "CHEN"), ("宇", "YU"))  # fmt: skip
WORDS = "Made up for the demonstration: nothing here happened. 演示用虚构内容。"
REASON = (
    "Examined on the made-up file of the demonstration; nothing was found. 已就虚构案卷审查，未发现相关情形。"
)


def body(step: Step, at: datetime, chance: Random, given: Mapping[str, Any] | None = None) -> dict[str, Json]:
    """Every field of a step that is required and asked, and what is `given`; moments lie after `at` as far as asked."""
    made: dict[str, Json] = dict(given or {})
    for field in step.form:
        asked = field.when is None or made.get(field.when[0]) in field.when[1]
        if field.name not in made and field.required and asked:
            made[field.name] = _value(field.type, field, at, chance)
    return made


def answers(track: Track, step: Step) -> dict[str, dict[str, str]]:
    """To every safeguard of the step the first answer that lets it go, with a reason."""
    found = {}
    for name in step.safeguards:
        answer = next(each for each in track.safeguard(name).answers if not each.blocks)
        found[name] = {"answer": answer.code, "reason": REASON}
    return found


def name(chance: Random) -> dict[str, Json]:
    """A name that nobody need bear."""
    surname, latin = chance.choice(_SURNAMES)
    picks = chance.sample(_GIVEN, chance.choice((1, 2)))
    return {
        "native": surname + "".join(character for character, _ in picks),
        "script": "Hans",
        "surname": latin,
        "given": "".join(syllable for _, syllable in picks),
    }


def resident_id(chance: Random, born: str, male: bool) -> str:
    """Well formed (GB 11643-1999), and of a place that does not exist."""
    sequence = 2 * chance.randrange(1, 490) + male
    start = f"99{chance.randrange(1, 10):02}{chance.randrange(1, 30):02}{born.replace('-', '')}{sequence:03}"
    return start + check_character(start)


def _value(type_: t.ValueType, field: Field, at: datetime, chance: Random) -> Json:
    day = at.date()
    match type_:
        case t.PersonName():
            return name(chance)
        case t.BirthDate():
            return f"{chance.randrange(1962, 2001)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        case t.Moment():
            moment = at + timedelta(hours=field.lead_hours + chance.randrange(2, 20))
            return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
        case t.Date():
            later = "valid" in field.name or "until" in field.name
            return (day + timedelta(days=180)).isoformat() if later else (day - timedelta(days=1)).isoformat()
        case t.FreeText():
            return WORDS
        case t.ShortText():
            return f"EX-{chance.randrange(10_000, 99_999)}"
        case t.Codes() | t.Code() | t.Sex():
            code = type_.widget.options[0][0]
            return [code] if isinstance(type_, t.Codes) else code
        case t.YesNo():
            return True
        case t.Count():
            return type_.least
        case t.Nationality() | t.Country():
            return "CHN"
        case t.Many():
            return [_value(type_.of, field, at, chance)]
        case t.Group():
            return {part.name: _value(part.type, field, at, chance) for part in type_.of if part.required}
    options = type_.widget.options
    return options[0][0] if options else WORDS[:40]
