"""Before there is a case: its number, and the relation it is opened in. Reads tables, writes nothing."""

from __future__ import annotations

import secrets
from datetime import datetime

from comity.core.text import Refusal, Text
from comity.store.cases import CaseRow
from comity.store.logs import Relation
from comity.store.relations import bond

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_case_names(author: str, at: datetime, count: int = 1) -> list[str]:
    """Case numbers never used here: AUTHOR-year-xxxx-xxxx, 40 random bits in Crockford's base 32."""
    names: set[str] = set()
    while len(names) < count:
        for _ in range(count - len(names)):
            drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
            names.add(f"{author.upper()}-{at.year}-{drawn[:4]}-{drawn[4:]}")
        names.difference_update(CaseRow.objects.filter(pk__in=names).values_list("pk", flat=True))
    return list(names)


def relation_for(track: str | None, relation: Relation | str | None) -> Relation:
    """The relation a new case of this track is opened in: the one named, or the only one whose agreement has the track.

    Refusals: unknown-track, which-relation.
    """
    rows = list(Relation.objects.select_related("agreement").order_by("name"))
    if relation is not None:
        name = relation.name if isinstance(relation, Relation) else relation
        rows = [row for row in rows if row.name == name]
    fitting = [row for row in rows if track in bond(row).terms.tracks.get(bond(row).digest, ())]
    fitting = [row for row in fitting if track in bond(row).tracks]
    if not fitting:
        known = sorted({name for row in rows for name in bond(row).terms.tracks.get(bond(row).digest, ())})
        raise Refusal(
            "unknown-track",
            Text("No agreement in force here has such a track.", "现行协议均未列入该合作事项。"),
            str(track)[:40],
            Text("Choose one of: {known}.", "请从下列选择：{known}。").fill(known=", ".join(known) or "-"),
        )
    if len(fitting) > 1:
        raise Refusal(
            "which-relation",
            Text(
                "Several authorities have agreed this track; say with which.",
                "该合作事项与多个主管机关有约，请指明对方。",
            ),
            str(track),
            Text("Name one of: {known}.", "请指明其一：{known}。").fill(
                known=", ".join(row.name for row in fitting)
            ),
        )
    return fitting[0]
