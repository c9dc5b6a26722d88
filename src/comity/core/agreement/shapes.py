"""What an agreement is made of, once read: parties, instruments, clauses, terms, commitments, measures.

Pure shapes without rules; `read` makes them from TOML and checks them. Words of the agreement are `Text` in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from comity.core.text import Text

SUITE = "hpke-mlkem768x25519-sha256-aes256gcm+ed25519+mldsa65"
# Suites an agreement may name, with the length in bytes of each public key of a party: Ed25519 (RFC 8032),
# ML-DSA-65 (FIPS 204), and the box key, ML-KEM-768 (FIPS 203, 1184 bytes) followed by X25519 (RFC 7748, 32 bytes).
SUITES: Mapping[str, Mapping[str, int]] = {SUITE: {"ed25519": 32, "mldsa65": 1952, "box": 1184 + 32}}
PLACEHOLDER = "PLACEHOLDER"
BOTH = "both"

# How a text puts a promise. The words differ in weight, so they are kept, not levelled.
FORCES: Mapping[str, Text] = {
    "commit": Text("commit", "承诺"),
    "agree": Text("agree", "同意"),
    "will": Text("will", "将"),
    "intend": Text("intend", "愿"),
}
CONSENT, NEVER = "consent", "never"
ONWARD: Mapping[str, Text] = {
    CONSENT: Text("only with the consent of the authority that sent it", "须经提供方主管机关同意"),
    NEVER: Text("never", "不得转交"),
}


class DeadlineLike(Protocol):
    """What is asked of `comity.core.track.Deadline` here."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def unit(self) -> str: ...
    @property
    def allows(self) -> tuple[int, int] | None: ...


class MeasureLike(Protocol):
    """What is asked of `comity.core.track.Measure` here."""

    @property
    def name(self) -> str: ...


class TrackLike(Protocol):
    """What is asked of `comity.core.track.Track` here."""

    @property
    def name(self) -> str: ...
    @property
    def deadlines(self) -> Iterable[DeadlineLike]: ...
    @property
    def measures(self) -> Iterable[MeasureLike]: ...


@dataclass(frozen=True, slots=True)
class Keys:
    """Public keys of an authority; lengths as `SUITES` says."""

    ed25519: bytes
    mldsa65: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two authorities. `keys` is None while the agreement holds placeholders for them."""

    code: str
    name: Text
    authority: Text
    time_zone: str
    keys: Keys | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A public text both sides stand by. `carried_by` is the clause that keeps an earlier one in force, "" if none."""

    id: str
    title: Text
    date: date
    place: Text | None
    source: str
    carried_by: str


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered point of an instrument, in our own words. `topic` is "" where it speaks of all of them."""

    id: str
    instrument: str
    topic: str
    text: Text


@dataclass(frozen=True, slots=True)
class Term:
    """What the agreement says of one deadline of a track.

    value   the limit in `unit`, None when the deadline is measured but has no limit
    unit    "days", "working_days" …; "" when neither the agreement nor a known track gives one
    clause  where it is agreed, "" when the agreement does not speak of this deadline
    """

    value: int | None
    unit: str
    clause: str

    @property
    def measured_only(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class TrackTerms:
    """What the agreement says of one track: the clause it rests on, and a term for each deadline."""

    track: str
    clause: str
    deadlines: Mapping[str, Term] = field(hash=False)

    def deadline(self, name: str) -> Term:
        """The term of a deadline. One the agreement does not speak of has no limit and no clause: it is measured."""
        return self.deadlines.get(name, Term(None, "", ""))


@dataclass(frozen=True, slots=True)
class AgreedMeasure:
    """A figure both sides bring to the next dialogue: `name` is "track.measure" or "track.deadline"."""

    name: str
    clause: str

    @property
    def track(self) -> str:
        return self.name.partition(".")[0]

    @property
    def of(self) -> str:
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise made at a dialogue.

    owner    code of the party, or "both"
    force    how the text puts it: "commit", "agree", "will" or "intend"
    due      last day on which it is kept in time, None when no day is named
    due_why  how that day follows from the text, None with `due`
    measure  the figure it is judged by ("track.measure" or "track.deadline"), "" when none is computed yet
    """

    id: str
    owner: str
    clause: str
    text: Text
    force: str
    due: date | None
    due_why: Text | None
    measure: str


@dataclass(frozen=True, slots=True)
class Handling:
    """How what is received may be used. `onward`: whether it may be passed to a third authority, see `ONWARD`."""

    onward: str
