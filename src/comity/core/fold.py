"""Both whole logs, from the first entry: every case, every verdict, every acknowledgement.

Pure. A node folds entry by entry as they come; this file does the same from nothing, in an order of its own, so that a
row can be checked against its logs and a scorecard recomputed as of any two sizes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from comity.core.case import NO_SUCH_CASE, Case, open_case
from comity.core.entry import Header, Line, Placed
from comity.core.track import Track
from comity.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Terms:
    """What the fold needs of a chain of agreements: rank of each digest, and the tracks each digest agrees."""

    ranks: Mapping[str, int]
    tracks: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Relation:
    """Two logs between two authorities while they are folded. `parties` in the order of the agreement."""

    parties: tuple[str, str]
    terms: Terms
    tracks: Mapping[str, Track]
    lines: dict[str, Line] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    verdicts: dict[tuple[str, int], Verdict] = field(default_factory=dict)
    unacknowledged: dict[str, deque[tuple[int, Case]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for party in self.parties:
            self.lines[party] = Line(party)
            self.unacknowledged[party] = deque()

    def other(self, party: str) -> str:
        return self.parties[1] if party == self.parties[0] else self.parties[0]

    def take(self, author: str, header: Header) -> Verdict:
        """The next entry of `author`'s log."""
        line = self.lines[author]
        placed = Placed(author, line.size, header)
        verdict = line.judge(header, self.terms.ranks)
        if verdict.valid:
            self._acknowledge(author, header)
            if not header.is_receipt:
                verdict = take_in_case(placed, self.cases, self.parties, self.tracks, self.terms.tracks)
                if verdict.valid:
                    self.unacknowledged[author].append((placed.index, self.cases[header.case or ""]))
        self.lines[author] = line.after(header, verdict, self.terms.ranks)
        self.verdicts[author, placed.index] = verdict
        return verdict

    def _acknowledge(self, author: str, header: Header) -> None:
        """`author` says it has read `seen` entries of the other log; each is acknowledged once."""
        other = self.other(author)
        waiting = self.unacknowledged[other]
        while waiting and waiting[0][0] < header.seen:
            waiting.popleft()[1].acknowledge(other, header.seen, header.time)


def take_in_case(
    placed: Placed,
    cases: dict[str, Case],
    parties: tuple[str, str],
    tracks: Mapping[str, Track],
    agreed: Mapping[str, frozenset[str]],
) -> Verdict:
    """Judge an entry of a case and let it have its effect; a case it opens is put into `cases`."""
    known = cases.get(placed.header.case or "")
    if known is not None:
        return known.take(placed) if placed.author in known.parties.values() else NO_SUCH_CASE
    case, verdict = open_case(placed, parties, tracks, agreed)
    if case is not None:
        cases[case.id] = case
    return verdict


def fold(
    logs: Mapping[str, Sequence[Header]], parties: tuple[str, str], terms: Terms, tracks: Mapping[str, Track]
) -> Relation:
    """Fold two whole logs. An entry waits until as much of the other log as its author had read is folded.

    An entry that claims to have read more than the other log holds never has its turn: folding stops before it in its
    log (the exchange refuses such an entry at the door).
    """
    relation = Relation(parties, terms, tracks)
    moved = True
    while moved:
        moved = False
        for author in parties:
            log, other = logs[author], relation.other(author)
            while relation.lines[author].size < len(log):
                header = log[relation.lines[author].size]
                if header.seen > relation.lines[other].size:
                    break
                relation.take(author, header)
                moved = True
    return relation
