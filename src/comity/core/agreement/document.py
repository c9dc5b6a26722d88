"""An agreement: the signed text that configures what two authorities do together.

Pure: bytes in, values out. The digest is that of the bytes both sides signed; nothing is ever written back. Knows no
party by name, no track by name, and not which side reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from comity.core.agreement import shapes as s
from comity.core.agreement.parts import unknown
from comity.core.agreement.read import read
from comity.core.calendar import Calendar
from comity.core.text import Refusal, Text


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """One agreement, read and checked. Two with the same bytes are equal."""

    data: bytes
    digest: str
    name: str
    version: int
    supersedes: str
    suite: str
    title: Text
    parties: tuple[s.Party, s.Party]
    instruments: tuple[s.Instrument, ...]
    topics: tuple[s.Topic, ...]
    clauses: tuple[s.Clause, ...]
    tracks: Mapping[str, s.TrackTerms]
    measures: tuple[s.AgreedMeasure, ...]
    commitments: tuple[s.Commitment, ...]
    handling: s.Handling
    delivery_grace_hours: int
    calendars: tuple[Calendar, ...]

    @classmethod
    def load(cls, data: bytes, tracks: Mapping[str, s.TrackLike] | None = None) -> Agreement:
        """Read and check. `tracks`: those of this node by name, None to leave out the checks against them.

        Raises the first `Refusal` found; `faults` gives them all. Codes: docs/spec-agreement.md.
        """
        parts = read(data, tracks)
        if parts.faults:
            raise parts.faults[0]
        if parts.title is None or len(parts.parties) != 2:
            raise AssertionError("a part left out without a fault")
        return cls(
            data=data,
            digest=hashlib.sha256(data).hexdigest(),
            name=parts.name,
            version=parts.version,
            supersedes=parts.supersedes,
            suite=parts.suite,
            title=parts.title,
            parties=(parts.parties[0], parts.parties[1]),
            instruments=parts.instruments,
            topics=parts.topics,
            clauses=parts.clauses,
            tracks=parts.tracks,
            measures=parts.measures,
            commitments=parts.commitments,
            handling=parts.handling,
            delivery_grace_hours=parts.delivery_grace_hours,
            calendars=parts.calendars,
        )

    @staticmethod
    def faults(data: bytes, tracks: Mapping[str, s.TrackLike] | None = None) -> tuple[Refusal, ...]:
        """Everything wrong with the file, at most one fault for each of its tables; () when it can be loaded."""
        return tuple(read(data, tracks).faults)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Agreement) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def signed_keys(self) -> bool:
        """Whether real keys stand where the shipped text has placeholders; only then can it be signed or used."""
        return all(party.keys is not None for party in self.parties)

    @property
    def codes(self) -> tuple[str, str]:
        """The codes of both parties, in the order of the file."""
        return self.parties[0].code, self.parties[1].code

    def party(self, code: str) -> s.Party:
        """The party called `code`. Refusal: unknown-party."""
        for party in self.parties:
            if party.code == code:
                return party
        raise unknown("party", code, f"agreement {self.name}")

    def other(self, code: str) -> s.Party:
        """The party that is not `code`. Refusal: unknown-party."""
        self.party(code)
        return self.parties[1] if self.parties[0].code == code else self.parties[0]

    def clause(self, name: str) -> s.Clause:
        """KeyError when there is none: a loaded agreement names only clauses it has."""
        return {clause.id: clause for clause in self.clauses}[name]

    def instrument(self, name: str) -> s.Instrument:
        """KeyError when there is none."""
        return {row.id: row for row in self.instruments}[name]

    def terms(self, track: str) -> s.TrackTerms:
        """What is agreed of a track. Refusal: track-not-agreed."""
        if track in self.tracks:
            return self.tracks[track]
        raise Refusal(
            "track-not-agreed",
            Text(f"The agreement does not cover {track!r}.", f"协议未列入“{track}”这一合作事项。"),
            f"agreement {self.name}",
            Text("Amend the agreement, or choose one of its tracks.", "请修订协议，或选择其所列合作事项。"),
        )

    def calendar(self, party: str, year: int) -> Calendar | None:
        """The calendar this agreement itself publishes. What counts in a chain: `Chain.calendar`."""
        return next((c for c in self.calendars if (c.party, c.year) == (party, year)), None)
