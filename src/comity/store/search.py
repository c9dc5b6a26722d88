"""One box that finds a case by Chinese name, pinyin, Latin name in any order, or identifier.

Border: this module owns the search table and its SQL; it never decides who may see a case: `find` searches inside the
cases it is given. A case has one row per indexed batch of bodies; SQLite searches them with FTS5, PostgreSQL with
a GIN index over the same terms, and both give the same answers (a test runs on each).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from comity.core.text import Text
from comity.store import names

MOST_TEXT = 4096  # characters of one body that are indexed; short fields come first
MOST_WORDS = 12  # words of one question that are used
MOST_COUNTED = 1000  # cases that are counted

SAME = Text("Same words or characters", "文字相同")
SOUND = Text("Same pronunciation", "读音相同")


class SearchDoc(models.Model):
    """What one case is found by: distinct folded terms, separated by single spaces."""

    case = models.ForeignKey("store.CaseRow", on_delete=models.CASCADE, related_name="+")
    terms = models.TextField()

    class Meta:
        app_label = "store"


# Installed by the migrations, run as they stand, after the table: INDEXES[connection.vendor].
INDEXES: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE store_searchfts USING fts5(terms, content='store_searchdoc', content_rowid='id',"
        ' tokenize="unicode61 remove_diacritics 0", detail=none, columnsize=0)',
        "CREATE TRIGGER searchdoc_insert AFTER INSERT ON store_searchdoc BEGIN"
        " INSERT INTO store_searchfts(rowid, terms) VALUES (new.id, new.terms); END",
        "CREATE TRIGGER searchdoc_delete AFTER DELETE ON store_searchdoc BEGIN"
        " INSERT INTO store_searchfts(store_searchfts, rowid, terms) VALUES ('delete', old.id, old.terms); END",
        "CREATE TRIGGER searchdoc_update AFTER UPDATE ON store_searchdoc BEGIN"
        " INSERT INTO store_searchfts(store_searchfts, rowid, terms) VALUES ('delete', old.id, old.terms);"
        " INSERT INTO store_searchfts(rowid, terms) VALUES (new.id, new.terms); END",
    ),
    "postgresql": (
        "CREATE INDEX store_searchdoc_terms ON store_searchdoc"
        " USING gin (array_to_tsvector(string_to_array(terms, ' ')))",
    ),
}
UNINDEXES: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER searchdoc_update",
        "DROP TRIGGER searchdoc_delete",
        "DROP TRIGGER searchdoc_insert",
        "DROP TABLE store_searchfts",
    ),
    "postgresql": ("DROP INDEX store_searchdoc_terms",),
}


def index_case(case_id: str, bodies: Iterable[object]) -> None:
    """Make a case findable by its bodies (JSON values, or plain texts). Call in the transaction of the append.

    The case's own identifier is indexed with every call; it costs nothing and a case without bodies is found too.
    """
    index_many([(case_id, bodies)])


def index_many(items: Iterable[tuple[str, Iterable[object]]]) -> None:
    """`index_case` for many cases with one insert. A case may come more than once."""
    found: dict[str, set[str]] = {}
    for case_id, bodies in items:
        terms = found.get(case_id)
        if terms is None:
            terms = found[case_id] = names.terms(case_id)
        for body in bodies:
            terms |= body_terms(body)
    SearchDoc.objects.bulk_create(
        [SearchDoc(case_id=case_id, terms=" ".join(sorted(terms))) for case_id, terms in found.items()],
        batch_size=400,
    )


def forget(case_id: str) -> None:
    """Remove all a case is found by (when bodies are erased); index again what remains."""
    SearchDoc.objects.filter(case_id=case_id).delete()


def body_terms(body: object) -> set[str]:
    """Every term of a JSON value: all its strings, short ones first, up to MOST_TEXT characters."""
    texts = sorted(_strings(body), key=len)
    terms: set[str] = set()
    left = MOST_TEXT
    for text in texts:
        if left <= 0:
            break
        terms |= names.terms(text[:left])
        left -= len(text)
    return terms


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


Part = tuple[str, bool]  # a term, and whether it may be the beginning of a longer one
Element = tuple[tuple[Part, ...], ...]  # alternatives; each needs all its parts


@dataclass(frozen=True, slots=True)
class Question:
    """A text as it is asked: `exact` for the words as written, `sound` for their pronunciation too.

    Every element must be met by one of its alternatives. Both are () where there is nothing to search for.
    """

    exact: tuple[Element, ...]
    sound: tuple[Element, ...]


def question(text: str) -> Question:
    """Read what was typed into the box."""
    folded = names.fold(text[:400])
    exact: list[Element] = []
    sound: list[Element] = []
    for piece in list(names.pieces(folded))[:MOST_WORDS]:
        if names.is_han(piece):
            pairs = names.grams(piece)[len(piece) :] or [piece]
            exact.append((tuple((pair, False) for pair in pairs),))
            for character in piece:
                heard = names.readings(character) or (character,)
                sound.append(tuple(((each, False),) for each in heard))
        else:
            written: Element = (((piece, len(piece) > 2),),)
            exact.append(written)
            ways = (tuple((each, False) for each in way) for way in names.syllables(piece))
            sound.append((*written, *ways))
    identifier = names.joined(folded.strip())
    if identifier and len(exact) > 1:
        # "E 1234 5678" also asks for E12345678: the identifier as one word may stand for each of its parts.
        whole: Element = (((identifier, True),),)
        exact = [(*each, *whole) for each in exact]
        sound = [(*each, *whole) for each in sound]
    return Question(tuple(exact), tuple(sound))


@dataclass(frozen=True, slots=True)
class Found:
    """Cases found: first those that hold the words as written, then those that sound the same.

    `total` counts both, up to MOST_COUNTED: a question so wide is to be narrowed, not paged through.
    """

    total: int
    rows: tuple[tuple[Any, Text], ...]  # (CaseRow, SAME or SOUND)


def find(cases: QuerySet[Any], text: str, *, limit: int = 50) -> Found:
    """Search `text` among `cases`, which must already be what the officer may see; latest first."""
    asked = question(text)
    if not asked.exact:
        return Found(0, ())
    same = _meeting(cases, asked.exact)
    rows = [(row, SAME) for row in same.order_by("-updated", "pk")[:limit]]
    if asked.sound == asked.exact:
        return Found(_count(same, len(rows), limit), tuple(rows))
    sound = _meeting(cases, asked.sound)  # holds all of `same`: what is written the same sounds the same
    if len(rows) < limit:
        alike = sound.exclude(pk__in=[row.pk for row, _ in rows])
        rows += [(row, SOUND) for row in alike.order_by("-updated", "pk")[: limit - len(rows)]]
    return Found(_count(sound, len(rows), limit), tuple(rows))


def _count(found: QuerySet[Any], shown: int, limit: int) -> int:
    return shown if shown < limit else found.order_by()[:MOST_COUNTED].count()


def _meeting(cases: QuerySet[Any], elements: tuple[Element, ...]) -> QuerySet[Any]:
    for element in elements:
        cases = cases.filter(pk__in=RawSQL(*_matching(element)))  # noqa: S611  (terms are bound, never written)
    return cases


def _matching(element: Element) -> tuple[str, list[str]]:
    """SQL and its parameter for the case ids whose terms meet one element. Terms are letters, digits and Han only."""
    if connection.vendor == "sqlite":
        asked = " OR ".join(
            "(" + " AND ".join(f'"{t}"' + "*" * p for t, p in parts) + ")" for parts in element
        )
        return (
            "SELECT d.case_id FROM store_searchdoc d WHERE d.id IN"
            " (SELECT rowid FROM store_searchfts WHERE store_searchfts MATCH %s)",
            [asked],
        )
    asked = " | ".join("(" + " & ".join(f"'{t}'" + ":*" * p for t, p in parts) + ")" for parts in element)
    return (
        "SELECT d.case_id FROM store_searchdoc d"
        " WHERE array_to_tsvector(string_to_array(d.terms, ' ')) @@ CAST(%s AS tsquery)",
        [asked],
    )
