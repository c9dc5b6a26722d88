"""What an agreement says of a track, checked against what the track allows.

Pure. `tracks` None means that the tracks are not at hand (an offline verifier): the form is checked, their limits are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from comity.core.agreement.shapes import DeadlineLike, Term, TrackLike, TrackTerms
from comity.core.agreement.toml import Table, choose
from comity.core.text import Refusal, Text
from comity.core.track_words import UNITS

Tracks = Mapping[str, TrackLike] | None


def read_track(clause: Callable[[Table], str], table: Table, tracks: Tracks) -> TrackTerms:
    """One [[track]] table. `clause` reads the clause a table rests on. Deadlines it leaves out are measured only.

    Refusals: unknown-track, unknown-deadline, deadline-value, deadline-unit, deadline-out-of-range, deadline-not-limited.
    """
    name = table.string("name")
    rests_on = clause(table)
    declared = _declared(table, name, tracks)
    terms = {} if declared is None else {d.name: Term(None, d.unit, "") for d in declared.values()}
    if "deadlines" in table:
        rows = table.raw("deadlines")
        keys = [str(key) for key in rows] if isinstance(rows, dict) else []
        deadlines = table.table("deadlines", keys)
        for key in keys:
            where = f"{table.where} / deadlines.{key}"
            if declared is not None and key not in declared:
                raise Refusal(
                    "unknown-deadline",
                    Text(f"The track has no deadline {key!r}.", f"该合作事项没有“{key}”这一期限。"),
                    where,
                    choose(sorted(declared)),
                )
            row = Table(where, deadlines.raw(key), ("value", "unit", "measured", "clause"))
            terms[key] = _term(clause, row, declared[key] if declared is not None else None)
    return TrackTerms(name, rests_on, MappingProxyType(terms))


def read_measure_name(table: Table, key: str, agreed: Mapping[str, TrackTerms], tracks: Tracks) -> str:
    """The "track.measure" at `key`: a measure or a deadline of a track of this agreement. Refusal: unknown-measure."""
    name = table.string(key)
    track, _, of = name.partition(".")
    known = [f"{terms.track}.{of}" for terms in agreed.values() for of in _measured(terms, tracks)]
    if not of or (name not in known if tracks is not None else track not in agreed):
        raise Refusal(
            "unknown-measure",
            Text(
                f"No track of this agreement has a measure {name!r}.",
                f"本协议各合作事项均无“{name}”这一衡量指标。",
            ),
            table.at(key),
            choose(known),
        )
    return name


def _measured(terms: TrackTerms, tracks: Tracks) -> list[str]:
    declared = (tracks or {}).get(terms.track)
    measures = [] if declared is None else [measure.name for measure in declared.measures]
    return [*terms.deadlines, *(name for name in measures if name not in terms.deadlines)]


def _declared(table: Table, name: str, tracks: Tracks) -> dict[str, DeadlineLike] | None:
    """The deadlines the track declares, by name; None when the tracks are not at hand."""
    if tracks is None:
        return None
    if name not in tracks:
        raise Refusal(
            "unknown-track",
            Text(f"This node knows no track {name!r}.", f"本节点没有“{name}”这一合作事项。"),
            table.at("name"),
            choose(sorted(tracks)),
        )
    return {deadline.name: deadline for deadline in tracks[name].deadlines}


def _term(clause: Callable[[Table], str], row: Table, declared: DeadlineLike | None) -> Term:
    measured = row.boolean("measured", False)
    if measured == ("value" in row):
        raise Refusal(
            "deadline-value",
            Text(
                "A deadline has a value or is measured only: one of the two.",
                "期限要么设定数值，要么仅作统计，二者必居其一。",
            ),
            row.where,
            Text("Write value and unit, or measured = true.", "请写明 value 与 unit，或写 measured = true。"),
        )
    unit = row.string("unit", "") if measured else row.string("unit")
    if unit and unit not in UNITS:
        raise _bad_unit(row, unit, list(UNITS))
    if declared is not None and unit and unit != declared.unit:
        raise _bad_unit(row, unit, [declared.unit])
    if declared is not None:
        unit = declared.unit
    return Term(None if measured else _value(row, declared), unit, clause(row))


def _value(row: Table, declared: DeadlineLike | None) -> int:
    value = row.integer("value")
    allows = (1, value) if declared is None else declared.allows
    if allows is None:
        raise Refusal(
            "deadline-not-limited",
            Text(
                "The track measures this deadline but allows no limit.",
                "该合作事项对此期限仅作统计，不允许设定限期。",
            ),
            row.at("value"),
            Text("Write measured = true.", "请改写为 measured = true。"),
        )
    if value < 1 or not allows[0] <= value <= allows[1]:
        least, most = allows[0], max(allows)
        raise Refusal(
            "deadline-out-of-range",
            Text(f"{value} is outside what the track allows.", f"{value}超出该合作事项允许的范围。"),
            row.at("value"),
            None
            if declared is None
            else Text(f"Choose from {least} to {most}.", f"允许范围为{least}至{most}。"),
        )
    return value


def _bad_unit(row: Table, unit: str, known: list[str]) -> Refusal:
    return Refusal(
        "deadline-unit",
        Text(f"{unit!r} is not the unit of this deadline.", f"“{unit}”不是此期限的计量单位。"),
        row.at("unit"),
        choose(known),
    )
