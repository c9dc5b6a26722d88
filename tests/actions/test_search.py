"""One box: characters, pinyin, Latin names in any order, identifiers; the same answers on both databases."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comity import actions
from comity.store import names, queries, search
from comity.store.search import SAME, SOUND, SearchDoc
from tests.actions.office import LAWFUL, Office

PEOPLE = {
    "both": {
        "person": {"native": "欧阳晓明", "surname": "OUYANG", "given": "XIAOMING"},
        "number": "E12345678",
    },
    "latin": {"person": {"surname": "LYU", "given": "WENXI"}, "number": "11010519491231002X"},
    "native": {"person": {"native": "吕文西"}},
    "trad": {"person": {"native": "張國榮"}},
    "rare": {"person": {"native": "𠮷川䶮"}},
    "marks": {"person": {"surname": "Müller-Çelik", "given": "Zoë"}},
    "heard": {"person": {"native": "欧阳小鸣"}},
    "alias": {"person": {"native": "曾单"}},
}
FOUND = [
    ("欧阳晓明", "both heard"),  # second by sound
    ("歐陽曉明", "both heard"),
    ("晓明", "both heard"),
    ("ouyang xiaoming", "both heard"),
    ("Xiaoming OUYANG", "both heard"),
    ("xiao ming ou yang", "both heard"),
    ("ouyangxiaoming", "both heard"),
    ("ＯＵＹＡＮＧ", "both heard"),
    ("E12345678", "both"),
    ("e1234 5678", "both"),
    ("E-1234", "both"),
    ("Lü Wenxi", "latin native"),
    ("LV WENXI", "latin native"),
    ("lu wen xi", "latin native"),
    ("LYU", "latin native"),
    ("吕文西", "native latin"),
    ("呂文西", "native latin"),
    ("11010519491231002x", "latin"),
    ("110105", "latin"),
    ("张国荣", "trad"),
    ("張國榮", "trad"),
    ("zhang guorong", "trad"),
    ("𠮷川", "rare"),
    ("䶮", "rare"),
    ("muller", "marks"),
    ("zoe celik", "marks"),
    ("zeng shan", "alias"),
    ("ceng dan", "alias"),
    ("nobody", ""),
    ("", ""),
    ("   ·'’ ", ""),
    ('" OR 1=1 --', ""),
    ("'':* | wen", "latin native"),
    ("NEAR(wen xi)", ""),
]  # fmt: skip


@pytest.fixture
def people(office: Office) -> dict[str, str]:
    """Names of the cases by key."""
    made: dict[str, str] = {}
    for key, body in PEOPLE.items():
        made[actions.open_case(office.author, "person", body, LAWFUL, via="cli").pk] = key
    return made


def test_each_question_finds_what_it_should(office: Office, people: dict[str, str]) -> None:
    at = timezone.now()
    for asked, expected in FOUND:
        found = queries.search(office.author, asked, at)
        keys = [people[item.case.pk] for item, _ in found.items]
        assert sorted(keys) == sorted(expected.split()), asked
        assert found.total == len(keys)


def test_what_is_written_the_same_comes_before_what_only_sounds_the_same(
    office: Office, people: dict[str, str]
) -> None:
    found = queries.search(office.author, "欧阳晓明", timezone.now()).items
    assert [(people[item.case.pk], how) for item, how in found] == [("both", SAME), ("heard", SOUND)]


def test_a_case_is_found_by_its_number_however_written(office: Office, people: dict[str, str]) -> None:
    number = next(iter(people))
    for asked in (
        number,
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        number[:-3],
        number[8:],
    ):
        assert number in {i.case.pk for i, _ in queries.search(office.author, asked, timezone.now()).items}, (
            asked
        )


def test_later_entries_and_internal_notes_are_found_too(office: Office, people: dict[str, str]) -> None:
    number = next(iter(people))
    actions.add_note(office.author, office.row(number), "Spoke with 王芳 of the registry")
    for asked in ("registry ouyang", "王芳", "wangfang E12345678"):
        assert [i.case.pk for i, _ in queries.search(office.boss, asked, timezone.now()).items] == [number]


def test_what_came_in_a_large_batch_is_found_at_once(office: Office) -> None:
    from comity.actions.bulk import rows_of

    bodies = [{"person": {"native": "王芳"}, "number": f"E{n:08d}", "safeguards": LAWFUL} for n in range(300)]
    actions.open_many(office.author, "person", rows_of(bodies))
    found = queries.search(office.author, "E00000299", timezone.now())
    assert (found.total, found.complete) == (1, True)
    assert queries.search(office.author, "wang fang", timezone.now(), limit=10).total == 300


def test_the_words_asked_are_not_kept(office: Office, people: dict[str, str]) -> None:
    from comity.store.audit import Audit

    queries.search(office.author, "欧阳晓明", timezone.now())
    assert "欧阳" not in str(Audit.objects.get(action="search").detail)


def test_what_is_forgotten_is_not_found(office: Office, people: dict[str, str]) -> None:
    number = next(iter(people))
    search.forget(number)
    assert queries.search(office.author, "E12345678", timezone.now()).total == 0
    assert not SearchDoc.objects.filter(case_id=number).exists()


def test_the_syllables_are_those_of_pypinyin() -> None:
    import unicodedata

    from pypinyin.pinyin_dict import pinyin_dict

    spoken = set()
    for written in set(itertools.chain.from_iterable(each.split(",") for each in pinyin_dict.values())):
        bare = unicodedata.normalize("NFD", written).replace("\u0308", "v").replace("uv", "v")
        plain = "".join(c for c in bare if not unicodedata.combining(c)).replace("uv", "v")
        spoken.add(plain)
    interjections = {"m", "n", "ng", "hm", "hng", ""}
    assert {s for s in spoken if s not in interjections} - names.SYLLABLES <= {"ê"}


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("xian", {("xian",), ("xi", "an")}), ("lv", {("lu",)}), ("lyue", {("lue",), ("lu", "e")}),
        ("nyu", {("nu",)}), ("xyz", set()), ("a" * 30, set()), ("e12", set()),
    ],
)  # fmt: skip
def test_reading_pinyin(word: str, ways: set[tuple[str, ...]]) -> None:
    assert set(names.syllables(word)) >= ways
    assert bool(names.syllables(word)) == bool(ways)


@given(st.text(max_size=60))
def test_terms_hold_nothing_that_could_be_read_as_a_command(text: str) -> None:
    for term in names.terms(text):
        assert term
        assert not set(term) & set(" \"'\\*:|&()!<>-\0")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@given(
    st.lists(st.sampled_from(["欧阳晓明", "OUYANG", "Xiaoming", "E12345678", "lü"]), min_size=1, max_size=4)
)
def test_every_text_is_found_by_itself(parts: list[str]) -> None:
    terms = search.body_terms({"x": parts})
    asked: Any = search.question(" ".join(parts))
    for element in asked.exact:
        assert any(
            all(
                any(t == term or (prefix and t.startswith(term)) for t in terms)
                for term, prefix in alternative
            )
            for alternative in element
        )
