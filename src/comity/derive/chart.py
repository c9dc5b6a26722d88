"""The state chart of a track: as Mermaid text, as a drawing for the page, and as a list.

Border: reads a `Track` and nothing else; says nothing of HTML. All four are derived from the same table, so the
picture an officer sees, the list a screen reader reads and the text `comity track chart` prints cannot disagree. Where
each box of the drawing stands is worked out in `chart_layout`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from comity.core.text import Text
from comity.core.track import SIDE_TITLES, State, Step, Track
from comity.derive.chart_layout import Place, arrange, wrapped

CURRENT, PAST, AHEAD = "current", "past", "ahead"
BOX_WIDTH, LINE, PAD = 150, 18, 11
GAP_X, GAP_Y, MARGIN = 42, 16, 3
ARC = 24


@dataclass(frozen=True, slots=True)
class Box:
    """One state as drawn. `mark`: current, past or ahead; `side`: its mover, or "final"."""

    name: str
    title: str
    lines: tuple[tuple[int, str], ...]  # baseline y, words
    mover: str
    x: int
    y: int
    w: int
    h: int
    mark: str
    side: str

    @property
    def middle(self) -> int:
        return self.x + self.w // 2

    @property
    def badge(self) -> int:
        """Where the line that names the mover stands."""
        return self.y + self.h - 11

    @property
    def round(self) -> int:
        """How round the corners are: a final state is a pill."""
        return min(self.h // 2, 30) if self.side == "final" else 6


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way from state to state, as an SVG path. `both`: there is a way back along the same line.

    kind  ahead, past (the case went this way), next (out of the current state) or back
    """

    path: str
    kind: str
    both: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One state in words, with the steps that leave it: what the drawing says, for those who do not see it."""

    name: str
    title: Text
    mover: Text | None
    mark: str
    ways: tuple[tuple[Text, Text], ...]  # step, the state it leads to


def mermaid(track: Track, lang: str) -> str:
    """The chart as a Mermaid `stateDiagram-v2`; steps that may be taken at any time stand in a note."""
    lines = ["stateDiagram-v2", f"    %% {track.title[lang]}"]
    for state in track.states:
        lines.append(f'    state "{_quoted(state.title[lang])}" as {state.name}')
    for step, frm, to in ways(track):
        lines.append(
            f"    {frm or '[*]'} --> {to}: {_quoted(step.title[lang])} ({SIDE_TITLES[step.by][lang]})"
        )
    lines.extend(f"    {state.name} --> [*]" for state in track.states if state.final)
    free = [step for step in track.steps if step.at_any_time]
    if free:
        lines.append(f"    note right of {track.opening.to}")
        lines.append(f"        {Text('At any time', '任何时候均可')[lang]}")
        lines.extend(f"        {_quoted(step.title[lang])} ({SIDE_TITLES[step.by][lang]})" for step in free)
        lines.append("    end note")
    return "\n".join(lines) + "\n"


def ways(track: Track) -> list[tuple[Step, str | None, str]]:
    """Every way of the chart: (step, the state it leaves or None where it opens, the state it leads to)."""
    made: list[tuple[Step, str | None, str]] = []
    for step in track.steps:
        if step.to is None or step.at_any_time:
            continue
        if step.opens:
            made.append((step, None, step.to))
        made.extend((step, frm, step.to) for frm in step.frm)
    return made


def draw(
    track: Track,
    lang: str,
    *,
    current: str = "",
    been: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
) -> Drawing:
    """The chart as boxes and paths in whole pixels.

    current  name of the state the case is in, "" where no case is shown
    been     names of the states it has been in, oldest first (the current one may be among them)
    names    what each side is called in the boxes; by default "requesting authority" and "responding authority"
    """
    called = names or {side: text[lang] for side, text in SIDE_TITLES.items()}
    shown = [state for state in track.states if _on_the_way(track, state) or state.name in (current, *been)]
    places = arrange([s.name for s in shown], _links(track, shown), start=str(track.opening.to))
    texts = {s.name: wrapped(s.title[lang], BOX_WIDTH - 2 * PAD, 14) for s in shown}
    rows = 1 + max(place.row for place in places.values())
    heights = [
        max(len(texts[name]) for name, p in places.items() if p.row == row) * LINE + 2 * PAD + 18
        for row in range(rows)
    ]
    over = MARGIN + ARC * _tallest_arc(track, shown, places)
    boxes = tuple(
        _box(s, places[s.name], texts[s.name], heights, over, current, been, called, lang) for s in shown
    )
    arrows = _arrows(track, {b.name: b for b in boxes}, places, current, been)
    width = max(b.x + b.w for b in boxes) + MARGIN
    return Drawing(width, max(b.y + b.h for b in boxes) + MARGIN, boxes, arrows)


def listed(track: Track, *, current: str = "", been: Collection[str] = ()) -> tuple[Listed, ...]:
    """The same chart in words, in the order of the track's table."""
    made = []
    for state in track.states:
        out = tuple((step.title, track.state(to).title) for step, frm, to in ways(track) if frm == state.name)
        mover = SIDE_TITLES[state.mover] if state.mover else None
        made.append(Listed(state.name, state.title, mover, _mark(state.name, current, been), out))
    return tuple(made)


