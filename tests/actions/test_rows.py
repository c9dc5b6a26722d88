"""Bulk files: kinds, encodings, headings, limits; what concerns the file is refused, what concerns a row is that row's."""

from __future__ import annotations

import codecs
import csv
import io
import json
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from comity import actions
from comity.actions.bulk import BulkReport, RowReport
from comity.core.text import Refusal
from comity.derive import rows as rows_module
from comity.derive.columns import columns, harmless, restored
from comity.derive.rows import read_rows, write_report, write_template
from comity.law.form import clean_body
from comity.law.problem import Problem
from comity.tracks import TRACKS
from tests.actions.office import LAWFUL, LETTER, PERSON, Office, refused

HEAD = "person.native,person.surname,person.given,birth_date,number,remark,safeguards.lawful"
LINES = [
    '欧阳晓明,OUYANG,XIAOMING,1985-03-07,E12345678,"a ""quoted"", remark",yes',
    ",,,,,,",
    ",WANG,WEI,not a date,,,yes",
]


def read(content: str | bytes, name: str = "people.csv", track: Any = PERSON) -> list[actions.BulkRow]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_rows(io.BytesIO(data), name, track))


def sheet(lines: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    for number, cells in enumerate(lines):
        page.write_row(number, 0, cells)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators_give_the_same_rows(encoding: str, delimiter: str) -> None:
    text = "\r\n".join([HEAD, *LINES]).replace(",", delimiter).replace(f'quoted""{delimiter}', 'quoted"",')
    found = read(text.encode(encoding))
    assert [row.number for row in found] == [2, 4]
    assert found[0].body["person"] == {"native": "欧阳晓明", "surname": "OUYANG", "given": "XIAOMING"}
    assert found[0].body["remark"] == 'a "quoted", remark'
    assert found[0].safeguards == {"lawful": {"answer": "yes"}}


def test_what_is_not_utf8_is_said_in_a_note() -> None:
    plain = read_rows(io.BytesIO("\n".join([HEAD, *LINES]).encode()), "a.csv", PERSON)
    chinese = read_rows(io.BytesIO("\n".join([HEAD, *LINES]).encode("gb18030")), "a.csv", PERSON)
    assert plain.notes == ()
    assert "GB 18030" in chinese.notes[0].zh
    assert chinese.total == 2


def test_no_encoding_at_all_is_refused() -> None:
    assert refused(read, HEAD.encode() + b"\n\xff\xff\xff,x\n") == "unknown-encoding"
    assert refused(read, HEAD.encode() + b"\n\0,x\n") == "unknown-encoding"


def test_headings_may_be_titles_in_either_language() -> None:
    for lang in ("en", "zh", ""):
        out = io.StringIO()
        write_template(PERSON, out, lang)
        head = next(csv.reader(io.StringIO(out.getvalue())))
        cells = dict.fromkeys(head, "") | {head[0]: "欧阳晓明", head[-2]: "yes"}
        text = io.StringIO()
        csv.writer(text).writerows([head, list(cells.values())])
        (row,) = read(text.getvalue())
        assert row.body == {"person": {"native": "欧阳晓明"}}
        assert row.safeguards == {"lawful": {"answer": "yes"}}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("person.surname,born,safeguards.lawful", "unknown: born"),
        ("birth_date,safeguards.lawful", "missing: person.*"),
        ("person.surname", "missing: safeguards.lawful"),
        ("person.surname,person.surname,safeguards.lawful", "given twice: person.surname"),
        ("person.nickname,safeguards.lawful", "unknown: person.nickname"),
        ("person,safeguards.lawful", "unknown: person"),
        ("safeguards.other,person.surname,safeguards.lawful", "unknown: safeguards.other"),
    ],
)
def test_wrong_headings_are_named(head: str, said: str) -> None:
    with pytest.raises(Refusal) as fault:
        read(head + "\nx,y,z\n")
    assert fault.value.code == "wrong-header"
    assert said in fault.value.what.en
    assert fault.value.where == "row 1"
    assert fault.value.mend is not None
    assert "person.surname" in fault.value.mend.en


