"""The fold: from the entries of a case to where the case stands.

Two rules head this file. **It does not know which side it runs on**: both authorities are held to the same table. And it
reads **headers only**: a body can be erased and nothing here changes.

An entry is *judged in its author's view*: the author's own earlier entries plus as many of the other side's as it had
read (`seen`). A case therefore holds three views: what the requesting authority knew, what the responding authority
knew, and the two joined. Entries may be taken in any order in which each comes after what its author had read; every
such order ends in the same case, because a state has one mover and all other steps commute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comity.core.entry import Placed, case_author
from comity.core.text import Text
from comity.core.track import (
    ANSWERS,
    ASKS,
    EITHER,
    ENDS,
    HOLDS,
    RECORDS,
    RELEASES,
    REQUESTING,
    RESPONDING,
    SIDES,
    Step,
    Track,
    other_side,
)
from comity.core.verdict import VALID, Verdict, invalid

NO_SUCH_CASE = invalid(
    "no-such-case", Text("Its author had read of no such case.", "作出该登记项时，其作者尚未读到此案件。")
)
NOT_THE_OPENER = invalid(
    "not-the-opener",
    Text("A case is opened under its own number, by its first entry, by the authority the number names.",
         "案件须由编号所示的主管机关以首个登记项、按其自有编号开立。"),
)  # fmt: skip
ALREADY_OPEN = invalid("already-open", Text("The case was open already.", "该案件此前已经开立。"))
TRACK_NOT_AGREED = invalid(
    "track-not-agreed", Text("The agreement it names has no such track.", "其所引协议未列入该合作事项。")
)
UNKNOWN_STEP = invalid("unknown-step", Text("The track has no such step.", "该合作事项没有此步骤。"))
WRONG_SIDE = invalid(
    "wrong-side", Text("This step belongs to the other authority.", "此步骤应由另一方主管机关作出。")
)
OUT_OF_TURN = Text(
    "When its author wrote it, the case stood at “{state}” for him; this step does not leave that state.",
    "作出时，作者所见案件状态为“{state}”，不能由此状态作出该步骤。",
)
ON_HOLD = invalid(
    "on-hold",
    Text("When its author wrote it, the case was on hold for him.", "作出时，作者所见该案件处于暂停状态。"),
)
ENDED = invalid(
    "case-ended",
    Text("When its author wrote it, the case had ended for him.", "作出时，作者所见该案件已经终结。"),
)
NOTHING_TO_RELEASE = invalid(
    "nothing-to-release",
    Text("Its author had no hold of his own in force.", "作者并无尚在生效的暂停可供解除。"),
)
NOTHING_TO_ANSWER = invalid(
    "nothing-to-answer", Text("No question put to its author was open.", "并无向作者提出而尚未答复的问题。")
)
NOT_APPROVED = Text(
    "This step needs the approval of {needed} other officer(s); the entry names {given}.",
    "此步骤须经另外 {needed} 名官员批准；该登记项列明 {given} 名。",
)
NO_ATTACHMENT = invalid(
    "attachment-missing", Text("This step needs a document attached to it.", "此步骤须附具文件。")
)
NO_ATTACHMENT_WANTED = invalid(
    "attachment-unwanted", Text("This step takes no attachment.", "此步骤不接受附件。")
)


@dataclass(slots=True)
class View:
    """What one reader knows of a case: the state of the ordinary steps, holds in force, questions open, how it ended."""

    state: str = ""
    holds: set[str] = field(default_factory=set)
    questions: dict[str, int] = field(default_factory=dict)
    ended: str = ""

    def take(self, side: str, step: Step) -> None:
        """A valid step of `side` has become known."""
        if not step.at_any_time:
            self.state = step.to or ""
        elif step.effect == HOLDS:
            self.holds.add(side)
        elif step.effect == RELEASES:
            self.holds.discard(side)
        elif step.effect == ASKS:
            self.questions[side] = self.questions.get(side, 0) + 1
        elif step.effect == ANSWERS:
            self.questions[other_side(side)] = self.questions.get(other_side(side), 0) - 1
        elif step.effect == ENDS:
            self.ended = step.to or ""

    def open_questions(self, side: str) -> int:
        """How many questions put by `side` are not answered yet."""
        return self.questions.get(side, 0)

    def to_json(self) -> list[Any]:
        return [self.state, sorted(self.holds), [self.questions.get(s, 0) for s in SIDES], self.ended]

    @classmethod
    def from_json(cls, row: list[Any]) -> View:
        state, holds, questions, ended = row
        return cls(state, set(holds), dict(zip(SIDES, questions, strict=True)), ended)


@dataclass(slots=True)
class Mark:
    """A valid entry that moved the case or that a clock counts. `acked`: time of the other side's first entry that had
    read it, "" while there is none."""

    side: str
    index: int
    step: str
    time: str
    state: str
    acked: str = ""

    def to_json(self) -> list[Any]:
        return [self.side, self.index, self.step, self.time, self.state, self.acked]


@dataclass(slots=True)
class Case:
    """One matter in one track. `parties` maps each side to its party code."""

    id: str
    track: Track
    agreement: str
    parties: dict[str, str]
    opened_index: int
    opened_time: str
    joint: View = field(default_factory=View)
    views: dict[str, View] = field(default_factory=lambda: {side: View() for side in SIDES})
    unread: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {side: [] for side in SIDES})
    trace: list[Mark] = field(default_factory=list)

    # -- what both delegations read -------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The state both logs together lead to; a withdrawal stands above what crossed it."""
        return self.joint.ended or self.joint.state

    @property
    def held(self) -> bool:
        return bool(self.joint.holds) and not self.ended

    @property
    def ended(self) -> bool:
        return bool(self.joint.ended) or self.track.state(self.joint.state).final

    @property
    def mover(self) -> str | None:
        """The side whose turn it is, None when the case has ended."""
        return None if self.ended else self.track.state(self.joint.state).mover

    def side_of(self, party: str) -> str:
        return REQUESTING if self.parties[REQUESTING] == party else RESPONDING

    # -- the fold -------------------------------------------------------------------------------------------------

    def judge(self, placed: Placed) -> Verdict:
        """May this entry have effect, in its author's view? Reads the view of the author as of `seen`."""
        side = self.side_of(placed.author)
        header = placed.header
        if placed.author != case_author(self.id) and header.seen <= self.opened_index:
            return NO_SUCH_CASE if header.track is None else NOT_THE_OPENER
        step = self.track.find_step(header.step)
        if step is None:
            return UNKNOWN_STEP
        if step.opens or header.track is not None:
            return ALREADY_OPEN
        self._read(side, header.seen)
        return self._turn(side, step) if step.by in (side, EITHER) else WRONG_SIDE

    def take(self, placed: Placed) -> Verdict:
        """Judge the entry and, when valid, let it have its effect. The verdict is the same on both nodes."""
        verdict = self.judge(placed)
        if verdict.valid:
            verdict = papers(self.track.step(placed.header.step), placed)
        if verdict.valid:
            self._apply(self.side_of(placed.author), placed)
        return verdict

    def acknowledge(self, author: str, seen: int, time: str) -> bool:
        """The other side of `author` wrote, at `time`, that it had read `seen` entries of author's log.

        True when this changed a mark. Only the first acknowledgement of an entry counts.
        """
        side, changed = self.side_of(author), False
        for mark in self.trace:
            if mark.side == side and mark.index < seen and not mark.acked:
                mark.acked, changed = time, True
        return changed

    def _turn(self, side: str, step: Step) -> Verdict:
        """Is the step in turn in what `side` knows?"""
        view = self.views[side]
        final = bool(view.ended) or self.track.state(view.state).final
        if step.at_any_time:
            if final and step.effect not in (RECORDS, ANSWERS):
                return ENDED
            if step.effect == RELEASES and side not in view.holds:
                return NOTHING_TO_RELEASE
            if step.effect == ANSWERS and not view.open_questions(other_side(side)):
                return NOTHING_TO_ANSWER
            return VALID
        if final:
            return ENDED
        if view.state not in step.frm:
            return invalid("out-of-turn", OUT_OF_TURN.fill(state=self.track.state(view.state).title))
        return ON_HOLD if view.holds else VALID

    def _read(self, side: str, seen: int) -> None:
        """`side` has now read `seen` entries of the other log: let its view take in what it had not read before."""
        waiting = self.unread[side]
        while waiting and waiting[0][0] < seen:
            _, name = waiting.pop(0)
            self.views[side].take(other_side(side), self.track.step(name))

    def _apply(self, side: str, placed: Placed) -> None:
        step = self.track.step(placed.header.step)
        if step.at_any_time and step.effect == RECORDS and step.name not in self.track.clocked:
            return
        self.views[side].take(side, step)
        self.joint.take(side, step)
        self.unread[other_side(side)].append((placed.index, step.name))
        self.trace.append(
            Mark(
                side,
                placed.index,
                step.name,
                placed.header.time,
                step.to or "" if not step.at_any_time else "",
            )
        )
        self.trace.sort(key=lambda mark: (mark.side, mark.index))

    # -- the row --------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """All of the fold as JSON values; the same case gives the same value on both nodes."""
        return {
            "id": self.id,
            "track": self.track.name,
            "agreement": self.agreement,
            "parties": [self.parties[side] for side in SIDES],
            "opened": [self.opened_index, self.opened_time],
            "joint": self.joint.to_json(),
            "views": [self.views[side].to_json() for side in SIDES],
            "unread": [[list(item) for item in self.unread[side]] for side in SIDES],
            "trace": [mark.to_json() for mark in self.trace],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any], tracks: Mapping[str, Track]) -> Case:
        """The inverse of `to_json`; KeyError when the row names a track this node does not have."""
        return cls(
            id=row["id"],
            track=tracks[row["track"]],
            agreement=row["agreement"],
            parties=dict(zip(SIDES, row["parties"], strict=True)),
            opened_index=row["opened"][0],
            opened_time=row["opened"][1],
            joint=View.from_json(row["joint"]),
            views={side: View.from_json(v) for side, v in zip(SIDES, row["views"], strict=True)},
            unread={side: [(i, n) for i, n in u] for side, u in zip(SIDES, row["unread"], strict=True)},
            trace=[Mark(*mark) for mark in row["trace"]],
        )