def _quoted(words: str) -> str:
    return words.replace('"', "'").replace(";", ",").replace("\n", " ")


def _mark(name: str, current: str, been: Collection[str]) -> str:
    return CURRENT if name == current else PAST if name in been else AHEAD


def _on_the_way(track: Track, state: State) -> bool:
    """A state that only a step taken at any time leads to (withdrawn) would hang in the air: it is drawn when reached."""
    return any(to == state.name for _, _, to in ways(track))


def _links(track: Track, shown: Sequence[State]) -> list[tuple[str, str]]:
    names = {s.name for s in shown}
    return [(frm, to) for _, frm, to in ways(track) if frm in names and to in names and frm is not None]


def _box(
    state: State,
    place: Place,
    words: tuple[str, ...],
    heights: Sequence[int],
    over: int,
    current: str,
    been: Sequence[str],
    called: Mapping[str, str],
    lang: str,
) -> Box:
    x = MARGIN + place.column * (BOX_WIDTH + GAP_X)
    y = over + sum(heights[: place.row]) + place.row * GAP_Y
    height = heights[place.row]
    first = y + PAD + 12
    mover = called[state.mover] if state.mover else Text("final", "终结")[lang]
    return Box(
        name=state.name,
        title=state.title[lang],
        lines=tuple((first + number * LINE, line) for number, line in enumerate(words)),
        mover=mover,
        x=x,
        y=y,
        w=BOX_WIDTH,
        h=height,
        mark=_mark(state.name, current, been),
        side=state.mover or "final",
    )


def _beside(a: Place, b: Place) -> bool:
    """`b` stands to the right of `a` and nothing stands between them."""
    return b.column > a.column and (a.row != b.row or b.column - a.column == 1)


def _arc_level(places: Mapping[str, Place], frm: str, to: str) -> int:
    """How high an arc must go over the row: 0 where a straight line or an elbow does."""
    a, b = places[frm], places[to]
    if _beside(a, b) or (_beside(b, a) and a.row != b.row):
        return 0
    return max(1, min(3, abs(b.column - a.column)))


def _tallest_arc(track: Track, shown: Sequence[State], places: Mapping[str, Place]) -> int:
    return max((_arc_level(places, frm, to) for frm, to in _links(track, shown) if frm != to), default=0)


def _arrows(
    track: Track, boxes: Mapping[str, Box], places: Mapping[str, Place], current: str, been: Sequence[str]
) -> tuple[Arrow, ...]:
    walked = [*been, current] if current and (not been or been[-1] != current) else list(been)
    taken = set(pairwise(walked))
    made: dict[tuple[str, str], str] = {}
    for _, frm, to in ways(track):
        if frm is not None and frm in boxes and to in boxes and frm != to:
            arc = _arc_level(places, frm, to)
            made[frm, to] = (
                "past" if (frm, to) in taken else "next" if frm == current else "back" if arc else "ahead"
            )
    arrows = []
    for (frm, to), kind in made.items():
        arc = _arc_level(places, frm, to)
        back = made.get((to, frm)) if not arc and not _arc_level(places, to, frm) else None
        if back is not None and not _beside(places[frm], places[to]):
            continue  # drawn with the way it leads back along
        kinds = [kind] if back is None else [kind, back]
        arrows.append(
            Arrow(_path(boxes[frm], boxes[to], arc), max(kinds, key=_ORDER.index), both=back is not None)
        )
    return tuple(sorted(arrows, key=lambda arrow: _ORDER.index(arrow.kind)))


_ORDER = ("back", "ahead", "past", "next")


def _path(a: Box, b: Box, level: int) -> str:
    if level:  # over the row, from top to top
        top = min(a.y, b.y) - ARC * level
        start, end = (a.middle + 18, b.middle - 18) if b.x > a.x else (a.middle - 18, b.middle + 18)
        return f"M{start},{a.y} C{start},{top} {end},{top} {end},{b.y - 1}"
    if b.x < a.x:  # a way back without its way forth: the same elbow, walked from the other end
        return _elbow(a.x, a.y + a.h // 2, b.x + b.w + 1, b.y + b.h // 2, -1)
    return _elbow(a.x + a.w, a.y + a.h // 2, b.x - 1, b.y + b.h // 2, 1)


def _elbow(x1: int, y1: int, x2: int, y2: int, way: int) -> str:
    if y1 == y2:
        return f"M{x1},{y1} H{x2}"
    bend = min(x1, x2) + GAP_X // 2
    turn = 10 if y2 > y1 else -10
    near, far = bend - 10 * way, bend + 10 * way
    return f"M{x1},{y1} H{near} Q{bend},{y1} {bend},{y1 + turn} V{y2 - turn} Q{bend},{y2} {far},{y2} H{x2}"
