"""A first agreement and its amendments as one chain, and what one version changes against another, in words.

Pure. A case keeps the terms of the agreement its opening entry names, so every version of a chain stays in use. A
calendar, once published, stands: a later version may add years but not rewrite one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from comity.core.agreement.document import Agreement
from comity.core.agreement.shapes import FORCES, ONWARD, Commitment, Keys, Party, Term
from comity.core.calendar import Calendar
from comity.core.text import Refusal, Text
from comity.core.track_words import UNITS


class Chain:
    """Versions of one agreement, first to last, each naming the digest of the one before it.

    head    the version in force for new cases
    ranks   digest -> place in the chain, from 0
    tracks  digest -> names of the tracks that version agrees
    """

    def __init__(self, agreements: Iterable[Agreement]) -> None:
        """In any order. Refusals: chain-empty, chain-broken, chain-forked, chain-name, chain-parties, chain-version."""
        after: dict[str, Agreement] = {}
        for agreement in dict.fromkeys(agreements):
            if agreement.supersedes in after:
                raise _broken(
                    "chain-forked",
                    agreement,
                    Text("Two versions amend the same one.", "两个版本修订了同一版本。"),
                )
            after[agreement.supersedes] = agreement
        if not after:
            raise Refusal("chain-empty", Text("There is no agreement.", "没有协议。"))
        ordered: list[Agreement] = []
        link = ""
        while link in after:
            ordered.append(after.pop(link))
            link = ordered[-1].digest
        if after:
            missing = next(iter(after.values()))
            raise _broken(
                "chain-broken", missing, Text("The version it amends is missing.", "缺少其所修订的版本。")
            )
        for old, new in pairwise(ordered):
            _follows(old, new)
        self.agreements: tuple[Agreement, ...] = tuple(ordered)
        self.ranks: Mapping[str, int] = {a.digest: rank for rank, a in enumerate(ordered)}
        self.tracks: Mapping[str, frozenset[str]] = {a.digest: frozenset(a.tracks) for a in ordered}

    @property
    def head(self) -> Agreement:
        return self.agreements[-1]

    def __contains__(self, digest: object) -> bool:
        return digest in self.ranks

    def by_digest(self, digest: str) -> Agreement:
        """Refusal: unknown-agreement."""
        if digest not in self.ranks:
            raise Refusal(
                "unknown-agreement",
                Text("This agreement is not one of those in force here.", "该协议不在本方适用的协议之列。"),
                f"agreement {digest[:12]}",
                Text(
                    "Both authorities must hold the same signed text.",
                    "双方主管机关须持有同一份经签署的文本。",
                ),
            )
        return self.agreements[self.ranks[digest]]

    def calendar(self, party: str, year: int) -> Calendar | None:
        """The first calendar the chain publishes for that year; None when it publishes none."""
        return next((c for a in self.agreements if (c := a.calendar(party, year)) is not None), None)


def _follows(old: Agreement, new: Agreement) -> None:
    if new.name != old.name:
        raise _broken("chain-name", new, Text("An amendment keeps the name.", "修订不得更改协议名称。"))
    if set(new.codes) != set(old.codes):
        raise _broken("chain-parties", new, Text("An amendment keeps the parties.", "修订不得更改当事方。"))
    if new.version != old.version + 1:
        said = Text(f"Version {old.version + 1} was expected here.", f"此处应为第{old.version + 1}版。")
        raise _broken("chain-version", new, said)


def _broken(code: str, agreement: Agreement, what: Text) -> Refusal:
    return Refusal(code, what, f"agreement {agreement.name} / version {agreement.version}")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing an amendment changes; `where` as in a Refusal ("track repatriation / travel_document")."""

    where: str
    what: Text


_ADDED, _REMOVED = Text("added: {now}", "新增：{now}"), Text("removed: {was}", "删除：{was}")
_CHANGED = Text("was: {was}; now: {now}", "原为：{was}；现为：{now}")
_STANDS = Text("published differently; the earlier calendar stands", "公布内容有出入；以先公布的日历为准")
_PARTICULARS = Text("other particulars differ", "其他事项有变动")
_NO_LIMIT = Text("measured, no limit", "仅作统计，不设限期")
_KEYS, _NO_KEYS = Text("keys {id}", "密钥{id}"), Text("placeholders for keys", "密钥占位符")
Row = TypeVar("Row")


def compare(old: Agreement, new: Agreement) -> list[Change]:
    """What `new` changes against `old`, in the order of the file; [] when only version, comments or spacing differ."""
    return list(_changes(old, new))


