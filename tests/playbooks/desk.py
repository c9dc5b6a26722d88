"""An officer's desk at a live node, for stories: reads one command a line, takes steps through `comity.actions`, answers in JSON.

Run inside the node's own environment, beside its server process, as an operator's shell would be. Every step is drafted by
the case officer and approved by as many others as it needs; nothing goes round the rules an officer is held to.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from typing import Any

from comity.node import boot

boot()

from comity import actions  # noqa: E402 - tables exist only after boot
from comity.core.deadline import clocks, moment  # noqa: E402
from comity.core.text import Refusal  # noqa: E402
from comity.store.cases import CaseRow  # noqa: E402
from comity.store.drafts import Draft  # noqa: E402
from comity.store.logs import Log, Relation  # noqa: E402
from comity.store.people import Officer  # noqa: E402
from comity.store.relations import bond  # noqa: E402
from comity.tracks import TRACKS  # noqa: E402
from tests.samples import answers, body  # noqa: E402

FILE = (
    b"Final order of removal in a made-up case. \xe8\x99\x9a\xe6\x9e\x84\xe6\xa1\x88\xe4\xbb\xb6\xe3\x80\x82"
)


def step(track: str, name: str, case: str) -> dict[str, Any]:
    """Take a step; the number of the case, and the code of the refusal ("" when it was taken)."""
    author = Officer.objects.get(username="case_officer")
    declared = TRACKS[track].step(name)
    at = datetime.now(UTC)
    row = CaseRow.objects.select_related("relation").filter(pk=case).first()
    files = [actions.add_attachment(author, io.BytesIO(FILE), name="order.txt", case=row, via="cli").sha256]
    given = {
        "body": body(declared, at),
        "safeguards": answers(TRACKS[track], declared),
        "attachments": files if declared.attachments == "required" else [],
        "via": "cli",
    }
    try:
        if declared.opens:
            done = actions.open_case(author, track, **given)
        elif row is not None and author.pk:
            done = actions.take_step(author, row, name, **given)
        else:
            return {"case": case, "code": "no-such-case"}
        if isinstance(done, Draft):
            for chief in ("supervisor", "second")[: declared.approvals]:
                done = actions.approve(Officer.objects.get(username=chief), done, done.digest, via="cli")
    except Refusal as refusal:
        return {"case": case, "code": refusal.code}
    return {"case": done.pk if isinstance(done, CaseRow) else done.case_id, "code": ""}


def take_up(case: str) -> dict[str, Any]:
    """Hand a case the other side opened to the case officer."""
    row = CaseRow.objects.filter(pk=case).first()
    if row is None:
        return {"there": False}
    actions.assign(
        Officer.objects.get(username="supervisor"),
        row,
        Officer.objects.get(username="case_officer"),
        via="cli",
    )
    return {"there": True}


def sizes() -> dict[str, int]:
    return {log.author: log.size for log in Log.objects.all()}


def seen(case: str) -> dict[str, Any]:
    row = CaseRow.objects.get(pk=case).case
    return {"state": row.state, "held": row.held, "ended": row.ended, "fold": row.to_json()}


def clock(case: str, name: str) -> dict[str, Any]:
    tied = bond(Relation.objects.get())
    row = CaseRow.objects.get(pk=case).case
    now = max(log.time for log in Log.objects.all())
    last = [
        c
        for c in clocks(row, tied.chain.by_digest(row.agreement), tied.chain.calendar, now)
        if c.deadline == name
    ][-1]
    zone = tied.agreement.party(row.parties[last.owner]).zone
    due = moment(last.due).astimezone(zone).date().isoformat() if last.due else ""
    return {"status": last.status, "due": due, "days": last.seconds // 86400}


COMMANDS = {"step": step, "take_up": take_up, "sizes": sizes, "seen": seen, "clock": clock}

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(COMMANDS[asked.pop("do")](**asked)), flush=True)
