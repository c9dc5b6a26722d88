"""A file of applications: a line for each row, all or nothing per row, nothing twice, approved as one."""

from __future__ import annotations

import time
from typing import Any

import pytest

from comity import actions
from comity.access import Denied, Hidden
from comity.actions import bundles
from comity.actions.bulk import ALREADY, AT_ONCE, OPENED, REFUSED, WAITS, rows_of
from comity.store import queries
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import AWAITING, SENT, WITHDRAWN, BulkRow, Bundle, Draft
from comity.store.logs import Entry
from comity.store.people import Assignment
from tests.actions.office import LAWFUL, LETTER, Office, refused


def person(number: int, **more: object) -> dict[str, Any]:
    name = {"surname": "WANG", "given": f"A{chr(97 + number % 26)}"}
    return {"person": name, "number": f"E{number:08d}", "safeguards": LAWFUL, **more}


def rows(count: int) -> list[actions.BulkRow]:
    return list(rows_of(person(n) for n in range(count)))


def deeds(office: Office, count: int) -> list[actions.BulkRow]:
    file = office.file(by=office.author).pk
    return list(rows_of({"whom": f"w{n}", "safeguards": LAWFUL, "attachments": [file]} for n in range(count)))


def test_each_row_is_a_case_or_a_reason(office: Office) -> None:
    bad = [
        person(1, birth_date="1985-13-45"),
        {"person": {}, "safeguards": LAWFUL},
        person(2, safeguards={}),
        person(3),
    ]
    report = actions.open_many(office.author, "person", rows_of(bad))
    assert [row.outcome for row in report.rows] == [REFUSED, REFUSED, REFUSED, OPENED]
    date, name, answer = (row.problems[0] for row in report.rows[:3])
    assert date.where == "birth_date"
    assert date.mend is not None
    assert (name.code, name.where) == ("missing", "person")
    assert answer.code == "safeguard-unanswered"
    assert CaseRow.objects.count() == Entry.objects.count() == 1
    assert Assignment.objects.get().officer == office.author
    assert report.to_json()["counts"] == {OPENED: 1, WAITS: 0, ALREADY: 0, REFUSED: 3}
    assert Audit.objects.get(action="open_many").detail["counts"] == report.to_json()["counts"]


def test_handed_in_again_nothing_is_opened_twice(office: Office) -> None:
    first = actions.open_many(office.author, "person", rows(3))
    again = actions.open_many(office.author, "person", rows(5))
    assert [row.outcome for row in again.rows] == [ALREADY] * 3 + [OPENED] * 2
    assert [row.case for row in again.rows[:3]] == [row.case for row in first.rows]
    assert CaseRow.objects.count() == 5


def test_the_same_row_twice_in_one_file_is_one_case(office: Office) -> None:
    report = actions.open_many(office.author, "person", rows_of([person(1), person(1)]))
    assert [row.outcome for row in report.rows] == [OPENED, ALREADY]
    assert len({row.case for row in report.rows}) == 1


def test_after_a_crash_the_file_goes_on_where_it_stopped(office: Office) -> None:
    class CrashError(Exception):
        pass

    def crash(done: int) -> None:
        raise CrashError

    with pytest.raises(CrashError):
        actions.open_many(office.author, "person", rows(AT_ONCE + 5), progress=crash)
    assert CaseRow.objects.count() == AT_ONCE
    report = actions.open_many(office.author, "person", rows(AT_ONCE + 5))
    assert (report.count(ALREADY), report.count(OPENED)) == (AT_ONCE, 5)
    assert CaseRow.objects.count() == AT_ONCE + 5


def test_a_bundle_left_half_made_by_a_crash_is_finished_by_the_next_try(office: Office) -> None:
    class CrashError(Exception):
        pass

    def crash(done: int) -> None:
        raise CrashError

    many = deeds(office, AT_ONCE + 3)
    with pytest.raises(CrashError):
        actions.open_many(office.author, "deed", many, source="a.csv", progress=crash)
    assert queries.approvals(office.boss)[1] == ()
    report = actions.open_many(office.author, "deed", many, source="a.csv")
    assert report.bundle is not None
    assert Bundle.objects.count() == 1
    assert len(bundles.waiting_drafts(report.bundle)) == AT_ONCE + 3


def test_where_approval_is_needed_nothing_leaves_before_it(office: Office) -> None:
    report = actions.open_many(office.author, "deed", deeds(office, 3), source="deeds.csv")
    assert [row.outcome for row in report.rows] == [WAITS] * 3
    bundle = report.bundle
    assert bundle is not None
    assert bundle.status == AWAITING
    assert not Entry.objects.exists()
    with pytest.raises(Denied):
        actions.approve(office.author, bundle, bundle.digest)
    assert not Entry.objects.exists()