def test_a_bad_date_is_a_problem_of_its_row_and_column(office: Office) -> None:
    report = actions.open_many(office.author, "person", read("\n".join([HEAD, *LINES])))
    assert [(row.row, row.outcome) for row in report.rows] == [(2, "opened"), (4, "refused")]
    (problem,) = report.rows[1].problems
    assert problem.where == "birth_date"
    assert problem.mend is not None


def test_cells_under_no_heading_are_a_problem_of_their_row() -> None:
    (row,) = read("person.surname,safeguards.lawful\nWANG,yes,what is this\n")
    assert [p.code for p in row.problems] == ["cells-without-heading"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "file-empty"),
        (HEAD.encode(), "a.csv", "file-empty"),
        (HEAD.encode() + b"\n\n,,,\n", "a.csv", "file-empty"),
        (b"x", "a.pdf", "unknown-file-kind"),
        (b"x", "a", "unknown-file-kind"),
        (HEAD.encode() + b'\n"never closed', "a.csv", "broken-csv"),
        (b"PK\x03\x04 nothing", "a.xlsx", "broken-xlsx"),
        (b"nothing", "a.xlsx", "broken-xlsx"),
        (b"[1,2", "a.json", "json-malformed"),
        (b"[]", "a.json", "file-empty"),
        (b'[{"a":1,"a":2}]', "a.json", "json-duplicate-key"),
        (b"[NaN]", "a.json", "json-number"),
        (b"[" * 10_000, "a.json", "json-too-deep"),
    ],
)
def test_files_that_are_none(content: bytes, name: str, code: str) -> None:
    assert refused(read, content, name) == code


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 3)
    lines = "person.surname,safeguards.lawful\n" + "WANG,yes\n" * 3
    assert len(read(lines)) == 3
    assert refused(read, lines + "LI,yes\n") == "too-many-rows"
    many = [{"person": {"surname": "A"}}] * 4
    assert refused(read, json.dumps(many), "a.json") == "too-many-rows"
    assert refused(read, "\n".join(map(json.dumps, many)), "a.jsonl") == "too-many-rows"
    assert (
        refused(read, sheet([["person.surname", "safeguards.lawful"], *[["A", "yes"]] * 4]), "a.xlsx")
        == "too-many-rows"
    )
    monkeypatch.setattr(rows_module, "MOST_BYTES", 10)
    assert refused(read, lines) == "file-too-large"


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused() -> None:
    line = "WANG,1985-03-07,yes\n"
    head = "person.surname,birth_date,safeguards.lawful\n"
    found = read_rows(io.BytesIO((head + line * 100_000).encode()), "a.csv", PERSON)
    assert found.total == 100_000
    assert sum(1 for _ in found) == 100_000
    assert refused(read, head + line * 100_001) == "too-many-rows"


def test_a_spreadsheet_gives_what_was_typed() -> None:
    import datetime

    lines: list[list[object]] = [
        ["person.surname", "birth_date", "number", "remark", "safeguards.lawful"],
        ["WANG", datetime.date(1985, 3, 7), 12345678, "欧阳", "yes"],
        ["LI", 1985, "007", 1.5, True],
    ]
    first, second = read(sheet(lines), "a.xlsx")
    assert first.body == {
        "person": {"surname": "WANG"}, "birth_date": "1985-03-07", "number": "12345678", "remark": "欧阳",
    }  # fmt: skip
    assert second.body == {
        "person": {"surname": "LI"},
        "birth_date": "1985",
        "number": "007",
        "remark": "1.5",
    }
    assert second.safeguards == {"lawful": {"answer": "yes"}}
    assert (first.number, second.number) == (2, 3)


