"""The fold, told as stories and then tried with every delivery Hypothesis can think of."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.case import Case
from comity.core.entry import RECEIPT, Header
from comity.core.fold import Relation, Terms, fold
from comity.core.verdict import Verdict
from tests.core.small_track import LETTER

TRACKS = {"letter": LETTER}
AGREEMENT = "a" * 64
TERMS = Terms({AGREEMENT: 0}, {AGREEMENT: frozenset({"letter"})})
PARTIES = ("aa", "bb")
CASE = "AA-2026-0000-0001"
OFFICER, CHIEF = "officer01", "chiefof01"


@dataclass
class Node:
    """One authority's node, cut down to what the fold needs: its own log, and as much of the other's as it was given."""

    me: str
    logs: dict[str, list[Header]] = field(default_factory=lambda: {party: [] for party in PARTIES})
    relation: Relation = field(default_factory=lambda: Relation(PARTIES, TERMS, TRACKS))
    minute: int = 0

    @property
    def peer(self) -> str:
        return PARTIES[1] if self.me == PARTIES[0] else PARTIES[0]

    def write(self, step: str, case: str | None = CASE, seen: int | None = None, **more: object) -> Verdict:
        self.minute += 1
        header = Header(
            agreement=AGREEMENT,
            step=step,
            seen=len(self.logs[self.peer]) if seen is None else seen,
            time=f"2026-03-04T{self.minute // 60:02}:{self.minute % 60:02}:00.000Z",
            case=case,
            officer=None if step == RECEIPT else OFFICER,
            root="0" * 64 if step == RECEIPT else None,
            track="letter" if step == "ask_letter" else None,
            approvals=(CHIEF,) if step == "write" else (),
        )
        header = Header.parse(header.encode()) if not more else Header(**{**_members(header), **more})  # type: ignore[arg-type]
        self.logs[self.me].append(header)
        return self.relation.take(self.me, header)

    def receipt(self) -> None:
        self.write(RECEIPT, case=None)

    def read(self, other: Node, count: int | None = None) -> None:
        """Take up to `count` entries of the other's log, keeping its clock ahead of what it reads."""
        held = self.logs[self.peer]
        for header in other.logs[self.peer][len(held) :][:count]:
            held.append(header)
            self.relation.take(self.peer, header)
            self.minute = max(self.minute, other.minute)

    @property
    def case(self) -> Case:
        return self.relation.cases[CASE]


def _members(header: Header) -> dict[str, object]:
    return {name: getattr(header, name) for name in Header.__dataclass_fields__}


@pytest.fixture
def pair() -> tuple[Node, Node]:
    aa, bb = Node("aa"), Node("bb")
    aa.write("ask_letter")
    bb.read(aa)
    return aa, bb


def settle(aa: Node, bb: Node) -> None:
    aa.read(bb)
    bb.read(aa)


