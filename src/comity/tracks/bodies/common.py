"""Steps every track has, taken at any time, and the safeguard answers they share. Declarations only."""

from __future__ import annotations

from comity.core.text import Text
from comity.core.track import ANSWERS, ASKS, EITHER, HOLDS, RELEASES, Answer, Field, Retention, Source, Step
from comity.core.types import Code, FreeText, Options

YES = Answer("yes", Text("Yes", "是"))
NO_BLOCKS = Answer("no", Text("No", "否"), blocks=True)

CASE_RECORD = Retention(
    "case_record",
    Text("Record of the case", "案件记录"),
    years=5,
    source=Source(
        "INTERPOL Rules on the Processing of Data, Art. 49 (retention of up to five years, then review)"
    ),
)


def hold_and_release(reasons: Options, grounds: Options) -> tuple[Step, Step]:
    """A hold with coded reasons by either side, and its release by the side that placed it."""
    return (
        Step(
            "hold",
            Text("Put on hold", "暂停办理"),
            by=EITHER,
            at_any_time=True,
            effect=HOLDS,
            attachments="optional",
            meaning=Text(
                "Stops the case on both sides at once: no further step can be taken and the clocks stand still until "
                "you release it.",
                "立即在双方暂停案件：解除前不得作出后续步骤，期限停止计算。",
            ),
            form=(
                Field("reason", Text("Reason", "事由"), Code(reasons)),
                Field("explanation", Text("Explanation", "说明"), FreeText(2000), retention=CASE_RECORD.name),
            ),
        ),
        Step(
            "release",
            Text("Release the hold", "解除暂停"),
            by=EITHER,
            at_any_time=True,
            effect=RELEASES,
            approvals=1,
            attachments="optional",
            meaning=Text(
                "Ends the hold your own authority placed. The clocks run on from the other side’s and your receipt.",
                "解除本方作出的暂停，期限自相应签收之时起继续计算。",
            ),
            form=(
                Field("ground", Text("Why the hold can end", "解除依据"), Code(grounds)),
                Field("explanation", Text("Explanation", "说明"), FreeText(2000), retention=CASE_RECORD.name),
            ),
        ),
    )


QUESTION = Step(
    "ask",
    Text("Ask a question", "提出问题"),
    by=EITHER,
    at_any_time=True,
    effect=ASKS,
    attachments="optional",
    meaning=Text(
        "Puts a question to the other authority. A deadline of your own stands still until its answer reaches you.",
        "向对方提出问题。在收到答复前，本方承担的期限停止计算。",
    ),
    form=(Field("question", Text("Question", "问题"), FreeText(4000), retention=CASE_RECORD.name),),
)

ANSWER = Step(
    "answer",
    Text("Answer the question", "答复问题"),
    by=EITHER,
    at_any_time=True,
    effect=ANSWERS,
    attachments="optional",
    meaning=Text(
        "Answers the oldest open question of the other authority; its deadline runs on from its receipt.",
        "答复对方最早提出且尚未答复的问题；对方期限自其签收答复时继续计算。",
    ),
    form=(Field("answer", Text("Answer", "答复"), FreeText(4000), retention=CASE_RECORD.name),),
)

STATUS_REPORT = Step(
    "report_status",
    Text("Report the status", "通报进展"),
    by=EITHER,
    at_any_time=True,
    attachments="optional",
    meaning=Text(
        "Tells the other authority where your work stands. It changes neither the state nor a clock.",
        "向对方通报办理进展，不改变案件状态，也不影响期限。",
    ),
    form=(
        Field("status", Text("Status of the work", "办理进展"), FreeText(4000), retention=CASE_RECORD.name),
    ),
)

NOTE = Step(
    "note",
    Text("Add a note", "补充说明"),
    by=EITHER,
    at_any_time=True,
    attachments="optional",
    meaning=Text(
        "Adds information to the record both authorities hold. It changes neither the state nor a clock.",
        "在双方共有的记录中补充信息，不改变案件状态，也不影响期限。",
    ),
    form=(Field("note", Text("Note", "说明内容"), FreeText(4000), retention=CASE_RECORD.name),),
)
