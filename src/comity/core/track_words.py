"""The words a track is declared in: sides, effects of a step, units of time, what pauses a clock. Pure constants."""

from __future__ import annotations

from comity.core.text import Text

REQUESTING = "requesting"
RESPONDING = "responding"
EITHER = "either"
SIDES = (REQUESTING, RESPONDING)
SIDE_TITLES = {
    REQUESTING: Text("requesting authority", "请求方"),
    RESPONDING: Text("responding authority", "被请求方"),
    EITHER: Text("either authority", "任一方"),
}

# What a step taken at any time does to the case, beside adding its line to the record.
RECORDS, HOLDS, RELEASES, ASKS, ANSWERS, ENDS = "records", "holds", "releases", "asks", "answers", "ends"
EFFECTS = (RECORDS, HOLDS, RELEASES, ASKS, ANSWERS, ENDS)

UNITS = {
    "minutes": Text("minutes", "分钟"),
    "hours": Text("hours", "小时"),
    "days": Text("days", "日"),
    "working_days": Text("working days", "个工作日"),
    "months": Text("months", "个月"),
}
PAUSES = ("hold", "question")
