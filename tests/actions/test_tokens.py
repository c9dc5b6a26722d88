"""Keys for programs: kept only as digests, limited in time and scope, and never a second pair of eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity.core.entry import Header
from comity.store.people import Token, new_pseudonym
from tests.actions.office import Office


def test_a_token_is_known_by_its_secret_and_kept_without_it(office: Office) -> None:
    token, secret = Token.issue(office.author, ["read", "step", "read"], "importer")
    assert secret not in str(vars(token))
    assert token.scopes == ["read", "step"]
    found = Token.find(secret)
    assert found is not None
    assert found.officer == office.author
    assert Token.find(secret + "x") is None
    assert Token.find("") is None


def test_a_token_ends_with_its_time_its_revocation_or_its_officers_account(office: Office) -> None:
    token, secret = Token.issue(office.author, ["read"], "importer", days=1)
    assert Token.find(secret, timezone.now() + timedelta(days=1)) is None
    office.author.is_active = False
    office.author.save()
    assert Token.find(secret) is None
    office.author.is_active = True
    office.author.save()
    assert Token.find(secret) is not None
    token.revoked = timezone.now()
    token.save()
    assert Token.find(secret) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 1), (["approve"], 1), (["read"], 0), (["read"], 400)])
def test_tokens_that_are_none(office: Office, scopes: list[str], days: int) -> None:
    with pytest.raises(ValueError, match="token"):
        Token.issue(office.author, scopes, "x", days=days)


def test_a_pseudonym_fits_into_a_header_and_says_nothing_of_its_officer(office: Office) -> None:
    names = {new_pseudonym() for _ in range(1000)}
    assert len(names) == 1000
    header = Header(
        "a" * 64, "note", 0, "2026-01-01T00:00:00.000Z", case="AA-2026-0000-0000", officer=names.pop()
    )
    assert Header.parse(header.encode()) == header
    assert office.author.pseudonym != office.boss.pseudonym
