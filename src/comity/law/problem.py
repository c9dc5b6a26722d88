"""One thing that keeps a step from leaving the node, said so that an officer can mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.core.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the input ("birth_date", "safeguards.final_order", "attachments"); `blocks` means that no better
    answer is asked for: the step may not be taken as things stand."""

    code: str
    where: str
    what: Text
    mend: Text | None = None
    blocks: bool = False

    @classmethod
    def of(cls, refusal: Refusal) -> Problem:
        return cls(refusal.code, refusal.where, refusal.what, refusal.mend)

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "where": self.where,
            "what": self.what.to_json(),
            "mend": self.mend.to_json() if self.mend else None,
            "blocks": self.blocks,
        }


class Incomplete(Refusal):
    """A step refused because of one or more problems, each with its place; the first one speaks for all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = next((p for p in self.problems if p.blocks), self.problems[0])
        super().__init__(first.code, first.what, first.where, first.mend)

    def to_json(self) -> dict[str, object]:
        return {**super().to_json(), "problems": [p.to_json() for p in self.problems]}