def test_json_in_both_shapes_and_line_by_line() -> None:
    plain = {"person": {"surname": "WANG"}, "safeguards": LAWFUL}
    apart = {"body": {"person": {"surname": "WANG"}}, "safeguards": LAWFUL, "attachments": ["AB"]}
    for content, name in (
        (json.dumps([plain, apart]), "a.json"),
        (f"{json.dumps(plain)}\n{json.dumps(apart)}\n", "a.jsonl"),
    ):
        first, second = read(content, name)
        assert first.body == second.body == {"person": {"surname": "WANG"}}
        assert first.safeguards == LAWFUL
        assert second.attachments == ("AB",)
    bad = read('{"person": 1.5}\n[1]\n{"safeguards": {"x": 1}}\n{"person": {}}\n', "a.jsonl")
    assert [[p.code for p in row.problems] for row in bad] == [
        ["json-number"],
        ["not-an-object"],
        ["not-an-object"],
        [],
    ]


def test_a_byte_order_mark_before_json_is_let_pass() -> None:
    assert len(read(codecs.BOM_UTF8 + b'[{"person": {"surname": "A"}}]', "a.json")) == 1


def test_every_column_of_the_real_track_leads_to_its_field() -> None:
    track = TRACKS["repatriation"]
    names = [column.name for column in columns(track, track.opening)]
    assert len(set(names)) == len(names)
    out = io.StringIO()
    write_template(track, out)
    blank = out.getvalue() + ",".join(["x"] * len(names)) + "\r\n"
    (row,) = read(blank, track=track)
    assert set(row.body) | {"safeguards", "attachments"} == {name.split(".")[0] for name in names}


def test_a_list_has_numbered_columns() -> None:
    track = TRACKS["repatriation"]
    needed = [c.name for c in columns(track, track.opening) if c.required]
    head = [*needed, "person.surname", "documents.0.number", "documents.2.number", "earlier_nationalities.0"]
    (row,) = read(",".join(head) + "\n" + ",".join(["x"] * len(head)), track=track)
    assert row.body["documents"] == {"0": {"number": "x"}, "2": {"number": "x"}}
    head[-1] = "earlier_nationalities.9999"
    assert refused(read, ",".join(head) + "\nx\n", track=track) == "wrong-header"


REPORT = BulkReport(
    (
        RowReport(2, "opened", "AA-2026-0000-0001"),
        RowReport(
            3,
            "refused",
            "",
            (Problem("x", "=cmd", LETTER.title, LETTER.title), Problem("y", "b", LETTER.title)),
        ),
    ),
    None,
)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_is_written_without_formulas(lang: str) -> None:
    out = io.StringIO()
    write_report(REPORT, out, lang)
    lines = list(csv.reader(io.StringIO(out.getvalue())))
    assert len(lines) == 4
    assert lines[2][3] == "'=cmd"
    assert lines[1][2] == "AA-2026-0000-0001"


@given(st.text(max_size=20))
def test_what_is_kept_from_being_a_formula_comes_back_as_it_was(text: str) -> None:
    written = harmless(text)
    assert isinstance(written, str)
    assert not written or written[0] not in "=+-@|%\t\r\n＝＋－＠"
    if not (text[:1] == "'" and text[1:2] in set("=+-@|%\t\r\n＝＋－＠")):
        assert restored(written) == text


@given(st.text(min_size=1, max_size=30).filter(lambda t: t.strip() and "\0" not in t))
def test_a_cell_survives_the_way_through_a_file(text: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["person.surname", "remark", "safeguards.lawful"])
    writer.writerow(["WANG", harmless(text), "yes"])
    try:
        data = out.getvalue().encode()
    except UnicodeEncodeError:
        return
    (row,) = read(data)
    if not (text[:1] == "'" and text[1:2] in set("=+-@|%\t\r\n＝＋－＠")):
        assert row.body["remark"] == text


def test_a_row_read_is_a_body_of_the_step() -> None:
    from django.utils import timezone

    first = read("\n".join([HEAD, *LINES]))[0]
    body, problems = clean_body(PERSON.opening, first.body, timezone.now())
    assert problems == []
    assert body["birth_date"] == "1985-03-07"