def _changes(old: Agreement, new: Agreement) -> Iterator[Change]:
    yield from _one("title", old.title, new.title)
    yield from _one("suite", _plain(old.suite), _plain(new.suite))
    yield from _one("handling / onward", ONWARD[old.handling.onward], ONWARD[new.handling.onward])
    yield from _one("clocks / delivery_grace_hours", _hours(old), _hours(new))
    for code in dict.fromkeys((*old.codes, *new.codes)):
        if code in old.codes and code in new.codes:
            yield from _party(old.party(code), new.party(code))
    yield from _rows("instrument", old.instruments, new.instruments, lambda r: r.id, lambda r: r.title)
    yield from _rows("topic", old.topics, new.topics, lambda r: r.id, lambda r: r.title)
    yield from _rows("clause", old.clauses, new.clauses, lambda r: r.id, lambda r: r.text)
    yield from _rows("track", _tracks(old), _tracks(new), lambda r: r[0], lambda r: _plain(r[1]))
    for code in sorted(set(old.tracks) & set(new.tracks)):
        was, now = old.terms(code).deadlines, new.terms(code).deadlines
        for name in dict.fromkeys((*was, *now)):
            yield from _one(f"track {code} / {name}", _term(was.get(name)), _term(now.get(name)))
    yield from _rows("measure", old.measures, new.measures, lambda r: r.name, lambda r: _plain(r.clause))
    yield from _rows("commitment", old.commitments, new.commitments, lambda r: r.id, _commitment)
    for calendar in new.calendars:
        before = old.calendar(calendar.party, calendar.year)
        where = f"calendar {calendar.party} {calendar.year}"
        if before is None:
            yield Change(where, _ADDED.fill(now=calendar.source))
        elif (before.holidays, before.workdays, before.weekend) != (
            calendar.holidays,
            calendar.workdays,
            calendar.weekend,
        ):
            yield Change(where, _STANDS)


def _one(where: str, was: Text, now: Text) -> Iterator[Change]:
    if was != now:
        yield Change(where, _CHANGED.fill(was=was, now=now))


def _rows(
    kind: str, was: Sequence[Row], now: Sequence[Row], name: Callable[[Row], str], said: Callable[[Row], Text]
) -> Iterator[Change]:
    before, after = {name(row): row for row in was}, {name(row): row for row in now}
    for key, row in before.items():
        if key not in after:
            yield Change(f"{kind} {key}", _REMOVED.fill(was=said(row)))
        elif row != after[key]:
            differs = said(row) != said(after[key])
            what = _CHANGED.fill(was=said(row), now=said(after[key])) if differs else _PARTICULARS
            yield Change(f"{kind} {key}", what)
    for key, row in after.items():
        if key not in before:
            yield Change(f"{kind} {key}", _ADDED.fill(now=said(row)))


def _party(was: Party, now: Party) -> Iterator[Change]:
    where = f"party {was.code}"
    yield from _one(f"{where} / name", was.name, now.name)
    yield from _one(f"{where} / authority", was.authority, now.authority)
    yield from _one(f"{where} / time_zone", _plain(was.time_zone), _plain(now.time_zone))
    yield from _one(f"{where} / keys", _keys(was.keys), _keys(now.keys))


def _keys(keys: Keys | None) -> Text:
    """Told apart by the first bytes of each: enough to see that a key changed, never a check of one."""
    if keys is None:
        return _NO_KEYS
    return _KEYS.fill(id="-".join(key[:6].hex() for key in (keys.ed25519, keys.mldsa65, keys.box)))


def _tracks(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    """Name and clause of each track; its deadlines are compared one by one."""
    return tuple((terms.track, terms.clause) for terms in agreement.tracks.values())


def _hours(agreement: Agreement) -> Text:
    return Text(f"{agreement.delivery_grace_hours} hours", f"{agreement.delivery_grace_hours}小时")


def _term(term: Term | None) -> Text:
    if term is None:
        return _NO_LIMIT
    limit = _NO_LIMIT
    if term.value is not None:
        limit = Text("{value} {unit}", "{value}{unit}").fill(value=term.value, unit=UNITS[term.unit])
    clause = Text("{limit} ({clause})", "{limit}（{clause}）")
    return clause.fill(limit=limit, clause=term.clause) if term.clause else limit


def _commitment(row: Commitment) -> Text:
    due = row.due_why or Text("no day named", "未定期限")
    said = Text("{text} ({owner}, {force}; {due})", "{text}（{owner}，{force}；{due}）")
    return said.fill(text=row.text, owner=row.owner, force=FORCES[row.force], due=due)


def _plain(value: str) -> Text:
    return Text(value, value)
