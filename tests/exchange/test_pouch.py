"""The pouch: carried by hand, read twice, cut short, lost; receipts come back with the return trip."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from django.db import connections

from comity.core.text import Refusal
from comity.exchange.lines import pouch
from comity.store.files import HELD, Attachment, AttachmentUse
from tests.exchange.pair import Side
from tests.exchange.test_admit import alike
from tests.exchange.test_attachments import put_file


def carry(sender: Side, reader: Side, path: Path) -> tuple[pouch.Carried, pouch.Carried]:
    return pouch.write(sender.desk, sender.relation, path), pouch.read(reader.desk, path)


def test_there_and_back(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, b = sides
    case = a.open()
    a.write_many("note", case, 1200)
    written, read = carry(a, b, tmp_path / "out")
    assert (written.batches, written.entries) == (3, 1201)
    assert (read.batches, read.entries) == (3, 1201)
    b.write("verify", case)
    _, back = carry(b, a, tmp_path / "back")
    assert back.entries == 4
    assert a.ours.held == a.ours.size - 1  # the receipt it has just written
    carry(a, b, tmp_path / "again")
    alike(a, b)
    assert all(entry.acked for entry in a.entries(a.code)[:1201])


def test_read_twice_does_nothing_new(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, b = sides
    a.open()
    carry(a, b, tmp_path / "p")
    assert pouch.read(b.desk, tmp_path / "p").entries == 0
    assert b.ours.size == 1


def test_a_lost_pouch_is_made_good_by_the_next(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, b = sides
    case = a.open()
    pouch.write(a.desk, a.relation, tmp_path / "lost")
    a.write("note", case)
    assert carry(a, b, tmp_path / "p")[1].entries == 2
    assert pouch.read(b.desk, tmp_path / "lost").entries == 0


def test_with_an_attachment(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, b = sides
    data = bytes(range(256)) * 4096 * 2 + b"end"
    item = put_file(a, data)
    a.open(attachments=(item,))
    _, read = carry(a, b, tmp_path / "p")
    assert read.chunks == 3
    held = Attachment.objects.using(b.using).get(pk=item.sha256)
    assert held.state == HELD
    place = b.desk.files / item.sha256[:2] / item.sha256
    assert hashlib.sha256(place.read_bytes()).hexdigest() == item.sha256
    carry(b, a, tmp_path / "back")
    assert AttachmentUse.objects.using(a.using).get().sent is not None
    assert pouch.write(a.desk, a.relation, tmp_path / "p2").chunks == 0


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda data: data[:-1], "pouch-cut", "record 2"),
        (lambda data: data[:100], "pouch-cut", "record 1"),
        (lambda data: data + b"x", "pouch-malformed", "record 2"),
        (lambda data: b"x" + data, "pouch-malformed", "record 0"),
        (lambda data: data.replace(b"\nB", b"\nZ", 1), "pouch-malformed", "record 1"),
        (lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:], "sealed-unreadable", "record 1"),
    ],
)
def test_a_damaged_pouch(
    sides: tuple[Side, Side], tmp_path: Path, change: object, code: str, where: str
) -> None:
    a, b = sides
    a.open()
    pouch.write(a.desk, a.relation, tmp_path / "p")
    (tmp_path / "p").write_bytes(change((tmp_path / "p").read_bytes()))  # type: ignore[operator]
    with pytest.raises(Refusal) as caught:
        pouch.read(b.desk, tmp_path / "p")
    assert (caught.value.code, caught.value.where) == (code, where)
    assert b.theirs.size == 0


def test_a_pouch_for_somebody_else(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, _ = sides
    a.open()
    pouch.write(a.desk, a.relation, tmp_path / "p")
    with pytest.raises(Refusal) as caught:
        pouch.read(a.desk, tmp_path / "p")
    assert caught.value.code == "wrong-addressee"


def test_nothing_is_left_where_a_pouch_could_not_be_written(sides: tuple[Side, Side], tmp_path: Path) -> None:
    a, _ = sides
    a.open()
    with pytest.raises(OSError, match="No such file"):
        pouch.write(a.desk, a.relation, tmp_path / "none" / "p")
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.sqlite_only
def test_a_node_restored_from_a_backup_gets_its_entries_back_by_pouch(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    a, b = sides
    case = a.open()
    carry(a, b, tmp_path / "1")
    carry(b, a, tmp_path / "2")
    connections[a.using].close()
    path = Path(connections.databases[a.using]["NAME"])
    shutil.copyfile(path, tmp_path / "backup")
    b.write("verify", case)
    carry(b, a, tmp_path / "3")
    a.write_many("note", case, 700)
    carry(a, b, tmp_path / "4")
    b.write("note", case)
    carry(b, a, tmp_path / "5")
    lost = a.ours.size
    connections[a.using].close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "backup", path)
    assert a.ours.size == 1
    carry(b, a, tmp_path / "6")
    assert a.relation.read_only == "restored"
    carry(a, b, tmp_path / "7")  # asks for its own entries
    assert b.relation.resend == a.ours.size
    carry(b, a, tmp_path / "8")
    assert not a.relation.read_only
    assert a.ours.size >= lost - 1  # but for a receipt that had not left the node
    carry(a, b, tmp_path / "9")
    carry(b, a, tmp_path / "10")
    carry(a, b, tmp_path / "11")
    alike(a, b)