def test_a_letter_from_request_to_thanks(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    assert bb.write("write").valid
    aa.read(bb)
    assert aa.write("thank").valid
    bb.read(aa)
    assert aa.case.state == bb.case.state == "received"
    assert aa.case.to_json() == bb.case.to_json()


def test_a_step_out_of_turn_is_kept_without_effect_and_says_why(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    verdict = aa.write("thank")
    assert (verdict.code, aa.case.state) == ("out-of-turn", "asked")
    assert verdict.why is not None
    assert "asked" in verdict.why.en
    bb.read(aa)
    assert bb.relation.verdicts == aa.relation.verdicts


def test_a_step_of_the_other_side_is_refused(pair: tuple[Node, Node]) -> None:
    aa, _ = pair
    assert aa.write("write").code == "wrong-side"


def test_a_withdrawal_that_crosses_an_answer_ends_the_case_and_keeps_the_answer_on_record(
    pair: tuple[Node, Node],
) -> None:
    aa, bb = pair
    assert bb.write("write").valid
    assert aa.write("drop").valid
    settle(aa, bb)
    assert aa.case.state == bb.case.state == "dropped"
    assert [mark.step for mark in aa.case.trace] == ["ask_letter", "drop", "write"]
    assert aa.write("thank").code == bb.write("write").code == "case-ended"


def test_a_hold_stops_who_has_read_it_and_nobody_else(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    assert aa.write("hold").valid
    assert bb.write("write").valid, "bb had not read the hold"
    settle(aa, bb)
    assert aa.case.held
    assert aa.case.state == "written"
    assert aa.write("thank").code == "on-hold"
    assert bb.write("release").code == "nothing-to-release", "a hold is released by the side that placed it"
    assert aa.write("release").valid
    assert aa.write("thank").valid


def test_an_answer_needs_a_question(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    assert aa.write("answer").code == "nothing-to-answer"
    assert bb.write("ask").valid
    assert aa.write("answer").code == "nothing-to-answer", "aa has not read the question"
    aa.read(bb)
    assert aa.write("answer").valid
    assert aa.write("answer").code == "nothing-to-answer"


def test_approvals_are_by_others_than_the_author(pair: tuple[Node, Node]) -> None:
    _, bb = pair
    assert bb.write("write", approvals=()).code == "not-approved"
    assert bb.write("write", approvals=(OFFICER,)).code == "not-approved"
    assert bb.write("write", approvals=(OFFICER, CHIEF)).valid


def test_seen_never_goes_back_and_time_never_goes_back(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    bb.receipt()
    aa.read(bb)
    assert aa.write("note").valid
    assert aa.write("note", seen=0).code == "seen-went-back"
    assert aa.write("note", time="2020-01-01T00:00:00.000Z").code == "time-went-back"
    assert aa.write("note").valid, "the line goes on from the last entry that kept its rules"
    bb.read(aa)
    assert bb.relation.verdicts == aa.relation.verdicts


def test_nobody_acts_in_a_case_he_has_not_read_of() -> None:
    aa, bb = Node("aa"), Node("bb")
    aa.write("ask_letter")
    assert bb.write("write").code == "no-such-case"
    assert bb.write("ask_letter").code == "not-the-opener"
    settle(aa, bb)
    assert aa.relation.verdicts == bb.relation.verdicts
    assert aa.case.to_json() == bb.case.to_json()


def test_a_case_is_opened_once_under_its_own_number(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    assert aa.write("ask_letter").code == "already-open"
    assert aa.write("ask_letter", case="BB-2026-0000-0002").code == "not-the-opener"
    assert aa.write("ask_letter", case="AA-2026-0000-0003", track="other").code == "track-not-agreed"
    assert aa.write("note", agreement="b" * 64).code == "agreement-unknown"
    bb.read(aa)
    assert bb.relation.verdicts == aa.relation.verdicts


def test_acknowledgement_is_the_first_entry_that_had_read_it(pair: tuple[Node, Node]) -> None:
    aa, bb = pair
    assert aa.case.trace[0].acked == ""
    bb.receipt()
    at = bb.logs["bb"][-1].time
    bb.write("note")
    aa.read(bb)
    assert aa.case.trace[0].acked == bb.case.trace[0].acked == at


# -- every delivery ---------------------------------------------------------------------------------------------------

CHOICES = [*(s.name for s in LETTER.steps), "unheard_of"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PARTIES), st.sampled_from([*CHOICES, "READ1", "READ", "RECEIPT"])),
        max_size=60,
    )
)
def test_any_history_folds_to_the_same_case_on_both_nodes(history: list[tuple[str, str]]) -> None:
    aa, bb = Node("aa"), Node("bb")
    nodes = {"aa": (aa, bb), "bb": (bb, aa)}
    for party, act in history:
        me, other = nodes[party]
        if act.startswith("READ"):
            me.read(other, 1 if act == "READ1" else None)
        elif act == "RECEIPT":
            me.receipt()
        else:
            me.write(act)
    settle(aa, bb)
    assert aa.relation.verdicts == bb.relation.verdicts
    assert {k: c.to_json() for k, c in aa.relation.cases.items()} == {
        k: c.to_json() for k, c in bb.relation.cases.items()
    }
    again = fold(aa.logs, PARTIES, TERMS, TRACKS)
    assert again.verdicts == aa.relation.verdicts
    assert {k: c.to_json() for k, c in again.cases.items()} == {
        k: c.to_json() for k, c in aa.relation.cases.items()
    }


@settings(max_examples=100, deadline=None)
@given(st.integers())
def test_the_order_of_delivery_does_not_matter(seed: int) -> None:
    """Two finished logs, folded in a hundred random orders that respect what each author had read."""
    chance = random.Random(seed)
    aa, bb = Node("aa"), Node("bb")
    nodes = {"aa": (aa, bb), "bb": (bb, aa)}
    aa.write("ask_letter")
    for _ in range(30):
        me, other = nodes[chance.choice(PARTIES)]
        if chance.random() < 0.4:
            me.read(other)
        else:
            me.write(chance.choice(CHOICES[1:]))
    settle(aa, bb)
    logs = {"aa": aa.logs["aa"], "bb": bb.logs["bb"]}
    relation = Relation(PARTIES, TERMS, TRACKS)
    while any(relation.lines[p].size < len(logs[p]) for p in PARTIES):
        ready = [
            p
            for p in PARTIES
            if relation.lines[p].size < len(logs[p])
            and logs[p][relation.lines[p].size].seen <= relation.lines[relation.other(p)].size
        ]
        party = chance.choice(ready)
        relation.take(party, logs[party][relation.lines[party].size])
    assert relation.verdicts == aa.relation.verdicts
    assert relation.cases[CASE].to_json() == aa.case.to_json()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*CHOICES[1:], "READ"]), max_size=20))
def test_a_case_survives_its_row(acts: list[str]) -> None:
    """to_json and from_json at every point change nothing: the fold can be put down and taken up again."""
    aa, bb = Node("aa"), Node("bb")
    aa.write("ask_letter")
    for number, act in enumerate(acts):
        me, other = (aa, bb) if number % 2 else (bb, aa)
        if act == "READ":
            me.read(other)
        else:
            me.write(act)
        for node in (aa, bb):
            for key, case in list(node.relation.cases.items()):
                row = json.loads(json.dumps(case.to_json()))
                node.relation.cases[key] = Case.from_json(row, TRACKS)
                assert node.relation.cases[key].to_json() == case.to_json()
    settle(aa, bb)
    assert aa.case.state == bb.case.state
