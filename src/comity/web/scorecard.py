"""The scorecard both delegations bring to the next dialogue, with its charts and the digest that proves it is the same."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from comity.core.text import Text
from comity.store import queries
from comity.store.relations import Bond
from comity.web import bars, dates
from comity.web.agreements import chosen
from comity.web.page import PageRequest, allow, party_name, relations, show
from comity.web.words import records as words

LEAST_DIGITS = 16


@require_safe
def scorecard(request: PageRequest) -> HttpResponse:
    """The figures, charts and digests; `?digest=` holds what the other authority has read out."""
    allow(request.user, "scorecard")
    link = chosen(request)
    if link is None:
        return show(request, "no_agreement.html", here="scorecard")
    relation = next(row for row in relations() if row.name == link.name)
    card = queries.scorecard(relation)
    content = card.content
    rows = [_row(link, each) for each in content["deadlines"]]
    asked = re.sub(r"[^0-9a-f]", "", request.GET.get("digest", "").lower())[:64]
    context = {
        "relation": link.name,
        "digest": card.digest,
        "as_of": content["as_of"],
        "asked": asked,
        "verdict": _verdict(card.digest, asked),
        "their_name": party_name(link, link.peer),
        "logs": [_log(link, code, content["logs"][code]) for code in (link.me, link.peer)],
        "agreement": link.agreement,
        "cases": [_cases(link, name, states) for name, states in content["cases"].items()],
        "deadlines": rows,
        "chart": bars.chart([(row["title"], row["owner"], row["parts"]) for row in rows]),
        "counts": [
            _count(link, name, of, n) for name, tally in content["counts"].items() for of, n in tally.items()
        ],
        "commitments": [_commitment(link, each) for each in content["commitments"]],
    }
    return show(request, "scorecard.html", context, here="scorecard")


def _verdict(digest: str, asked: str) -> str:
    if len(asked) < LEAST_DIGITS:
        return ""
    return "same" if digest.startswith(asked) else "differ"


def _log(link: Bond, code: str, head: dict[str, Any]) -> dict[str, Any]:
    return {
        "who": party_name(link, code),
        "size": head["size"],
        "root": head["root"],
        "ours": code == link.me,
    }


def _row(link: Bond, each: dict[str, Any]) -> dict[str, Any]:
    deadline = link.tracks[each["track"]].deadline(each["deadline"])
    judged = _judged(each)
    return {
        **each,
        "title": deadline.title,
        "track_title": link.tracks[each["track"]].title,
        "owner": party_name(link, each["owner"]),
        "share": f"{round(100 * each['kept'] / judged)} %" if judged else "–",
        "median_words": dates.lasting(each["median"]) if each["median"] is not None else "–",
        "p90_words": dates.lasting(each["percentile_90"]) if each["percentile_90"] is not None else "–",
        "parts": (
            ("kept", each["kept"]), ("measured", each["measured"]), ("open", each["open"]),
            ("overdue", each["overdue"]), ("late", each["late"]),
        ),
    }  # fmt: skip


def _cases(link: Bond, name: str, states: dict[str, int]) -> dict[str, Any]:
    track = link.tracks[name]
    shown = [(track.state(state).title, states.get(state, 0), track.state(state).final) for state in
             (s.name for s in track.states) if states.get(state)]  # fmt: skip
    rows = [
        (title, _FINAL if final else _OPEN, (("plain" if final else "brand", n),))
        for title, n, final in shown
    ]
    return {
        "title": track.title,
        "total": sum(states.values()),
        "open": sum(n for _, n, final in shown if not final),
        "ended": sum(n for _, n, final in shown if final),
        "chart": bars.chart(rows),
        "states": shown,
    }


_OPEN, _FINAL = words.cases_open, words.cases_ended


def _count(link: Bond, name: str, of: str, number: int) -> dict[str, Any]:
    track = link.tracks[name]
    measure = next(m for m in track.measures if m.of == of)
    return {"title": measure.title, "track": track.title, "number": number}


def _commitment(link: Bond, each: dict[str, Any]) -> dict[str, Any]:
    row = next(c for c in link.agreement.commitments if c.id == each["id"])
    owner: Text = words.both if row.owner == "both" else party_name(link, row.owner)
    return {"row": row, "owner": owner, "figures": _figures(link, each)}


def _judged(figures: dict[str, Any]) -> int:
    """How many clocks have been kept or not: one that is overdue now has not been kept, whether or not it has stopped."""
    return int(figures["kept"] + figures["late"] + figures["overdue"])


def _figures(link: Bond, each: dict[str, Any]) -> list[dict[str, Any]]:
    """How the commitment stands: for each owner the clocks kept of those judged, or a number of steps."""
    found = []
    for owner, figure in (each.get("figures") or {}).items():
        judged = _judged(figure)
        found.append(
            {"who": party_name(link, owner), "kept": figure["kept"], "of": judged, "open": figure["open"]}
        )
    return found
