"""Bar charts as numbers: where each bar of a drawing begins and ends. Pure; templates draw them as SVG.

Every figure of a chart also stands in a table beside it, so the drawing is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.core.text import Text

WIDTH, LABEL, ROW, BAR = 1080, 330, 46, 22


@dataclass(frozen=True, slots=True)
class Part:
    """One coloured part of a bar; `kind` names its colour; `middle` is where its number stands, `wide` if it fits."""

    kind: str
    count: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def wide(self) -> bool:
        return self.width >= 22


@dataclass(frozen=True, slots=True)
class Bar:
    title: Text
    sub: Text
    total: int
    y: int
    parts: tuple[Part, ...]

    @property
    def text_y(self) -> int:
        return self.y + 15

    @property
    def sub_y(self) -> int:
        return self.y + 32

    @property
    def end(self) -> int:
        last = self.parts[-1] if self.parts else None
        return (last.x + last.width if last else LABEL) + 8


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    bars: tuple[Bar, ...]
    label: int = LABEL
    bar: int = BAR


def chart(rows: Sequence[tuple[Text, Text, Sequence[tuple[str, int]]]]) -> Chart:
    """Stacked bars: (title, line below it, ((kind, count), …)) for each row; all on one scale."""
    most = max((sum(count for _, count in parts) for _, _, parts in rows), default=0) or 1
    room = WIDTH - LABEL - 50
    bars = []
    for number, (title, sub, parts) in enumerate(rows):
        x, made = LABEL, []
        for kind, count in parts:
            width = round(room * count / most)
            if count:
                made.append(Part(kind, count, x, max(width, 3)))
                x += max(width, 3)
        bars.append(Bar(title, sub, sum(count for _, count in parts), number * ROW, tuple(made)))
    return Chart(WIDTH, max(len(rows), 1) * ROW, tuple(bars))
