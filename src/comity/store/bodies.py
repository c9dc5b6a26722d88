"""What the store reads in a body: whether it follows its form, and the words by which a list names the case.

Pure. A body that does not follow its form is kept and marked; the fold never reads bodies, so nothing else hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.core.entry import parse_body
from comity.core.strict_json import Json
from comity.core.text import Refusal
from comity.core.track import Field, Step, Track

SAFEGUARDS = "safeguards"  # the member of a body that holds their answers
LONGEST_TITLE = 300


def fault(step: Step | None, raw: bytes | None) -> str:
    """The code of the first thing that is wrong with a body as it arrived, "" where it follows its form.

    Codes: those of strict_json, "body-malformed", "body-missing", "body-unasked", and those of the value types.
    """
    if step is None:
        return ""
    if raw is None:
        return "body-missing" if any(field.required and not field.when for field in step.form) else ""
    try:
        body = parse_body(raw)
        known = {field.name for field in step.form}
        for name in body:
            if name not in known and not (name == SAFEGUARDS and step.safeguards):
                return "body-unasked"
        for field in step.form:
            _check(field, body)
    except Refusal as refusal:
        return refusal.code[:60]
    given = body.get(SAFEGUARDS)
    if step.safeguards and not (isinstance(given, dict) and all(name in given for name in step.safeguards)):
        return "safeguard-unanswered"
    return ""


def _check(field: Field, body: Mapping[str, Json]) -> None:
    if field.name in body:
        field.type.clean(body[field.name])
    elif field.required and field.is_asked(body):
        field.type.clean(None)


def title(track: Track, body: Mapping[str, Json]) -> str:
    """The fields the track names as its summary, as both languages show them; "" where the body does not hold them."""
    words: list[str] = []
    for name in track.summary:
        field = track.opening.field(name)
        if field is None or name not in body:
            continue
        try:
            clean = field.type.clean(body[name])
        except Refusal:
            continue
        for lang in ("zh", "en"):
            shown = field.type.show(clean, lang)
            if shown and shown not in words:
                words.append(shown)
    return " · ".join(words)[:LONGEST_TITLE]


def read(raw: bytes | None) -> dict[str, Json]:
    """A stored body as an object; empty where it is withheld, erased or cannot be read strictly."""
    if not raw:
        return {}
    try:
        return parse_body(bytes(raw))
    except Refusal:
        return {}
