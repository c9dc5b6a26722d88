"""What a court is told, story by story."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.entry import Header
from comity.core.note import Checkpoint, Note
from comity.core.text import Refusal
from comity.core.tree import leaf_hash, memory_tiles
from comity.crypto import sign_checkpoint
from comity.exchange.evidence import EvidenceEntry, EvidenceLog, first_receipts
from comity_verify import layout
from comity_verify.main import run
from comity_verify.report import CHANGED, ERASED, GONE, NONE, NOTICE, SHOWN, Report
from comity_verify.show import show, visible
from tests.verify import story


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def faults(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.kind != NOTICE}


def outcome(data: bytes) -> Report | Refusal:
    """What is told of a file, or why it cannot be read; any other exception is a fault of the verifier."""
    try:
        return story.checked(data)
    except Refusal as refusal:
        return refusal


# --- the usual story ---------------------------------------------------------------------------------


def test_it_tells_who_said_what_and_when_and_what_was_acknowledged() -> None:
    report = story.checked(story.usual(), story.agreement()[0].digest)
    assert report.verified
    assert report.pinned
    told = [(each.author, each.index, each.step, each.body, each.proved) for each in report.statements]
    assert told == [
        ("us", 30, "request", SHOWN, True),
        ("cn", 2, "question", SHOWN, True),
        ("us", 33, "answer", ERASED, True),
        ("cn", 4, "verify", NONE, True),
    ]
    assert [each.said for each in report.statements] == [*story.BODIES, None, None]
    acknowledged = [each.acknowledged for each in report.statements]
    assert [seen and (seen.index, seen.root_shown) for seen in acknowledged] == [
        (1, True),
        (32, True),
        (3, True),
        None,
    ]
    assert acknowledged[0] is not None
    assert acknowledged[0].time < report.statements[1].time
    assert codes(report) == {"body-erased", "unacknowledged"}
    assert report.statements[0].attachments == (("ab" * 32, 1234),)


def test_without_a_digest_from_elsewhere_it_says_whose_word_the_keys_are() -> None:
    report = story.checked(story.usual())
    assert report.verified
    assert "agreement-not-pinned" in codes(report)
    report = story.checked(story.usual(), "00" * 32)
    assert faults(report) == {"agreement-not-the-one"}


def test_both_sides_files_tell_the_same_story() -> None:
    ours = story.checked(story.made(story.tell().evidence(), "us"))
    theirs = story.checked(story.made(story.tell().evidence(), "cn"))
    assert ours.statements == theirs.statements
    assert (ours.by, theirs.by) == ("us", "cn")


def test_the_words_are_there_in_both_languages_and_nothing_hidden() -> None:
    report = story.checked(story.usual())
    english, chinese = show(report, "en"), show(report, "zh")
    assert "VERIFIED" in english
    assert "核验通过" in chinese
    for text in (english, chinese):
        assert "name.native: 王小明" in text
        assert "counts[2]: 2" in text
        assert "minor: false" in text
        assert "<U+202E>" in text
        assert "\u202e" not in text
        for party in report.parties:
            assert party.fingerprint in text
        assert report.agreement in text
    assert visible("a\x1b[2Jb\u2028") == "a<U+001B>[2Jb<U+2028>"


# --- anything altered is named -----------------------------------------------------------------------


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_byte_of_any_part_changed_is_not_verified_and_the_part_is_named(data: st.DataObject) -> None:
    members = story.unzipped(story.usual())
    name = data.draw(st.sampled_from(sorted(members)))
    place = data.draw(st.integers(0, len(members[name]) - 1))
    part = bytearray(members[name])
    part[place] ^= data.draw(st.integers(1, 255))
    report = outcome(story.zipped({**members, name: bytes(part)}))
    if isinstance(report, Refusal):
        assert (report.code, report.where, name) == ("evidence-unreadable", layout.MANIFEST, layout.MANIFEST)
        return
    assert not report.verified
    named = {layout.MANIFEST if name == layout.MANIFEST_NOTE else name}
    assert named & {finding.where for finding in report.findings}


@pytest.mark.parametrize(
    "number", range(len(story.unzipped(story.usual())))
)  # names hold digests, new in each run
def test_any_part_taken_out_is_missed_by_name(number: int) -> None:
    members = story.unzipped(story.usual())
    name = sorted(members)[number]
    del members[name]
    if name == layout.MANIFEST:
        with pytest.raises(Refusal, match="evidence-unreadable"):
            story.checked(story.zipped(members))
        return
    report = story.checked(story.zipped(members))
    assert not report.verified
    assert name in {finding.where for finding in report.findings if finding.kind == "missing"}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_byte_of_the_zip_changed_never_passes_with_other_content(data: st.DataObject) -> None:
    whole = bytearray(story.usual())
    place = data.draw(st.integers(0, len(whole) - 1) | st.integers(len(whole) - 2000, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    report = outcome(bytes(whole))
    if isinstance(report, Refusal):
        assert report.code in ("evidence-unreadable", "evidence-too-large")
    elif report.verified:  # a byte no content depends on, such as a date in the zip's directory
        assert story.unzipped(bytes(whole)) == story.unzipped(story.usual())


def test_something_added_is_named() -> None:
    for name in ("extra.txt", "logs/us/entries/99.json", "../../etc/passwd", "C:\\x", "agreements/"):
        report = story.checked(story.zipped({**story.unzipped(story.usual()), name: b"x"}))
        assert faults(report) == {"member-added"}
        assert name in {finding.where for finding in report.findings}


# --- even when the maker of the file lies ------------------------------------------------------------


def test_a_maker_cannot_put_words_into_an_entry_or_a_body() -> None:
    members = story.unzipped(story.usual())
    entry, body = layout.entry("us", 30), layout.body("us", 30)
    report = story.checked(
        story.resigned({**members, entry: members[entry].replace(b'"seen":0', b'"seen":1')})
    )
    assert faults(report) == {"inclusion-proof-wrong"}
    assert [each.proved for each in report.statements].count(False) == 1
    report = story.checked(
        story.resigned({**members, body: members[body].replace("王".encode(), "汪".encode())})
    )
    assert faults(report) == {"body-altered"}
    assert report.statements[0].body == CHANGED
    assert report.statements[0].said is None


def test_a_maker_cannot_move_an_entry_or_borrow_one_of_another_case() -> None:
    world = story.tell()
    members = story.unzipped(story.usual())
    other = world.logs["us"].leaves[31]
    assert b"US-2026-0000-0000" in other
    report = story.checked(story.resigned({**members, layout.entry("us", 30): other}))
    assert "entry-of-another-case" in faults(report)
    first, second = layout.entry("us", 30), layout.entry("us", 33)
    swapped = {**members, first: members[second], second: members[first]}
    assert "inclusion-proof-wrong" in faults(story.checked(story.resigned(swapped)))


def test_a_maker_cannot_make_up_a_receipt() -> None:
    members = story.unzipped(story.usual())
    receipt = layout.entry("cn", 1)
    header = replace(Header.parse(members[receipt]), time="2026-03-04T00:00:01.000Z")
    report = story.checked(story.resigned({**members, receipt: header.encode()}))
    assert "inclusion-proof-wrong" in faults(report)
    seen = report.statements[0].acknowledged
    assert seen is None or seen.index != 1


def test_a_body_listed_but_gone_is_missing_and_one_not_listed_is_erased() -> None:
    members = story.unzipped(story.usual())
    del members[layout.body("us", 30)]
    report = story.checked(story.resigned(members))
    assert faults(report) == {"member-missing"}
    assert report.statements[0].body == GONE
    logs = json.loads(members[layout.MANIFEST])["logs"]
    logs["us"]["bodies"] = []
    report = story.checked(story.resigned(members, logs=logs))
    assert report.verified
    assert report.statements[0].body == ERASED


def test_an_entry_listed_but_gone_is_missing() -> None:
    members = story.unzipped(story.usual())
    del members[layout.entry("us", 33)]
    report = story.checked(story.resigned(members))
    assert "member-missing" in faults(report)
    assert layout.entry("us", 33) in {finding.where for finding in report.findings}


def test_a_stranger_cannot_make_a_file() -> None:
    data = story.made(story.tell().evidence(), "us", "stranger")
    assert faults(story.checked(data)) == {"manifest-altered"}
    data = story.made(story.tell().evidence(), "fr")
    assert faults(story.checked(data)) == {"parties-differ"}


def test_an_unsigned_half_signed_or_changed_agreement_is_not_taken() -> None:
    evidence = story.tell().evidence()
    loaded, signed = story.agreement()
    note = Note.parse(signed)
    half = replace(note, signatures=note.signatures[:2]).encode()
    assert faults(story.checked(story.made(replace(evidence, agreements=((loaded.data, half),))))) == {
        "signature-missing"
    }
    other = loaded.data.replace(b"delivery_grace_hours = 24", b"delivery_grace_hours = 25")
    assert other != loaded.data
    report = story.checked(story.made(replace(evidence, agreements=((other, signed),))))
    assert faults(report) == {"agreement-signature-differs"}
    assert not report.statements


# --- two histories -----------------------------------------------------------------------------------


def forged(author: str, size: int, *, held: bool = False) -> bytes:
    """A checkpoint its author really signed, over a log it never showed."""
    good = story.tell().checkpoint(author)
    lie = replace(good, held_size=size, held_root=leaf_hash(b"lie")) if held else replace(
        good, size=size, root=leaf_hash(b"lie")
    )  # fmt: skip
    return sign_checkpoint(lie, story.keys(author))


def with_checkpoint(note: bytes, author: str) -> bytes:
    return story.changed(lambda log: replace(log, checkpoints=(*log.checkpoints, note)), author)


def test_two_checkpoints_of_one_size_with_different_roots_are_told_as_two_stories() -> None:
    size = story.tell().checkpoint("us").size
    report = story.checked(with_checkpoint(forged("us", size), "us"))
    assert "equivocation" in faults(report)
    named = next(finding.where for finding in report.findings if finding.code == "equivocation")
    assert named == f"checkpoints/us-{size}.note / checkpoints/us-{size}-2.note"


def test_a_log_rewritten_between_two_checkpoints_is_told() -> None:
    assert faults(story.checked(with_checkpoint(forged("us", 20), "us"))) == {"checkpoint-inconsistent"}
    earlier = sign_checkpoint(story.tell().checkpoint("us", 20, 0), story.keys("us"))
    assert story.checked(with_checkpoint(earlier, "us")).verified


def test_a_checkpoint_that_holds_another_history_of_the_other_side_is_told() -> None:
    for size in (20, story.tell().checkpoint("us").size):
        report = story.checked(with_checkpoint(forged("cn", size, held=True), "cn"))
        assert faults(report) == {"receipt-of-another-history"}


def test_a_receipt_for_another_history_acknowledges_nothing() -> None:
    world = story.tell()
    world.logs["us"].leaves[5] = b"rewritten after the receipts were given"
    report = story.checked(story.made(world.evidence()))
    assert faults(report) == {"receipt-of-another-history"}
    seen = report.statements[0].acknowledged  # by the question, which had read it; no good receipt covers it
    assert seen is not None
    assert not seen.root_shown
    assert "(by count only)" in show(report, "en")


def test_a_checkpoint_of_the_other_direction_or_by_the_other_side_is_refused() -> None:
    point = story.tell().checkpoint("cn", 3, 0)
    for note in (sign_checkpoint(point, story.keys("cn")), sign_checkpoint(point, story.keys("us"))):
        assert "signature-missing" in faults(story.checked(with_checkpoint(note, "us")))


def test_what_breaks_a_rule_of_the_log_is_told_without_being_called_altered() -> None:
    world = story.tell()
    log = world.logs["us"]
    late = replace(Header.parse(log.leaves[33]), time="2020-01-01T00:00:00.000Z").encode()
    log.leaves[33] = late
    log.entries[33] = EvidenceEntry(33, late)
    # The receipts after it were given for the log as it now stands.
    for author, place, seen in (("cn", 3, 34),):
        other = world.logs[author]
        header = replace(Header.parse(other.leaves[place]), root=log.root(seen).hex()).encode()
        other.leaves[place] = header
        other.entries[place] = EvidenceEntry(place, header)
    receipt = replace(Header.parse(log.leaves[34]), root=world.logs["cn"].root(4).hex()).encode()
    log.leaves[34] = receipt
    log.entries[34] = EvidenceEntry(34, receipt)
    report = story.checked(story.made(world.evidence()))
    assert report.verified
    assert "time-went-back" in codes(report)


# --- writing -----------------------------------------------------------------------------------------


def test_nothing_beyond_the_checkpoint_is_written() -> None:
    evidence = story.tell().evidence()
    cn, us = evidence.logs
    point = sign_checkpoint(story.tell().checkpoint("us", 31, 0), story.keys("us"))
    with pytest.raises(Refusal, match="evidence-not-covered") as refused:
        story.made(replace(evidence, logs=(cn, replace(us, checkpoints=(point,)))))
    assert refused.value.where == "us / entry 32"
    short = EvidenceLog("us", (point,), us.entries[:1], memory_tiles([leaf_hash(b"x")] * 31))
    with pytest.raises(Refusal, match="evidence-not-covered") as refused:
        story.made(replace(evidence, logs=(cn, short)))
    assert refused.value.where.startswith("cn / ")


def test_the_first_receipt_that_covers_each_entry_is_found() -> None:
    receipts = [(1, 3), (5, 3), (6, 10), (9, 11)]
    assert first_receipts([], receipts) == ()
    assert first_receipts([2, 3, 9], receipts) == (1, 6)
    assert first_receipts([3], receipts) == (6,)
    assert first_receipts([10, 0], receipts) == (1, 9)
    assert first_receipts([11], receipts) == ()


def test_the_manifest_lists_every_part_and_the_read_me_speaks_both_languages() -> None:
    members = story.unzipped(story.usual())
    manifest = json.loads(members[layout.MANIFEST])
    assert set(manifest["files"]) == set(members) - {layout.MANIFEST, layout.MANIFEST_NOTE}
    assert all(layout.is_known(name) for name in members)
    readme = members[layout.README].decode()
    assert story.agreement()[0].digest in readme
    assert "# Evidence" in readme
    assert "# 证据文件" in readme
    assert Checkpoint.parse(Note.parse(members["checkpoints/us-35.note"]).text).size == 35


# --- hostile zips ------------------------------------------------------------------------------------


def unreadable(data: bytes, code: str = "evidence-unreadable") -> None:
    with pytest.raises(Refusal) as refused:
        story.checked(data)
    assert refused.value.code == code


def test_what_is_no_plain_zip_is_unreadable() -> None:
    for data in (
        b"",
        b"PK",
        b"\0" * 100,
        story.usual()[:-1],
        story.usual() + b"\0",
        story.zipped({"a": b"b"}),
    ):
        unreadable(data)
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", compression) as archive:
            archive.writestr(layout.MANIFEST, b"{}")
        unreadable(file.getvalue())


def test_a_name_that_stands_twice_is_unreadable() -> None:
    file = io.BytesIO(story.usual())
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(layout.README, b"other words")
    unreadable(file.getvalue())


def test_bombs_are_refused_while_they_are_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(layout.MANIFEST, bytes(layout.MAX_MEMBER + 1))
    unreadable(file.getvalue(), "evidence-too-large")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(layout.MAX_TOTAL // layout.MAX_MEMBER + 1):
            archive.writestr(str(number), bytes(layout.MAX_MEMBER))
    assert len(file.getvalue()) < 1_000_000
    unreadable(file.getvalue(), "evidence-too-large")
    end = bytearray(story.usual())
    end[-10:-6] = (layout.MAX_DIRECTORY + 1).to_bytes(4, "little")
    unreadable(bytes(end), "evidence-too-large")


def test_a_manifest_that_is_no_manifest_is_unreadable() -> None:
    members = story.unzipped(story.usual())
    good = json.loads(members[layout.MANIFEST])
    logs = good["logs"]
    for bad in (
        [], {}, {**good, "format": "x"}, {**good, "more": 1}, {**good, "case": "x"}, {**good, "made": "now"},
        {**good, "by": "U"}, {**good, "agreements": "x"}, {**good, "agreements": ["x"]}, {**good, "logs": {}},
        {**good, "logs": {**logs, "cn": {}}}, {**good, "logs": {**logs, "cn": {**logs["cn"], "entries": [2, 1]}}},
        {**good, "logs": {**logs, "cn": {**logs["cn"], "entries": [True]}}},
        {**good, "logs": {**logs, "cn": {**logs["cn"], "entries": [-1]}}},
        {**good, "logs": {**logs, "cn": {**logs["cn"], "receipts": logs["cn"]["entries"]}}},
        {**good, "logs": {**logs, "cn": {**logs["cn"], "checkpoints": []}}},
        {**good, "files": {"../x": "00" * 32}}, {**good, "files": {layout.README: "x"}},
    ):  # fmt: skip
        unreadable(story.zipped({**members, layout.MANIFEST: json.dumps(bad).encode()}))
    unreadable(story.zipped({**members, layout.MANIFEST: b"[" * 100_000}))


# --- the command -------------------------------------------------------------------------------------


def test_the_command_answers_with_its_exit_code(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(story.usual())
    members = story.unzipped(story.usual())
    bad.write_bytes(story.zipped({**members, layout.README: b"trust me"}))
    assert run([str(good)]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert "VERIFIED" in out
    assert "核验通过" in out
    assert run([str(good), "--lang", "zh"]) == 0
    assert "VERIFIED" not in capfdbinary.readouterr().out.decode()
    assert run([str(bad), "--json"]) == 5
    told = json.loads(capfdbinary.readouterr().out)
    assert told["verified"] is False
    assert [f["where"] for f in told["findings"] if f["kind"] == "altered"] == [layout.README]
    assert run([str(good), "--json", "--agreement-digest", story.agreement()[0].digest.upper()]) == 0
    assert json.loads(capfdbinary.readouterr().out)["agreement_pinned"] is True
    assert run([str(tmp_path / "none.zip")]) == 2
    assert "evidence-unreadable" in capfdbinary.readouterr().out.decode()
    assert run([str(tmp_path), "--json"]) == 2
    assert json.loads(capfdbinary.readouterr().out)["error"]["code"] == "evidence-unreadable"
    with pytest.raises(SystemExit) as left:
        run([str(good), "--agreement-digest", "xyz"])
    assert left.value.code == 2
    capfdbinary.readouterr()


def test_the_program_stands_alone_and_never_leaves_the_machine(tmp_path: Path) -> None:
    """In a process of its own: neither Django nor the node is imported, and no socket is opened."""
    (tmp_path / "good.zip").write_bytes(story.usual())
    program = (
        "import sys; from comity_verify.main import run; code = run(sys.argv[1:]); "
        "bad = [m for m in sys.modules if m.split('.')[0] in ('django', 'httpx', 'sqlite3', 'socket')"
        " or m.startswith(('comity.store', 'comity.exchange', 'comity.web', 'comity.node', 'comity.actions'))];"
        "sys.exit(str(bad) if bad else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "good.zip")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
