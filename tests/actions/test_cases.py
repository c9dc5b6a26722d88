"""At one's own node: files kept by their digest, notes, assignments, units; none of it leaves."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pytest

from comity import actions
from comity.access import Denied, Hidden
from comity.actions import keeping
from comity.actions.cases import harmless_name
from comity.actions.keeping import place_of
from comity.core.tree import CompactRange, leaf_hash
from comity.store.audit import Audit
from comity.store.drafts import Draft, Note
from comity.store.files import CHUNK, Attachment, AttachmentUse
from comity.store.logs import Entry
from comity.store.relations import join
from tests.actions.office import LAWFUL, Office, agreement_bytes, refused


class Trickle(io.RawIOBase):
    """A stream that gives less than it is asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.data.read(min(size, 70_001))


def left_over() -> list[Path]:
    return [p for p in keeping.directory().rglob("*") if p.is_file()] if keeping.directory().exists() else []


def opened(office: Office) -> Any:
    return office.row(
        actions.open_case(office.author, "letter", {"whom": "the archive"}, LAWFUL, via="cli").pk
    )


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_file_is_kept_by_its_digest_with_the_root_of_its_chunks(office: Office, size: int) -> None:
    content = os.urandom(size)
    for stream in (io.BytesIO(content), Trickle(content)):
        kept = actions.add_attachment(office.author, stream, name="a.pdf")  # type: ignore[arg-type]
        assert kept.pk == hashlib.sha256(content).hexdigest()
        chunks = [content[at : at + CHUNK] for at in range(0, size, CHUNK)]
        assert kept.root == CompactRange().extend(leaf_hash(each) for each in chunks).root().hex()
        assert (kept.size, place_of(kept.pk).read_bytes()) == (size, content)
    assert Attachment.objects.count() == 1
    assert left_over() == [place_of(kept.pk)]
    row = Audit.objects.filter(action="add_attachment").first()
    assert row is not None
    assert (row.detail["sha256"], row.detail["name"]) == (kept.pk, "a.pdf")


def test_files_that_are_not_kept_leave_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(actions.add_attachment, office.author, io.BytesIO(b"")) == "attachment-empty"
    monkeypatch.setattr(keeping, "LARGEST", 10)
    assert refused(actions.add_attachment, office.author, io.BytesIO(b"x" * 11)) == "attachment-too-large"
    with pytest.raises(Denied):
        actions.add_attachment(office.watch, io.BytesIO(b"x"))
    with pytest.raises(Denied):
        actions.add_attachment(office.admin, io.BytesIO(b"x"))
    with pytest.raises(Hidden):
        actions.add_attachment(office.stranger, io.BytesIO(b"x"), case=opened(office))
    assert left_over() == []
    assert not Attachment.objects.exists()


def test_a_full_disk_is_said_and_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping.os, "fsync", full)
    assert refused(actions.add_attachment, office.author, io.BytesIO(b"x")) == "disk-full"
    assert left_over() == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "AB" * 32, "ab" * 31, "ab" * 32 + "/"])
def test_only_a_digest_has_a_place(digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        place_of(digest)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\x\\order.pdf", "order.pdf"), ("a\0b\u202efdp.exe", "abfdp.exe"),
        ("...", ""), ("决定书.pdf", "决定书.pdf"), ("x" * 300, "x" * 120),
    ],
)  # fmt: skip
def test_names_of_files_are_made_harmless(name: str, kept: str) -> None:
    assert harmless_name(name) == kept


def test_a_note_stays_here(office: Office) -> None:
    case = opened(office)
    entries = Entry.objects.count()
    actions.add_note(office.reader, case, "  Ask the registry.\n")
    assert Note.objects.get().text == "Ask the registry."
    assert Entry.objects.count() == entries
    assert refused(actions.add_note, office.author, case, " \n") == "note-empty"
    assert refused(actions.add_note, office.author, case, "x" * 9000) == "note-too-long"
    with pytest.raises(Denied):
        actions.add_note(office.watch, case, "x")


def test_the_last_holder_stays(office: Office) -> None:
    case = opened(office)
    case.unit = None
    case.save()
    assert refused(actions.unassign, office.author, case, office.author) == "last-holder"
    actions.assign(office.author, case, office.author)
    case.assignments.create(officer=office.boss)
    actions.unassign(office.boss, case, office.author)
    assert [each.officer for each in case.assignments.all()] == [office.boss]
    assert Audit.objects.filter(action="unassign").count() == 1


def test_assigning_twice_is_assigning_once(office: Office) -> None:
    case = opened(office)
    actions.assign(office.boss, case, office.stranger)
    actions.assign(office.boss, case, office.stranger)
    assert Audit.objects.filter(action="assign").count() == 1


def test_what_one_authority_sent_is_not_passed_on_to_another(office: Office) -> None:
    """The agreement with its sender says: never. Back to the sender it may go."""
    case = opened(office)
    office.peer_writes("2099-01-01T00:00:00.000Z", "note", case.pk, {})
    file = office.file(b"from the other side")
    received = Entry.objects.get(log__author="bb", case_id=case.pk)
    AttachmentUse.objects.create(
        attachment=file,
        entry=received,
        relation=office.relation,
        case_id=case.pk,
        ours=False,
        size=1,
        root="cd" * 32,
    )
    join(agreement_bytes("others", "aa", "cc"), b"x", "aa")
    for relation, codes in (("letters", []), ("others", ["forwarding-refused"])):
        draft = actions.save_draft(
            office.author,
            track="deed",
            body={"whom": "x"},
            safeguards=LAWFUL,
            attachments=[file.pk],
            relation=relation,
        )
        assert [p.code for p in actions.check_draft(office.author, draft)] == codes


def test_a_file_in_a_case_out_of_sight_cannot_be_attached(office: Office) -> None:
    """A digest alone opens nothing."""
    case = opened(office)
    office.peer_writes("2099-01-01T00:00:00.000Z", "note", case.pk, {})
    file = office.file(b"of that case")
    received = Entry.objects.get(log__author="bb", case_id=case.pk)
    AttachmentUse.objects.create(
        attachment=file,
        entry=received,
        relation=office.relation,
        case_id=case.pk,
        ours=False,
        size=1,
        root="cd" * 32,
    )
    assert refused(
        actions.save_draft, office.stranger, track="deed", body={}, attachments=[file.pk]
    ) == "attachment-unknown"  # fmt: skip
    actions.save_draft(office.boss, track="deed", body={}, attachments=[file.pk])
    assert Draft.objects.count() == 2
