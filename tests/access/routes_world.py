"""The office the matrix asks in: one unit's cases, drafts and files, and people of every role near to it and far from it.

Every word of `MARKS` stands in a case, in its number, its file's name or its note, and nowhere else: an answer that holds one
has told something of the case. Everything is made by the actions themselves, as officers of the home unit.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from comity import actions
from comity.actions.bulk import rows_of
from comity.core.text import Text
from comity.core.track import EITHER, REQUESTING, RESPONDING, Field
from comity.core.types import FreeText
from comity.derive import exporting
from comity.store import cases, indexing, relations
from comity.store.drafts import Bundle, Draft
from comity.store.logs import Checkpoint, Log
from comity.store.people import Assignment, Officer, Token
from tests.access.routes_table import LAWFUL, ROLES, Place, Row
from tests.actions.office import ALL, Office, open_office, stamp
from tests.core.small_track import LETTER, make, step

NAME, NUMBER = "Zaphira Quellmark 祝秋祥", "QX7734199"
MARKS = ("Quellmark", "祝秋祥", NUMBER, "vellum-dossier", "kestrel")
RELATIONS = ("unit", "assigned", "foreign")
SCOPES = ("read", "draft", "step")
FILE = b"bytes of Quellmark"
NO_CASE, NO_KEY, NO_FILE = "AA-2026-0000-0000", "00000000-0000-4000-8000-000000000000", "0" * 64
THEIRS = "BB-2026-7KQ2-MD4T"

_REMARK = Field("remark", Text("Remark", "备注"), FreeText(200), required=False, retention="short")
_WHOM = Field("whom", LETTER.title, FreeText(200), retention="short")
_CHANGED = {
    "ask_letter": step("ask_letter", REQUESTING, to="asked", opens=True, safeguards=("lawful",), form=(_WHOM,),
                       attachments="optional"),
    "write": step("write", RESPONDING, ("asked",), "written", approvals=1, form=(_REMARK,)),
    "note": step("note", EITHER, at_any_time=True, form=(_REMARK,), attachments="optional"),
}  # fmt: skip
TRACK = make(steps=tuple(_CHANGED.get(s.name, s) for s in LETTER.steps))


def patch(monkeypatch: Any) -> None:
    """Let the node know the made-up tracks; the relation of `World` has a name of its own, as tracks are kept by agreement."""
    for module in (relations, cases):
        monkeypatch.setattr(module, "TRACKS", {**ALL, "letter": TRACK})
    # What stands in an evidence file needs two real nodes (tests/exchange); here it is a file with a word of the case.
    monkeypatch.setattr(exporting, "here", lambda: None)
    monkeypatch.setattr(exporting, "export", lambda desk, case, file: file.write(FILE))


@dataclass
class World:
    office: Office
    case: str = ""
    sha256: str = ""
    drafts: dict[str, str] = field(default_factory=dict)  # kind -> key
    digests: dict[str, str] = field(default_factory=dict)
    people: dict[tuple[str, str], Officer] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)  # session of an officer
    tokens: dict[int, str] = field(default_factory=dict)

    # -- making it ------------------------------------------------------------------------------------------------

    @classmethod
    def of_people(cls) -> World:
        """An office with everybody in it and nothing written: each role in the home unit, and twice in another."""
        office = open_office("routes")
        world = cls(office)
        for role in ROLES:
            for relation in RELATIONS:
                unit = office.home if relation == "unit" else office.away
                officer = Officer.objects.create(username=f"{role}-{relation}", role=role, unit=unit)
                world.people[role, relation] = officer
                client = Client()
                client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
                world.keys[officer.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
                world.tokens[officer.pk] = Token.issue(officer, list(SCOPES), "matrix")[1]
        return world

    def plant(self) -> World:
        """Two cases held by the home unit, drafts in them and of new ones, and a file that waits for approval."""
        office, author = self.office, self.office.author
        kept = actions.add_attachment(author, io.BytesIO(FILE), name="vellum-dossier.pdf")
        self.sha256 = kept.pk
        body = {"whom": f"{NAME} {NUMBER}"}
        # Theirs came so long ago that it is overdue: it is in every count a page shows.
        office.peer_writes(
            stamp(timezone.now() - timedelta(days=12)), "ask_letter", THEIRS, body, track="letter"
        )
        theirs = office.row(THEIRS)
        theirs.unit = office.home
        theirs.save(update_fields=["unit"])
        opened = actions.open_case(author, "letter", body, LAWFUL, [kept.pk], via="cli")
        self.case = str(opened.pk)
        case = office.row(self.case)
        actions.add_note(author, case, "kestrel")
        marked = {"remark": f"{NAME} {NUMBER}"}
        self._draft("case_draft", actions.save_draft(author, case=case, step="note", body=marked))
        self._draft("leaving", actions.save_draft(author, case=case, step="note", body=marked), send=True)
        self._draft(
            "case_wait", actions.save_draft(author, case=theirs, step="write", body=marked), send=True
        )
        new: dict[str, Any] = {"track": "letter", "body": body, "safeguards": LAWFUL}
        deed = {**new, "track": "deed", "attachments": [kept.pk]}
        self._draft("new_draft", actions.save_draft(author, **new))
        self._draft("new_wait", actions.save_draft(author, **deed), send=True)
        rows = rows_of([{**body, "safeguards": LAWFUL, "attachments": [kept.pk]}])
        actions.open_many(author, "deed", rows, source="people.csv")
        bundle = Bundle.objects.get()
        self.drafts["bundle"], self.digests["bundle"] = str(bundle.pk), bundle.digest
        for (_, relation), officer in self.people.items():
            if relation == "assigned":
                Assignment.objects.create(case=case, officer=officer)
                Assignment.objects.create(case=theirs, officer=officer)
        peer = Log.objects.get(relation=office.relation, author=office.relation.peer)
        Checkpoint.objects.create(log=peer, size=peer.size, note=b"signed")
        indexing.catch_up(most=1000)
        return self

    def _draft(self, kind: str, draft: Draft, *, send: bool = False) -> None:
        if send:
            actions.submit(self.office.author, draft)
            draft.refresh_from_db()
            assert draft.status == ("leaving" if kind == "leaving" else "awaiting"), draft.status
        self.drafts[kind], self.digests[kind] = str(draft.pk), draft.digest

    # -- asking ---------------------------------------------------------------------------------------------------

    def place(self, kind: str, row: Row, officer: Officer, *, there: bool = True) -> Place:
        """What the address and the body name. `there` False: a thing of the same kind that does not exist."""
        other = self.office.people["other_boss"] if officer.unit == self.office.home else self.office.stranger
        named = "name" if "<name>" in row.at and "assignments" in row.at else ""
        return {
            "case": self.case if there else NO_CASE,
            "sha256": self.sha256 if there or "<case>" in row.at or "<str:case>" in row.at else NO_FILE,
            "draft": self.drafts.get(kind, NO_KEY) if there else NO_KEY,
            "bundle": self.drafts["bundle"] if there and self.drafts else NO_KEY,
            "digest": self.digests.get(kind, ""),
            "section": "details",
            "step": "verify" if row.at.startswith("tracks/") else "note",
            "track": "repatriation" if row.at.startswith("tracks/<track>") else "letter",
            "version": "1",
            "relation": self.office.relation.name,
            "name": self.office.author.username if named else self.office.relation.name,
            "other": other.username, "other_key": str(other.pk),
            "own": officer.username, "own_key": str(officer.pk),
            "author_key": str(self.office.author.pk),
        }  # fmt: skip

    def client(self, officer: Officer | None, **more: Any) -> Client:
        client = browser(**more)
        if officer is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.keys[officer.pk]
        return client

    def ask_page(
        self, officer: Officer | None, lang: str, row: Row, place: Place, method: str = "", **more: Any
    ) -> Any:
        """The answer of a page, to a browser of its own; `more` goes to the client."""
        body: dict[str, Any] = dict(row.body(place))
        if row.at.endswith("attach"):
            body["file"] = SimpleUploadedFile("new.txt", b"new")
        asked = method or row.method
        client, at = self.client(officer, **more), address(f"/{lang}/", row, place)
        return client.post(at, body) if asked == "POST" else client.generic(asked, at)

    def ask_api(self, secret: str, row: Row, place: Place, method: str = "", **more: Any) -> Any:
        data = row.raw or (json.dumps(row.body(place)).encode() if row.method in ("POST", "PATCH") else b"")
        kind = "application/octet-stream" if row.raw else "application/json" if data else ""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        client = browser(**more)
        return client.generic(
            method or row.method, address("/api/v1/", row, place), data, content_type=kind, headers=headers
        )


def address(before: str, row: Row, place: Place) -> str:
    at = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: place[found[1]], row.at)
    return f"{before}{at}{'?' + row.query if row.query else ''}"


def said(response: Any) -> bytes:
    """The whole body, of a stream too."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def told(response: Any) -> str:
    """Everything a response says: its headers and its body, JSON with its escapes undone."""
    text = said(response).decode(errors="replace")
    if text and response.headers.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return f"{sorted(response.headers.items())}{text}"


