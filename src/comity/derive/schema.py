"""From a declaration to JSON schema (2020-12): what a program must send to take a step, field by field.

Border: reads declarations; knows no transport. The schema of a body is that of its clean values, so whatever conforms to it
is taken by the form as well; whether the step is in turn and lawful is said by the node when it is taken.
"""

from __future__ import annotations

from comity.core.entry import MAX_ATTACHMENTS
from comity.core.strict_json import Json
from comity.core.text import Text
from comity.core.track import Field, Safeguard, Step, Track

JsonObject = dict[str, Json]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHA256 = "^[0-9a-f]{64}$"
LONGEST_REASON = 2000


def step_schema(track: Track, step: Step) -> JsonObject:
    """Everything a step takes: its body, the answers to its safeguards, its attachments."""
    return {
        "$schema": DIALECT,
        "title": f"{track.name}.{step.name}",
        "description": _both(step.meaning),
        **step_input(track, step),
    }


def step_input(track: Track, step: Step) -> JsonObject:
    """The same without its head, as it stands inside another schema."""
    required: list[Json] = ["body"] if any(f.required and f.when is None for f in step.form) else []
    properties: JsonObject = {"body": body_schema(step)}
    if step.safeguards:
        properties["safeguards"] = safeguards_schema(track, step)
        required.append("safeguards")
    if step.attachments != "none":
        properties["attachments"] = attachments_schema(step)
        if step.attachments == "required":
            required.append("attachments")
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def body_schema(step: Step) -> JsonObject:
    """The body of a step. A field with `when` is required only where the other field has one of the values."""
    made: JsonObject = {
        "type": "object",
        "properties": {field.name: _field(field) for field in step.form},
        "required": [field.name for field in step.form if field.required and field.when is None],
        "additionalProperties": False,
    }
    rules: list[Json] = [_when(field) for field in step.form if field.required and field.when is not None]
    if rules:
        made["allOf"] = rules
    return made


def safeguards_schema(track: Track, step: Step) -> JsonObject:
    """Answers to the step's safeguards: {name: {"answer": code, "reason": words}}. Blocking answers stop the step."""
    return {
        "type": "object",
        "properties": {name: _safeguard(track.safeguard(name)) for name in step.safeguards},
        "required": list(step.safeguards),
        "additionalProperties": False,
    }


def attachments_schema(step: Step) -> JsonObject:
    """SHA-256 of files that have been added before."""
    return {
        "type": "array",
        "items": {"type": "string", "pattern": SHA256},
        "minItems": 1 if step.attachments == "required" else 0,
        "maxItems": MAX_ATTACHMENTS,
        "uniqueItems": True,
    }


def _field(field: Field) -> JsonObject:
    said = _both(field.title) if field.why is None else f"{_both(field.title)}. {_both(field.why)}"
    made: JsonObject = {**field.type.schema(), "title": _both(field.title), "description": said}
    if field.type.personal:
        made["x-personal"] = True
        made["x-retention"] = field.retention
    if field.lead_hours:
        made["x-lead-hours"] = field.lead_hours
    return made


def _when(field: Field) -> JsonObject:
    other, values = field.when or ("", ())
    # A yes-or-no field holds true or false; a list has the value among its own.
    wanted: list[Json] = [*values, *(said == "yes" for said in values if said in ("yes", "no"))]
    chosen: JsonObject = {"anyOf": [{"enum": wanted}, {"type": "array", "contains": {"enum": wanted}}]}
    return {
        "if": {"properties": {other: chosen}, "required": [other]},
        "then": {"required": [field.name]},
    }


def _safeguard(guard: Safeguard) -> JsonObject:
    reason: JsonObject = {"type": "string", "maxLength": LONGEST_REASON}
    required: list[Json] = ["answer", "reason"] if guard.named_officer else ["answer"]
    return {
        "type": "object",
        "description": f"{_both(guard.question)} ({guard.source.cite})",
        "properties": {
            "answer": {"type": "string", "enum": [a.code for a in guard.answers]},
            "reason": reason,
        },
        "required": required,
        "additionalProperties": False,
    }


def _both(text: Text) -> str:
    return f"{text.en} / {text.zh}"
