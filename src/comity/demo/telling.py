"""The story told on the stage: day after day, through all three doors, with a real exchange between the two processes.

The file of applications goes in by the command line, three tales by the REST API, everything else as officers' actions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from comity.core.text import Refusal, Text
from comity.demo import filling
from comity.demo.processes import Seat
from comity.demo.stage import ROBOT, ROBOT_CHIEF, Stage
from comity.demo.story import BULK_DAY, BULK_MOVES, REQUESTING, RESPONDING, TALES, TRACK, B, Move, Tale, days
from comity.tracks import TRACKS

BY_API = 3  # so many tales are opened through the REST API
Say = Callable[[Text], None]


@dataclass(slots=True)
class Told:
    """What was played: the case of each tale, and how many came from the file."""

    cases: dict[int, str] = field(default_factory=dict)
    from_file: int = 0


def tell(stage: Stage, say: Say) -> Told:
    """Play everything up to now. Refusal "demo-failed" at the first thing that did not go as written."""
    told = Told()
    tokens = [
        seat.ask("token", officer=_name(ROBOT, seat), scopes=["read", "draft", "step"])["token"]
        for seat in stage.seats
    ]
    papers = [
        seat.ask("attach", officer=_name(ROBOT, seat), path=str(stage.order))["sha256"]
        for seat in stage.seats
    ]
    stage.set_back(BULK_DAY)
    say(Text("The file of applications goes in …", "正在批量立案……"))
    told.from_file = _open_file(stage)
    stage.settle()
    for day in days():
        stage.set_back(day)
        say(Text(f"{day:g} day(s) ago …", f"{day:g} 日前……"))
        _open_tales(stage, told, day, tokens, papers)
        for side in (0, 1):
            seat = stage.seats[side]
            moves = [
                _asked(seat, told.cases[number], move, papers[side])
                for number, tale in enumerate(TALES)
                for move in tale.moves
                if move.day == day and _mover(tale, move) == side
            ]
            moves += _bulk_moves(stage, day, papers[side]) if side == B else []
            if moves:
                seat.ask("steps", moves=moves)
                seat.ask("sync")
    stage.set_back(0)
    stage.settle()
    return told


def _name(name: str, seat: Seat) -> str:
    return f"{name}-{seat.party}"


def _mover(tale: Tale, move: Move) -> int:
    return tale.opener if move.side == REQUESTING else 1 - tale.opener


def _open_file(stage: Stage) -> int:
    """`comity case open … --file`, then a second officer's approval of the whole file."""
    seat = stage.seats[0]
    report: dict[str, Any] = seat.cli_json(
        "case", "open", TRACK, "--file", str(stage.file), "--as", _name(ROBOT, seat)
    )
    refused = [row for row in report["rows"] if row["outcome"] == "refused"]
    if refused:
        raise Refusal(
            "demo-failed",
            Text(f"{len(refused)} rows were refused.", f"{len(refused)} 行未被接受。"),
            str(stage.file),
        )
    seat.ask("approve_all", chief=_name(ROBOT_CHIEF, seat))
    return len(report["rows"])


def _open_tales(stage: Stage, told: Told, day: float, tokens: list[str], papers: list[str]) -> None:
    opened: set[int] = set()
    for number, tale in enumerate(TALES):
        if tale.opened != day:
            continue
        seat = stage.seats[tale.opener]
        if number < BY_API:
            told.cases[number] = _by_api(stage, seat, tale, tokens[tale.opener], papers[tale.opener])
        else:
            told.cases[number] = seat.ask(
                "open", officer=_name(ROBOT, seat), chief=_name(ROBOT_CHIEF, seat), track=TRACK, body=dict(tale.body),
                attachments=[papers[tale.opener]],
            )["case"]  # fmt: skip
        opened.add(tale.opener)
    for side in opened:
        stage.seats[side].ask("sync")


def _by_api(stage: Stage, seat: Seat, tale: Tale, token: str, paper: str) -> str:
    """POST /api/v1/cases with a token: it answers 202, for a token cannot approve; then a second officer does."""
    from random import Random

    from comity.demo.clock import shifted

    opening = TRACKS[TRACK].opening
    chance = Random(stage.seats.index(seat) + len(tale.title.en))  # noqa: S311  (repeatable, not secret)
    asked = {
        "track": TRACK,
        "body": filling.body(opening, shifted(stage.clock), chance, tale.body),
        "safeguards": filling.answers(TRACKS[TRACK], opening),
        "attachments": [paper],
    }
    answer = httpx.post(
        f"{seat.url}/api/v1/cases",
        json=asked,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=30,
    )
    said = answer.json()
    if answer.status_code != 202:
        raise Refusal(
            "demo-failed", Text(str(said)[:400], str(said)[:400]), f"{seat.party}: POST /api/v1/cases"
        )
    seat.ask("approve_all", chief=_name(ROBOT_CHIEF, seat))
    return str(said["case"])


def _asked(seat: Seat, case: str, move: Move, paper: str) -> dict[str, Any]:
    step = TRACKS[TRACK].step(move.step)
    return {
        "officer": _name(ROBOT, seat),
        "chief": _name(ROBOT_CHIEF, seat),
        "case": case,
        "step": move.step,
        "body": dict(move.body),
        "attachments": [paper] if step.attachments == "required" else [],
    }


def _bulk_moves(stage: Stage, day: float, paper: str) -> list[dict[str, Any]]:
    """Of the cases from the file, the next so many one step further."""
    seat = stage.seats[B]
    made: list[dict[str, Any]] = []
    for on, state, step, count in BULK_MOVES:
        if on == day:
            found = seat.ask("cases", state=state, limit=count, since=BULK_DAY - 0.5)["cases"]
            made += [_asked(seat, case, Move(day, RESPONDING, step), paper) for case in found]
    return made
