"""Keys put in, the lines that are signed, chains of versions, and what an amendment changes, in words."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from comity.core.agreement import Agreement, Chain, Change, Keys, compare, fill_keys, signing_text
from comity.core.text import Refusal, Text
from tests.core.small_agreement import CARDS, TEXT, TRACKS, altered, amended, load


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


# ---------------------------------------------------------------- keys


def test_keys_take_the_place_of_placeholders_and_nothing_else_changes() -> None:
    filled = fill_keys(TEXT.encode(), CARDS)
    agreement = Agreement.load(filled, TRACKS)
    assert agreement.signed_keys
    assert [party.keys for party in agreement.parties] == [CARDS["aa"], CARDS["bb"]]
    before, after = TEXT.splitlines(), filled.decode().splitlines()
    changed = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 4
    assert all('"PLACEHOLDER"' in line for line in changed)
    assert "# PLACEHOLDER stands here" in filled.decode()
    assert "   =   " in filled.decode()


def test_each_side_may_put_its_own_keys_in_first() -> None:
    for first, second in itertools.permutations(CARDS):
        half = fill_keys(TEXT.encode(), {first: CARDS[first]})
        assert not Agreement.load(half, TRACKS).signed_keys
        assert fill_keys(half, {second: CARDS[second]}) == fill_keys(TEXT.encode(), CARDS)


def test_the_same_keys_again_change_nothing() -> None:
    filled = fill_keys(TEXT.encode(), CARDS)
    assert fill_keys(filled, CARDS) == filled


def test_other_keys_do_not_replace_keys() -> None:
    filled = fill_keys(TEXT.encode(), CARDS)
    with pytest.raises(Refusal) as refused:
        fill_keys(filled, {"aa": CARDS["bb"]})
    assert code_of(refused) == "keys-already-filled"


def test_keys_of_a_stranger() -> None:
    with pytest.raises(Refusal) as refused:
        fill_keys(TEXT.encode(), {"cc": CARDS["aa"]})
    assert code_of(refused) == "unknown-party"


def test_keys_of_the_wrong_length_are_refused_when_the_filled_text_is_read() -> None:
    with pytest.raises(Refusal) as refused:
        Agreement.load(fill_keys(TEXT.encode(), {"aa": Keys(b"1", b"2", b"3")}), TRACKS)
    assert code_of(refused) == "bad-key"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('box = "PLACEHOLDER"\n', "box = 'PLACEHOLDER'\n"),
        ('code = "bb" #', '"code" = "bb" #'),
        (
            'name = { en = "Beland", zh = "乙国" }',
            'name = { en = "ed25519 = \\"PLACEHOLDER\\"", zh = "乙国" }\nx = 1',
        ),
    ],
)
def test_placeholders_written_in_another_way_are_refused_not_guessed(old: str, new: str) -> None:
    with pytest.raises(Refusal) as refused:
        fill_keys(altered((old, new)), CARDS)
    assert code_of(refused) in {"placeholders-not-found", "unknown-key"}


def test_a_placeholder_inside_a_comment_or_a_text_is_left_alone_or_refused() -> None:
    decoy = altered(
        ('"Gazette of Aland"', '"ed25519 = PLACEHOLDER"'), ("# A comment", '# box = "PLACEHOLDER"')
    )
    filled = fill_keys(decoy, CARDS).decode()
    assert '# box = "PLACEHOLDER"' in filled
    assert '"ed25519 = PLACEHOLDER"' in filled


# ---------------------------------------------------------------- what is signed


def test_the_signed_text_names_kind_name_version_and_digest() -> None:
    data = fill_keys(TEXT.encode(), CARDS)
    digest = hashlib.sha256(data).hexdigest()
    assert signing_text(Agreement.load(data, TRACKS)) == f"comity agreement\nletters\n1\n{digest}\n".encode()


def test_a_text_with_placeholders_is_not_signed() -> None:
    with pytest.raises(Refusal) as refused:
        signing_text(load())
    assert code_of(refused) == "keys-not-filled"


# ---------------------------------------------------------------- chains


def test_a_chain_is_the_same_in_whatever_order_it_is_given() -> None:
    first = load()
    second = amended(first, ("value = 10", "value = 12"))
    third = amended(second, ("value = 10", "value = 14"))
    for order in itertools.permutations((first, second, third)):
        chain = Chain(order)
        assert chain.agreements == (first, second, third)
        assert chain.head == third
        assert chain.by_digest(second.digest) == second
        assert chain.ranks == {first.digest: 0, second.digest: 1, third.digest: 2}
        assert chain.tracks[first.digest] == {"letter"}
        assert first.digest in chain
        assert "0" * 64 not in chain


def test_an_agreement_given_twice_is_one() -> None:
    assert Chain((load(), load())).agreements == (load(),)


def test_a_digest_no_version_has() -> None:
    with pytest.raises(Refusal) as refused:
        Chain((load(),)).by_digest("0" * 64)
    assert code_of(refused) == "unknown-agreement"


def broken() -> list[tuple[str, list[Agreement]]]:
    first = load()
    second = amended(first)
    other = amended(first, ("comment", "remark"))
    skipped = load(("version = 1", "version = 3"), ('supersedes = ""', f'supersedes = "{first.digest}"'))
    renamed = amended(first, ('name = "letters"', 'name = "postcards"'))
    stranger = amended(first, ('"aa"', '"cc"'))
    return [
        ("chain-empty", []),
        ("chain-broken", [second]),
        ("chain-broken", [first, amended(second)]),
        ("chain-forked", [first, second, other]),
        ("chain-forked", [first, load(("comment", "remark"))]),
        ("chain-version", [first, skipped]),
        ("chain-name", [first, renamed]),
        ("chain-parties", [first, stranger]),
    ]


@pytest.mark.parametrize(("code", "agreements"), broken())
def test_a_broken_chain(code: str, agreements: list[Agreement]) -> None:
    with pytest.raises(Refusal) as refused:
        Chain(agreements)
    assert code_of(refused) == code


def test_a_calendar_once_published_stands() -> None:
    first = load()
    added = '[[calendar]]\nparty = "aa"\nyear = 2027\nholidays = []\nworkdays = []\nweekend = [7]\nsource = "Gazette 2"\n'
    second = amended(
        first, ('holidays = ["2026-01-01", ', "holidays = ["), ("[[calendar]]\n", added + "[[calendar]]\n")
    )
    chain = Chain((first, second))
    assert chain.calendar("aa", 2026) == first.calendar("aa", 2026)
    assert chain.calendar("aa", 2026) != second.calendar("aa", 2026)
    assert chain.calendar("aa", 2027) == second.calendar("aa", 2027)
    assert chain.calendar("bb", 2026) is None
    assert compare(first, second) == [
        Change("calendar aa 2027", Text("added: Gazette 2", "新增：Gazette 2")),
        Change("calendar aa 2026", Text("published differently; the earlier calendar stands",
                                        "公布内容有出入；以先公布的日历为准")),
    ]  # fmt: skip


# ---------------------------------------------------------------- what an amendment changes


CHANGES = [
    ("value = 10", "value = 12", "track letter / writing", "was: 10 days (treaty/1); now: 12 days (treaty/1)",
     "原为：10日（treaty/1）；现为：12日（treaty/1）"),
    ("measured = true", 'value = 5\nunit = "working_days"', "track letter / thanks",
     "was: measured, no limit (treaty/1); now: 5 working days (treaty/1)",
     "原为：仅作统计，不设限期（treaty/1）；现为：5个工作日（treaty/1）"),
    ('"Letters"', '"Long letters"', "title", "was: Letters; now: Long letters", "原为：书信；现为：书信"),
    ("hours = 24", "hours = 48", "clocks / delivery_grace_hours", "was: 24 hours; now: 48 hours",
     "原为：24小时；现为：48小时"),
    ('"never"', '"consent"', "handling / onward",
     "was: never; now: only with the consent of the authority that sent it", "原为：不得转交；现为：须经提供方主管机关同意"),
    ('"Asia/Tokyo"', '"Asia/Seoul"', "party bb / time_zone", "was: Asia/Tokyo; now: Asia/Seoul",
     "原为：Asia/Tokyo；现为：Asia/Seoul"),
    ('zh = "写信。"', 'zh = "写长信。"', "commitment write",
     "was: Write letters. (bb, commit; within 3 months of 2024-11-30); "
     "now: Write letters. (bb, commit; within 3 months of 2024-11-30)",
     "原为：写信。（bb，承诺；自2024-11-30起3个月内）；现为：写长信。（bb，承诺；自2024-11-30起3个月内）"),
    ('[[measure]]\nname = "letter.speed"\nclause = "treaty/1"\n', "", "measure letter.speed", "removed: treaty/1",
     "删除：treaty/1"),
    ('"letter.writing"', '"letter.speed"', "commitment write", "other particulars differ", "其他事项有变动"),
    ("Treaty Series 1", "Treaty Series 2", "instrument treaty", "other particulars differ", "其他事项有变动"),
    ("ten days", "twelve days", "clause treaty/1",
     "was: Letters are written within ten days.; now: Letters are written within twelve days.",
     "原为：信件应在十日内写成。；现为：信件应在十日内写成。"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "en", "zh"), CHANGES, ids=[c[2] for c in CHANGES])
def test_one_change_is_said_once_in_both_languages(old: str, new: str, where: str, en: str, zh: str) -> None:
    first = load()
    assert compare(first, amended(first, (old, new))) == [Change(where, Text(en, zh))]


def test_new_keys_are_told_apart_without_being_printed() -> None:
    first = load()
    changes = compare(first, Agreement.load(fill_keys(TEXT.encode(), CARDS), TRACKS))
    assert [change.where for change in changes] == ["party aa / keys", "party bb / keys"]
    assert (
        changes[0].what["en"]
        == "was: placeholders for keys; now: keys 616161616161-616161616161-616161616161"
    )


def test_a_comment_changes_the_digest_and_nothing_else() -> None:
    first = load()
    assert compare(first, amended(first, ("A comment", "Another comment"))) == []


def test_texts_of_other_parties_are_compared_as_far_as_they_go() -> None:
    changes = compare(load(), load(('"aa"', '"cc"')))
    assert {change.where.partition(" ")[0] for change in changes} == {"calendar"}
