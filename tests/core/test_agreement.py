"""An agreement is read whole or refused with the place and the mend; one fault, one code."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.agreement import SUITE, SUITES, Agreement, Term, fill_keys
from comity.core.agreement.read_rows import add_months
from comity.core.text import Refusal, Text
from tests.core.small_agreement import CARDS, TEXT, TRACKS, altered, load
from tests.core.small_track import make

UNIT = 'value = 10\nunit = "days"'
CALENDAR = 'party = "aa"\nyear = 2026'


def test_everything_it_says_can_be_asked_for() -> None:
    a = load()
    assert (a.name, a.version, a.supersedes, a.suite) == ("letters", 1, "", SUITE)
    assert a.title == Text("Letters", "书信")
    assert a.codes == ("aa", "bb")
    assert a.party("aa").authority["zh"] == "甲国邮政"
    assert a.party("bb").zone == ZoneInfo("Asia/Tokyo")
    assert a.other("aa").code == "bb"
    assert a.other("bb").code == "aa"
    assert a.clause("treaty/1").topic == "post"
    assert a.instrument("treaty").date == date(2024, 11, 30)
    assert a.handling.onward == "never"
    assert a.delivery_grace_hours == 24
    assert [m.name for m in a.measures] == ["letter.speed"]
    assert (a.measures[0].track, a.measures[0].of) == ("letter", "speed")
    assert list(a.tracks) == ["letter"]


def test_terms_of_a_track() -> None:
    terms = load().terms("letter")
    assert terms.deadline("writing") == Term(10, "days", "treaty/1")
    assert terms.deadline("thanks") == Term(None, "working_days", "treaty/1")
    assert terms.deadline("thanks").measured_only


def test_a_deadline_the_agreement_leaves_out_is_measured_without_a_clause() -> None:
    block = '[track.deadlines.thanks]\nmeasured = true\nclause = "treaty/1"\n'
    assert load((block, "")).terms("letter").deadline("thanks") == Term(None, "working_days", "")


def test_without_tracks_the_terms_are_read_as_they_stand() -> None:
    a = Agreement.load(TEXT.encode())
    assert a.terms("letter").deadline("writing") == Term(10, "days", "treaty/1")
    assert a.terms("letter").deadline("anything") == Term(None, "", "")
    assert Agreement.load(altered(("value = 10", "value = 9999"))).digest != a.digest


def test_two_with_the_same_bytes_are_equal_and_one_byte_makes_another() -> None:
    assert load() == Agreement.load(TEXT.encode())
    assert len({load(), Agreement.load(TEXT.encode())}) == 1
    assert load(("comment", "remark")) != load()


@pytest.mark.parametrize(
    ("due", "day", "why"),
    [
        ('{ months = 3, after = "treaty" }', date(2025, 2, 28), "within 3 months of 2024-11-30"),
        ("{ year = 2027 }", date(2027, 12, 31), "in the course of 2027"),
        ('"2026-02-03"', date(2026, 2, 3), "by 2026-02-03"),
    ],
)
def test_when_a_commitment_is_due(due: str, day: date, why: str) -> None:
    (commitment,) = load(('{ months = 3, after = "treaty" }', due)).commitments
    assert commitment.due == day
    assert commitment.due_why is not None
    assert commitment.due_why["en"] == why


def test_a_commitment_may_have_no_day() -> None:
    (commitment,) = load(('due = { months = 3, after = "treaty" }\n', "")).commitments
    assert (commitment.due, commitment.due_why) == (None, None)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(start: date, months: int) -> None:
    due = add_months(start, months)
    assert (due.year - start.year) * 12 + due.month - start.month == months
    assert due.day <= start.day
    assert due.day == start.day or date.fromordinal(due.toordinal() + 1).day == 1


FAULTS = [
    # what is changed, code, where
    ('source = "Treaty Series 1, 1"', "source = 5", "wrong-type", "instrument treaty / source"),
    ("measured = true", "measured = 1", "wrong-type", "track letter / deadlines.thanks / measured"),
    ('zh = "写信。"', "zh = 5", "wrong-type", "commitment write / text / zh"),
    ('version = 1\nsupersedes = ""', 'version = 2\nsupersedes = "abc"', "bad-supersedes", "supersedes"),
    (CALENDAR, 'party = "aa"\nyear = 0', "bad-calendar", "calendar aa 0 / year"),
    (CALENDAR, 'party = "aa"\nyear = 10000', "bad-calendar", "calendar aa 10000 / year"),
    ("weekend = [6, 7]", "weekend = [6, 8]", "bad-calendar", "calendar aa 2026 / weekend"),
    ("months = 3", "months = 601", "bad-due", "commitment write / due / months"),
    ('date = "2024-11-30"', 'date = "9001-01-01"', "bad-due", "commitment write / due / months"),
    ("hours = 24", "hours = -1", "bad-clock", "clocks / delivery_grace_hours"),
    ("hours = 24", "hours = 337", "bad-clock", "clocks / delivery_grace_hours"),
    ('source = "Treaty Series 1, 1"', 'source = " "', "blank", "instrument treaty / source"),
    ("title = {", "titel = {", "unknown-key", "titel"),
    ('topic = "post"\n', 'topic = "post"\nremark = "x"\n', "unknown-key", "clause treaty/1 / remark"),
    ("value = 10", "vallue = 10", "unknown-key", "track letter / deadlines.writing / vallue"),
    ('suite = "', 'suite = "x-', "bad-suite", "suite"),
    ("version = 1", "version = 0", "bad-version", "version"),
    ("version = 1", 'version = "1"', "wrong-type", "version"),
    ("version = 1", "version = true", "wrong-type", "version"),
    ("version = 1", "version = 2", "bad-supersedes", "supersedes"),
    ('supersedes = ""', 'supersedes = "abc"', "bad-supersedes", "supersedes"),
    ('supersedes = ""', f'supersedes = "{"0" * 64}"', "bad-supersedes", "supersedes"),
    ('{ en = "Letters", zh = "书信" }', '{ en = "Letters" }', "missing-translation", "title / zh"),
    ('zh = "信件应在十日内写成。"', 'zh = " "', "missing-translation", "clause treaty/1 / text / zh"),
    ('en = "Write letters."', 'en = ""', "missing-translation", "commitment write / text / en"),
    ('{ en = "Letters", zh = "书信" }', '"Letters"', "wrong-type", "title"),
    ('code = "bb"', 'code = "B B"', "bad-party-code", "party B B / code"),
    ('code = "bb"', 'code = "b2"', "bad-party-code", "party b2 / code"),
    ('code = "bb"', 'code = "both"', "bad-party-code", "party both / code"),
    ('code = "bb"', 'code = "aa"', "given-twice", "party aa"),
    ('"Asia/Tokyo"', '"Asia/Atlantis"', "bad-time-zone", "party bb / time_zone"),
    ('"Asia/Tokyo"', '"../../etc/passwd"', "bad-time-zone", "party bb / time_zone"),
    ('box = "PLACEHOLDER"\n', 'box = "AAAA"\n', "bad-key", "party bb / keys / ed25519"),
    ('{ ed25519 = "PLACEHOLDER", mldsa65', '{ ed25519 = "AAAA", mldsa65', "bad-key", "party aa / keys / ed25519"),
    ('{ ed25519 = "PLACEHOLDER", mldsa65', '{ mldsa65', "missing-key", "party aa / keys / ed25519"),
    ('date = "2024-11-30"', 'date = "2024-11-31"', "bad-date", "instrument treaty / date"),
    ('date = "2024-11-30"', "date = 2024-11-30", "bad-date", "instrument treaty / date"),
    ('carried_by = "treaty/1"', 'carried_by = "treaty/9"', "unknown-clause", "instrument treaty / carried_by"),
    ('instrument = "treaty"', 'instrument = "pact"', "unknown-instrument", "clause treaty/1 / instrument"),
    ('topic = "post"', 'topic = "past"', "unknown-topic", "clause treaty/1 / topic"),
    ('name = "letter"', 'name = "parcel"', "unknown-track", "track parcel / name"),
    ("deadlines.writing", "deadlines.reading", "unknown-deadline", "track letter / deadlines.reading"),
    (UNIT, 'value = 61\nunit = "days"', "deadline-out-of-range", "track letter / deadlines.writing / value"),
    (UNIT, 'value = 0\nunit = "days"', "deadline-out-of-range", "track letter / deadlines.writing / value"),
    (UNIT, 'value = 10\nunit = "hours"', "deadline-unit", "track letter / deadlines.writing / unit"),
    (UNIT, 'value = 10\nunit = "fortnights"', "deadline-unit", "track letter / deadlines.writing / unit"),
    (UNIT, "value = 10", "missing-key", "track letter / deadlines.writing / unit"),
    (UNIT, 'value = 10.0\nunit = "days"', "wrong-type", "track letter / deadlines.writing / value"),
    (UNIT, f'value = {2**64}\nunit = "days"', "wrong-type", "track letter / deadlines.writing / value"),
    (UNIT, "", "deadline-value", "track letter / deadlines.writing"),
    (UNIT, UNIT + "\nmeasured = true", "deadline-value", "track letter / deadlines.writing"),
    ('"letter.speed"', '"letter.beauty"', "unknown-measure", "measure letter.beauty / name"),
    ('"letter.writing"', '"parcel.writing"', "unknown-measure", "commitment write / measure"),
    ('"letter.writing"', '"letter"', "unknown-measure", "commitment write / measure"),
    ('owner = "bb"', 'owner = "cc"', "unknown-party", "commitment write / owner"),
    ('owner = "bb"\nclause = "treaty/1"', 'owner = "bb"', "commitment-without-clause", "commitment write / clause"),
    ('owner = "bb"\nclause = "treaty/1"', 'owner = "bb"\nclause = ""', "commitment-without-clause",
     "commitment write / clause"),
    ('owner = "bb"\nclause = "treaty/1"', 'owner = "bb"\nclause = "treaty/9"', "unknown-clause",
     "commitment write / clause"),
    ('force = "commit"', 'force = "hope"', "bad-choice", "commitment write / force"),
    ("months = 3", "months = 0", "bad-due", "commitment write / due / months"),
    ("months = 3", "weeks = 3", "unknown-key", "commitment write / due / weeks"),
    ('after = "treaty"', 'after = "pact"', "unknown-instrument", "commitment write / due / after"),
    ('due = { months = 3, after = "treaty" }', 'due = "soon"', "bad-date", "commitment write / due"),
    ('onward = "never"', 'onward = "freely"', "bad-choice", "handling / onward"),
    ("delivery_grace_hours = 24", "delivery_grace_hours = 9999", "bad-clock", "clocks / delivery_grace_hours"),
    (CALENDAR, 'party = "cc"\nyear = 2026', "unknown-party", "calendar cc 2026 / party"),
    (CALENDAR, 'party = "aa"\nyear = 2025', "calendar-day-outside-year", "calendar aa 2025 / holidays"),
    ('"2026-01-03"', '"2025-01-04"', "calendar-day-outside-year", "calendar aa 2026 / workdays"),
    ('"2026-01-03"', '"2026-01-02"', "bad-calendar", "calendar aa 2026 / workdays"),
    ('"2026-01-03"', '"2026-02-30"', "bad-date", "calendar aa 2026 / workdays"),
    ('"2026-05-01"', '"2026-01-03"', "bad-calendar", "calendar aa 2026 / workdays"),
    ("weekend = [6, 7]", "weekend = [0, 7]", "bad-calendar", "calendar aa 2026 / weekend"),
    ("holidays = [", "holidays = 1 #", "wrong-type", "calendar aa 2026 / holidays"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "where"), FAULTS, ids=[f"{f[2]}: {f[3]}" for f in FAULTS])
def test_each_fault_has_its_code_and_its_place(old: str, new: str, code: str, where: str) -> None:
    data = altered((old, new))
    with pytest.raises(Refusal) as refused:
        Agreement.load(data, TRACKS)
    assert (refused.value.code, refused.value.where.removeprefix("agreement letters / ")) == (code, where)
    assert refused.value.what["zh"]
    assert Agreement.faults(data, TRACKS)[0].to_json() == refused.value.to_json()


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"name = ", "bad-toml", "end of document"),
        (b'name = "a"\nname = "b"\n', "bad-toml", "line 2, column 11"),
        (b"name = " + b"[" * 100_000, "bad-toml", ""),
        (b"version = " + b"9" * 5_000, "bad-toml", ""),
        (b'name = "\xff"', "not-utf-8", "byte 8"),
        (b"#" * (1 << 20) + b"#", "agreement-too-large", ""),
        (b'name = "Not A Name"', "bad-name", "name"),
        (b"version = 1", "missing-key", "name"),
    ],
)
def test_what_is_no_agreement_at_all(data: bytes, code: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        Agreement.load(data, TRACKS)
    assert (refused.value.code, refused.value.where) == (code, where)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 10", "value = 1"),
        ("value = 10", "value = 60"),
        ("hours = 24", "hours = 0"),
        ("hours = 24", "hours = 336"),
        ("months = 3", "months = 600"),
        ('date = "2024-11-30"', 'date = "9000-01-01"'),
        ("weekend = [6, 7]", "weekend = [1, 6, 7]"),
        ('year = 2026\nholidays = ["2026-01-01", "2026-05-01"]\nworkdays = ["2026-01-03"]',
         "year = 1\nholidays = []\nworkdays = []"),
        ('year = 2026\nholidays = ["2026-01-01", "2026-05-01"]\nworkdays = ["2026-01-03"]',
         "year = 9999\nholidays = []\nworkdays = []"),
        ('\n[handling]\nonward = "never"\n', ""),
        ("# A comment that must survive everything.", "#" * ((1 << 20) - len(TEXT.encode()) + 41)),
    ],
)  # fmt: skip
def test_the_last_values_that_are_still_allowed(old: str, new: str) -> None:
    assert Agreement.load(altered((old, new)), TRACKS).name == "letters"


def test_a_limit_out_of_range_says_the_range() -> None:
    with pytest.raises(Refusal) as refused:
        load(("value = 10", "value = 61"))
    assert refused.value.mend == Text("Choose from 1 to 60.", "允许范围为1至60。")


def test_without_tracks_a_term_still_has_its_form() -> None:
    for new, code in (('unit = "fortnights"', "deadline-unit"), ("", "missing-key")):
        with pytest.raises(Refusal) as refused:
            Agreement.load(altered(('unit = "days"', new)))
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        Agreement.load(altered(("value = 10", "value = 0")))
    assert (refused.value.code, refused.value.mend) == ("deadline-out-of-range", None)


def test_a_fault_in_a_party_is_not_told_a_second_time_as_a_missing_party() -> None:
    codes = [fault.code for fault in Agreement.faults(altered(("Asia/Tokyo", "Nowhere")), TRACKS)]
    assert "bad-time-zone" in codes
    assert "party-count" not in codes


def test_all_faults_are_given_at_once() -> None:
    three = (
        ("Europe/Paris", "Nowhere"),
        ("value = 10", "value = 99"),
        ('force = "commit"', 'force = "hope"'),
    )
    codes = [fault.code for fault in Agreement.faults(altered(*three), TRACKS)]
    assert codes[0] == "bad-time-zone"
    assert {"deadline-out-of-range", "unknown-measure"} <= set(codes)


def test_a_limit_the_track_does_not_allow_at_all() -> None:
    writing, thanks = make().deadlines
    tracks = {"letter": make(deadlines=(replace(writing, allows=None), thanks))}
    with pytest.raises(Refusal) as refused:
        Agreement.load(TEXT.encode(), tracks)
    assert refused.value.code == "deadline-not-limited"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_agreement_has_two_parties(count: int) -> None:
    head, *parties = TEXT.partition("[[instrument]]")[0].split("[[party]]")
    parties.append(parties[0].replace('"aa"', '"cc"'))
    text = head + "".join(f"[[party]]{party}" for party in parties[:count])
    with pytest.raises(Refusal) as refused:
        Agreement.load((text + "[clocks]\ndelivery_grace_hours = 1\n").encode(), TRACKS)
    assert refused.value.code == "party-count"


@pytest.mark.parametrize(("name", "length"), SUITES[SUITE].items())
@pytest.mark.parametrize("off", [-1, 1])
def test_a_key_has_the_length_its_algorithm_says(name: str, length: int, off: int) -> None:
    good = fill_keys(TEXT.encode(), CARDS).decode()
    key = base64.b64encode(getattr(CARDS["aa"], name)).decode()
    bad = base64.b64encode(b"x" * (length + off)).decode()
    assert key in good
    with pytest.raises(Refusal) as refused:
        Agreement.load(good.replace(key, bad).encode(), TRACKS)
    assert (refused.value.code, refused.value.where) == (
        "bad-key",
        f"agreement letters / party aa / keys / {name}",
    )


def test_asking_for_what_is_not_agreed() -> None:
    with pytest.raises(Refusal, match="track-not-agreed"):
        load().terms("parcel")
    with pytest.raises(Refusal, match="unknown-party"):
        load().party("cc")


@given(st.data())
def test_whatever_is_written_is_read_or_refused_and_never_fails_otherwise(data: st.DataObject) -> None:
    text = bytearray(TEXT.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    for fault in Agreement.faults(bytes(text), TRACKS):
        assert fault.code
        assert fault.what["zh"]