def test_a_bundle_is_approved_as_one(office: Office) -> None:
    report = actions.open_many(office.author, "deed", deeds(office, 3))
    bundle = report.bundle
    assert bundle is not None
    assert queries.approvals(office.boss)[1] == (bundle,)
    assert refused(actions.approve, office.boss, bundle, bundle.digest, via="token") == "approval-by-token"
    assert refused(actions.approve, office.boss, bundle, "ab" * 32) == "approval-of-another-digest"
    actions.approve(office.boss, bundle, bundle.digest)
    assert refused(actions.approve, office.boss, bundle, bundle.digest) == "approval-twice"
    assert not Entry.objects.exists()
    done = actions.approve(office.link, bundle, bundle.digest)
    assert done.status == SENT
    entries = list(Entry.objects.all())
    assert {entry.parsed.approvals for entry in entries} == {(office.boss.pseudonym, office.link.pseudonym)}
    assert {entry.case_id for entry in entries} == {row.case for row in report.rows}
    assert {draft.entry_id for draft in Draft.objects.all()} == {entry.pk for entry in entries}
    assert office.row(report.rows[0].case).unit == office.home
    again = actions.open_many(office.author, "deed", deeds(office, 3))
    assert again.count(ALREADY) == 3
    assert again.bundle is None


def test_who_put_a_file_up_does_not_approve_it(office: Office) -> None:
    file = office.file(by=office.boss).pk
    many = rows_of([{"whom": "x", "safeguards": LAWFUL, "attachments": [file]}])
    bundle = actions.open_many(office.boss, "deed", many).bundle
    assert bundle is not None
    assert refused(actions.approve, office.boss, bundle, bundle.digest) == "approval-of-own-work"
    with pytest.raises(Denied):
        actions.approve(office.night, bundle, bundle.digest)
    with pytest.raises(Hidden):
        actions.approve(office.stranger, bundle, bundle.digest)


def test_a_row_taken_out_voids_what_was_approved(office: Office) -> None:
    bundle = actions.open_many(office.author, "deed", deeds(office, 3)).bundle
    assert bundle is not None
    old = bundle.digest
    actions.approve(office.boss, bundle, old)
    draft = bundle.drafts.order_by("place").first()
    assert draft is not None
    assert (
        refused(actions.save_draft, office.author, draft=draft, body={"whom": "changed"}) == "draft-in-bundle"
    )
    assert refused(actions.approve, office.boss, draft, draft.digest) == "draft-in-bundle"
    actions.withdraw_draft(office.author, draft)
    bundle.refresh_from_db()
    assert bundle.digest != old
    assert not bundle.approvals.filter(voided=None).exists()
    assert refused(actions.approve, office.link, bundle, old) == "approval-of-another-digest"
    actions.approve(office.link, bundle, bundle.digest)
    assert not Entry.objects.exists()
    actions.approve(office.boss, bundle, bundle.digest)
    assert Entry.objects.count() == 2
    again = actions.open_many(office.author, "deed", deeds(office, 3))
    assert [row.outcome for row in again.rows] == [WAITS, ALREADY, ALREADY]


def test_a_file_sent_back_may_be_handed_in_again(office: Office) -> None:
    bundle = actions.open_many(office.author, "deed", deeds(office, 2)).bundle
    assert bundle is not None
    back = actions.reject(office.boss, bundle, "wrong list")
    assert (back.status, back.reason) == (WITHDRAWN, "wrong list")
    assert not BulkRow.objects.exists()
    assert actions.open_many(office.author, "deed", deeds(office, 2)).count(WAITS) == 2


def test_files_that_are_not_ones_own_are_refused_row_by_row(office: Office) -> None:
    strange = office.file(b"of another").pk
    report = actions.open_many(
        office.author, "deed", rows_of([{"whom": "x", "safeguards": LAWFUL, "attachments": [strange]}])
    )
    assert report.rows[0].problems[0].code == "attachment-unknown"
    assert report.bundle is None
    assert not Bundle.objects.exists()


def test_a_row_that_could_not_be_read_whole_is_not_opened(office: Office) -> None:
    (row,) = rows(1)
    bad = actions.BulkRow(
        7, row.body, row.safeguards, (), (actions.Problem("cells-without-heading", "", LETTER.title),)
    )
    report = actions.open_many(office.author, "person", [bad])
    assert (report.rows[0].row, report.rows[0].outcome) == (7, REFUSED)
    assert actions.open_many(office.author, "person", [row, bad]).rows[1].outcome == REFUSED


@pytest.mark.parametrize("who", ["night", "reader", "watch", "admin"])
def test_roles_that_do_not_open_in_bulk(office: Office, who: str) -> None:
    with pytest.raises(Denied):
        actions.open_many(office.people[who], "person", rows(1))


def test_a_thousand_rows_in_one_go(office: Office) -> None:
    told: list[int] = []
    begun = time.perf_counter()
    report = actions.open_many(office.author, "person", rows(1000), progress=told.append)
    taken = time.perf_counter() - begun
    assert report.count(OPENED) == 1000
    assert told == [256, 512, 768, 1000]
    assert taken < 10, f"{taken:.1f} s"
