"""Drafts from the command line: what has not left the node yet; and approval, which needs a person and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from comity.cli.frame import Arg, Noun, Opt
from comity.cli.outcome import OK, REFUSED
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

if TYPE_CHECKING:
    from comity.derive.shapes import BundleShape, DraftShape
    from comity.store.drafts import Bundle, Draft
    from comity.store.people import Officer

DRAFT = Noun("draft", Text("Steps that have not left yet", "尚未发出的步骤"))
Id = Annotated[
    str,
    Arg(
        Text("Draft or bundle, as `case draft list` shows it", "草稿或批次编号，见 `case draft list`"),
        "DRAFT",
    ),
]
Digest = Annotated[
    str,
    Opt(
        Text(
            "Digest of what was read (default: of what is shown now)",
            "所阅内容的摘要（默认：现显示内容的摘要）",
        ),
        ("--digest",),
    ),
]
PasswordIn = Annotated[
    bool,
    Opt(
        Text("Read the password from the first line of stdin", "从标准输入首行读取密码"),
        ("--password-stdin",),
    ),
]
Reason = Annotated[str, Opt(Text("Why it is sent back", "退回理由"), ("--reason",))]


def find(officer: Officer, key: str) -> Draft | Bundle:
    """A draft or a bundle in sight; Hidden otherwise."""
    from comity.access import Hidden, bundle_or_404, draft_or_404

    try:
        return draft_or_404(officer, key, via="cli")
    except Hidden:
        return bundle_or_404(officer, key, via="cli")


def signed_in(terminal: Terminal, officer: Officer, piped: bool) -> None:
    """The officer in person: asks for the password. Refusal "sign-in-failed"; failures are counted as at the pages."""
    from django.contrib.auth import authenticate
    from django.http import HttpRequest

    from comity.store.audit import record
    from comity.store.database import writing

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.path = "/cli"
    password = terminal.password(officer.username, piped=piped)
    found = authenticate(request, username=officer.username, password=password)
    good = found is not None and found.pk == officer.pk
    with writing():
        record(officer, "sign_in" if good else "sign_in_failed", None, via="cli")
    if not good:
        raise Refusal(
            "sign-in-failed",
            Text(
                "The password is wrong, or the account is locked for a while.",
                "密码有误，或账户已被暂时锁定。",
            ),
            "",
            Text("After five failures wait a quarter of an hour.", "连续五次失败后，请等待十五分钟。"),
        )


@DRAFT.verb("list", Text("Open drafts in sight, and what waits for my approval", "可见的草稿及待我审批事项"))
def list_(terminal: Terminal) -> None:
    from comity.access import require
    from comity.derive import shaping
    from comity.store.drafts import AWAITING, OPEN_STATUSES, Bundle, Draft, bundles_in_sight, drafts_in_sight

    officer = terminal.officer()
    require(officer, "read_list")
    drafts = Draft.objects.filter(drafts_in_sight(officer), status__in=OPEN_STATUSES, bundle=None)
    bundles = Bundle.objects.filter(bundles_in_sight(officer), status=AWAITING)
    found = [shaping.draft(row) for row in drafts.select_related("relation", "author")[:200]]
    files = [shaping.bundle(row) for row in bundles.select_related("relation", "author")[:200]]
    heads = (
        Text("Draft", "草稿"),
        Text("Case", "案件"),
        Text("Step", "步骤"),
        Text("Status", "状态"),
        Text("Author", "起草人"),
    )
    terminal.put(
        {"drafts": [d.model_dump() for d in found], "bundles": [b.model_dump() for b in files]},
        lambda: terminal.table(
            heads,
            [
                *((d.id, d.case, d.title.model_dump(), d.status_title.model_dump(), d.author) for d in found),
                *(
                    (b.id, f"{b.source} ({b.rows})", b.step, b.status_title.model_dump(), b.author)
                    for b in files
                ),
            ],
        ),
    )


@DRAFT.verb("show", Text("Exactly what would be sent", "拟发出的确切内容"))
def show(terminal: Terminal, draft: Id) -> None:
    officer = terminal.officer()
    row = find(officer, draft)
    made = shape(row)
    terminal.put(made.model_dump(), lambda: shown(terminal, officer, row))


def shape(row: Draft | Bundle) -> DraftShape | BundleShape:
    from comity.derive import shaping
    from comity.store.drafts import Bundle

    return shaping.bundle(row) if isinstance(row, Bundle) else shaping.draft(row)


def shown(terminal: Terminal, officer: Officer, row: Draft | Bundle) -> list[object]:
    """What the other side would see, in words."""
    from comity.actions import preview
    from comity.store.case_lines import answered
    from comity.store.case_lines import shown as told
    from comity.store.drafts import Bundle

    lang = terminal.lang
    if isinstance(row, Bundle):
        said = Text(
            "{source}: {rows} rows, {status}\ndigest {digest}", "{source}：{rows} 行，{status}\n摘要 {digest}"
        )
        status = row.status_title
        return [
            said.fill(source=row.source or "-", rows=row.drafts.count(), status=status, digest=row.digest)[
                lang
            ]
        ]
    seen = preview(officer, row)
    lines: list[object] = [
        f"{seen.case}  {seen.step.title[lang]}  {row.status_title[lang]}",
        f"SHA-256 {seen.digest}",
    ]
    lines.append(seen.step.meaning[lang])
    for name, value in seen.body.items():
        if name == "safeguards":
            lines += [
                f"  {a.name}: {a.answer[lang]} ({a.officer}) {a.reason}"
                for a in answered(seen.track.safeguards, value)
            ]
        else:
            each = told(seen.step, name, value)
            lines.append(f"  {each.title[lang]}: {each[lang]}")
    lines += [f"  {file.pk[:16]}… {file.size} B" for file in seen.attachments]
    lines += [f"✗ {p.where}: {p.what[lang]}" for p in seen.problems]
    return lines


@DRAFT.verb("check", Text("What is missing before it may go", "发出前尚缺内容"))
def check(terminal: Terminal, draft: Id) -> int:
    from comity import actions

    officer = terminal.officer()
    problems = actions.check_draft(officer, _draft(officer, draft))
    lines = [f"✗ {p.where}: {p.what[terminal.lang]}" for p in problems] or [
        Text("It may go.", "可以发出。")[terminal.lang]
    ]
    terminal.put([p.to_json() for p in problems], lambda: [*lines])
    return REFUSED if problems else OK


@DRAFT.verb("submit", Text("Send a draft on its way", "提交草稿"))
def submit(terminal: Terminal, draft: Id) -> None:
    from comity import actions
    from comity.derive import shaping

    officer = terminal.officer()
    taken = shaping.taken(actions.submit(officer, _draft(officer, draft), via="cli"))
    terminal.put(taken.model_dump(), outcome(terminal, taken.outcome, taken.case, taken.draft))


@DRAFT.verb("withdraw", Text("Close a draft, or a bundle, that has not left", "撤回尚未发出的草稿或批次"))
def withdraw(terminal: Terminal, draft: Id) -> None:
    from comity import actions
    from comity.actions.bundles import withdraw_bundle
    from comity.store.drafts import Bundle

    officer = terminal.officer()
    row = find(officer, draft)
    if isinstance(row, Bundle):
        withdraw_bundle(officer, row, via="cli")
    else:
        actions.withdraw_draft(officer, row, via="cli")
    terminal.put({"draft": draft, "outcome": "withdrawn"}, Text("Withdrawn.", "已撤回。")[terminal.lang])


@DRAFT.verb("recall", Text("Recall a step that is about to leave", "撤回即将发出的步骤"))
def recall(terminal: Terminal, draft: Id) -> None:
    from comity import actions
    from comity.derive import shaping

    officer = terminal.officer()
    row = actions.recall(officer, _draft(officer, draft), via="cli")
    terminal.put(shaping.draft(row).model_dump(), Text("Recalled.", "已撤回，可继续修改。")[terminal.lang])


def approve(terminal: Terminal, draft: Id, digest: Digest = "", password_stdin: PasswordIn = False) -> None:
    """Four eyes: another officer than the author, in person, for exactly what is shown."""
    from comity import actions
    from comity.derive import shaping
    from comity.store.drafts import Bundle

    officer = terminal.officer()
    row = find(officer, draft)
    if not terminal.as_json:
        for line in shown(terminal, officer, row):
            terminal.say(str(line))
    signed_in(terminal, officer, password_stdin)
    done = actions.approve(officer, row, digest or row.digest, via="cli")
    if isinstance(done, Bundle):
        data = shaping.bundle(done)
        terminal.put(data.model_dump(), f"{data.status_title.model_dump()[terminal.lang]}: {data.rows}")
        return
    taken = shaping.taken(done)
    terminal.put(taken.model_dump(), outcome(terminal, taken.outcome, taken.case, taken.draft))


def reject(terminal: Terminal, draft: Id, reason: Reason, password_stdin: PasswordIn = False) -> None:
    """Send it back to its author, with a reason; in person, too."""
    from comity import actions

    officer = terminal.officer()
    row = find(officer, draft)
    signed_in(terminal, officer, password_stdin)
    done = actions.reject(officer, row, reason, via="cli")
    terminal.put(shape(done).model_dump(), Text("Sent back.", "已退回。")[terminal.lang])


def outcome(terminal: Terminal, what: str, case: str, draft: str) -> str:
    """One line that says what became of a step."""
    said = {
        "sent": Text("{case}: sent.", "{case}：已发出。"),
        "awaiting": Text(
            "{case}: waits for another officer’s approval, draft {draft}.",
            "{case}：待另一名官员批准，草稿 {draft}。",
        ),
        "leaving": Text("{case}: about to leave, draft {draft}.", "{case}：即将发出，草稿 {draft}。"),
        "editing": Text("{case}: saved as draft {draft}.", "{case}：已存为草稿 {draft}。"),
    }[what]
    return said.fill(case=case, draft=draft)[terminal.lang]


def _draft(officer: Officer, key: str) -> Draft:
    from comity.access import draft_or_404

    return draft_or_404(officer, key, via="cli")
