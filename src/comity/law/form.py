"""Is what was typed a body of this step? Cleaned field by field, with everything that is wrong said at once.

Pure; the time of the step is handed in. A field with `when` is asked only where the other field has one of the values; what
was typed into a field that is not asked is left out, and the preview shows that. Nothing else is ever dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from comity.core.entry import MAX_BODY, encode_body
from comity.core.strict_json import Json
from comity.core.text import Refusal, Text
from comity.core.track import Field, Step
from comity.core.types import is_blank
from comity.law.problem import Problem

SAFEGUARDS = "safeguards"  # the reserved member of a body that holds the answers

_ANSWER_IT = Text("Fill in “{title}”.", "请填写“{title}”。")
_ANSWER_WHY = Text("Fill in “{title}”: {why}", "请填写“{title}”：{why}")


def clean_body(step: Step, raw: Mapping[str, object], at: datetime) -> tuple[dict[str, Json], list[Problem]]:
    """The clean body of a step, as far as it can be cleaned, and every problem with the rest.

    at  when the step is taken (aware); periods of notice (`lead_hours`) count from it
    Codes: missing, unknown-field, too-short-notice, body-too-large, and those of the value types.
    """
    body: dict[str, Json] = {}
    problems: list[Problem] = []
    for field in step.form:
        given = raw.get(field.name)
        if not field.is_asked(body):
            continue
        if is_blank(given):
            if field.required:
                problems.append(_missing(field))
            continue
        try:
            body[field.name] = field.type.clean(given)
        except Refusal as refusal:
            problems.append(_placed(field, refusal))
            continue
        if field.lead_hours and (late := _too_soon(field, body[field.name], at)):
            problems.append(late)
    known = {field.name for field in step.form} | {SAFEGUARDS}
    problems += [_unknown(name, step) for name in raw if name not in known]
    if not problems and len(encode_body(body)) > MAX_BODY:
        problems.append(too_large())
    return body, problems


def too_large() -> Problem:
    return Problem(
        "body-too-large", "",
        Text("All answers together are larger than {most} KiB.", "全部内容合计超过 {most} KiB。").fill(most=MAX_BODY // 1024),
        Text("Put long texts into an attachment.", "请将较长内容放入附件。"),
    )  # fmt: skip


def births(step: Step, body: Mapping[str, Json]) -> tuple[str, ...]:
    """The birth dates of the person the step is about: top-level fields of the birth-date type."""
    return tuple(
        str(body[field.name])
        for field in step.form
        if field.type.name == "birth_date" and body.get(field.name)
    )


def _missing(field: Field) -> Problem:
    mend = (
        _ANSWER_WHY.fill(title=field.title, why=field.why)
        if field.why
        else _ANSWER_IT.fill(title=field.title)
    )
    return Problem(
        "missing", field.name, Text("“{title}” is missing.", "缺少“{title}”。").fill(title=field.title), mend
    )


def _placed(field: Field, refusal: Refusal) -> Problem:
    """Inside a composite value the place is written as the form names its inputs: field.part."""
    inside = refusal.where.replace(" / ", ".")
    return Problem(
        refusal.code, f"{field.name}.{inside}" if inside else field.name, refusal.what, refusal.mend
    )


def _unknown(name: object, step: Step) -> Problem:
    return Problem(
        "unknown-field", str(name)[:80],
        Text("This step asks for no such thing.", "本步骤没有此项内容。"),
        Text("Leave it out; the fields are: {fields}.", "请删除；可填写：{fields}。").fill(
            fields=", ".join(field.name for field in step.form) or "-"
        ),
    )  # fmt: skip


def _too_soon(field: Field, value: Json, at: datetime) -> Problem | None:
    if datetime.fromisoformat(str(value)) - at >= timedelta(hours=field.lead_hours):
        return None
    return Problem(
        "too-short-notice", field.name,
        Text("“{title}” must lie at least {hours} hours ahead.", "“{title}”须至少提前 {hours} 小时。").fill(
            title=field.title, hours=field.lead_hours
        ),
        Text("Choose a later time.", "请选择更晚的时间。"),
    )  # fmt: skip
