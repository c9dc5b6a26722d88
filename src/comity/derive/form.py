"""From a step's declaration to a form: Django fields and composite widgets in, the step's body as JSON out.

Border: knows declarations and Django's forms; draws nothing (`form_controls` describes what to draw) and saves nothing.
What was typed is never lost: `saved()` gives the clean value of every field that could be cleaned and the raw one of every
field that could not, and both can be put back into the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from comity.core.text import Refusal
from comity.core.track import Field, Step, Track
from comity.core.types import Json, ValueType, is_blank
from comity.derive.form_controls import ONLY_WHEN, Control, Look, control
from comity.derive.form_values import read
from comity.law.problem import Problem

DETAILS, SAFEGUARDS, ATTACHMENTS = "details", "safeguards", "attachments"


def sections(track: Track, step: Step) -> tuple[str, ...]:
    """The question pages of a step, in order: its groups, then safeguards and attachments where it has them."""
    order = [name for name, _ in track.groups]
    used = {field.group or DETAILS for field in step.form}
    found = [DETAILS] if DETAILS in used else []
    found += [name for name in order if name in used]
    if step.safeguards:
        found.append(SAFEGUARDS)
    if step.attachments != "none":
        found.append(ATTACHMENTS)
    return tuple(found)


def fields_of(step: Step, section: str) -> tuple[Field, ...]:
    """The fields asked for on one question page."""
    return tuple(field for field in step.form if (field.group or DETAILS) == section)


def section_of(track: Track, step: Step, where: str) -> str:
    """The question page on which a problem at `where` ("person.native", "safeguards.minor") can be mended."""
    first = where.split(".", 1)[0].split(" / ", 1)[0]
    if first in (SAFEGUARDS, ATTACHMENTS):
        return first
    field = step.field(first)
    if field is not None:
        return field.group or DETAILS
    pages = sections(track, step)
    return pages[0] if pages else DETAILS


class PartsWidget(forms.Widget):
    """Reads a value from inputs named `field`, `field.part` or `field.0.part`, as its type has parts."""

    def __init__(self, type_: ValueType) -> None:
        super().__init__()
        self.type = type_

    def value_from_datadict(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> Any:
        return read(self.type, data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        return not any(key == name or key.startswith(f"{name}.") for key in data)


class ValueField(forms.Field):
    """A field of a declaration. Cleaning gives its JSON value, None for nothing; what is missing is judged elsewhere."""

    def __init__(self, field: Field, lang: str) -> None:
        super().__init__(required=False, label=field.title[lang], widget=PartsWidget(field.type))
        self.declared, self.lang = field, lang

    def clean(self, value: Any) -> Json:
        if is_blank(value):
            return None
        try:
            return self.declared.type.clean(value)
        except Refusal as refusal:
            said = refusal.what[self.lang] + _then(refusal, self.lang)
            raise ValidationError(said, code=refusal.code, params={"where": refusal.where}) from refusal


class StepForm(forms.Form):
    """One question page of a step.

    body     what the draft holds already, clean or raw
    data     what was just posted, None for a page that is only shown
    look     language, time zones and files to choose from
    """

    def __init__(
        self, step: Step, section: str, look: Look, *, body: Mapping[str, Json], data: QueryDict | None = None
    ) -> None:
        super().__init__(data=data)
        self.step, self.section, self.look, self.body = step, section, look, body
        self.places: dict[str, str] = {}
        for field in fields_of(step, section):
            self.fields[field.name] = ValueField(field, look.lang)

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's, and also remembers at which input of a composite value the error stands."""
        for each in getattr(error, "error_list", [error]):
            inside = (each.params or {}).get("where", "") if isinstance(each, ValidationError) else ""
            where = ".".join([str(field), *[part for part in str(inside).split(" / ") if part]])
            self.places[where] = each.messages[0] if isinstance(each, ValidationError) else str(each)
        super().add_error(field, error)

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Show what the check of the whole draft found wrong on this page."""
        for problem in problems:
            if problem.where.split(".", 1)[0] in self.fields:
                said = (
                    (problem.what, problem.mend)
                    if problem.code != "missing" or not problem.mend
                    else (problem.mend,)
                )
                self.places.setdefault(problem.where, " ".join(text[self.look.lang] for text in said if text))

    def raw(self) -> dict[str, Any]:
        """What was posted, as nested plain values; fields left blank are not there."""
        found = {}
        for name, field in self.fields.items():
            value = field.widget.value_from_datadict(self.data, self.files, name)
            if not is_blank(value):
                found[name] = value
        return found

    def saved(self) -> dict[str, Json]:
        """The draft's body after this page: other pages' values untouched, this page's clean or else raw."""
        body = {name: value for name, value in self.body.items() if name not in self.fields}
        raw = self.raw()
        self.is_valid()
        for name, value in raw.items():
            body[name] = self.cleaned_data[name] if self.cleaned_data.get(name) is not None else value
        return body

    def controls(self, more: str = "") -> list[Control]:
        """What to draw, top to bottom. `more` names a list that is to show one more empty row."""
        values: Mapping[str, Any] = self.raw() if self.is_bound else self.body
        made = []
        for field in fields_of(self.step, self.section):
            look = self.look if field.name != more else self.look.with_more_rows()
            made.append(control(field, values.get(field.name), look, self.places))
        return _nested(made, self.step, self.look.lang)

    def faults(self) -> list[tuple[str, str]]:
        """(id of the input, words) for the summary at the top of the page."""
        return [(input_id(where, self.step), said) for where, said in self.places.items()]


def input_id(where: str, step: Step) -> str:
    """The id of the input a problem's `where` points at: for a date its first part, for a choice its first option."""
    return f"f-{where.replace('.', '-')}"


def _then(refusal: Refusal, lang: str) -> str:
    return f" {refusal.mend[lang]}" if refusal.mend else ""


def _nested(made: Sequence[Control], step: Step, lang: str) -> list[Control]:
    """Put each field that depends on a choice of the same page below that choice; elsewhere say when it is asked."""
    by_name = {each.name: each for each in made}
    top = []
    for each in made:
        field = step.field(each.name)
        when = field.when if field is not None else None
        above = by_name.get(when[0]) if when is not None else None
        options = (
            [o for o in above.options if when is not None and o.code in when[1]] if above is not None else []
        )
        if above is not None and above.kind == "radios" and len(options) == 1:
            options[0].below.append(each)
            continue
        if when is not None:
            each.hint = _asked_when(step, when, lang) + (f" {each.hint}" if each.hint else "")
        top.append(each)
    return top


def _asked_when(step: Step, when: tuple[str, tuple[str, ...]], lang: str) -> str:
    other = step.field(when[0])
    if other is None:
        return ""
    words = dict(other.type.widget.options)
    stop = {"en": ", ", "zh": "、"}[lang]
    values = stop.join(words[code][lang] if code in words else code for code in when[1])
    return ONLY_WHEN.fill(field=other.title[lang], values=values)[lang]
