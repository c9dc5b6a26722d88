"""The hand that plays at one node: carries out, as officers of that node, what the story or the counterpart wants done.

One process at each node, driven line by line: a request is a JSON object {"do": …} on stdin, its answer one on stdout
({"ok": …} or {"error": …}). Everything goes through `comity.actions`, under the officers' own rights, with two officers
wherever the track asks for two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TextIO

from django.utils import timezone

from comity import actions, config
from comity.core.text import Refusal
from comity.demo import counterpart, filling
from comity.exchange.courier import Run
from comity.exchange.desk import here
from comity.exchange.lines.http import HttpLine
from comity.store.audit import record
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.drafts import AWAITING, Bundle, Draft
from comity.store.logs import Entry
from comity.store.people import Officer, Token, Unit

Done = dict[str, Any]


class Player:
    """State of one playing hand: who acts, and the chance it fills forms with."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  (a story is to be repeatable; nothing here is secret)
        self.runs: list[Run] = []

    # -- what can be asked for -----------------------------------------------------------------------------------------

    def people(self, officers: list[dict[str, str]]) -> Done:
        """Make accounts: {"name", "role", "password", "lang", "shown"}; answers name -> pseudonym."""
        found = {}
        with writing():
            unit, _ = Unit.objects.get_or_create(code="intake", defaults={"en": "Intake", "zh": "收件登记"})
            for each in officers:
                row = Officer(
                    username=each["name"],
                    role=each["role"],
                    unit=unit,
                    lang=each["lang"],
                    first_name=each["shown"],
                )
                row.set_password(each["password"])
                row.save()
                record(None, "make_officer", None, via="node", account=row.username, role=row.role)
                found[row.username] = row.pseudonym
        return found

    def token(self, officer: str, scopes: list[str]) -> Done:
        """A token for the API."""
        return {"token": Token.issue(_officer(officer), scopes, "demonstration", days=30)[1]}

    def attach(self, officer: str, path: str) -> Done:
        """Add a file to the node."""
        with Path(path).open("rb") as file:
            return {
                "sha256": actions.add_attachment(_officer(officer), file, name=Path(path).name, via="cli").pk
            }

    def open(
        self, officer: str, chief: str, track: str, body: dict[str, Any], attachments: list[str]
    ) -> Done:
        """Open a case, the form filled up and the safeguards answered; a second officer approves."""
        opening = _track(track).opening
        done = actions.open_case(
            _officer(officer), track, filling.body(opening, timezone.now(), self.chance, body),
            filling.answers(_track(track), opening), attachments, via="cli",
        )  # fmt: skip
        if isinstance(done, Draft):
            return {"case": done.case_name, "approved": _approve(chief, done)}
        return {"case": done.pk}

    def step(
        self, officer: str, chief: str, case: str, step: str, body: dict[str, Any], attachments: list[str]
    ) -> Done:
        """Take a step in a case, as `open`."""
        row = CaseRow.objects.select_related("relation", "unit").get(pk=case)
        track = row.case.track
        declared = track.step(step)
        if declared.attachments == "none":
            attachments = []
        done = actions.take_step(
            _officer(officer), row, step, filling.body(declared, timezone.now(), self.chance, body),
            filling.answers(track, declared), attachments, via="cli",
        )  # fmt: skip
        if isinstance(done, Draft):
            return {"case": case, "approved": _approve(chief, done)}
        return {"case": case, "entry": done.index}

    def steps(self, moves: list[dict[str, Any]]) -> Done:
        """Many steps, one after another."""
        for move in moves:
            self.step(**move)
        return {"taken": len(moves)}

    def approve_all(self, chief: str) -> Done:
        """Approve, as a second officer, every draft and file that waits."""
        count = 0
        for bundle in list(Bundle.objects.filter(status=AWAITING)):
            actions.approve(_officer(chief), bundle, bundle.digest, via="cli")
            count += 1
        for draft in list(Draft.objects.filter(status=AWAITING, bundle=None)):
            count += _approve(chief, draft)
        return {"approved": count}

    def sync(self) -> Done:
        """Call the peer until nothing is owed either way, files too. The same call the running node makes."""
        calls = 0
        for run in self._lines():
            calls += run.sync()
            run.files()
        return {"calls": calls}

    def states(self) -> Done:
        """Where every case stands."""
        rows = CaseRow.objects.order_by("pk").values_list("id", "state", "held", "ended")
        return {number: [state, held, ended] for number, state, held, ended in rows}

    def cases(self, state: str, limit: int, since: float) -> Done:
        """Numbers of cases in a state that were opened more than `since` days before the present day, oldest first."""
        before = datetime.now(UTC) - timedelta(days=since)
        rows = CaseRow.objects.filter(state=state, held=False, opened__lt=before).order_by("opened", "pk")
        return {"cases": list(rows.values_list("pk", flat=True)[:limit])}

    def answer(self, officer: str, chief: str, since: str, robots: list[str], patience: float) -> Done:
        """The counterpart's turn: answer what people have done at the other node since the story ended."""
        taken = []
        for move in counterpart.moves(
            datetime.fromisoformat(since), frozenset(robots), patience, timezone.now()
        ):
            try:
                self.step(officer, chief, move.case, move.step, dict(move.body), [])
            except Refusal as refusal:
                taken.append({"case": move.case, "step": move.step, "refused": refusal.code})
                continue
            taken.append({"case": move.case, "step": move.step})
        return {"taken": taken}

    def entries(self) -> Done:
        """How many entries this node holds."""
        return {"entries": Entry.objects.count()}

    # -- ---------------------------------------------------------------------------------------------------------------

    def _lines(self) -> list[Run]:
        if not self.runs:
            for name, peer in config.current().peers.items():
                self.runs.append(Run(here(), name, HttpLine(peer.url, timeout=peer.timeout)))
        return self.runs


def _officer(name: str) -> Officer:
    return Officer.objects.select_related("unit").get(username=name)


def _track(name: str) -> Any:
    from comity.tracks import TRACKS

    return TRACKS[name]


def _approve(chief: str, draft: Draft) -> int:
    """A second officer reads and approves what stands there."""
    actions.approve(_officer(chief), draft, draft.digest, via="cli")
    return 1


def play(requests: Iterator[str] | TextIO, answers: TextIO, seed: int = 1) -> None:
    """Carry out one request after another, until there is none."""
    player = Player(seed)
    for line in requests:
        asked = json.loads(line)
        hand: Callable[..., Done] = getattr(player, asked.pop("do"))
        try:
            said: Done = {"ok": hand(**asked)}
        except Refusal as refusal:
            said = {"error": refusal.to_json()}
        answers.write(json.dumps(said, ensure_ascii=False) + "\n")
        answers.flush()
