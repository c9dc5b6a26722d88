"""One authority's office for the pages: the shipped agreement with made-up keys, officers of every role, a peer that writes.

The peer is no second node: its entries are put into its log as if they had just been admitted.
"""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.test import Client

from comity import actions
from comity.agreements import text_of
from comity.core.agreement import Keys, fill_keys
from comity.core.deadline import stamp
from comity.core.entry import Header, body_digest, encode_body
from comity.core.track import Step, Track
from comity.crypto import generate
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import Draft
from comity.store.entries import prepare, writer
from comity.store.files import Attachment
from comity.store.logs import Relation
from comity.store.people import ROLES, Officer, Unit
from comity.store.relations import join
from comity.tracks import TRACKS
from tests.samples import answers, body

AGREEMENT = "cn-us-2017"
ME, PEER = "us", "cn"
TRACK: Track = TRACKS["repatriation"]
PASSWORD = "correct horse battery staple"
BACKEND = "django.contrib.auth.backends.ModelBackend"
LANGUAGES = ("en", "zh")


@cache
def agreement_bytes() -> bytes:
    keys = {code: Keys(**generate(code).public.parts) for code in (ME, PEER)}
    return fill_keys(text_of(AGREEMENT), keys)


@dataclass
class Desk:
    """Officers by role name; `second` is another supervisor, `stranger` a case officer of another unit."""

    relation: Relation
    unit: Unit
    people: dict[str, Officer] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who], backend=BACKEND)
        return client

    def file(self, by: str, content: bytes = b"final order") -> str:
        """A file put here by an officer; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        Attachment.objects.get_or_create(pk=digest, defaults={"size": len(content), "root": "cd" * 32})
        detail = {"sha256": digest, "name": "order.pdf"}
        Audit.objects.create(officer=self.people[by], action="add_attachment", detail=detail)
        return digest

    def draft(self, author: str = "case_officer", **changes: Any) -> Draft:
        """A complete draft of a new case."""
        filled = body(TRACK.opening, datetime.now(UTC)) | changes
        return actions.save_draft(
            self.people[author], track=TRACK.name, body=filled, safeguards=answers(TRACK, TRACK.opening),
            attachments=[self.file(author)],
        )  # fmt: skip

    def case(self, author: str = "case_officer", **changes: Any) -> CaseRow:
        """A case opened by us, approved by a supervisor."""
        draft = actions.submit(self.people[author], self.draft(author, **changes))
        assert isinstance(draft, Draft)
        actions.approve(self.people["supervisor"], draft, draft.digest, now=True)
        return CaseRow.objects.get(pk=draft.case_name)

    def peer(self, case: CaseRow, step: str, **changes: Any) -> None:
        """The other side, having read all of our log, takes a step; we take it in and acknowledge it."""
        declared: Step = TRACK.step(step)
        at = datetime.now(UTC) + timedelta(seconds=1)
        filled = body(declared, at) | changes
        with writer(Relation.objects.get(pk=self.relation.pk), stamp(at)) as hand:
            salt, raw = b"s" * 32, encode_body(filled)
            header = Header(
                agreement=self.relation.agreement_id, step=step, seen=hand.ours.size, time=stamp(at), case=case.pk,
                body=body_digest(salt, raw), officer="peerofficer",
                approvals=("peersecond",) if declared.approvals else (),
            )  # fmt: skip
            verdicts = hand.take(PEER, [prepare(header.encode(), header, salt, raw)])
            hand.receipt()
        assert verdicts[0].valid, verdicts


def open_desk() -> Desk:
    relation = join(agreement_bytes(), b"not checked here", ME)
    unit = Unit.objects.create(code="removal", en="Removal Division", zh="遣返处")
    away = Unit.objects.create(code="archive", en="Archive", zh="档案处")
    desk = Desk(relation, unit)
    for name, role, where in (
        *((role, role, unit) for role in ROLES), ("second", "supervisor", unit), ("stranger", "case_officer", away)
    ):  # fmt: skip
        desk.people[name] = Officer.objects.create(
            username=name, role=role, unit=where if role not in ("oversight", "administrator") else None,
            first_name=name.replace("_", " ").title(),
        )  # fmt: skip
    return desk


def free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def posted(controls: Any) -> dict[str, Any]:
    """What a browser would send for these controls as they stand: every input, radio and checkbox."""
    sent: dict[str, Any] = {}
    for control in controls:
        if control.parts:
            sent |= posted(control.parts)
        elif control.options:
            chosen = [option.code for option in control.options if option.chosen]
            if control.kind == "checkboxes":
                sent[control.name] = chosen
            elif chosen:
                sent[control.name] = chosen[0]
            for option in control.options:
                sent |= posted(option.below)
        else:
            sent[control.name] = control.value
    return sent
