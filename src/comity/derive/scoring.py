"""The scorecard of a relation, as it stands or as it stood when both logs had the sizes asked for.

Border: reads headers, never bodies; the figures are `core.measure`'s. Computed again from the two logs, it is the plain
second answer to the one the case rows give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comity.core.entry import Header
from comity.core.fold import fold
from comity.core.measure import LogHead, Scorecard
from comity.core.measure import scorecard as measured
from comity.core.text import Refusal, Text
from comity.core.tree import CompactRange
from comity.store import tiles
from comity.store.logs import Entry, Log, Relation, entry_key
from comity.store.queries import scorecard as present
from comity.store.relations import bond, logs

_PIECE = 2000


def sizes_of(text: str) -> dict[str, int]:
    """Sizes as they are typed: "aa=120,bb=98". Refusal "bad-sizes"."""
    found: dict[str, int] = {}
    for pair in text.split(","):
        party, equals, size = pair.partition("=")
        if not equals or not party.strip() or not size.strip().isdecimal() or len(size) > 15:
            raise Refusal(
                "bad-sizes",
                Text(f"“{pair[:40]}” is not a size of a log.", f"“{pair[:40]}”不是日志大小。"),
                "at",
                Text("Write both: AUTHOR=size,AUTHOR=size.", "请同时写明双方：代码=大小,代码=大小。"),
            )
        found[party.strip()] = int(size)
    return found


def scorecard(relation: Relation, sizes: Mapping[str, int] | None = None) -> Scorecard:
    """The scorecard of a relation; with `sizes` (party code -> entries of its log) as of then.

    Refusal "bad-sizes" for another party, or a size beyond what this node holds.
    """
    if sizes is None:
        return present(relation)
    tied, both = bond(relation), logs(relation)
    if set(sizes) != set(both) or any(sizes[author] > log.size for author, log in both.items()):
        held = ", ".join(f"{author}={log.size}" for author, log in sorted(both.items()))
        raise Refusal(
            "bad-sizes",
            Text(
                "The sizes must name both logs, and no more than is held here.",
                "须写明双方日志的大小，且不得超过本节点所存。",
            ),
            "at",
            Text("Held here: {held}.", "本节点现有：{held}。").fill(held=held),
        )
    headers = {author: list(_headers(both[author], size)) for author, size in sizes.items()}
    folded = fold(headers, tied.parties, tied.terms, tied.tracks)
    heads = {author: _head(both[author], size, headers[author]) for author, size in sizes.items()}
    return measured(tied.chain, folded.cases.values(), heads, tied.chain.calendar, tied.tracks)


def _headers(log: Log, size: int) -> Iterator[Header]:
    rows = Entry.objects.filter(pk__gte=entry_key(log.pk, 0), pk__lt=entry_key(log.pk, size)).order_by("pk")
    for raw in rows.values_list("header", flat=True).iterator(chunk_size=_PIECE):
        yield Header.parse(bytes(raw))


def _head(log: Log, size: int, headers: list[Header]) -> LogHead:
    root = CompactRange.at(size, tiles.reader(log)).root()
    return LogHead(size, root.hex(), headers[-1].time if headers else "")


def relation_named(name: str) -> list[Relation]:
    """The relation of this name, or all of them where none is named. Refusal "unknown-relation"."""
    rows = Relation.objects.select_related("agreement").order_by("name")
    found = list(rows.filter(name=name) if name else rows)
    if name and not found:
        raise Refusal(
            "unknown-relation",
            Text(
                f"This node has no relation named {name[:80]!r}.", f"本节点没有名为“{name[:80]}”的合作关系。"
            ),
            name[:80],
        )
    return found
