"""How long a body is kept once its case has ended, and which are due to be erased. Pure.

A body is kept or erased as a whole (its digest is of the whole), so it stays as long as the longest rule any of its
personal fields is under. Nothing is due while a case is open. Erasing never touches a header: the log still verifies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comity.core.track import Retention, Step, Track


@dataclass(frozen=True, slots=True)
class Plan:
    """`step`: its bodies go on `on`; `rule` is the longest one that applies; `fields` are those it speaks of."""

    step: str
    on: date
    rule: Retention
    fields: tuple[str, ...]


def rule_of(track: Track, step: Step) -> Retention | None:
    """The longest retention rule any personal field of the step is under; None where it has no personal field."""
    named = {field.retention for field in step.form if field.type.personal and field.retention}
    rules = [rule for rule in track.retention if rule.name in named]
    return max(rules, key=lambda rule: rule.years, default=None)


def plan(track: Track, ended: date) -> tuple[Plan, ...]:
    """When the bodies of each step of a case that ended on a day are due to be erased."""
    found = []
    for step in track.steps:
        rule = rule_of(track, step)
        if rule is not None:
            fields = tuple(f.name for f in step.form if f.type.personal and f.retention)
            found.append(Plan(step.name, years_after(ended, rule.years), rule, fields))
    return tuple(found)


def due(track: Track, ended: date, today: date, steps: Iterable[str]) -> tuple[str, ...]:
    """Of the steps taken in a case, those whose bodies are to be erased by `today`."""
    gone = {each.step for each in plan(track, ended) if each.on <= today}
    return tuple(step for step in dict.fromkeys(steps) if step in gone)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
