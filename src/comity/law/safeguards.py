"""Checks of law that a person must answer before a step may leave the node, and what each answer does.

Pure. An answer travels in the body under "safeguards": {name: {"answer", "officer", "reason"?}}, so the other authority
sees what was asked, what was answered, and by which officer (pseudonym). A blocking answer stops the step and says why.

Age: a person below eighteen is a child (Convention on the Rights of the Child, 1989, Art. 1). A birth date that is
partly known leaves open whether the person is one; in doubt the person is to be treated as one (Committee on the Rights
of the Child, General Comment No. 6 (2005), para. 31), so "maybe" needs the same answer as "minor".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity.core.strict_json import Json
from comity.core.text import Text
from comity.core.track import Safeguard, Step, Track
from comity.law.problem import Problem

MAJORITY = 18
ADULT, MINOR, MAYBE = "adult", "minor", "maybe"
SHORTEST_REASON = 10  # characters: "see above" is no reason
LONGEST_REASON = 2000


def minority(birth: str, on: date) -> str:
    """Whether a person born on `birth` ("1985", "1985-03" or "1985-03-07") is below eighteen on a day: ADULT,
    MINOR, or MAYBE where what is known of the date allows both. A leap-day child comes of age on 1 March."""
    parts = [int(part) for part in birth.split("-")]
    earliest = (parts[0], *(parts[1:] or [1]), *([1] if len(parts) < 3 else []))
    latest = (parts[0], *(parts[1:] or [12]), *([31] if len(parts) < 3 else []))
    then = (on.year - MAJORITY, on.month, on.day)
    if latest <= then:
        return ADULT
    return MINOR if earliest > then else MAYBE


def answers(step: Step, given: Mapping[str, Mapping[str, str]], author: str) -> dict[str, Json]:
    """The safeguards as they travel: only those the step names, each with code, pseudonym and reason."""
    clean: dict[str, Json] = {}
    for name in step.safeguards:
        answer = given.get(name) or {}
        if code := str(answer.get("answer") or "").strip():
            item: dict[str, Json] = {"answer": code, "officer": str(answer.get("officer") or author)}
            if reason := str(answer.get("reason") or "").strip():
                item["reason"] = reason
            clean[name] = item
    return clean


def problems(
    track: Track,
    step: Step,
    given: Mapping[str, Mapping[str, str]],
    *,
    births: tuple[str, ...] = (),
    on: date,
) -> list[Problem]:
    """What is missing or forbidding in the answers to a step's safeguards.

    births  the birth dates known of the person, of this step's body and of earlier ones
    on      the day the step is taken
    Codes: safeguard-unanswered, safeguard-unknown-answer, safeguard-blocks, safeguard-reason, safeguard-unknown,
    safeguard-contradicts.
    """
    found: list[Problem] = []
    for name in given:
        if name not in step.safeguards:
            found.append(
                Problem(
                    "safeguard-unknown", f"safeguards.{name[:40]}",
                    Text("This step does not ask for this safeguard.", "本步骤不要求此项保障措施。"),
                )
            )  # fmt: skip
    ages = {minority(birth, on) for birth in births}
    for name in step.safeguards:
        found += _one(track.safeguard(name), given.get(name) or {}, ages)
    return found


def _one(safeguard: Safeguard, given: Mapping[str, str], ages: set[str]) -> list[Problem]:
    where = f"safeguards.{safeguard.name}"
    code = str(given.get("answer") or "").strip()
    reason = str(given.get("reason") or "").strip()
    if not code:
        return [
            Problem(
                "safeguard-unanswered", where,
                Text("This safeguard is not answered: {question}", "此项保障措施尚未答复：{question}").fill(
                    question=safeguard.question
                ),
                Text("Answer it; {cite} requires it.", "请作出答复，依据为 {cite}。").fill(cite=safeguard.source.cite),
            )
        ]  # fmt: skip
    answer = safeguard.answer(code)
    if answer is None:
        return [
            Problem(
                "safeguard-unknown-answer", where,
                Text("This is not one of the answers to the safeguard.", "该答复不在可选范围内。"),
                Text("Choose one of: {codes}.", "请选择以下之一：{codes}。").fill(
                    codes=", ".join(a.code for a in safeguard.answers)
                ),
            )
        ]  # fmt: skip
    found: list[Problem] = []
    if answer.blocks:
        found.append(
            Problem(
                "safeguard-blocks", where,
                Text("With this answer the step may not be taken: {answer} ({cite})",
                     "在此答复下不得办理该步骤：{answer}（{cite}）").fill(answer=answer.text, cite=safeguard.source.cite),
                Text("If the matter changes, answer again; otherwise put the case on hold or withdraw it.",
                     "如情况变化，请重新答复；否则请暂停或撤回案件。"),
                blocks=True,
            )
        )  # fmt: skip
    if (answer.needs_reason or safeguard.named_officer) and len(reason) < SHORTEST_REASON:
        found.append(
            Problem(
                "safeguard-reason", f"{where}.reason",
                Text("This answer needs a reason in words.", "此答复须说明理由。"),
                Text("Say in at least {least} characters what it rests on.", "请用至少 {least} 个字符说明依据。").fill(
                    least=SHORTEST_REASON
                ),
            )
        )  # fmt: skip
    if len(reason) > LONGEST_REASON:
        found.append(
            Problem(
                "safeguard-reason", f"{where}.reason",
                Text("The reason is longer than {most} characters.", "理由超过 {most} 个字符。").fill(most=LONGEST_REASON),
            )
        )  # fmt: skip
    if answer.adult and ages & {MINOR, MAYBE}:
        found.append(_not_shown_adult(where, MINOR in ages))
    return found


def _not_shown_adult(where: str, certain: bool) -> Problem:
    if certain:
        what = Text(
            "By the birth date given the person is below eighteen.", "按所填出生日期，此人未满十八周岁。"
        )
    else:
        what = Text(
            "The birth date given does not show that the person is eighteen or over.",
            "所填出生日期不足以表明此人已满十八周岁。",
        )
    return Problem(
        "safeguard-contradicts", where, what,
        Text("Give the full birth date, or answer for a minor: in doubt the person is treated as one (CRC/GC/2005/6, para. 31).",
             "请填写完整出生日期，或按未成年人作答：存疑时应视为未成年人（CRC/GC/2005/6 第31段）。"),
        blocks=certain,
    )  # fmt: skip
