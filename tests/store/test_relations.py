"""Joining an agreement, amending it, and what each node still holds the other to."""

from __future__ import annotations

import pytest

from comity.agreements import text_of
from comity.core.agreement import Agreement, Keys
from comity.core.text import Refusal
from comity.crypto import generate, sign_agreement
from comity.exchange.agreements import adopt
from comity.store.cases import CaseRow
from comity.store.logs import AgreementRow, Log, Relation
from comity.store.relations import bond
from tests.exchange.pair import Side, settle, signed


def amended(side: Side, **changes: str) -> tuple[bytes, bytes]:
    """The next version, with words replaced, signed by both."""
    data, _, keys = signed()
    old = Agreement.load(data, None)
    text = data.decode().replace("version = 1", "version = 2", 1)
    text = text.replace('supersedes = ""', f'supersedes = "{old.digest}"', 1)
    for was, now in changes.items():
        assert was in text
        text = text.replace(was, now)
    signature: bytes | None = None
    for code in old.codes:
        signature = sign_agreement(old.name, 2, text.encode(), keys[code], signature)
    assert signature is not None
    return text.encode(), signature


def test_the_same_again_changes_nothing(side: Side) -> None:
    data, signature, _ = signed()
    again = adopt(side.desk, data, signature)
    assert again.pk == side.relation.pk
    assert AgreementRow.objects.using(side.using).count() == 1
    assert Log.objects.using(side.using).count() == 2
    assert again.intake is not None


def test_an_amendment_is_put_in_force_and_open_cases_keep_their_terms(sides: tuple[Side, Side]) -> None:
    a, b = sides
    old = a.open()
    settle(a, b)
    data, signature = amended(a)
    adopt(a.desk, data, signature)
    with pytest.raises(Refusal, match="wrong-agreement"):
        b.admit(a.batch().sealed)  # nodes under different agreements do not talk
    adopt(b.desk, data, signature)
    new = a.open()
    a.write("note", old)
    settle(a, b)
    for side in sides:
        rows = {row.pk: row.agreement for row in CaseRow.objects.using(side.using).all()}
        assert rows[old] != rows[new] == side.relation.agreement_id
        assert [a.version for a in bond(side.relation).chain.agreements] == [1, 2]


def test_entries_written_before_the_amendment_are_carried_after_it(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    data, signature = amended(a)
    for side in sides:
        adopt(side.desk, data, signature)
    settle(a, b)
    assert [entry.verdict for entry in b.entries(a.code)] == [""]
    assert CaseRow.objects.using(b.using).get(pk=case).agreement != b.relation.agreement_id


def refused(side: Side, data: bytes, signature: bytes, code: str) -> None:
    before = Relation.objects.using(side.using).values().get()
    with pytest.raises(Refusal) as caught:
        adopt(side.desk, data, signature)
    assert caught.value.code == code
    assert Relation.objects.using(side.using).values().get() == before


def test_an_amendment_that_follows_another_text(side: Side) -> None:
    data, signature = amended(side)
    changed = data.replace(signed_digest(), b"0" * 64)
    keys = signed()[2]
    again: bytes | None = None
    for code in ("cn", "us"):
        again = sign_agreement("cn-us-2017", 2, changed, keys[code], again)
    assert again is not None
    refused(side, changed, again, "agreement-order")
    adopt(side.desk, data, signature)


def signed_digest() -> bytes:
    return Agreement.load(signed()[0], None).digest.encode()


def test_signed_by_one_side_only(side: Side) -> None:
    data, _ = amended(side)
    one = sign_agreement("cn-us-2017", 2, data, signed()[2]["us"])
    refused(side, data, one, "signature-missing")


def test_other_bytes_than_were_signed(side: Side) -> None:
    data, signature = amended(side)
    refused(side, data + b"\n", signature, "agreement-signature-differs")


def test_placeholders_for_keys(side: Side) -> None:
    refused(side, text_of("cn-us-2017"), signed()[1], "keys-not-filled")


def test_an_agreement_with_other_keys_of_ours(side: Side) -> None:
    keys = {code: generate(code) for code in ("cn", "us")}
    from comity.core.agreement import fill_keys

    data = fill_keys(text_of("cn-us-2017"), {code: Keys(**each.public.parts) for code, each in keys.items()})
    signature: bytes | None = None
    for each in keys.values():
        signature = sign_agreement("cn-us-2017", 1, data, each, signature)
    assert signature is not None
    refused(side, data, signature, "keys-of-another")
