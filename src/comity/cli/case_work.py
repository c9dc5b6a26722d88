"""What changes a case, from the command line: open, take a step, note, assign, attach; and the file of many cases."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from comity.cli import drafts
from comity.cli.files import read, write
from comity.cli.frame import Arg, Opt, Verb
from comity.cli.outcome import FAILED, OK
from comity.cli.steps import attached, typed
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text
from comity.tracks import TRACKS

if TYPE_CHECKING:
    from comity.actions import BulkRow
    from comity.store.cases import CaseRow
    from comity.store.people import Officer

CaseId = Annotated[str, Arg(Text("Number of the case", "案件编号"), "CASE")]
Words = Annotated[str, Arg(Text("The note", "备注内容"), "TEXT")]
Colleague = Annotated[str, Arg(Text("User name of the officer", "人员用户名"), "OFFICER")]
Off = Annotated[bool, Opt(Text("Take it off that desk", "取消指派"), ("--off",))]
Paths = Annotated[list[str], Arg(Text("Files to add", "待添加文件"), "FILE…")]
Digest = Annotated[str, Arg(Text("SHA-256 of the file", "文件的 SHA-256"), "SHA256")]
Out = Annotated[
    str,
    Opt(
        Text("Where to write it (default: its SHA-256)", "写入位置（默认以 SHA-256 命名）"),
        ("--out", "-o"),
        "FILE",
    ),
]

_FILE = Annotated[
    str,
    Opt(
        Text("File of many cases: CSV, XLSX or JSON", "批量文件：CSV、XLSX 或 JSON"), ("--file", "-f"), "FILE"
    ),
]
_REPORT = Annotated[
    str,
    Opt(
        Text("Write the report on every row to this CSV file", "将逐行报告写入该 CSV 文件"),
        ("--report",),
        "FILE",
    ),
]
_RELATION = Annotated[
    str,
    Opt(
        Text("With whom, where several authorities agreed the track", "如有多个对方约定该事项，指明合作关系"),
        ("--relation",),
    ),
]
BULK: tuple[tuple[str, Any, Any], ...] = (
    ("file", _FILE, ""),
    ("report", _REPORT, ""),
    ("relation", _RELATION, ""),
)


def _case(officer: Officer, case: str) -> CaseRow:
    from comity.access import case_or_404

    return case_or_404(officer, case.strip().upper(), via="cli")


def take(terminal: Terminal, name: str, given: dict[str, Any]) -> None:
    """Take (or with --draft only save) a step in a case."""
    from comity import actions
    from comity.derive import shaping

    officer = terminal.officer()
    row = _case(officer, given["case"])
    track = row.case.track
    step = track.find_step(name)
    if step is None:
        raise Refusal("unknown-step", Text("The track has no such step.", "该合作事项没有此步骤。"), name)
    body, answers, files = typed(terminal, officer, track, step, given)
    if given["draft"]:
        saved = actions.save_draft(
            officer, case=row, step=name, body=body, safeguards=answers, attachments=files, via="cli"
        )
        _saved(terminal, saved)
        return
    taken = shaping.taken(actions.take_step(officer, row, name, body, answers, files, via="cli"))
    terminal.put(taken.model_dump(), drafts.outcome(terminal, taken.outcome, taken.case, taken.draft))


def open_(terminal: Terminal, name: str, given: dict[str, Any]) -> int | None:
    """Open a case of a track; with --file many."""
    from comity import actions
    from comity.derive import shaping

    officer = terminal.officer()
    track, relation = TRACKS[name], given["relation"] or None
    if given["file"]:
        return _many(terminal, officer, name, given)
    body, answers, files = typed(terminal, officer, track, track.opening, given)
    if given["draft"]:
        saved = actions.save_draft(
            officer,
            track=name,
            body=body,
            safeguards=answers,
            attachments=files,
            relation=relation,
            via="cli",
        )
        _saved(terminal, saved)
        return None
    taken = shaping.taken(
        actions.open_case(officer, name, body, answers, files, relation=relation, via="cli")
    )
    terminal.put(taken.model_dump(), drafts.outcome(terminal, taken.outcome, taken.case, taken.draft))
    return None


def _saved(terminal: Terminal, draft: Any) -> None:
    from comity.derive import shaping

    made = shaping.draft(draft)
    terminal.put(made.model_dump(), drafts.outcome(terminal, "editing", made.case, made.id))


def _many(terminal: Terminal, officer: Officer, name: str, given: dict[str, Any]) -> int:
    """A case a row: all or nothing for each; a file handed in again opens only what is new."""
    from comity import actions
    from comity.actions.bulk import OUTCOMES, REFUSED
    from comity.derive.rows import MOST_BYTES, read_rows

    path = Path(given["file"])
    common = attached(officer, given["attach"])
    rows = read_rows(io.BytesIO(read(str(path), MOST_BYTES)), path.name, TRACKS[name])
    for note in rows.notes:
        terminal.say(note)
    with terminal.progress(Text("Opening cases", "正在立案"), rows.total) as progress:
        report = actions.open_many(
            officer,
            name,
            _with_files(officer, rows, path.parent, common),
            relation=given["relation"] or None,
            source=path.name,
            progress=progress,
            via="cli",
        )
    if given["report"]:
        _write_report(report, Path(given["report"]), terminal.lang)
    lang = terminal.lang

    def show() -> list[object]:
        lines: list[object] = []
        for row in report.rows:
            for problem in row.problems:
                mend = f" {problem.mend[lang]}" if problem.mend else ""
                lines.append(f"✗ {row.row} / {problem.where}: {problem.what[lang]}{mend} ({problem.code})")
        counts = ", ".join(f"{OUTCOMES[key][lang]}: {report.count(key)}" for key in OUTCOMES)
        waits = Text(
            "Bundle {id} waits for approval: comity case approve {id}",
            "批次 {id} 待审批：comity case approve {id}",
        )
        return [*lines, counts, waits.fill(id=str(report.bundle.pk))[lang] if report.bundle else None]

    terminal.put(report.to_json(), show)
    return FAILED if report.count(REFUSED) else OK


def _with_files(officer: Officer, rows: Any, folder: Path, common: list[str]) -> Iterator[BulkRow]:
    """Rows whose attachments are named by path get the digests of those files, added once each."""
    known: dict[str, str] = {}
    for row in rows:
        named = []
        for each in row.attachments:
            path = folder / each
            if each not in known:
                known[each] = (
                    attached(officer, [str(path)])[0] if len(each) != 64 and path.is_file() else each
                )
            named.append(known[each])
        yield replace(row, attachments=tuple(dict.fromkeys((*named, *common))))


def _write_report(report: Any, path: Path, lang: str) -> None:
    from comity.derive.rows import write_report

    made = io.StringIO()
    write_report(report, made, lang)
    write(path, made.getvalue().encode("utf-8-sig"))


def note(terminal: Terminal, case: CaseId, text: Words) -> None:
    """Write an internal note; it never leaves this node."""
    from comity import actions

    officer = terminal.officer()
    made = actions.add_note(officer, _case(officer, case), text, via="cli")
    terminal.put({"case": case, "note": made.pk}, Text("Written.", "已记录。")[terminal.lang])


def assign(terminal: Terminal, case: CaseId, officer: Colleague, off: Off = False) -> None:
    """Put a case on an officer's desk, or take it off."""
    from comity import actions
    from comity.store.people import Officer as Row

    acting = terminal.officer()
    to = Row.objects.filter(username=officer, is_active=True).first()
    if to is None:
        raise Refusal(
            "unknown-officer", Text(f"No officer here is named {officer!r}.", f"没有名为“{officer}”的人员。")
        )
    row = _case(acting, case)
    if off:
        actions.unassign(acting, row, to, via="cli")
    else:
        actions.assign(acting, row, to, via="cli")
    terminal.put(
        {"case": row.pk, "officer": officer, "assigned": not off}, Text("Done.", "已完成。")[terminal.lang]
    )


