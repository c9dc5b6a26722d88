"""GB 11643-1999, against the worked example of the standard and against python-stdnum."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from comity.core.text import Refusal
from comity.core.types import ResidentId
from comity.core.types.resident_id import birth_date, check_character, lengthened, sex

ID = ResidentId()
GOOD = "11010519491231002X"


def test_the_example_of_the_standard() -> None:
    assert ID.clean(" 110105 19491231 002x ") == GOOD
    assert birth_date(GOOD) == "1949-12-31"
    assert sex(GOOD) == "F"
    assert ric.is_valid(GOOD)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("110105194912310021", "resident-id-check"),
        ("110105194902300020", "resident-id-birth-date"),
        ("110105170012310020", "resident-id-birth-date"),
        ("110105490230002", "resident-id-birth-date"),
        ("01010519491231002X", "bad-resident-id"),
        ("1101051949123100", "bad-resident-id"),
        ("11010519491231002Y", "bad-resident-id"),
        ("X1010519491231002X", "bad-resident-id"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "bad-resident-id"),
    ],
)
def test_refused(raw: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ID.clean(raw)
    assert refused.value.code == code


BODIES = st.tuples(
    st.sampled_from(("110105", "310101", "440103", "510104", "650102")), st.dates(), st.integers(0, 999)
).map(lambda made: f"{made[0]}{made[1]:%Y%m%d}".zfill(14) + f"{made[2]:03}")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(BODIES)
def test_the_check_character_is_that_of_stdnum(body: str) -> None:
    assert check_character(body) == ric.calc_check_digit(body + "0")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)),
       st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789X"))  # fmt: skip
def test_any_one_wrong_character_is_found(day: object, sequence: int, place: int, wrong: str) -> None:
    body = f"110105{day:%Y%m%d}{sequence:03}"
    number = body + check_character(body)
    assert ID.clean(number) == number
    broken = number[:place] + wrong + number[place + 1 :]
    if broken != number:
        with pytest.raises(Refusal):
            ID.clean(broken)


def test_old_and_new_form_are_one_number() -> None:
    old = ID.clean("110105491231002")
    assert lengthened(str(old)) == GOOD
    assert birth_date(str(old)) == "1949-12-31"
    assert sex(str(old)) == "F"
    assert ID.compare(old, GOOD).result == "same"
    other = "11010519491231003" + check_character("11010519491231003")
    assert ID.compare(GOOD, other).result == "close"
    assert ID.compare(old, other).result == "different"
