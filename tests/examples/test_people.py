"""The 200 people in examples/: made again byte for byte, well formed, and nobody real."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pypinyin
import pytest
from python_calamine import CalamineWorkbook
from stdnum.iso7064 import mod_11_2

from comity.core.types.resident_id import birth_date, sex
from comity.derive.columns import read_header
from comity.tracks import TRACKS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TRACK = TRACKS["repatriation"]
FORM = TRACK.opening.form


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_people", EXAMPLES / "make_people.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def people() -> list[dict[str, Any]]:
    """The bodies; what stands beside them is the same in every row, see the safeguards."""
    return [row["body"] for row in json.loads((EXAMPLES / "applications.json").read_bytes())]


def cells() -> list[dict[str, str]]:
    return list(csv.DictReader((EXAMPLES / "applications.csv").read_text("utf-8").splitlines()))


def test_the_files_are_what_the_script_makes(maker: ModuleType) -> None:
    made = maker.people()
    assert (EXAMPLES / "applications.json").read_bytes() == maker.as_json(made)
    assert (EXAMPLES / "applications.csv").read_bytes() == maker.as_csv(made)
    assert sheet(maker.as_xlsx(made)) == sheet((EXAMPLES / "applications.xlsx").read_bytes())


def sheet(data: bytes) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return rows


def test_the_three_files_say_the_same(maker: ModuleType) -> None:
    header, *rows = sheet((EXAMPLES / "applications.xlsx").read_bytes())
    assert [dict(zip(header, row, strict=True)) for row in rows] == cells()
    made = json.loads((EXAMPLES / "applications.json").read_bytes())
    assert [{k: v for k, v in row.items() if v} for row in cells()] == [maker.cells(row) for row in made]


def test_a_bulk_file_is_read_back_as_the_rows_it_was_made_from(people: list[dict[str, Any]]) -> None:
    lines = list(csv.reader((EXAMPLES / "applications.csv").read_text("utf-8").splitlines()))
    header = read_header(TRACK, TRACK.opening, lines[0])
    order = hashlib.sha256((EXAMPLES / "final_order.txt").read_bytes()).hexdigest()
    for line, person in zip(lines[1:], people, strict=True):
        body, answers, files, beyond = header.row(line)
        assert {
            field.name: field.type.clean(body[field.name]) for field in FORM if field.name in body
        } == person
        assert (files, beyond) == ((order,), 0)
        assert answers.keys() == set(TRACK.opening.safeguards)


def test_the_answers_to_the_safeguards_let_the_step_go() -> None:
    row = cells()[0]
    for name in TRACK.opening.safeguards:
        answer = TRACK.safeguard(name).answer(row[f"safeguards.{name}"])
        assert answer is not None
        assert not answer.blocks
        asked = answer.needs_reason or TRACK.safeguard(name).named_officer
        assert not asked or len(row[f"safeguards.{name}.reason"]) > 30


def test_the_chinese_encoding_holds_every_name(maker: ModuleType) -> None:
    made = maker.people()
    assert maker.as_csv(made, "gb18030").decode("gb18030") == maker.as_csv(made).decode("utf-8")


def test_two_hundred_applications_that_the_form_takes(people: list[dict[str, Any]]) -> None:
    assert len(people) == 200
    for form in people:
        assert form.keys() <= {field.name for field in FORM}
        for field in FORM:
            asked = field.when is None or form.get(field.when[0]) in field.when[1]
            assert not (field.required and asked) or field.name in form
            assert field.name not in form or asked
            if field.name in form:
                assert field.type.clean(form[field.name]) == form[field.name]


def test_columns_stand_in_the_order_of_the_form() -> None:
    order = [*(field.name for field in FORM), "safeguards", "attachments"]
    fields = [order.index(column.partition(".")[0]) for column in cells()[0]]
    assert fields == sorted(fields)


def test_every_number_is_well_formed_and_can_belong_to_nobody(people: list[dict[str, Any]]) -> None:
    numbers = [form["resident_id"] for form in people if "resident_id" in form]
    passports = [d["number"] for form in people for d in form.get("documents", ()) if d["kind"] == "passport"]
    assert len(set(numbers)) == len(numbers) > 150
    assert len(set(passports)) == len(passports) > 80
    assert all(number.startswith("99") and mod_11_2.is_valid(number) for number in numbers)
    assert all(number.startswith("ZZ") and len(number) == 9 for number in passports)


def test_number_birth_date_and_sex_agree(people: list[dict[str, Any]]) -> None:
    for form in people:
        if "resident_id" in form:
            assert birth_date(form["resident_id"]) == form["birth_date"]
            assert sex(form["resident_id"]) == form["sex"]


def test_the_romanised_names_are_those_a_second_source_gives(people: list[dict[str, Any]]) -> None:
    for form in people:
        name = form["person"]
        if name.get("script") == "Hans" and "surname" in name:
            surname = name["native"][: 2 if name["native"][:2] in ("欧阳", "司马", "上官", "诸葛") else 1]
            assert latin(surname, surname_first=True) == name["surname"]
            assert latin(name["native"].removeprefix(surname)) == name["given"]


def latin(characters: str, surname_first: bool = False) -> str:
    readings = pypinyin.pinyin(characters, style=pypinyin.Style.NORMAL, heteronym=True)
    known = {"单": "SHAN", "仇": "QIU", "曾": "ZENG", "吕": "LYU"} if surname_first else {}
    return "".join(known.get(c, r[0].upper()) for c, r in zip(characters, readings, strict=True))


def test_every_order_is_an_example(people: list[dict[str, Any]]) -> None:
    assert all(form["order_number"].startswith("EXAMPLE-") for form in people)
    assert all(form["order_date"] < form["order_final_since"] for form in people)