def papers(step: Step, placed: Placed) -> Verdict:
    """What the header itself must show: approvals by other officers than the author, and the attachments asked for."""
    header = placed.header
    approving = len(set(header.approvals) - {header.officer})
    if approving < step.approvals:
        return invalid("not-approved", NOT_APPROVED.fill(needed=step.approvals, given=approving))
    if step.attachments == "required" and not header.attachments:
        return NO_ATTACHMENT
    return NO_ATTACHMENT_WANTED if step.attachments == "none" and header.attachments else VALID


def open_case(
    placed: Placed,
    parties: tuple[str, str],
    tracks: Mapping[str, Track],
    agreed: Mapping[str, frozenset[str]],
) -> tuple[Case | None, Verdict]:
    """The first entry of a case number that is not known yet.

    parties  both codes of the relation; agreed: agreement digest -> names of its tracks.
    Returns the new case and its verdict, or None and why there is none.
    """
    header = placed.header
    if header.track is None or header.case is None or case_author(header.case) != placed.author:
        return None, NOT_THE_OPENER if header.track is not None else NO_SUCH_CASE
    if header.track not in agreed.get(header.agreement, frozenset()) or header.track not in tracks:
        return None, TRACK_NOT_AGREED
    track = tracks[header.track]
    if track.opening.name != header.step:
        return None, UNKNOWN_STEP if track.find_step(header.step) is None else NO_SUCH_CASE
    verdict = papers(track.opening, placed)
    if not verdict.valid:
        return None, verdict
    opener, other = placed.author, parties[1] if parties[0] == placed.author else parties[0]
    side = track.opening.by if track.opening.by in SIDES else REQUESTING
    sides = {side: opener, other_side(side): other}
    case = Case(header.case, track, header.agreement, sides, placed.index, header.time)
    case._apply(side, placed)
    return case, verdict
