"""What a page draws for each field: kind of control, words, value, error, options, parts. Says nothing of HTML.

The kinds are those of `core.types.Widget`, with three more: `dates` (three numbers), `moment` (date, time, zone) and
`rows` (a list). Ids and names follow from the place of a value in the body, so an error can be linked to its input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comity.core.text import Text
from comity.core.track import Field
from comity.core.types import ValueType, Widget
from comity.derive.form_values import DATE_KINDS, date_parts, moment_parts

YEAR, MONTH, DAY = Text("Year", "年"), Text("Month", "月"), Text("Day", "日")
TIME, ZONE = Text("Time", "时间"), Text("Time zone", "时区")
TIME_HINT = Text("24-hour clock, for example 15:30", "二十四小时制，例如 15:30")
DATE_HINT = Text("For example, 27 3 2026", "例如：2026 3 27")
CHOOSE = Text("Choose", "请选择")
OPTIONAL = Text("optional", "选填")
ONLY_WHEN = Text("Only where “{field}” is: {values}", "仅当“{field}”为“{values}”时填写")
_WIDTHS = {"year": 4, "month": 2, "day": 2}


@dataclass(frozen=True, slots=True)
class Look:
    """How a form is to be shown.

    zones  (IANA name, words), own first;  files: (sha256, name) of the draft
    more, least  rows of a list shown beyond those that are filled in, and at least
    """

    lang: str
    zones: tuple[tuple[str, Text], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    more: int = 0
    least: int = 1

    def with_more_rows(self) -> Look:
        return replace(self, more=self.more + 1)


@dataclass(slots=True)
class Option:
    code: str
    words: str
    chosen: bool
    id: str
    below: list[Control] = field(default_factory=list)
    hint: str = ""


@dataclass(slots=True)
class Control:
    """One control. `parts` for groups, dates and lists; `why` is shown as "why we ask"."""

    kind: str
    name: str
    id: str
    title: str
    value: str = ""
    hint: str = ""
    why: str = ""
    error: str = ""
    optional: str = ""
    options: list[Option] = field(default_factory=list)
    parts: list[Control] = field(default_factory=list)
    rows: int = 1
    width: int = 0
    max_length: int | None = None
    lang: str = ""

    @property
    def described_by(self) -> str:
        """Ids of hint and error, for aria-describedby."""
        ids = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)


def control(declared: Field, value: Any, look: Look, places: Mapping[str, str]) -> Control:
    """The control of a declared field with its present value and the errors found in it (`places`: dotted name -> words)."""
    rows = 1 if declared.required and not look.more else 0
    made = _control(
        declared.type, declared.name, declared.title[look.lang], value, replace(look, least=rows), places
    )
    made.why = declared.why[look.lang] if declared.why else ""
    made.optional = "" if declared.required else OPTIONAL[look.lang]
    return made


def _control(
    type_: ValueType, name: str, title: str, value: Any, look: Look, places: Mapping[str, str]
) -> Control:
    widget = type_.widget
    made = Control(
        kind=widget.kind,
        name=name,
        id=f"f-{name.replace('.', '-')}",
        title=title,
        hint=widget.hint[look.lang] if widget.hint else "",
        error=places.get(name, ""),
        rows=widget.rows,
        max_length=widget.max_length,
        lang=widget.lang,
        width=_width(widget),
    )
    if type_.name == "moment":
        return _as_moment(made, value, look, places)
    if type_.name == "many":
        return _as_rows(made, type_, value, look, places)
    if type_.parts:
        return _as_group(made, type_, value, look, places)
    if widget.kind in DATE_KINDS:
        return _as_dates(made, value, look, places)
    if widget.kind == "file":
        made.kind = "select"
        made.options = [Option("", CHOOSE[look.lang], not value, made.id)]
        made.options += [Option(sha, words, sha == value, "") for sha, words in look.files]
        return made
    if widget.options:
        return _with_options(made, widget, value, look)
    made.value = "" if value is None or isinstance(value, (dict, list)) else str(value)
    return made


def _with_options(made: Control, widget: Widget, value: Any, look: Look) -> Control:
    if widget.kind == "yes_no":
        made.kind = "radios"
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    chosen = {str(each) for each in value} if isinstance(value, list) else {str(value)} if value else set()
    if widget.kind == "select":
        made.options = [Option("", CHOOSE[look.lang], not chosen, "")]
    for number, (code, words) in enumerate(widget.options):
        made.options.append(
            Option(code, words[look.lang], code in chosen, f"{made.id}-{number}" if number else made.id)
        )
    return made


def _as_group(made: Control, type_: ValueType, value: Any, look: Look, places: Mapping[str, str]) -> Control:
    given = value if isinstance(value, Mapping) else {}
    made.kind = "group"
    words = {name: title for name, title, _ in type_.widget.parts}
    needed = {part.name for part in getattr(type_, "members", ()) if part.required}
    for name, of in type_.parts.items():
        part = _control(of, f"{made.name}.{name}", words[name][look.lang], given.get(name), look, places)
        part.optional = "" if name in needed or not needed else OPTIONAL[look.lang]
        made.parts.append(part)
    return made


def _as_rows(made: Control, type_: ValueType, value: Any, look: Look, places: Mapping[str, str]) -> Control:
    made.kind = "rows"
    given = value if isinstance(value, list) else []
    each: ValueType = getattr(type_, "of")  # noqa: B009  (Many alone has it; ValueType does not declare it)
    most: int = getattr(type_, "most", 1)
    for place in range(min(most, max(look.least, len(given) + look.more))):
        item = given[place] if place < len(given) else None
        made.parts.append(
            _control(each, f"{made.name}.{place}", f"{each.title[look.lang]} {place + 1}", item, look, places)
        )
    made.max_length = most
    return made


def _as_dates(made: Control, value: Any, look: Look, places: Mapping[str, str]) -> Control:
    made.hint = DATE_HINT[look.lang] if made.kind == "date" else made.hint
    made.kind = "dates"
    made.parts = _date_inputs(made, date_parts(value), look)
    made.error = made.error or next((places[p.name] for p in made.parts if p.name in places), "")
    return made


def _as_moment(made: Control, value: Any, look: Look, places: Mapping[str, str]) -> Control:
    given = moment_parts(value, tuple(name for name, _ in look.zones))
    made.kind, made.hint = "moment", ""
    made.parts = _date_inputs(made, given, look)
    time = Control(
        "text", f"{made.name}.time", f"{made.id}-time", TIME[look.lang], given["time"], TIME_HINT[look.lang]
    )
    time.width = 5
    zone = Control("select", f"{made.name}.zone", f"{made.id}-zone", ZONE[look.lang])
    zone.options = [Option(name, words[look.lang], name == given["zone"], "") for name, words in look.zones]
    made.parts += [time, zone]
    return made


def _date_inputs(made: Control, given: Mapping[str, str], look: Look) -> list[Control]:
    """Day, month, year in English; year, month, day in Chinese. The first one bears the id an error links to."""
    order = (("day", DAY), ("month", MONTH), ("year", YEAR))
    ordered = order if look.lang == "en" else order[::-1]
    return [
        Control(
            "number", f"{made.name}.{name}", made.id if number == 0 else f"{made.id}-{name}", words[look.lang],
            given[name], width=_WIDTHS[name],
        )
        for number, (name, words) in enumerate(ordered)
    ]  # fmt: skip


def _width(widget: Widget) -> int:
    """Width of an input in characters, from how long what is typed may be: 0 for the full width."""
    if widget.kind == "number":
        return 10
    if widget.max_length is None or widget.max_length > 60:
        return 0
    return next((width for width in (2, 4, 5, 10, 20, 30) if widget.max_length <= width), 30)
