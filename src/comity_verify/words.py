"""What `prove` may find, in words. Data only."""

from __future__ import annotations

from comity.core.text import Text

NOTHING = Text("No entry of the case could be read.", "未能读取该案的任何登记项。")
NO_CHECKPOINT = Text("No signed checkpoint of this log holds.", "该日志没有有效的签名检查点。")
OTHER_CASE = Text("This entry is not one of this case.", "该登记项不属于本案。")
NO_EFFECT = Text(
    "It stands in the log but breaks a rule of it, so it has no effect: {why}",
    "该项虽载于日志，但违反日志规则，不产生效力：{why}",
)
EQUIVOCATION = Text(
    "“{code}” signed two different logs of the same length: it told two stories.",
    "“{code}”就同一长度签署了两份不同的日志：前后陈述不一。",
)
INCONSISTENT = (
    "checkpoint-inconsistent",
    Text(
        "“{code}” signed a log of {size} entries that its later log does not begin with: it rewrote its log.",
        "“{code}”曾签署{size}项的日志，而其后的日志并非以此开头：其日志被改写。",
    ),
)
OTHER_HISTORY = (
    "receipt-of-another-history",
    Text(
        "The other side acknowledged a different log of “{code}” at {size} entries.",
        "对方所确认的“{code}”前{size}项日志与此不同。",
    ),
)
TOO_OLD = Text(
    "More of the log of “{code}” is acknowledged here than the file’s checkpoint covers.",
    "此处确认的“{code}”日志超出文件中检查点的范围。",
)
UNACKNOWLEDGED = Text(
    "Nothing in this file shows that “{code}” had received it.", "本文件未显示“{code}”已收到该项。"
)
ERASED = Text(
    "The body was erased or is withheld; the digest of what it was still stands in the log.",
    "正文已删除或未提供；其摘要仍载于日志。",
)
BODY_ALTERED = Text("The body is not the one that was logged.", "正文与日志所载不符。")
MISSING = Text("A part of the proof is missing.", "缺少证明所需的部分。")
PROOF_MALFORMED = Text("This is not a proof for the file’s checkpoint.", "这不是针对本文件检查点的证明。")
