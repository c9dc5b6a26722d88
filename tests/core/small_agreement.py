"""A made-up agreement over the made-up track: two authorities that promise each other letters.

It has one of everything an agreement can say, and nothing else. `altered` makes the faulty and the amended ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.core.agreement import SUITE, Agreement, Keys, TrackLike
from tests.core.small_track import LETTER

TRACKS: Mapping[str, TrackLike] = {"letter": LETTER}

TEXT = f"""\
# A comment that must survive everything.
name = "letters"
version = 1
supersedes = ""
suite = "{SUITE}"
title = {{ en = "Letters", zh = "书信" }}

[[party]]
code = "aa"
name = {{ en = "Aland", zh = "甲国" }}
authority = {{ en = "Post of Aland", zh = "甲国邮政" }}
time_zone = "Europe/Paris"
keys = {{ ed25519 = "PLACEHOLDER", mldsa65 = "PLACEHOLDER", box = "PLACEHOLDER" }}

[[party]]
code = "bb" # the other one
name = {{ en = "Beland", zh = "乙国" }}
authority = {{ en = "Post of Beland", zh = "乙国邮政" }}
time_zone = "Asia/Tokyo"
[party.keys]
box = "PLACEHOLDER"
ed25519   =   "PLACEHOLDER" # PLACEHOLDER stands here
mldsa65 = "PLACEHOLDER"

[[instrument]]
id = "treaty"
title = {{ en = "Treaty", zh = "条约" }}
date = "2024-11-30"
place = {{ en = "Sealand", zh = "海国" }}
source = "Treaty Series 1, 1"
carried_by = "treaty/1"

[[topic]]
id = "post"
title = {{ en = "Post", zh = "邮政" }}

[[clause]]
id = "treaty/1"
instrument = "treaty"
topic = "post"
text = {{ en = "Letters are written within ten days.", zh = "信件应在十日内写成。" }}

[[track]]
name = "letter"
clause = "treaty/1"
[track.deadlines.writing]
value = 10
unit = "days"
clause = "treaty/1"
[track.deadlines.thanks]
measured = true
clause = "treaty/1"

[[measure]]
name = "letter.speed"
clause = "treaty/1"

[[commitment]]
id = "write"
owner = "bb"
clause = "treaty/1"
force = "commit"
text = {{ en = "Write letters.", zh = "写信。" }}
due = {{ months = 3, after = "treaty" }}
measure = "letter.writing"

[handling]
onward = "never"

[clocks]
delivery_grace_hours = 24

[[calendar]]
party = "aa"
year = 2026
holidays = ["2026-01-01", "2026-05-01"]
workdays = ["2026-01-03"]
weekend = [6, 7]
source = "Gazette of Aland"
"""
CARDS = {code: Keys(code.encode() * 16, code.encode() * 976, code.encode() * 608) for code in ("aa", "bb")}


def altered(*changes: tuple[str, str]) -> bytes:
    """The text with each `old` replaced by its `new`, everywhere; an `old` that is not there is an error of the test."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def load(*changes: tuple[str, str]) -> Agreement:
    return Agreement.load(altered(*changes), TRACKS)


def amended(old: Agreement, *changes: tuple[str, str]) -> Agreement:
    """The next version after `old`, with these changes against the first text."""
    link = f'supersedes = "{old.digest}"'
    return load(("version = 1", f"version = {old.version + 1}"), ('supersedes = ""', link), *changes)
