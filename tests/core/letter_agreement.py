"""An agreement on the made-up track between two made-up parties, each with a calendar of its own for 2026."""

from __future__ import annotations

from comity.core.agreement import SUITE, Agreement, Chain
from tests.core.small_track import LETTER

TEMPLATE = """
name = "letters"
version = 1
suite = "{suite}"
title = {{ en = "Letters", zh = "书信" }}
[[party]]
code = "aa"
name = {{ en = "Aland", zh = "甲国" }}
authority = {{ en = "Ministry A", zh = "甲部" }}
time_zone = "America/New_York"
keys = {{ ed25519 = "PLACEHOLDER", mldsa65 = "PLACEHOLDER", box = "PLACEHOLDER" }}
[[party]]
code = "bb"
name = {{ en = "Bland", zh = "乙国" }}
authority = {{ en = "Ministry B", zh = "乙部" }}
time_zone = "Asia/Shanghai"
keys = {{ ed25519 = "PLACEHOLDER", mldsa65 = "PLACEHOLDER", box = "PLACEHOLDER" }}
[[topic]]
id = "post"
title = {{ en = "Post", zh = "邮政" }}
[[instrument]]
id = "accord"
title = {{ en = "Postal accord", zh = "邮政协定" }}
date = "2020-01-01"
source = "made up"
[[clause]]
id = "accord/1"
instrument = "accord"
topic = "post"
text = {{ en = "Letters are written in time.", zh = "信件应按时写就。" }}
[clocks]
delivery_grace_hours = {grace}
[[track]]
name = "letter"
clause = "accord/1"
{deadlines}
[[commitment]]
id = "in-time"
owner = "bb"
clause = "accord/1"
text = {{ en = "To write in time.", zh = "按时写信。" }}
force = "commit"
measure = "letter.speed"
[[calendar]]
party = "aa"
year = 2026
holidays = ["2026-07-03"]
workdays = []
weekend = [6, 7]
source = "made up"
[[calendar]]
party = "bb"
year = 2026
holidays = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"]
workdays = ["2026-10-10"]
weekend = [6, 7]
source = "made up"
"""

LIMITS = """
[track.deadlines.writing]
value = 30
unit = "days"
clause = "accord/1"
[track.deadlines.thanks]
value = 5
unit = "working_days"
clause = "accord/1"
"""


def agreement(deadlines: str = LIMITS, grace: int = 24) -> Agreement:
    return Agreement.load(
        TEMPLATE.format(suite=SUITE, deadlines=deadlines, grace=grace).encode(), {"letter": LETTER}
    )


def chain(deadlines: str = LIMITS, grace: int = 24) -> Chain:
    return Chain([agreement(deadlines, grace)])