def attach(terminal: Terminal, files: Paths) -> None:
    """Add files to this node, so that a step may name them; prints the SHA-256 of each."""
    officer = terminal.officer()
    found = [{"file": name, "sha256": attached(officer, [name])[0]} for name in files]
    terminal.put(found, lambda: [f"{each['sha256']}  {each['file']}" for each in found])


def fetch(terminal: Terminal, sha256: Digest, out: Out = "") -> None:
    """Write a file of a case to disk, if the officer may read it."""
    import shutil

    from comity.access import Hidden, acting, role_may, visible
    from comity.actions.drafting import attachment_in_sight
    from comity.actions.keeping import place_of
    from comity.store.audit import record
    from comity.store.files import HELD, Attachment, AttachmentUse

    officer = terminal.officer()
    with acting(officer, "cli"):
        held = Attachment.objects.filter(pk=sha256, state=HELD).first()
        if (
            held is None
            or not role_may(officer.role, "read_attachment")
            or not attachment_in_sight(officer, sha256)
        ):
            raise Hidden("read_attachment", None)
        use = AttachmentUse.objects.filter(
            attachment_id=sha256, case_id__in=visible(officer).values("pk")
        ).first()
        record(officer, "read_attachment", use.case_id if use is not None else None, via="cli", sha256=sha256)
    target = Path(out or sha256)
    try:
        shutil.copyfile(place_of(sha256), target)
    except OSError as fault:
        raise Refusal(
            "file-unwritable", Text(f"{target} cannot be written.", f"无法写入 {target}。"), str(target)
        ) from fault
    terminal.put({"sha256": sha256, "file": str(target), "size": held.size}, str(target))


VERBS = (
    Verb("approve", Text("Approve a draft or bundle, in person", "本人批准草稿或批次"), drafts.approve),
    Verb("reject", Text("Send a draft or bundle back, in person", "本人退回草稿或批次"), drafts.reject),
    Verb("note", Text("Write an internal note", "写内部备注"), note),
    Verb("assign", Text("Put a case on an officer’s desk", "指派案件"), assign),
    Verb("attach", Text("Add files to this node", "向本节点添加文件"), attach),
    Verb("fetch", Text("Write a file of a case to disk", "将案件文件写入磁盘"), fetch),
)
