"""From a step to the columns of a bulk file, and from the cells of one row back to a body. Pure.

One column an answer: `birth_date`. A composite value has a column for each part: `person.surname`. A list numbers its
values from 0: `documents.0.number`. Safeguards: `safeguards.NAME` holds the code of the answer, `safeguards.NAME.reason`
the reason. `attachments` holds SHA-256 digests of files added before, separated by spaces or semicolons. A heading may
be written as the name of the column or as its title in either language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.core.text import Refusal, Text
from comity.core.track import Step, Track
from comity.core.types import Many, ValueType

ATTACHMENTS = "attachments"
SAFEGUARDS = "safeguards"
_REASON = Text("{question} – reason", "{question}——理由")
_ATTACHMENTS = Text("Attachments (SHA-256)", "附件（SHA-256）")
# Cells that a spreadsheet would take for a formula are written with an apostrophe before them; it is taken off again.
FORMULA = "=+-@|%\t\r\n＝＋－＠"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` as in the file; `required` where the row cannot do without it (or, for a part, without its group)."""

    name: str
    title: Text
    required: bool


def columns(track: Track, step: Step, *, items: int = 1) -> tuple[Column, ...]:
    """The columns of a step's bulk file in the order of its form; lists with room for `items` values."""
    found: list[Column] = []
    for field in step.form:
        needed = field.required and field.when is None
        found += _of_type(field.name, field.title, field.type, needed, items)
    for name in step.safeguards:
        question = track.safeguard(name).question
        found.append(Column(f"{SAFEGUARDS}.{name}", question, True))
        found.append(Column(f"{SAFEGUARDS}.{name}.reason", _REASON.fill(question=question), False))
    if step.attachments != "none":
        found.append(Column(ATTACHMENTS, _ATTACHMENTS, step.attachments == "required"))
    return tuple(found)


def _of_type(name: str, title: Text, kind: ValueType, required: bool, items: int) -> Iterator[Column]:
    if isinstance(kind, Many):
        for place in range(min(items, kind.most)):
            yield from _of_type(
                f"{name}.{place}", _joined(title, Text(str(place + 1), str(place + 1))), kind.of, False, items
            )
    elif kind.parts:
        titles = {part: words for part, words, _ in kind.widget.parts}
        for part, inner in kind.parts.items():
            yield from _of_type(
                f"{name}.{part}", _joined(title, titles.get(part, inner.title)), inner, False, items
            )
        if required:
            return
    else:
        yield Column(name, title, required)


def _joined(outer: Text, inner: Text) -> Text:
    return Text(f"{outer.en} – {inner.en}", f"{outer.zh}——{inner.zh}")


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of one file, read: which cell of a row goes where; "" for a cell that is left out."""

    paths: tuple[str, ...]

    def row(
        self, cells: Sequence[object]
    ) -> tuple[dict[str, object], dict[str, dict[str, str]], tuple[str, ...], int]:
        """Body, safeguards and attachments of one row, and how many cells it has beyond the headings."""
        body: dict[str, Any] = {}
        answers: dict[str, dict[str, str]] = {}
        files: tuple[str, ...] = ()
        for path, cell in zip(self.paths, cells, strict=False):
            value = restored(cell)
            if not path or value is None or (isinstance(value, str) and not value.strip()):
                continue
            if path == ATTACHMENTS:
                files = tuple(each.lower() for each in re.split(r"[;,\s]+", str(value)) if each)
            elif path.startswith(SAFEGUARDS + "."):
                name, _, reason = path.removeprefix(SAFEGUARDS + ".").partition(".")
                answers.setdefault(name, {})["reason" if reason else "answer"] = str(value).strip()
            else:
                _put(body, path.split("."), value)
        beyond = sum(1 for cell in cells[len(self.paths) :] if str(cell or "").strip())
        return body, answers, files, beyond


def _put(body: dict[str, Any], path: list[str], value: object) -> None:
    *outer, last = path
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def restored(cell: object) -> object:
    """The cell without the apostrophe that kept a spreadsheet from taking it for a formula."""
    if isinstance(cell, str) and len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA:
        return cell[1:]
    return cell


def harmless(value: object) -> object:
    """The inverse of `restored`, for writing a cell."""
    if isinstance(value, str) and value and value[0] in FORMULA:
        return "'" + value
    return value


def read_header(track: Track, step: Step, headings: Sequence[object], row: int = 1) -> Header:
    """Match the headings of a file, which stand in its row `row`, to the columns of a step.

    Refusal "wrong-header": names the columns that are missing, unknown, or given twice.
    """
    by_heading: dict[str, str] = {}
    for column in columns(track, step):
        for heading in (column.title.en, column.title.zh, column.name):
            by_heading[_folded(heading)] = column.name
    paths = [_path(step, by_heading, str(each or "")) for each in headings]
    while paths and paths[-1] == "" and not str(headings[len(paths) - 1] or "").strip():
        paths.pop()
    unknown = [str(h)[:40] for h, p in zip(headings, paths, strict=False) if p == "" and str(h or "").strip()]
    twice = sorted({p for p in paths if p and paths.count(p) > 1})
    missing = _missing(track, step, [p for p in paths if p])
    if unknown or twice or missing:
        raise _wrong_header(track, step, unknown, twice, missing).within(f"row {row}")
    return Header(tuple(paths))


def _path(step: Step, by_heading: Mapping[str, str], heading: str) -> str:
    known = by_heading.get(_folded(heading))
    if known is not None:
        return known
    parts = unicodedata.normalize("NFKC", heading).strip().split(".")
    field = step.field(parts[0])
    return ".".join(parts) if field is not None and _leads(field.type, parts[1:]) else ""


def _leads(kind: ValueType, parts: list[str]) -> bool:
    """Whether the parts lead from a type to a value of one cell."""
    if isinstance(kind, Many):
        if not parts:
            return not kind.of.parts
        return parts[0].isdecimal() and int(parts[0]) < kind.most and _leads(kind.of, parts[1:])
    if kind.parts:
        return bool(parts) and parts[0] in kind.parts and _leads(kind.parts[parts[0]], parts[1:])
    return not parts


def _missing(track: Track, step: Step, paths: list[str]) -> list[str]:
    missing = [c.name for c in columns(track, step) if c.required and c.name not in paths]
    for field in step.form:
        grouped = bool(field.type.parts) or isinstance(field.type, Many)
        given = any(path == field.name or path.startswith(field.name + ".") for path in paths)
        if field.required and field.when is None and grouped and not given:
            missing.append(f"{field.name}.*")
    return missing


def _wrong_header(
    track: Track, step: Step, unknown: list[str], twice: list[str], missing: list[str]
) -> Refusal:
    en, zh = [], []
    for names, words in (
        (missing, Text("missing: {names}", "缺少：{names}")),
        (unknown, Text("unknown: {names}", "无法识别：{names}")),
        (twice, Text("given twice: {names}", "重复：{names}")),
    ):
        if names:
            said = words.fill(names=", ".join(names[:20]) + (" …" if len(names) > 20 else ""))
            en.append(said.en)
            zh.append(said.zh)
    expected = ", ".join(column.name for column in columns(track, step))
    return Refusal(
        "wrong-header",
        Text(f"The headings of the file do not fit: {'; '.join(en)}.", f"文件表头不符：{'；'.join(zh)}。"),
        "",
        Text(f"The columns of this step are: {expected}.", f"本步骤的列为：{expected}。"),
    )


def _folded(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).strip().casefold()
