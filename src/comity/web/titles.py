"""What a case is called, in the reader's language: the fields its track names as its summary, from the opening entry.

Border: reads the opening entries of cases the caller may see. The row's own title (both languages in one line, made for
searching) stands in where the entry's content has been erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.core.strict_json import Json
from comity.core.text import Refusal, Text
from comity.core.track import Track
from comity.store import bodies
from comity.store.cases import CaseRow
from comity.store.logs import Entry
from comity.store.relations import bond
from comity.web.words import case as words


@dataclass(frozen=True, slots=True)
class Title:
    """`name`: the first field of the summary; `rest`: the others, None where there are none."""

    name: Text
    rest: Text | None = None


def titles(rows: Iterable[CaseRow]) -> dict[str, Title]:
    """The title of each case, by number."""
    wanted = {row.pk: row for row in rows}
    tracks = {pk: bond(row.relation).tracks[row.track] for pk, row in wanted.items()}
    opening = {track.opening.name for track in tracks.values()}
    found = {
        pk: Title(Text(row.title, row.title) if row.title else words.erased_title)
        for pk, row in wanted.items()
    }
    entries = Entry.objects.filter(case_id__in=list(wanted), step__in=opening, verdict="", body__isnull=False)
    for case_id, body in entries.values_list("case_id", "body"):
        if case_id is not None and (made := title(tracks[case_id], bodies.read(bytes(body or b"")))):
            found[case_id] = made
    return found


def title(track: Track, body: dict[str, Json]) -> Title | None:
    """The title a body gives; None where it holds none of the summary's fields in good form."""
    said: list[Text] = []
    for name in track.summary:
        field = track.opening.field(name)
        if field is None or name not in body:
            continue
        try:
            clean = field.type.clean(body[name])
        except Refusal:
            continue
        en, zh = field.type.show(clean, "en"), field.type.show(clean, "zh")
        if en and zh:
            said.append(Text(en, zh))
    if not said:
        return None
    rest = said[1:]
    joined = Text(" · ".join(t.en for t in rest), " · ".join(t.zh for t in rest)) if rest else None
    return Title(said[0], joined)
