"""The answer in words, one language at a time: a heading, a table of who said what, the bodies, the findings.

Pure: a report in, text out. Everything from the file is shown with control and direction characters made visible, so
that no name or note can move the cursor or turn the line around (Unicode TR36).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from comity.core.strict_json import Json
from comity.core.text import Text
from comity_verify.report import ALTERED, CHANGED, ERASED, GONE, MISSING, NONE, SHOWN, Report, Statement

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def show(report: Report, lang: str) -> str:
    """The whole report in "en" or "zh"."""
    return "\n".join(_lines(report, lang)) + "\n"


def visible(text: str) -> str:
    """The same text with what cannot be seen written out: U+202E becomes "<U+202E>"."""
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in _HIDDEN else c for c in text)


def _lines(report: Report, lang: str) -> Iterator[str]:
    def said(text: Text) -> str:
        return visible(text[lang])

    yield said(_VERIFIED if report.verified else _NOT_VERIFIED)
    yield ""
    yield said(_CASE.fill(case=report.case, made=report.made, by=report.by))
    if report.agreement_title is not None:
        yield said(_AGREEMENT.fill(title=report.agreement_title))
        yield said(_DIGEST.fill(digest=report.agreement, pinned=_PINNED if report.pinned else _UNPINNED))
    for party in report.parties:
        yield said(_PARTY.fill(code=party.code, name=party.name, authority=party.authority))
        yield f"    {party.fingerprint}"
    for author, (size, root) in report.logs.items():
        yield said(_LOG.fill(code=author, size=size, root=root))
    yield ""
    yield from _table(
        [
            [title[lang] for title in _COLUMNS],
            *(_row(number, each, lang) for number, each in _numbered(report)),
        ]
    )
    for number, each in _numbered(report):
        yield ""
        yield f"[{number}] {each.author} / {each.step} / {each.digest}"
        if each.officer:
            officers = ", ".join((each.officer, *each.approvals))
            yield "    " + said(_OFFICERS.fill(names=officers))
        yield from (f"    {line}" for line in _body(each.said))
        for digest, size in each.attachments:
            yield "    " + said(_ATTACHMENT.fill(digest=digest, size=size))
    yield ""
    if not report.findings:
        yield said(_NO_FINDINGS)
    for finding in report.findings:
        where = f" [{finding.where}]" if finding.where else ""
        what = _FINDING.fill(kind=_KINDS.get(finding.kind, _NOTICE), what=finding.what)
        yield f"{said(what)}{visible(where)} ({finding.code})"
    yield said(_LIMITS.fill(by=report.by))


def _numbered(report: Report) -> Iterator[tuple[int, Statement]]:
    return enumerate(report.statements, 1)


def _row(number: int, each: Statement, lang: str) -> list[str]:
    seen = each.acknowledged
    return [
        str(number),
        each.time,
        each.author,
        str(each.index),
        visible(each.step),
        (_YES if each.proved else _NO)[lang],
        _BODIES[each.body][lang],
        f"{seen.time} #{seen.index}{'' if seen.root_shown else _BY_COUNT[lang]}" if seen else "-",
    ]


def _body(value: Json, path: str = "") -> Iterator[str]:
    """One line for each value: "name.native: 王小明"."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _body(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _body(part, f"{path}[{number}]")
    elif value is not None:
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{visible(path)}: {visible(shown)}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two (Unicode TR11)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


_VERIFIED = Text(
    "VERIFIED. Nothing in this file was altered, and nothing it lists is missing.",
    "核验通过。本文件未经改动，所列内容无一缺失。",
)
_NOT_VERIFIED = Text(
    "NOT VERIFIED. Something in this file was altered or is missing; see below.",
    "核验未通过。本文件有内容被改动或缺失，详见下文。",
)
_CASE = Text("Case {case}. File made {made} by “{by}”.", "案件 {case}。本文件由“{by}”于 {made} 生成。")
_AGREEMENT = Text("Agreement: {title}", "协议：{title}")
_DIGEST = Text("  SHA-256 {digest} ({pinned})", "  SHA-256 {digest}（{pinned}）")
_PINNED = Text("the digest you gave, or an amendment of it", "与您提供的摘要一致，或为其修订本")
_UNPINNED = Text("compare it with another source", "请与其他来源核对")
_PARTY = Text(
    "“{code}”: {authority}, {name}. Fingerprint of its keys:",
    "“{code}”：{name}，{authority}。其密钥指纹：",
)
_LOG = Text("Log of “{code}”: {size} entries, root {root}", "“{code}”的日志：共{size}项，根哈希 {root}")
_COLUMNS = (
    Text("No.", "序号"),
    Text("Written (UTC)", "书写时间（UTC）"),
    Text("By", "作者"),
    Text("Entry", "登记项"),
    Text("Step", "步骤"),
    Text("Proved", "已证明"),
    Text("Body", "正文"),
    Text("Acknowledged (UTC) by entry", "对方确认时间（UTC）及登记项"),
)
_BY_COUNT = Text(" (by count only)", "（仅以项数确认）")
_YES, _NO = Text("yes", "是"), Text("NO", "否")
_BODIES = {
    SHOWN: Text("whole", "完整"),
    NONE: Text("none", "无"),
    ERASED: Text("erased or withheld", "已删除或未提供"),
    CHANGED: Text("ALTERED", "被改动"),
    GONE: Text("MISSING", "缺失"),
}
_OFFICERS = Text("officer, then approving officers: {names}", "经办人及审批人：{names}")
_ATTACHMENT = Text("attachment: SHA-256 {digest}, {size} bytes", "附件：SHA-256 {digest}，{size}字节")
_NO_FINDINGS = Text("There is nothing else to tell.", "别无其他需要说明的事项。")
_FINDING = Text("{kind}: {what}", "{kind}：{what}")
_LIMITS = Text(
    "That these are all the entries of the case is the word of “{by}” alone; the other side’s file can confirm it.",
    "本案登记项是否已全部列出，仅以“{by}”所述为据；可由对方的证据文件印证。",
)
_NOTICE = Text("Note", "提示")
_KINDS = {ALTERED: Text("ALTERED", "改动"), MISSING: Text("MISSING", "缺失")}
