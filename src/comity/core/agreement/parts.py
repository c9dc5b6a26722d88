"""The parts of an agreement while it is read, and how a name in one is looked up among the others. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from comity.core.agreement import shapes as s
from comity.core.agreement.toml import Table
from comity.core.calendar import Calendar
from comity.core.text import Refusal, Text


@dataclass
class Parts:
    """Everything read so far; `faults` in the order they were found."""

    name: str = ""
    version: int = 0
    supersedes: str = ""
    suite: str = s.SUITE
    title: Text | None = None
    parties: tuple[s.Party, ...] = ()
    instruments: tuple[s.Instrument, ...] = ()
    topics: tuple[s.Topic, ...] = ()
    clauses: tuple[s.Clause, ...] = ()
    tracks: Mapping[str, s.TrackTerms] = field(default_factory=lambda: MappingProxyType({}))
    measures: tuple[s.AgreedMeasure, ...] = ()
    commitments: tuple[s.Commitment, ...] = ()
    handling: s.Handling = field(default_factory=lambda: s.Handling(s.CONSENT))
    delivery_grace_hours: int = 0
    calendars: tuple[Calendar, ...] = ()
    faults: list[Refusal] = field(default_factory=list)

    def one_of(
        self, kind: str, key: str, rows: Sequence[object], by: str, table: Table, default: str | None = None
    ) -> str:
        """The string at `key`, which must be the `by` of one of `rows`. Refusal: unknown-`kind`."""
        value = table.string(key, default)
        if value != default and value not in [getattr(row, by) for row in rows]:
            raise unknown(kind, value, table.at(key))
        return value

    def clause(self, table: Table) -> str:
        """The clause a table rests on."""
        return self.one_of("clause", "clause", self.clauses, "id", table)


_KINDS = {
    "clause": Text("clause", "条款"),
    "instrument": Text("instrument", "文书"),
    "topic": Text("topic", "议题"),
    "party": Text("party", "当事方"),
}


def unknown(kind: str, value: str, where: str) -> Refusal:
    return Refusal(
        f"unknown-{kind}",
        Text("The agreement has no {kind} {value!r}.", "协议中没有“{value}”这一{kind}。").fill(
            kind=_KINDS[kind], value=value
        ),
        where,
        Text("Add a [[{kind}]] table, or correct the name.", "请补充 [[{kind}]] 表，或更正名称。").fill(
            kind=kind
        ),
    )
