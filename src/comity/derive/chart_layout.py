"""Where the boxes of a state chart stand: columns from left to right, the longest way on the first row.

Pure geometry on names: knows nothing of tracks, languages or pages. Ways that lead back (a case reopened, a document
issued again) do not move a box to the right. Small charts only (a track has some twenty states), so plain search is
enough and the result is the same on every machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_FIRST = "，。、；：！？）》」』”’%,.;:!?)"


@dataclass(frozen=True, slots=True)
class Place:
    column: int
    row: int


def arrange(names: Sequence[str], links: Sequence[tuple[str, str]], start: str) -> dict[str, Place]:
    """A place for each name; `links` are (from, to), `start` is where every chart begins (column 0, row 0)."""
    onward = _forward(names, links, start)
    main = _longest_way(names, onward, start)
    columns = _columns(names, onward, main, start)
    places = {name: Place(columns[name], 0) for name in main}
    used = {(place.column, place.row) for place in places.values()}
    for name in sorted((n for n in names if n not in places), key=lambda n: (columns[n], names.index(n))):
        before = [places[frm].row for frm, to in onward if to == name and frm in places]
        row = max(1, min(before, default=0))
        while (columns[name], row) in used:
            row += 1
        places[name] = Place(columns[name], row)
        used.add((columns[name], row))
    return places


def wrapped(words: str, width: int, size: int) -> tuple[str, ...]:
    """`words` broken into lines of at most `width` pixels at font size `size`: Latin at spaces, Chinese anywhere."""
    lines: list[str] = [""]
    for piece in _pieces(words):
        candidate = lines[-1] + piece
        fits = advance(candidate.strip(), size) <= width or not lines[-1].strip()
        if fits or piece[0] in _NOT_FIRST:
            lines[-1] = candidate
        else:
            lines.append(piece)
    return tuple(line.strip() for line in lines if line.strip())


def advance(words: str, size: int) -> float:
    """About how many pixels `words` take: a full em for wide characters, 0.56 em for the rest."""
    return sum(size if unicodedata.east_asian_width(char) in "WF" else 0.56 * size for char in words)


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for char in words:
        wide = unicodedata.east_asian_width(char) in "WF"
        joins = bool(pieces) and not wide and not pieces[-1].endswith((" ", "-", "/"))
        if joins and unicodedata.east_asian_width(pieces[-1][-1]) not in "WF":
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _forward(names: Sequence[str], links: Sequence[tuple[str, str]], start: str) -> list[tuple[str, str]]:
    """The links that lead onward: a depth-first walk from `start` leaves out each one that closes a circle."""
    kept: list[tuple[str, str]] = []
    done: set[str] = set()
    open_: list[str] = []

    def walk(name: str) -> None:
        open_.append(name)
        for frm, to in links:
            if frm != name or to in open_:
                continue
            if (frm, to) not in kept:
                kept.append((frm, to))
            if to not in done:
                walk(to)
        open_.pop()
        done.add(name)

    for name in (start, *names):
        if name not in done:
            walk(name)
    return kept


def _longest_way(names: Sequence[str], onward: Sequence[tuple[str, str]], start: str) -> list[str]:
    best: dict[str, list[str]] = {}

    def way(name: str) -> list[str]:
        if name not in best:
            tails = [way(to) for frm, to in onward if frm == name]
            best[name] = [name, *max(tails, key=len, default=[])]
        return best[name]

    return way(start) if start in names else list(names[:1])


def _columns(
    names: Sequence[str], onward: Sequence[tuple[str, str]], main: Sequence[str], start: str
) -> dict[str, int]:
    """Main way: one column each. The others: right of the leftmost state that leads to them, left of what they lead to."""
    columns = {name: number for number, name in enumerate(main)}
    for _ in names:  # enough rounds for the longest chain of side states
        for name in names:
            if name in columns:
                continue
            before = [columns[frm] for frm, to in onward if to == name and frm in columns]
            if before:
                columns[name] = min(before) + 1
    return {name: columns.get(name, 0 if name == start else 1) for name in names}
