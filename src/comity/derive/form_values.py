"""Between the inputs of a page and the raw value a type cleans. Pure of Django's forms; reads a mapping of strings.

An input of field `f` is called `f`, of its part `p` `f.p`, of the third item of a list `f.2`. A date is asked for as three
numbers, a moment as a date, a time and the time zone it is meant in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comity.core.types import ValueType

MOST_ROWS = 50
DATE_KINDS = ("date", "partial_date")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：.]?([0-5][0-9])\Z")


def read(type_: ValueType, data: Mapping[str, Any], name: str) -> Any:
    """The raw value of one field: a string, a list of strings, or an object of parts; blanks are left out."""
    kind = type_.widget.kind
    if type_.name == "moment":
        return _moment(data, name)
    if type_.name == "many":
        return _rows(type_, data, name)
    if type_.parts:
        parts = {part: read(of, data, f"{name}.{part}") for part, of in type_.parts.items()}
        return {part: value for part, value in parts.items() if value not in ("", None, {}, [])}
    if kind in DATE_KINDS:
        parts = {part: _one(data, f"{name}.{part}") for part in ("year", "month", "day")}
        found = {part: value for part, value in parts.items() if value}
        return found or _one(data, name)
    if kind == "checkboxes":
        return _all(data, name)
    return _one(data, name)


def _one(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip("\r\n")


def _all(data: Mapping[str, Any], name: str) -> list[str]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
    return [str(each) for each in found if each]


def _rows(type_: ValueType, data: Mapping[str, Any], name: str) -> list[Any]:
    of = getattr(type_, "of")  # noqa: B009  (Many alone has it; ValueType does not declare it)
    start = f"{name}."
    numbers = {key[len(start) :].split(".", 1)[0] for key in data if key.startswith(start)}
    places = sorted(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 4)[:MOST_ROWS]
    rows = (read(of, data, f"{name}.{place}") for place in places)
    return [row for row in rows if row not in ("", None, {}, [])]


def _moment(data: Mapping[str, Any], name: str) -> Any:
    """Put together from its inputs; where they make no moment, the inputs as they were typed."""
    parts = {part: _one(data, f"{name}.{part}").strip() for part in ("year", "month", "day", "time", "zone")}
    if not any(parts[part] for part in ("year", "month", "day", "time")):
        return _one(data, name)
    found = _TIME.match(parts["time"])
    try:
        zone = ZoneInfo(parts["zone"])
        if not found:
            raise ValueError(parts["time"])
        local = datetime(
            int(parts["year"]),
            int(parts["month"]),
            int(parts["day"]),
            int(found[1]),
            int(found[2]),
            tzinfo=zone,
        )
    except (ValueError, ZoneInfoNotFoundError):
        return {part: value for part, value in parts.items() if value}
    return local.isoformat(timespec="minutes")


def date_parts(value: Any) -> dict[str, str]:
    """`1985-03` or {"year", "month"} as what stands in the three inputs."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part, "")) for part in ("year", "month", "day")}
    found = [*str(value or "").split("-"), "", ""][:3]
    return {part: each.lstrip("0") for part, each in zip(("year", "month", "day"), found, strict=True)}


def moment_parts(value: Any, zones: tuple[str, ...]) -> dict[str, str]:
    """A moment as what stands in its inputs, in this authority's zone."""
    blank = {"year": "", "month": "", "day": "", "time": "", "zone": zones[0] if zones else "UTC"}
    if isinstance(value, Mapping):
        return blank | {part: str(each) for part, each in value.items() if part in blank}
    try:
        local = datetime.fromisoformat(str(value or "")).astimezone(ZoneInfo(blank["zone"]))
    except ValueError:
        return blank
    return {
        "year": str(local.year), "month": str(local.month), "day": str(local.day),
        "time": f"{local:%H:%M}", "zone": blank["zone"],
    }  # fmt: skip
