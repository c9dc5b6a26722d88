"""Cases from the command line: list, read, open, take steps. Reading is here; what changes a case is in `case_work`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

from comity.cli import case_work, drafts
from comity.cli.frame import Arg, Noun, Opt
from comity.cli.steps import open_verbs, step_verbs
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

if TYPE_CHECKING:
    from comity.derive.shapes import CaseBrief, CaseFull, Line
    from comity.store.cases import CaseRow
    from comity.store.people import Officer

CaseId = Annotated[str, Arg(Text("Number of the case", "案件编号"), "CASE")]
Track = Annotated[str, Opt(Text("Only this track", "仅限该合作事项"), ("--track",))]
State = Annotated[str, Opt(Text("Only in this state", "仅限该状态"), ("--state",))]
Waiting = Annotated[
    str, Opt(Text("Whose move: us or them", "待何方办理：us 或 them"), ("--waiting",), "us|them")
]
Mine = Annotated[bool, Opt(Text("Only those on my desk", "仅限本人承办"), ("--mine",))]
Overdue = Annotated[bool, Opt(Text("Only those overdue", "仅限逾期"), ("--overdue",))]
Ended = Annotated[bool | None, Opt(Text("Only ended, or only open", "仅限已终结或在办"), ("--ended/--open",))]
Order = Annotated[str, Opt(Text("Order", "排序"), ("--order",), "updated|due|opened")]
Start = Annotated[int, Opt(Text("Leave out so many", "跳过条数"), ("--start",))]
Limit = Annotated[int, Opt(Text("At most so many", "最多条数"), ("--limit",))]
Asked = Annotated[str, Arg(Text("Name, number or words", "姓名、编号或文字"), "TEXT")]

STEP = Noun(
    "step",
    Text(
        "Take a step in a case: comity case step CASE STEP …",
        "在案件中办理步骤：comity case step CASE STEP …",
    ),
    verbs=step_verbs(case_work.take),
    before=(inspect.Parameter("case", inspect.Parameter.KEYWORD_ONLY, annotation=CaseId),),
)
OPEN = Noun(
    "open",
    Text(
        "Open a case, or many from a file: comity case open TRACK …",
        "立案，或由文件批量立案：comity case open TRACK …",
    ),
    verbs=open_verbs(case_work.open_, case_work.BULK),
)
CASE = Noun("case", Text("Cases", "案件"), verbs=[*case_work.VERBS], nouns=[OPEN, STEP, drafts.DRAFT])
HEADS = (
    Text("Case", "案件"),
    Text("Title", "标题"),
    Text("State", "状态"),
    Text("Waiting", "待办方"),
    Text("Due", "到期"),
    Text("On hold", "暂停"),
)
WHOSE = {"us": Text("on us", "本方"), "them": Text("on them", "对方"), "": Text("ended", "已终结")}


def find(officer: Officer, case: str) -> CaseRow:
    """The case, read and recorded. Hidden where it is not in sight."""
    from comity.access import case_or_404

    return case_or_404(officer, case.strip().upper(), via="cli")


def listed(terminal: Terminal, items: list[CaseBrief]) -> Any:
    """A table of cases."""
    return terminal.table(
        HEADS,
        [
            (
                c.id,
                c.title,
                c.state_title.model_dump(),
                WHOSE[c.waiting],
                c.due and c.due[:10],
                c.held or None,
            )
            for c in items
        ],
    )


@CASE.verb("list", Text("List cases in sight", "列出可见案件"))
def list_(
    terminal: Terminal, track: Track = "", state: State = "", waiting: Waiting = "", mine: Mine = False,
    overdue: Overdue = False, ended: Ended = None, order: Order = "updated", start: Start = 0, limit: Limit = 50,
) -> None:  # fmt: skip
    from django.utils import timezone

    from comity.access import require
    from comity.derive import shaping
    from comity.store import queries

    if order not in ("updated", "due", "opened") or waiting not in ("", "us", "them"):
        raise Refusal(
            "bad-option", Text("This value cannot be used.", "该取值无法使用。"), "--order / --waiting"
        )
    officer = terminal.officer()
    require(officer, "read_list")
    found = queries.cases(
        officer, timezone.now(), track=track, state=state, waiting=waiting, mine=mine, overdue=overdue, ended=ended,
        order=order, start=max(0, start), limit=limit, via="cli",
    )  # fmt: skip
    page = shaping.page(found)
    count = Text("{shown} of {total}", "显示 {shown} 件，共 {total} 件").fill(
        shown=len(page.items), total=page.total
    )
    terminal.put(page.model_dump(), lambda: [listed(terminal, page.items), count[terminal.lang]])


@CASE.verb("work", Text("My work, by whose move it is", "我的待办，按待办方划分"))
def work(terminal: Terminal, limit: Limit = 50) -> None:
    from django.utils import timezone

    from comity.access import require
    from comity.derive import shaping
    from comity.store import queries

    officer = terminal.officer()
    require(officer, "read_list")
    found = shaping.work(queries.work(officer, timezone.now(), limit=limit, via="cli"))
    lang = terminal.lang
    us = Text("Waiting on us: {n}", "待本方办理：{n}").fill(n=found.waiting_on_us.total)[lang]
    them = Text("Waiting on them: {n}", "待对方办理：{n}").fill(n=found.waiting_on_them.total)[lang]
    rest = Text(
        "My drafts: {d}. To approve: {a}, files: {b}.", "我的草稿：{d}。待我审批：{a}，批次：{b}。"
    ).fill(d=len(found.drafts), a=len(found.approvals), b=len(found.bundles))[lang]
    terminal.put(
        found.model_dump(),
        lambda: [
            us,
            listed(terminal, found.waiting_on_us.items),
            them,
            listed(terminal, found.waiting_on_them.items),
            rest,
        ],
    )


@CASE.verb("show", Text("Where a case stands", "案件现状"))
def show(terminal: Terminal, case: CaseId) -> None:
    from django.utils import timezone

    from comity.core.deadline import stamp
    from comity.derive import shaping
    from comity.store import queries

    officer = terminal.officer()
    row, now = find(officer, case), timezone.now()
    item = queries.work_item(
        row,
        "due_them" if row.waiting == "them" else "due_us",
        now,
        row.assignments.filter(officer=officer).exists(),
    )
    full = shaping.full(
        item,
        queries.deadlines(row, stamp(now)),
        queries.next_steps(row, officer, via="cli"),
        queries.waiting_for(row),
    )
    terminal.put(full.model_dump(), lambda: _shown(terminal, full))


def _shown(terminal: Terminal, full: CaseFull) -> list[object]:
    lang = terminal.lang
    lines: list[object] = [
        f"{full.id}  {full.title}",
        f"{full.state_title.model_dump()[lang]} · {WHOSE[full.waiting][lang]}",
    ]
    if full.waiting_for is not None:
        lines.append(full.waiting_for.model_dump()[lang])
    clocks = [
        (
            c.title.model_dump(),
            c.owner.model_dump(),
            c.status,
            c.due and c.due[:16],
            c.sentence.model_dump()[lang],
        )
        for c in full.clocks
    ]
    if clocks:
        heads = (
            Text("Deadline", "期限"),
            Text("Owner", "承担方"),
            Text("Status", "状态"),
            Text("Due", "到期"),
            Text("Why", "依据"),
        )
        lines.append(terminal.table(heads, clocks))
    steps = [
        (s.step, s.title.model_dump(), "✓" if s.available else s.why_not and s.why_not.model_dump())
        for s in full.next_steps
    ]
    offers = (Text("Step", "步骤"), Text("Title", "名称"), Text("Now", "当前可办"))
    return [*lines, terminal.table(offers, steps)]


@CASE.verb("timeline", Text("Both sides’ entries on one line of time", "双方登记项的时间线"))
def timeline(terminal: Terminal, case: CaseId) -> None:
    from comity.derive import shaping
    from comity.store import queries

    officer = terminal.officer()
    found = [shaping.line(item) for item in queries.timeline(find(officer, case), officer, via="cli")]
    terminal.put([each.model_dump() for each in found], lambda: _lines(terminal, found))


def _lines(terminal: Terminal, found: list[Line]) -> list[object]:
    lang = terminal.lang
    lines: list[object] = []
    for each in found:
        done = " ▸ ".join(m.title.model_dump()[lang] for m in each.marks if m.at)
        lines.append(f"{each.time[:19]}Z  {each.author}  {each.title.model_dump()[lang]}  {done}")
        if each.why is not None:
            lines.append(f"    ✗ {each.why.model_dump()[lang]}")
        lines += [f"    {f.title.model_dump()[lang]}: {f.shown.model_dump()[lang]}" for f in each.fields]
        lines += [f"    {s.name}: {s.answer.model_dump()[lang]} ({s.officer})" for s in each.safeguards]
        lines += [f"    {a.sha256[:16]}… {a.size} B" for a in each.attachments]
    return lines


@CASE.verb("deadlines", Text("Every clock of a case, and why", "案件的各项期限及其依据"))
def deadlines(terminal: Terminal, case: CaseId) -> None:
    from django.utils import timezone

    from comity.core.deadline import stamp
    from comity.derive import shaping
    from comity.store import queries

    row = find(terminal.officer(), case)
    found = [shaping.clock(each) for each in queries.deadlines(row, stamp(timezone.now()))]
    lang = terminal.lang
    terminal.put(
        [each.model_dump() for each in found],
        lambda: [
            f"{c.title.model_dump()[lang]} ({c.status}): {c.sentence.model_dump()[lang]}" for c in found
        ],
    )


@CASE.verb("search", Text("Search cases in sight", "检索可见案件"))
def search(terminal: Terminal, text: Asked, limit: Limit = 50) -> None:
    """Chinese, pinyin, Latin names in any order, case and document numbers."""
    from django.utils import timezone

    from comity.access import require
    from comity.derive import shaping
    from comity.store import queries

    officer = terminal.officer()
    require(officer, "search")
    found = shaping.search(queries.search(officer, text, timezone.now(), limit=limit, via="cli"))
    count = Text("{n} found", "共 {n} 件").fill(n=found.total)
    terminal.put(found.model_dump(), lambda: [listed(terminal, [*found.items]), count[terminal.lang]])
