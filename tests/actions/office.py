"""One authority's office in a test: a relation under the made-up agreement, units, officers, files, and a peer that writes.

The peer is no second node: its entries are put into its log as if they had just been admitted.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest

from comity.core.agreement import fill_keys
from comity.core.deadline import stamp
from comity.core.entry import Header, body_digest, encode_body
from comity.core.text import Refusal
from comity.core.track import REQUESTING, Field
from comity.core.types import BirthDate, FreeText, PersonName, ShortText
from comity.store import cases, relations
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.entries import prepare, writer
from comity.store.files import Attachment
from comity.store.logs import Relation
from comity.store.people import Assignment, Officer, Unit
from comity.tracks import TRACKS
from tests.core.small_agreement import CARDS, altered
from tests.core.small_track import STATES, make, step

_WHO = (
    Field("person", relations.Text("Person", "当事人"), PersonName(), retention="short"),
    Field(
        "birth_date", relations.Text("Birth date", "出生日期"), BirthDate(), required=False, retention="short"
    ),
    Field("number", relations.Text("Number", "号码"), ShortText(40), required=False, retention="short"),
    Field("remark", relations.Text("Remark", "备注"), FreeText(400), required=False, retention="short"),
)
LETTER = make()
_REST = tuple(s for s in LETTER.steps if not s.opens)
# The same track twice more: one whose opening needs two approvals and a file, one that asks about a person.
DEED = make(
    name="deed",
    steps=(
        step("ask_deed", REQUESTING, to="asked", opens=True, safeguards=("lawful",), approvals=2,
             attachments="required", form=(Field("whom", LETTER.title, FreeText(100), retention="short"),)),
        *_REST,
    ),
    deadlines=(), measures=(),
)  # fmt: skip
PERSON = make(
    name="person",
    steps=(step("ask_person", REQUESTING, to="asked", opens=True, safeguards=("lawful",), form=_WHO), *_REST),
    deadlines=(), measures=(), summary=("person",), states=STATES,
)  # fmt: skip
MORE = """
[[track]]
name = "deed"
clause = "treaty/1"
[[track]]
name = "person"
clause = "treaty/1"
"""
ALL = {**TRACKS, "letter": LETTER, "deed": DEED, "person": PERSON}
LAWFUL = {"lawful": {"answer": "yes"}}
_number = itertools.count(1)


def agreement_bytes(name: str = "letters", me: str = "aa", peer: str = "bb") -> bytes:
    data = altered(('name = "letters"', f'name = "{name}"')) + MORE.encode()
    if (me, peer) != ("aa", "bb"):
        data = data.replace(b'"aa"', f'"{me}"'.encode()).replace(b'"bb"', f'"{peer}"'.encode())
    cards = {me: CARDS["aa"], peer: CARDS["bb"]}
    return fill_keys(data, cards)


@dataclass
class Office:
    """Authority "aa" with two units and an officer of each role in the first; `call` in the second."""

    relation: Relation
    home: Unit
    away: Unit
    people: dict[str, Officer] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Officer:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def officer(self, name: str, role: str, unit: Unit | None = None) -> Officer:
        made = Officer.objects.create(username=name, role=role, unit=unit)
        self.people[name] = made
        return made

    def file(self, content: bytes = b"made up", by: Officer | None = None) -> Attachment:
        """A file that is here, put here by `by`."""
        digest = hashlib.sha256(content).hexdigest()
        row, _ = Attachment.objects.get_or_create(
            pk=digest, defaults={"size": len(content), "root": "cd" * 32}
        )
        if by is not None:
            Audit.objects.create(officer=by, action="add_attachment", detail={"sha256": digest})
        return row

    def row(self, case: str) -> CaseRow:
        return CaseRow.objects.select_related("relation", "unit").get(pk=case)

    def peer_writes(
        self, now: str, step: str, case: str, body: dict[str, Any] | None = None, **more: Any
    ) -> None:
        """The other side, having read all of our log, takes a step; we take it in and acknowledge it."""
        relation = Relation.objects.get(pk=self.relation.pk)
        with writer(relation, now) as hand:
            salt, raw = b"s" * 32, encode_body(body or {})
            header = Header(
                agreement=relation.agreement_id, step=step, seen=hand.ours.size, time=now, case=case,
                body=body_digest(salt, raw), officer="peerofficer", **more,
            )  # fmt: skip
            hand.take(relation.peer, [prepare(header.encode(), header, salt, raw)])
            hand.receipt()

    def assign(self, case: CaseRow, officer: Officer) -> None:
        Assignment.objects.create(case=case, officer=officer)


def open_office(name: str = "letters") -> Office:
    relation = relations.join(agreement_bytes(name), b"not checked here", "aa")
    home = Unit.objects.create(code=f"home{next(_number)}", en="Home", zh="本部")
    away = Unit.objects.create(code=f"away{next(_number)}", en="Away", zh="外勤")
    office = Office(relation, home, away)
    for who, role in (
        ("author", "case_officer"), ("boss", "supervisor"), ("link", "liaison"), ("night", "hotline_duty"),
        ("reader", "analyst"), ("watch", "oversight"), ("admin", "administrator"),
    ):  # fmt: skip
        office.officer(who, role, home)
    office.officer("stranger", "case_officer", away)
    office.officer("other_boss", "supervisor", home)
    return office


def patch(monkeypatch: Any) -> None:
    """Let the node know the made-up tracks."""
    monkeypatch.setattr(relations, "TRACKS", ALL)
    monkeypatch.setattr(cases, "TRACKS", ALL)


def refused(call: Any, *args: Any, **more: Any) -> str:
    """The code of the refusal a call ends in."""
    with pytest.raises(Refusal) as fault:
        call(*args, **more)
    assert fault.value.what.en
    assert fault.value.what.zh
    return fault.value.code


__all__ = ["ALL", "DEED", "LAWFUL", "LETTER", "PERSON", "Office", "open_office", "patch", "refused", "stamp"]
