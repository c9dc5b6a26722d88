""" "Why this date?", as data and as a sentence in both languages. Pure; filled by `deadline`, which computed the date."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comity.core.text import Text
from comity.core.track import UNITS

PAUSE_REASONS = {
    "hold": Text("the case was on hold", "案件暂停"),
    "question": Text("a question to the other authority was open", "向对方提出的问题尚待答复"),
}
OTHER_PAUSE = Text("the other authority had the next step", "下一步骤应由对方作出")

_START_OWN = Text(
    "It runs from {owner}’s own step “{step}” at {start}.", "自{owner}于{start}作出“{step}”之时起算。"
)
_START_RECEIPT = Text(
    "It runs from the receipt of the step “{step}” at {start}.", "自{start}签收“{step}”之时起算。"
)
_LIMIT = Text(
    "The agreed limit is {limit} {unit} ({clause}), reckoned in {zone} time; the day of the event is not counted.",
    "约定期限为{limit}{unit}（{clause}），按{zone}时间计算，起算当日不计入。",
)
_EXACT = Text("The agreed limit is {limit} {unit} ({clause}).", "约定期限为{limit}{unit}（{clause}）。")
_NOTICE = Text(
    "At least {limit} {unit} must lie between the two ({clause}).",
    "两者之间至少应间隔{limit}{unit}（{clause}）。",
)
_NONE = Text(
    "No limit is agreed ({clause}); the time taken is measured.",
    "协议未约定期限（{clause}）；仅计量所用时间。",
)
_STOOD = Text("It stood still from {since} to {until}: {why}.", "自{since}至{until}中止计算：{why}。")
_STANDS = Text("It has stood still since {since}: {why}.", "自{since}起中止计算：{why}。")
_SKIPPED = Text(
    "{count} day(s) on which offices are closed were passed over (calendar: {calendars}).",
    "已扣除{count}个非工作日（日历：{calendars}）。",
)
_PROVISIONAL = Text(
    "The calendar of the year is not agreed yet: only weekends were passed over, and the date may change.",
    "该年度日历尚未约定：仅扣除周末，日期可能变动。",
)
_DUE = Text("It is due at the end of {due}.", "于{due}届满。")
_DUE_EXACT = Text("It is due at {due}.", "于{due}届满。")
_NO_CALENDAR = Text("none published", "尚未公布")


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is "" while the clock still stands; `why` is "hold", "question" or the name of a state."""

    since: str
    until: str
    why: str


@dataclass(frozen=True, slots=True)
class Why:
    """Everything a date was computed from: clause, start, pauses, calendar."""

    clause: str
    source: str
    owner: Text
    title: Text
    step: Text
    by_receipt: bool
    start: str
    limit: int | None
    unit: str
    zone: str
    pauses: tuple[Pause, ...]
    skipped: tuple[str, ...]
    calendars: tuple[str, ...]
    provisional: bool
    at_least: bool
    due: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def sentence(self) -> Text:
        """The whole reason as a lawyer would say it."""
        return Text(*(_join(self._parts(lang), lang) for lang in ("en", "zh")))

    def _parts(self, lang: str) -> list[str]:
        zone = ZoneInfo(self.zone)
        clause = self.clause or self.source
        exact = self.unit in ("hours", "minutes")
        begins = _START_RECEIPT if self.by_receipt else _START_OWN
        parts = [begins.fill(owner=self.owner, step=self.step, start=_said(self.start, zone))]
        if self.limit is None:
            parts.append(_NONE.fill(clause=clause))
        else:
            limit = _NOTICE if self.at_least else _EXACT if exact else _LIMIT
            parts.append(limit.fill(limit=self.limit, unit=UNITS[self.unit], clause=clause, zone=self.zone))
        for pause in self.pauses:
            why = PAUSE_REASONS.get(pause.why, OTHER_PAUSE)
            since, until = _said(pause.since, zone), _said(pause.until, zone) if pause.until else ""
            parts.append(
                _STOOD.fill(since=since, until=until, why=why)
                if until
                else _STANDS.fill(since=since, why=why)
            )
        if self.unit == "working_days" and self.limit is not None:
            named = " · ".join(self.calendars)
            parts.append(_SKIPPED.fill(count=len(self.skipped), calendars=named or _NO_CALENDAR))
        if self.provisional:
            parts.append(_PROVISIONAL)
        if self.due and not self.at_least:
            parts.append(
                (_DUE_EXACT if exact else _DUE).fill(
                    due=_said(self.due, zone) if exact else _day(self.due, zone)
                )
            )
        return [part[lang] for part in parts]


def _join(parts: list[str], lang: str) -> str:
    return (" " if lang == "en" else "").join(parts)


def _said(time: str, zone: ZoneInfo) -> Text:
    local = datetime.fromisoformat(time).astimezone(zone)
    return Text(
        f"{local:%H:%M} on {local.day} {local:%B %Y}",
        f"{local.year}年{local.month}月{local.day}日{local:%H:%M}",
    )


def _day(time: str, zone: ZoneInfo) -> Text:
    local = datetime.fromisoformat(time).astimezone(zone)
    return Text(f"{local.day} {local:%B %Y}", f"{local.year}年{local.month}月{local.day}日")
