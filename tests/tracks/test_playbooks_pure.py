"""Every story, played on the pure core with a clock of its own: two nodes, the dates as written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from comity.core.agreement import Agreement, Chain
from comity.core.case import Case
from comity.core.deadline import clocks, moment
from comity.core.entry import RECEIPT, AttachmentItem, Header
from comity.core.fold import Relation, Terms
from comity.tracks import TRACKS
from tests.playbooks.play import Story, stories

AGREEMENTS = Path(__file__).parents[2] / "src/comity/agreements"
FILE = AttachmentItem("c" * 64, 5, "d" * 64)


class Core:
    """Two relations, one a side, and the entries that go between them."""

    def __init__(self, story: Story) -> None:
        self.agreement = Agreement.load((AGREEMENTS / f"{story.agreement}.toml").read_bytes(), TRACKS)
        self.chain = Chain([self.agreement])
        codes = self.agreement.codes
        terms = Terms(self.chain.ranks, self.chain.tracks)
        self.track = TRACKS[story.track]
        self.sides = {code: Relation(codes, terms, TRACKS) for code in codes}
        self.logs: dict[str, list[Header]] = {code: [] for code in codes}
        self.last: dict[str, str] = dict.fromkeys(codes, "")
        self.case = ""

    def step(self, at: str, party: str, step: str, unread: bool) -> str:
        row = self.track.find_step(step)
        assert row, step
        if row.opens:
            self.case = f"{party.upper()}-{at[:4]}-0000-0001"
        header = Header(
            agreement=self.agreement.digest,
            step=step,
            seen=self.sides[party].lines[self.other(party)].size,
            time=self.time(party, at),
            case=self.case,
            track=self.track.name if row.opens else None,
            attachments=(FILE,) if row.attachments == "required" else (),
            officer="officer01",
            approvals=tuple(f"chief{n:04}" for n in range(row.approvals)),
        )
        verdict = self.write(party, header)
        if not unread:
            self.read(at, self.other(party))
        return verdict

    def write(self, party: str, header: Header) -> str:
        self.logs[party].append(Header.parse(header.encode()))
        return self.sides[party].take(party, self.logs[party][-1]).code

    def time(self, party: str, at: str) -> str:
        text = f"{at.replace(' ', 'T')}:00.000Z"
        self.last[party] = max(self.last[party], text)
        return self.last[party]

    def read(self, at: str, party: str) -> None:
        """`party` reads what there is, receipts it a minute later, and the other side reads the receipt."""
        other = self.other(party)
        for reader, author in ((party, other), (other, party)):
            line = self.sides[reader].lines[author]
            for header in self.logs[author][line.size :]:
                self.sides[reader].take(author, header)
            if reader == party:
                later = datetime.fromisoformat(at) + timedelta(minutes=1)
                self.write(
                    party,
                    Header(
                        agreement=self.agreement.digest,
                        step=RECEIPT,
                        seen=len(self.logs[other]),
                        time=self.time(party, later.strftime("%Y-%m-%d %H:%M")),
                        root="0" * 64,
                    ),
                )

    def other(self, party: str) -> str:
        return self.agreement.other(party).code

    def cases(self) -> list[Case]:
        return [relation.cases[self.case] for relation in self.sides.values()]

    def seen(self) -> list[tuple[str, set[str]]]:
        return [
            (case.state, {word for word, on in (("held", case.held), ("ended", case.ended)) if on})
            for case in self.cases()
        ]

    def clock(self, name: str) -> list[tuple[str, str, int]]:
        now = max(self.last.values())
        found = []
        for case in self.cases():
            last = [c for c in clocks(case, self.agreement, self.chain.calendar, now) if c.deadline == name][
                -1
            ]
            zone = self.agreement.party(case.parties[last.owner]).zone
            due = moment(last.due).astimezone(zone).date().isoformat() if last.due else ""
            found.append((last.status, due, last.seconds // 86400))
        return found


@pytest.mark.parametrize("story", list(stories()), ids=lambda story: f"{story.track}/{story.path.stem}")
def test_story(story: Story) -> None:
    stage = Core(story)
    story.perform(stage)
    one, other = (relation.cases[stage.case].to_json() for relation in stage.sides.values())
    assert one == other


@pytest.mark.parametrize("name", list(TRACKS))
def test_the_stories_of_a_track_take_every_step_and_reach_every_state(name: str) -> None:
    """A playbook two lawyers could read leaves no step of its track untold."""
    told = {line.split(": ")[1].split(",")[0].split(" ")[0] for s in stories() if s.track == name for _, line in s.lines
            if ": " in line and not line.startswith("clock")}  # fmt: skip
    missing = {s.name for s in TRACKS[name].steps} - told
    assert not missing, f"no story takes {sorted(missing)}"
