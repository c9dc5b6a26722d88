"""A bulk file (CSV, XLSX, JSON, JSON lines) as rows for `actions.open_many`, read as a stream; and the report written back.

What concerns the whole file (its kind, size, encoding, headings, number of rows) is a Refusal before the first row is
handed out; what concerns one row is a problem of that row, and the others go on. Border: reads the file handed in.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import BinaryIO, TextIO

import defusedcsv.csv

from comity.actions.bulk import OUTCOMES, BulkReport, BulkRow
from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text
from comity.core.track import Step, Track
from comity.derive.columns import ATTACHMENTS, SAFEGUARDS, Header, columns, harmless, read_header
from comity.derive.text_files import as_text
from comity.law.problem import Problem

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_UNPACKED = 512 * 1024 * 1024
ROW_BYTES = 1024 * 1024


@dataclass(frozen=True)
class RowFile:
    """A file whose whole has been checked. Iterate it once for its rows; `notes` say how it was read."""

    rows: Iterator[BulkRow]
    total: int
    notes: tuple[Text, ...] = ()

    def __iter__(self) -> Iterator[BulkRow]:
        return self.rows


def read_rows(file: BinaryIO, name: str, track: Track, step: Step | None = None) -> RowFile:
    """Open a bulk file of a track's opening step (or of `step`). `file` must be seekable; `name` gives the kind.

    Refusals: unknown-file-kind, file-too-large, file-empty, too-many-rows, wrong-header, unknown-encoding, broken-csv,
    broken-xlsx, and those of strict_json.
    """
    step = step or track.opening
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > MOST_BYTES:
        raise Refusal(
            "file-too-large",
            Text("The file is larger than 50 MB.", "文件超过 50 MB 的上限。"),
            name[:120],
            Text("Split it.", "请拆分文件。"),
        )
    if not size:
        raise _empty(name)
    kind = PurePath(name).suffix.lower()
    if kind in (".csv", ".tsv", ".txt"):
        return _csv(file, name, track, step)
    if kind in (".xlsx", ".xlsm", ".xls", ".ods"):
        return _sheet(file, name, track, step)
    if kind in (".json", ".jsonl", ".ndjson"):
        return _json(file, name)
    raise Refusal(
        "unknown-file-kind",
        Text("This kind of file is not read here.", "不支持此类文件。"),
        name[:120],
        Text("Hand in CSV, XLSX or JSON.", "请提交 CSV、XLSX 或 JSON 文件。"),
    )


def _empty(name: str) -> Refusal:
    return Refusal(
        "file-empty",
        Text("The file has no rows.", "文件中没有数据行。"),
        name[:120],
        Text(
            "Write the headings in the first row and one case in each row below.",
            "首行为表头，其后每行一案。",
        ),
    )


def _counted(found: int, name: str) -> int:
    if found < 1:
        raise _empty(name)
    if found > MOST_ROWS:
        raise Refusal(
            "too-many-rows",
            Text("The file has more than {most} rows.", "文件超过 {most} 行的上限。").fill(
                most=f"{MOST_ROWS:,}"
            ),
            name[:120],
            Text("Split it.", "请拆分文件。"),
        )
    return found


# -- CSV --------------------------------------------------------------------------------------------------------------


def _csv(file: BinaryIO, name: str, track: Track, step: Step) -> RowFile:
    text, note = as_text(file, name)
    first = text.readline(ROW_BYTES)
    known = {column.name for column in columns(track, step)}
    delimiter = max(",;\t", key=lambda mark: sum(cell.strip(" \"'") in known for cell in first.split(mark)))
    text.seek(0)
    total = _counted(sum(1 for cells in _cells(text, delimiter) if _filled(cells)) - 1, name)
    text.seek(0)
    return RowFile(_rows(track, step, _cells(text, delimiter)), total, (note,) if note else ())


def _cells(text: TextIO, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as fault:
        raise Refusal(
            "broken-csv",
            Text("The file is not well-formed CSV.", "文件不是格式正确的 CSV。"),
            f"line {reader.line_num}",
            Text("Look for a quotation mark that is not closed.", "请检查是否有未闭合的引号。"),
        ) from fault


def _filled(cells: Iterable[object]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _rows(track: Track, step: Step, lines: Iterable[Sequence[object]]) -> Iterator[BulkRow]:
    """Lines of cells as rows to open, numbered as a spreadsheet counts them. The first that is not blank has the
    headings, which are read at once."""
    numbered = enumerate(lines, 1)
    first, headings = next((n, cells) for n, cells in numbered if _filled(cells))
    return _bodies(read_header(track, step, headings, first), numbered)


def _bodies(header: Header, numbered: Iterator[tuple[int, Sequence[object]]]) -> Iterator[BulkRow]:
    for number, cells in numbered:
        if _filled(cells):
            body, answers, files, beyond = header.row(cells)
            yield BulkRow(number, body, answers, files, (_beyond(beyond),) if beyond else ())


def _beyond(cells: int) -> Problem:
    return Problem(
        "cells-without-heading", "",
        Text("{cells} cell(s) of this row stand under no heading.", "本行有 {cells} 个单元格没有对应表头。").fill(cells=cells),
        Text("Check the separators and quotation marks of the row.", "请检查该行的分隔符和引号。"),
    )  # fmt: skip


# -- XLSX -------------------------------------------------------------------------------------------------------------


def _sheet(file: BinaryIO, name: str, track: Track, step: Step) -> RowFile:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                    raise _broken_sheet(name)
        file.seek(0)
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        total = sum(1 for cells in sheet.iter_rows() if _filled(cells)) - 1
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as fault:
        if isinstance(fault, Refusal):
            raise
        raise _broken_sheet(name) from fault
    _counted(total, name)
    return RowFile(
        _rows(track, step, ([_cell(cell) for cell in cells] for cells in sheet.iter_rows())), total
    )


def _broken_sheet(name: str) -> Refusal:
    return Refusal(
        "broken-xlsx",
        Text("The file cannot be read as a spreadsheet.", "无法将该文件读作电子表格。"),
        name[:120],
        Text(
            "Save it again as XLSX, without a password, or as CSV.",
            "请重新另存为不加密的 XLSX，或另存为 CSV。",
        ),
    )


def _cell(value: object) -> object:
    """A spreadsheet's value as it would be typed: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta | int) else value


