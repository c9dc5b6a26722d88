"""What was received under a handling rule is not passed on against it. Pure.

Whatever one authority sent may be forwarded to another only as the agreement with its sender allows: with the sender's
consent, or never (purpose limitation and onward transfer: Directive (EU) 2016/680 Art. 4(1)(b), Art. 35(1)(c)).
Consent is given case by case, by the authority that sent it; it cannot be presumed from silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.core.text import Text
from comity.law.problem import Problem

CONSENT, NEVER = "consent", "never"


@dataclass(frozen=True, slots=True)
class Received:
    """Something that came from `sender` (party code) under a rule on passing it on: CONSENT or NEVER."""

    what: str  # where it stands in what is being sent: "attachments.0"
    sender: str
    sender_name: Text
    onward: str
    consents: frozenset[str] = frozenset()  # codes of the parties the sender has agreed it may go to


def onward(rule: str, label: Mapping[str, object] | None) -> str:
    """The stricter of the agreement's rule and the label the sender put on it: TLP:RED goes to named recipients only."""
    return NEVER if rule == NEVER or (label or {}).get("tlp") == "RED" else CONSENT


def forwarding(received: Iterable[Received], to: str) -> list[Problem]:
    """Problems with passing on what was received to the authority `to`. Handing it back to its sender is free."""
    found = []
    for item in received:
        if item.sender == to or (item.onward == CONSENT and to in item.consents):
            continue
        if item.onward == NEVER:
            mend = Text("Leave it out.", "请删除该项。")
        else:
            mend = Text(
                "Ask {sender} for its consent in the case it came from, or leave it out.",
                "请在其来源案件中征得{sender}同意，或删除该项。",
            ).fill(sender=item.sender_name)
        found.append(
            Problem(
                "forwarding-refused", item.what,
                Text("This came from {sender} and may not be passed on to another authority without its consent.",
                     "该内容来自{sender}，未经其同意不得转交其他主管机关。").fill(sender=item.sender_name),
                mend,
                blocks=True,
            )
        )  # fmt: skip
    return found
