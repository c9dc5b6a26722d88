"""The story: one tale for every way a repatriation case can go, told in days before today. Data only.

`A` requests and `B` responds unless a tale says otherwise. A day has at most one move in a tale; moves of one day are
played together, the requesting side's first. What a move's form needs beyond what stands here is filled in by type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comity.core.text import Text

TRACK = "repatriation"
A, B = 0, 1
REQUESTING, RESPONDING = "requesting", "responding"
BULK_DAY = 61


@dataclass(frozen=True, slots=True)
class Move:
    """`day`: days before today; `side`: whose step it is."""

    day: float
    side: str
    step: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tale:
    """One case: what it shows, when and where it is opened, what happens, and where it must stand in the end."""

    title: Text
    opened: float
    moves: tuple[Move, ...]
    ends: str
    held: bool = False
    opener: int = A
    body: Mapping[str, Any] = field(default_factory=dict)


def us(day: float, step: str, **body: Any) -> Move:
    return Move(day, REQUESTING, step, body)


def them(day: float, step: str, **body: Any) -> Move:
    return Move(day, RESPONDING, step, body)


_RETURN = (us(13, "notify_transfer"), us(10, "carry_out"), them(9, "confirm_arrival"))
_NO_PAPERS = {"evidence": "none", "interview_language": "Mandarin / 普通话"}

TALES: tuple[Tale, ...] = (
    Tale(Text("Returned, every limit kept", "已返回，各期限均按期"), 60,
         (them(50, "verify"), them(35, "issue_document"), *_RETURN), "returned"),
    Tale(Text("Returned, the document was late", "已返回，证件逾期签发"), 60,
         (them(55, "verify"), them(20, "issue_document"), *_RETURN), "returned"),
    Tale(Text("Verified, the document is overdue", "已核实，证件逾期未签发"), 60, (them(50, "verify"),), "verified"),
    Tale(Text("Verified, the clock runs", "已核实，期限计算中"), 20, (them(5, "verify"),), "verified"),
    Tale(Text("Applied for yesterday", "昨日提出申请"), 1, (), "requested"),
    Tale(Text("Returned for completion", "退回补正"), 20,
         (them(10, "return_incomplete", missing="The order is not legible. 决定书无法辨认。"),), "incomplete"),
    Tale(Text("Completed, verification goes on", "已补正，核实继续"), 35,
         (them(25, "return_incomplete"), us(20, "complete")), "requested"),
    Tale(Text("No papers: interview arranged", "无证件：已安排面谈"), 10,
         (them(5, "arrange_interview", manner="video", place="Demonstration room 1 / 演示室一"),), "interview",
         body=_NO_PAPERS),
    Tale(Text("Interview reported, verification goes on", "已通报面谈，核实继续"), 25,
         (them(20, "arrange_interview", manner="in_person"), them(13, "report_interview")), "requested", body=_NO_PAPERS),
    Tale(Text("Could not be verified", "未能核实"), 25, (them(10, "cannot_verify", reasons=["records_differ"]),),
         "unverified"),
    Tale(Text("New information given", "已补充新材料"), 35,
         (them(25, "cannot_verify", reasons=["too_little"]), us(20, "resubmit")), "requested"),
    Tale(Text("Closed without verification", "未核实结案"), 60,
         (them(35, "cannot_verify", reasons=["no_record"]), us(25, "close_unverified")), "closed_unverified"),
    Tale(Text("Not a national", "非本国国民"), 35, (them(20, "not_a_national", reason="other_nationality"),),
         "not_national"),
    Tale(Text("Travel document issued", "旅行证件已签发"), 35, (them(20, "verify"), them(9, "issue_document")),
         "document_issued"),
    Tale(Text("A new document is asked for", "请求重新签发"), 60,
         (them(50, "verify"), them(35, "issue_document"), us(5, "ask_reissue", reason="error")), "reissue_asked"),
    Tale(Text("A new document was issued", "已重新签发"), 60,
         (them(50, "verify"), them(35, "issue_document"), us(20, "ask_reissue", reason="lost"),
          them(13, "reissue_document")), "document_issued"),
    Tale(Text("Transfer notified", "已通知移交"), 60,
         (them(50, "verify"), them(25, "issue_document"), us(1, "notify_transfer")), "transfer_notified"),
    Tale(Text("On the way", "移交途中"), 60,
         (them(50, "verify"), them(25, "issue_document"), us(5, "notify_transfer"), us(0.5, "carry_out")), "carried_out"),
    Tale(Text("The transfer failed", "移交未成"), 60,
         (them(50, "verify"), them(35, "issue_document"), us(13, "notify_transfer"),
          us(10, "fail_transfer", reason="medical")), "document_issued"),
    Tale(Text("Did not arrive", "未抵达"), 60,
         (them(50, "verify"), them(35, "issue_document"), us(13, "notify_transfer"), us(10, "carry_out"),
          them(9, "report_no_arrival", reason="operational")), "document_issued"),
    Tale(Text("Withdrawn: protection was granted", "已撤回：已获保护"), 25,
         (us(13, "withdraw", reason="protection_granted"),), "withdrawn"),
    Tale(Text("On hold: a protection claim", "暂停：保护申请未决"), 50,
         (them(20, "verify"), us(13, "hold", reason="protection_claim")), "verified", held=True),
    Tale(Text("Held and released", "暂停后解除"), 50,
         (us(35, "hold", reason="medical"), us(25, "release", ground="fit"), them(13, "verify")), "verified"),
    Tale(Text("A question is open", "问题尚待答复"), 20,
         (them(5, "ask", question="Which school did the person attend? 当事人就读于哪所学校？"),), "requested"),
    Tale(Text("A question was answered", "问题已答复"), 35,
         (them(25, "ask"), us(20, "answer"), them(9, "report_status"), us(5, "note")), "requested"),
    Tale(Text("The other way round: applied for", "反向：已提出申请"), 10, (), "requested", opener=B),
    Tale(Text("The other way round: verified", "反向：已核实"), 35, (them(13, "verify"),), "verified", opener=B),
    Tale(Text("The other way round: returned", "反向：已返回"), 60,
         (them(50, "verify"), them(35, "issue_document"), *_RETURN), "returned", opener=B),
)  # fmt: skip

# Of the cases opened from the file: so many are taken one step further on each of these days.
BULK_MOVES: tuple[tuple[float, str, str, int], ...] = (
    (50, "requested", "verify", 40),
    (35, "verified", "issue_document", 25),
    (20, "requested", "verify", 20),
)


def days() -> list[float]:
    """Every day on which something happens, the longest past first."""
    found = {tale.opened for tale in TALES} | {move.day for tale in TALES for move in tale.moves}
    return sorted(found | {day for day, *_ in BULK_MOVES}, reverse=True)
