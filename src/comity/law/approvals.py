"""Four eyes: another officer's yes, bound to the digest of exactly what will be sent.

Pure. Rules, in the order they are checked:
 1. A program may not approve: a token is one person's key, not a second person.
 2. The author, and whoever edited after him, never approves his own work.
 3. An approval names a digest; one of anything but the present digest is refused, and an edit makes all before it void.
 4. Nobody approves twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from comity.core.strict_json import Json, canonical_json
from comity.core.text import Refusal, Text

PEOPLE = ("web", "cli")  # ways in by which a person, signed in as himself, may approve


def digest_of(
    case: str,
    track: str,
    step: str,
    body: Mapping[str, Json],
    attachments: Iterable[str],
    safeguards: Mapping[str, Json],
) -> str:
    """SHA-256, in hex, over the canonical JSON of everything that will be sent and of where it will be sent."""
    said: Json = {
        "case": case,
        "track": track,
        "step": step,
        "body": dict(body),
        "attachments": list(attachments),
        "safeguards": dict(safeguards),
    }
    return hashlib.sha256(b"comity approval\n" + canonical_json(said)).hexdigest()


def bundle_digest(digests: Iterable[str]) -> str:
    """One digest over the digests of many drafts, in their order: each draft is approved with the bundle, or none."""
    return hashlib.sha256(b"comity bundle\n" + "\n".join(digests).encode()).hexdigest()


def check_approval(
    *, approver: int, writers: Collection[int], digest: str, present: str, before: Collection[int], via: str
) -> None:
    """Refuse an approval that does not count.

    approver  the officer; writers: author and editors of what is approved; before: who has approved `present` already
    digest    what the officer read and approves; present: what would be sent now
    Refusal: approval-by-token, approval-of-own-work, approval-of-another-digest, approval-twice.
    """
    if via not in PEOPLE:
        raise Refusal(
            "approval-by-token",
            Text("A token cannot approve.", "不得以令牌作出批准。"),
            mend=Text("An officer must sign in and approve in person.", "须由官员本人登录后批准。"),
        )
    if approver in writers:
        raise Refusal(
            "approval-of-own-work",
            Text("Nobody approves what he or she has written or changed.", "不得批准本人起草或修改的内容。"),
            mend=Text("Ask another officer.", "请另一名官员批准。"),
        )
    if not digest or digest != present:
        raise Refusal(
            "approval-of-another-digest",
            Text(
                "What you read has been changed since; your approval does not cover what would be sent now.",
                "您审阅后内容已有改动，您的批准不涵盖目前拟发出的内容。",
            ),
            mend=Text("Read it again and approve what stands there now.", "请重新审阅并就现有内容作出批准。"),
        )
    if approver in before:
        raise Refusal(
            "approval-twice",
            Text(
                "You have approved this already; another officer is needed.", "您已批准；尚需另一名官员批准。"
            ),
        )
