"""The scorecard: counted by hand, the same bytes whatever the order of the cases, and nothing about a person in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.core.case import Case
from comity.core.measure import LogHead, Scorecard, nearest_rank, scorecard
from tests.core.letter_agreement import chain
from tests.core.small_track import LETTER
from tests.core.test_deadline import case, full

CHAIN = chain()
HEADS = {"aa": LogHead(12, "0" * 64, full("06-01T00:00")), "bb": LogHead(7, "1" * 64, full("05-01T00:00"))}


def card(*cases: Case) -> Scorecard:
    return scorecard(CHAIN, cases, HEADS, CHAIN.calendar, {"letter": LETTER})


ASKED = "aa ask_letter 03-04T00:00 03-04T01:00"
KEPT = case(ASKED, "bb write 03-06T01:00 03-06T02:00")
LATE = case(ASKED, "bb write 04-20T01:00 04-20T02:00")
OVERDUE = case(ASKED)
OPEN = case("aa ask_letter 05-30T00:00 05-30T01:00")
LAPSED = case(ASKED, "aa drop 03-05T00:00 03-05T01:00")


def test_due_kept_late_open_overdue_and_the_times_taken() -> None:
    made = card(KEPT, LATE, OVERDUE, OPEN, LAPSED)
    row = next(r for r in made.content["deadlines"] if r["deadline"] == "writing")
    assert row == {
        "track": "letter", "deadline": "writing", "owner": "bb", "due": 4, "kept": 1, "late": 1, "measured": 0,
        "open": 1, "overdue": 1, "lapsed": 1, "median": 2 * 86400, "percentile_90": 47 * 86400,
    }  # fmt: skip
    assert made.content["commitments"][0]["figures"]["bb"]["kept"] == 1
    assert made.content["as_of"] == full("06-01T00:00"), (
        "the latest time either log bears, not the time of a machine"
    )
    assert made.content["logs"]["aa"] == {"size": 12, "root": "0" * 64}
    assert made.content["agreement"]["digest"] == CHAIN.head.digest


@given(st.permutations([KEPT, LATE, OVERDUE, OPEN, LAPSED]))
def test_the_order_of_the_cases_does_not_matter(cases: list[Case]) -> None:
    assert card(*cases).digest == card(KEPT, LATE, OVERDUE, OPEN, LAPSED).digest


def test_one_case_more_is_another_digest() -> None:
    assert card(KEPT).digest != card(KEPT, KEPT).digest


def test_nobody_is_named() -> None:
    assert b"AA-2026" not in card(KEPT, LATE).data


def test_two_empty_logs_have_a_scorecard_too() -> None:
    empty = {party: LogHead(0, "0" * 64, "") for party in ("aa", "bb")}
    assert scorecard(CHAIN, [], empty, CHAIN.calendar, {"letter": LETTER}).content["deadlines"] == []


def test_nearest_rank() -> None:
    assert nearest_rank([], 50) is None
    assert [nearest_rank(list(range(1, 11)), p) for p in (1, 50, 90, 100)] == [1, 5, 9, 10]
