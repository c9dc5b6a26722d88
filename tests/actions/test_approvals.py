"""Four eyes: who may approve what, and a machine that tries every order of edits and approvals it can think of."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from comity import actions
from comity.access import Denied, Hidden
from comity.law.approvals import digest_of
from comity.law.problem import Incomplete
from comity.store.audit import Audit
from comity.store.drafts import AWAITING, EDITING, SENT, WITHDRAWN, Approval, Draft
from comity.store.logs import Entry
from tests.actions.office import LAWFUL, Office, refused


def awaiting(office: Office, whom: str = "the archive") -> Draft:
    file = office.file(by=office.author)
    made = actions.open_case(office.author, "deed", {"whom": whom}, LAWFUL, [file.pk], via="cli")
    assert isinstance(made, Draft)
    assert made.status == AWAITING
    return made


def test_two_other_officers_approve_and_their_pseudonyms_go_into_the_header(office: Office) -> None:
    draft = awaiting(office)
    first = actions.approve(office.boss, draft, draft.digest, via="cli")
    assert isinstance(first, Draft)
    assert not Entry.objects.exists()
    entry = actions.approve(office.link, draft, draft.digest, via="cli")
    assert isinstance(entry, Entry)
    assert entry.parsed.approvals == (office.boss.pseudonym, office.link.pseudonym)
    assert Audit.objects.filter(action="approve", case_id=draft.case_name).count() == 2


def test_the_author_never_approves_whatever_his_role(office: Office) -> None:
    file = office.file(by=office.boss)
    draft = actions.open_case(office.boss, "deed", {"whom": "x"}, LAWFUL, [file.pk], via="cli")
    assert refused(actions.approve, office.boss, draft, draft.digest) == "approval-of-own-work"


def test_whoever_edited_never_approves(office: Office) -> None:
    draft = actions.save_draft(office.author, track="deed", body={"whom": "x"}, safeguards=LAWFUL,
                               attachments=[office.file(by=office.author).pk])  # fmt: skip
    actions.save_draft(office.boss, draft=draft, body={"whom": "y"})
    sent = actions.submit(office.author, draft)
    assert refused(actions.approve, office.boss, sent, sent.digest) == "approval-of-own-work"
    actions.approve(office.other_boss, sent, sent.digest)


@pytest.mark.parametrize("via", ["token", "api", "node"])
def test_a_token_cannot_approve(office: Office, via: str) -> None:
    draft = awaiting(office)
    assert refused(actions.approve, office.boss, draft, draft.digest, via=via) == "approval-by-token"
    assert not Approval.objects.exists()


@pytest.mark.parametrize("digest", ["", "ab" * 32])
def test_an_approval_of_another_digest_is_refused(office: Office, digest: str) -> None:
    assert refused(actions.approve, office.boss, awaiting(office), digest) == "approval-of-another-digest"


def test_nobody_approves_twice(office: Office) -> None:
    draft = awaiting(office)
    actions.approve(office.boss, draft, draft.digest)
    assert refused(actions.approve, office.boss, draft, draft.digest) == "approval-twice"


def test_an_edit_voids_what_was_approved(office: Office) -> None:
    draft = awaiting(office)
    old = draft.digest
    actions.approve(office.boss, draft, old)
    draft = actions.save_draft(office.author, draft=draft, body={"whom": "somebody else"})
    assert (draft.status, draft.digest) == (EDITING, "")
    again = actions.submit(office.author, draft)
    assert again.digest != old
    assert refused(actions.approve, office.link, again, old) == "approval-of-another-digest"
    assert isinstance(actions.approve(office.link, again, again.digest), Draft)
    assert not Entry.objects.exists()


def test_an_edit_taken_back_does_not_bring_the_approval_back(office: Office) -> None:
    draft = awaiting(office)
    old = draft.digest
    actions.approve(office.boss, draft, old)
    actions.save_draft(office.author, draft=draft, body={"whom": "somebody else"})
    actions.save_draft(office.author, draft=draft, body={"whom": "the archive"})
    again = actions.submit(office.author, draft)
    assert again.digest == old
    assert isinstance(actions.approve(office.link, again, again.digest), Draft)
    assert isinstance(actions.approve(office.boss, again, again.digest, now=True), Entry)
    assert Audit.objects.filter(action="void_approvals").count() == 1


def test_sent_back_with_a_reason(office: Office) -> None:
    draft = awaiting(office)
    assert refused(actions.reject, office.boss, draft, "  ") == "reason-missing"
    back = actions.reject(office.boss, draft, "The order is missing.")
    assert (back.status, back.reason) == (EDITING, "The order is missing.")


def test_roles_that_do_not_approve(office: Office) -> None:
    draft = awaiting(office)
    for who in ("night", "reader", "watch"):
        with pytest.raises(Denied):
            actions.approve(office.people[who], draft, draft.digest)
    for who in ("stranger", "admin"):
        with pytest.raises(Hidden):
            actions.approve(office.people[who], draft, draft.digest)


def test_the_last_approval_checks_once_more(office: Office) -> None:
    """What was in order when it was put up for approval is weighed again before it leaves."""
    draft = awaiting(office)
    actions.approve(office.boss, draft, draft.digest)
    office.relation.read_only = "restored"
    office.relation.save()
    with pytest.raises(Incomplete) as fault:
        actions.approve(office.link, draft, draft.digest)
    assert fault.value.code == "relation-read-only"
    assert Approval.objects.count() == 1


def test_the_digest_covers_each_thing_it_speaks_of() -> None:
    base: dict[str, Any] = {
        "case": "AA-2026-0000-0001", "track": "deed", "step": "ask_deed", "body": {"whom": "x"},
        "attachments": ["ab" * 32, "cd" * 32], "safeguards": {"lawful": {"answer": "yes", "officer": "o" * 12}},
    }  # fmt: skip
    changed = [
        {"case": "AA-2026-0000-0002"}, {"track": "letter"}, {"step": "note"}, {"body": {"whom": "y"}},
        {"attachments": ["cd" * 32, "ab" * 32]}, {"attachments": ["ab" * 32]},
        {"safeguards": {"lawful": {"answer": "no", "officer": "o" * 12}}},
        {"safeguards": {"lawful": {"answer": "yes", "officer": "p" * 12}}},
    ]  # fmt: skip
    digests = {digest_of(**{**base, **each}) for each in [{}, *changed]}
    assert len(digests) == len(changed) + 1
    shuffled = dict(reversed(base.items()))
    assert digest_of(**shuffled) == digest_of(**base)


def test_who_approved_what_was_sent_back_is_asked_again(office: Office) -> None:
    from comity.store.queries import approvals

    draft = awaiting(office)
    actions.approve(office.boss, draft, draft.digest)
    actions.reject(office.link, draft, "no")
    again = actions.submit(office.author, draft)
    actions.approve(office.link, again, again.digest)
    assert approvals(office.boss)[0] == (again,)
    assert approvals(office.link)[0] == ()


OFFICERS = ("author", "boss", "link", "other_boss", "night")
APPROVERS = {"boss", "link", "other_boss"}


class Approvals(RuleBasedStateMachine):
    """One draft that needs two approvals. The model beside it: who has written, and who has approved what stands now."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        file = self.office.file(by=self.office.author)
        self.draft = actions.save_draft(
            self.office.author, track="deed", body={"whom": "0"}, safeguards=LAWFUL, attachments=[file.pk]
        )
        self.whom, self.status = "0", EDITING
        self.writers, self.yes = {"author"}, set[str]()
        self.digests: list[str] = ["ab" * 32]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def officer(self, who: str) -> Any:
        return self.office.people[who]

    @precondition(lambda self: self.status in (EDITING, AWAITING))
    @rule(who=st.sampled_from(OFFICERS), whom=st.sampled_from("012"))
    def edit(self, who: str, whom: str) -> None:
        actions.save_draft(self.officer(who), draft=self.draft, body={"whom": whom})
        self.whom, self.status, self.yes = whom, EDITING, set()
        self.writers.add(who)

    @rule(who=st.sampled_from(OFFICERS))
    def submit(self, who: str) -> None:
        if self.status != EDITING:
            assert refused(actions.submit, self.officer(who), self.draft) == "draft-closed"
            return
        done = actions.submit(self.officer(who), self.draft, via="cli")
        assert isinstance(done, Draft)
        self.status = AWAITING
        self.digests.append(done.digest)

    @precondition(lambda self: self.status == AWAITING)
    @rule(
        who=st.sampled_from(sorted(APPROVERS)),
        pick=st.integers(0, 20),
        via=st.sampled_from(["web", "cli", "token"]),
    )
    def approve(self, who: str, pick: int, via: str) -> None:
        digest = self.digests[-1 - pick % len(self.digests)]
        if via == "token":
            code = "approval-by-token"
        elif who in self.writers:
            code = "approval-of-own-work"
        elif digest != self.digests[-1]:
            code = "approval-of-another-digest"
        else:
            code = "approval-twice" if who in self.yes else ""
        if code:
            assert refused(actions.approve, self.officer(who), self.draft, digest, via=via) == code
            return
        done = actions.approve(self.officer(who), self.draft, digest, via=via, now=True)
        self.yes.add(who)
        assert isinstance(done, Entry) == (len(self.yes) == 2)
        self.status = SENT if len(self.yes) == 2 else AWAITING

    @precondition(lambda self: self.status == AWAITING)
    @rule(who=st.sampled_from(sorted(APPROVERS)))
    def send_back(self, who: str) -> None:
        actions.reject(self.officer(who), self.draft, "not yet")
        self.status, self.yes = EDITING, set()

    @precondition(lambda self: self.status in (EDITING, AWAITING))
    @rule()
    def withdraw(self) -> None:
        actions.withdraw_draft(self.office.author, self.draft)
        self.status = WITHDRAWN

    @invariant()
    def what_left_was_approved_as_it_stands(self) -> None:
        row = Draft.objects.get(pk=self.draft.pk)
        assert row.status == self.status
        entries = list(Entry.objects.filter(case_id=row.case_name))
        assert len(entries) == (self.status == SENT)
        if entries:
            said = entries[0].parsed.approvals
            assert {self.officer(who).pseudonym for who in self.yes} == set(said)
            assert not {self.officer(who).pseudonym for who in self.writers} & set(said)
            answers = {"lawful": {"answer": "yes", "officer": self.office.author.pseudonym}}
            now = digest_of(row.case_name, "deed", "ask_deed", {"whom": self.whom}, row.attachments, answers)
            assert set(row.approvals.filter(voided=None).values_list("digest", flat=True)) == {now}


def test_no_order_of_edits_and_approvals_lets_anything_else_out(office: Office) -> None:
    Approvals.office = office
    run_state_machine_as_test(
        Approvals,
        settings=settings(max_examples=60, stateful_step_count=15, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