_UNSEEN = {"Audit", "Session", "AccessLog"}  # AccessLog: when sessions of officers began and ended
_OWN = {"Officer": {"lang", "last_login"}}  # the language an officer last read in is his own affair


def snapshot() -> dict[str, tuple[int, str]]:
    """Of every table but those of the trail and of sessions: how many rows, and a digest of all they hold."""
    made: dict[str, tuple[int, str]] = {}
    with connection.cursor() as cursor:
        for name, statement in _statements():
            cursor.execute(statement)
            rows = cursor.fetchall()
            made[name] = len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
    return made


@lru_cache(maxsize=1)
def _statements() -> tuple[tuple[str, str], ...]:
    made = []
    for model in apps.get_models():
        out = _OWN.get(model.__name__, ())
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.attname not in out)
        table, key = model._meta.db_table, model._meta.pk.column
        if model.__name__ not in _UNSEEN:
            made.append((model.__name__, f'SELECT {columns} FROM "{table}" ORDER BY "{key}"'))  # noqa: S608  (names of tables)
    return tuple(made)


@lru_cache(maxsize=2)
def _handler(csrf: bool) -> ClientHandler:
    """The node itself, its middleware loaded once; every browser is new."""
    return ClientHandler(enforce_csrf_checks=csrf)


def browser(*, enforce_csrf_checks: bool = False, **more: Any) -> Client:
    """A browser without a cookie."""
    made = Client(**more)
    made.handler = _handler(enforce_csrf_checks)
    return made


__all__ = ["MARKS", "RELATIONS", "SCOPES", "World", "address", "browser", "patch", "said", "snapshot", "told"]
