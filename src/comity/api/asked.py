"""What operations take: the shapes of requests, each with its limits. A member nobody declared is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from comity.core.entry import MAX_ATTACHMENTS

Name = Annotated[str, Field(min_length=1, max_length=80)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Reason = Annotated[str, Field(max_length=2000)]
Start = Annotated[int, Field(ge=0, le=10_000_000)]
Limit = Annotated[int, Field(ge=1, le=200)]
Word = Annotated[str, Field(max_length=150)]
FileName = Annotated[str, Field(max_length=200)]
Asking = Annotated[str, Field(min_length=1, max_length=200)]
Version = Annotated[int, Field(ge=1, le=10_000)]
Order = Literal["updated", "due", "opened"]
Whose = Literal["us", "them", ""]

MOST_ROWS = 500


class Asked(Schema):
    model_config = ConfigDict(extra="forbid")


class Safeguard(Asked):
    """The answer to one safeguard: its code, and the reason in words where it needs one."""

    answer: Annotated[str, Field(max_length=40)] = ""
    reason: Reason = ""


class StepIn(Asked):
    """A step: the body of its form, the answers to its safeguards, the files it names (added before)."""

    body: dict[str, Any] = Field(default_factory=dict)
    safeguards: dict[str, Safeguard] = Field(default_factory=dict)
    attachments: list[Sha256] = Field(default_factory=list, max_length=MAX_ATTACHMENTS)

    def answers(self) -> dict[str, dict[str, str]]:
        return {name: given.model_dump() for name, given in self.safeguards.items()}


class OpenIn(StepIn):
    """A new case: its track, and the opening step. `relation`: with whom, where several authorities agreed the track."""

    track: Name
    relation: Name | None = None


class DraftIn(StepIn):
    """A new draft: of a step in a case, or (without `case`) of the opening step of a track."""

    case: Name | None = None
    track: Name | None = None
    step: Name | None = None
    relation: Name | None = None


class DraftChange(Asked):
    """What is given replaces what the draft held; what is left out stays."""

    body: dict[str, Any] | None = None
    safeguards: dict[str, Safeguard] | None = None
    attachments: Annotated[list[Sha256], Field(max_length=MAX_ATTACHMENTS)] | None = None


class BulkIn(Asked):
    """Many new cases of one track; each row is opened or refused by itself."""

    track: Name
    rows: Annotated[list[StepIn], Field(min_length=1, max_length=MOST_ROWS)]
    relation: Name | None = None
    source: Annotated[str, Field(max_length=200)] = ""


class NoteIn(Asked):
    text: Annotated[str, Field(min_length=1, max_length=8000)]


class AssignIn(Asked):
    """`officer`: user name of a colleague."""

    officer: Annotated[str, Field(min_length=1, max_length=150)]


class ApprovalIn(Asked):
    """Kept so that a program learns why: a token never approves."""

    digest: Annotated[str, Field(max_length=64)] = ""


class RejectIn(Asked):
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
