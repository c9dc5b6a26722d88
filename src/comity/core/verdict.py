"""What the rules say of one entry: valid, or kept without effect and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from comity.core.text import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is "" for a valid entry; `why` explains an invalid one to both delegations in the same words."""

    code: str = ""
    why: Text | None = None

    @property
    def valid(self) -> bool:
        return not self.code


VALID = Verdict()


def invalid(code: str, why: Text) -> Verdict:
    return Verdict(code, why)
