"""The scorecard both delegations bring to the next dialogue: how each promise was kept, from two logs and one agreement.

Pure. It is computed from nothing else: even the time it is read as of is the latest time either log bears. It names the
size and root of both logs and the digest of the agreement, holds no person, and has a digest; two nodes that hold the
same logs print the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.core.case import Case
from comity.core.deadline import KEPT, LAPSED, LATE, OVERDUE, PAUSED, RUNNING, Calendars, Clock, clocks
from comity.core.strict_json import canonical_json
from comity.core.track import Track

if TYPE_CHECKING:
    from comity.core.agreement import Agreement, Chain, Commitment


@dataclass(frozen=True, slots=True)
class LogHead:
    """How much of one log a scorecard was computed from. `root` in hex, `time` of its last entry."""

    size: int
    root: str
    time: str


@dataclass(frozen=True, slots=True)
class Figures:
    """One deadline of one owner. Counts of clocks; times in whole seconds, None where no clock has stopped.

    due       clocks that started and were not ended by the end of the case
    kept/late stopped in time / after it;  measured: stopped, no limit agreed
    open      running or standing still, not yet due;  overdue: running beyond it
    """

    due: int
    kept: int
    late: int
    measured: int
    open: int
    overdue: int
    lapsed: int
    median: int | None
    percentile_90: int | None

    def to_json(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in self.__slots__}


def figures(runs: Iterable[Clock]) -> Figures:
    """Count clocks of one deadline. The median and the 90th percentile are nearest-rank, so both sides' are integers."""
    runs = list(runs)
    times = sorted(c.seconds for c in runs if c.stopped)
    counted = {status: sum(c.status == status for c in runs) for status in {c.status for c in runs}}
    kept, late, lapsed = counted.get(KEPT, 0), counted.get(LATE, 0), counted.get(LAPSED, 0)
    overdue = counted.get(OVERDUE, 0)
    return Figures(
        due=len(runs) - lapsed,
        kept=kept,
        late=late,
        measured=counted.get("measured", 0),
        open=counted.get(RUNNING, 0) + counted.get(PAUSED, 0),
        overdue=overdue,
        lapsed=lapsed,
        median=nearest_rank(times, 50),
        percentile_90=nearest_rank(times, 90),
    )


def nearest_rank(ordered: list[int], percent: int) -> int | None:
    """The nearest-rank percentile of an ordered list: its ⌈percent·n/100⌉-th value; None of an empty list."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`content` holds JSON values only; `data` is its canonical form and `digest` its SHA-256."""

    content: dict[str, Any]

    @property
    def data(self) -> bytes:
        return canonical_json(self.content)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def scorecard(
    chain: Chain,
    cases: Iterable[Case],
    heads: Mapping[str, LogHead],
    calendars: Calendars,
    tracks: Mapping[str, Track],
) -> Scorecard:
    """The scorecard of a relation.

    chain      every agreement both sides signed, oldest first; each case is reckoned under the one it was opened under
    cases      every case both logs hold, in any order
    heads      party code -> head of its log
    Cost grows with the number of cases (one pass), not with the square of anything.
    """
    agreement: Agreement = chain.head
    as_of = max(head.time for head in heads.values())
    runs: dict[tuple[str, str, str], list[Clock]] = {}
    states: dict[str, dict[str, int]] = {}
    counts: dict[str, dict[str, int]] = {}
    for case in cases:
        track, stands = case.track, states.setdefault(case.track.name, {})
        stands[case.state] = stands.get(case.state, 0) + 1
        tally = counts.setdefault(track.name, {m.of: 0 for m in track.measures if m.of.startswith("count:")})
        for mark in case.trace:
            if f"count:{mark.step}" in tally:
                tally[f"count:{mark.step}"] += 1
        if not as_of:
            continue
        for clock in clocks(case, chain.by_digest(case.agreement), calendars, as_of):
            runs.setdefault((track.name, clock.deadline, case.parties[clock.owner]), []).append(clock)
    found = {key: figures(value) for key, value in runs.items()}
    return Scorecard(
        {
            "v": 1,
            "agreement": {"name": agreement.name, "version": agreement.version, "digest": agreement.digest},
            "as_of": as_of,
            "logs": {party: {"size": h.size, "root": h.root} for party, h in heads.items()},
            "cases": states,
            "counts": counts,
            "deadlines": [
                {
                    "track": track,
                    "deadline": deadline,
                    "owner": owner,
                    **found[track, deadline, owner].to_json(),
                }
                for track, deadline, owner in sorted(found)
            ],
            "commitments": [_commitment(c, found, counts, tracks) for c in agreement.commitments],
        }
    )


def _commitment(
    commitment: Commitment,
    found: Mapping[tuple[str, str, str], Figures],
    counts: Mapping[str, Mapping[str, int]],
    tracks: Mapping[str, Track],
) -> dict[str, Any]:
    """A commitment with the figures that measure it: of a deadline for each owner that has any, or a count of steps."""
    name, _, of = commitment.measure.partition(".")
    measured = next((m.of for m in tracks[name].measures if m.name == of), of) if name in tracks else of
    return {
        "id": commitment.id,
        "owner": commitment.owner,
        "due": commitment.due.isoformat() if commitment.due else None,
        "measure": commitment.measure,
        "figures": {
            owner: f.to_json() for (t, d, owner), f in sorted(found.items()) if (t, d) == (name, measured)
        },
        "count": counts.get(name, {}).get(measured),
    }