# -- JSON -------------------------------------------------------------------------------------------------------------


def _json(file: BinaryIO, name: str) -> RowFile:
    data = file.read()
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    if data.lstrip()[:1] == b"[":
        value = strict_json(data, max_bytes=MOST_BYTES)
        items = value if isinstance(value, list) else []
        return RowFile((_body(n, item) for n, item in enumerate(items, 1)), _counted(len(items), name))
    lines = [line for line in data.split(b"\n") if line.strip()]
    total = _counted(len(lines), name)
    return RowFile((_line(number, line) for number, line in enumerate(lines, 1)), total)


def _line(number: int, line: bytes) -> BulkRow:
    try:
        return _body(number, strict_json(line, max_bytes=ROW_BYTES))
    except Refusal as refusal:
        return BulkRow(number, {}, problems=(Problem.of(refusal),))


def _body(number: int, item: Json) -> BulkRow:
    """A body by itself, or {"body", "safeguards", "attachments"} as the API takes it."""
    if isinstance(item, dict) and isinstance(item.get("body"), dict):
        answers, files, body = item.get(SAFEGUARDS) or {}, item.get(ATTACHMENTS) or [], item["body"]
    elif isinstance(item, dict):
        answers, files = item.get(SAFEGUARDS) or {}, item.get(ATTACHMENTS) or []
        body = {key: value for key, value in item.items() if key not in (SAFEGUARDS, ATTACHMENTS)}
    else:
        answers, files, body = {}, [], None
    whole = isinstance(body, dict) and isinstance(answers, dict) and isinstance(files, list)
    if not (whole and all(isinstance(each, dict) for each in answers.values())):  # type: ignore[union-attr]  # whole
        problem = Problem(
            "not-an-object",
            "",
            Text("This row is not an object of answers.", "本行不是由各项内容组成的对象。"),
        )
        return BulkRow(number, {}, problems=(problem,))
    given = {name: {k: str(v) for k, v in each.items()} for name, each in answers.items()}  # type: ignore[union-attr]
    return BulkRow(number, dict(body), given, tuple(str(each) for each in files))  # type: ignore[arg-type,union-attr]


# -- the report -------------------------------------------------------------------------------------------------------


def write_report(report: BulkReport, out: TextIO, lang: str) -> None:
    """The report as CSV: one line a problem, or one a row that has none. Cells are kept from being formulas."""
    head = {
        "en": ("row", "outcome", "case", "column", "problem", "what to do"),
        "zh": ("行", "结果", "案件编号", "列", "问题", "处理办法"),
    }[lang]
    writer = defusedcsv.csv.writer(out)
    writer.writerow(head)
    for row in report.rows:
        start = (row.row, OUTCOMES[row.outcome][lang], row.case)
        if not row.problems:
            writer.writerow([*start, "", "", ""])
        for problem in row.problems:
            mend = problem.mend[lang] if problem.mend else ""
            writer.writerow([harmless(cell) for cell in (*start, problem.where, problem.what[lang], mend)])


def write_template(track: Track, out: TextIO, lang: str = "", step: Step | None = None) -> None:
    """An empty bulk file: the headings, as names (`lang` "") or as titles in one language."""
    found = columns(track, step or track.opening)
    defusedcsv.csv.writer(out).writerow([harmless(c.title[lang] if lang else c.name) for c in found])


__all__ = ["RowFile", "read_rows", "write_report", "write_template"]
