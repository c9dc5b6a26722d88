"""The agreement as both sides signed it, both languages side by side; what an amendment changed; the chart of a track."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from comity.core.agreement import BOTH, FORCES, ONWARD, Agreement, compare
from comity.core.text import Text
from comity.core.track import UNITS, Track
from comity.derive import chart
from comity.store.relations import Bond, bond
from comity.web import dates
from comity.web.page import PageRequest, allow, party_name, relations, show
from comity.web.words import records as words


def chosen(request: PageRequest) -> Bond | None:
    """The relation the page is about: the one named in the query, else the first; None on a node that has none."""
    rows = relations()
    wanted = request.GET.get("relation", "")
    row = next((r for r in rows if r.name == wanted), rows[0] if rows else None)
    return bond(row) if row is not None else None


@require_safe
def agreement(request: PageRequest) -> HttpResponse:
    """Everything the agreement says."""
    allow(request.user, "agreement")
    link = chosen(request)
    if link is None:
        return show(request, "no_agreement.html", here="agreement")
    text = link.agreement
    versions = link.chain.agreements
    context = {
        "agreement": text,
        "relation": link.name,
        "relations": [(row.name, bond(row).agreement.title) for row in relations()],
        "parties": [_party(link, code) for code in (link.me, link.peer)],
        "instruments": text.instruments,
        "clauses": _clauses(text),
        "tracks": [_track_terms(link, name) for name in text.tracks],
        "commitments": [
            {"row": c, "owner": words.both if c.owner == BOTH else party_name(link, c.owner), "force": FORCES[c.force]}
            for c in text.commitments
        ],
        "calendars": [
            {"row": c, "party": party_name(link, c.party),
             "days": words.calendar_days.fill(n=len(c.holidays), m=len(c.workdays))}
            for c in text.calendars
        ],
        "onward": ONWARD[text.handling.onward],
        "grace": words.hours.fill(n=text.delivery_grace_hours),
        "versions": versions,
        "older": versions[:-1],
    }  # fmt: skip
    return show(request, "agreement.html", context, here="agreement")


def _party(link: Bond, code: str) -> dict[str, Any]:
    party = link.agreement.party(code)
    return {
        "row": party,
        "ours": code == link.me,
        "zone": dates.zone_name(party.time_zone),
        "keys": words.keys_present if party.keys is not None else words.keys_placeholder,
    }


def _clauses(text: Agreement) -> list[dict[str, Any]]:
    titles = {topic.id: topic.title for topic in text.topics}
    instruments = {row.id: row.title for row in text.instruments}
    return [
        {"row": c, "topic": titles.get(c.topic), "instrument": instruments.get(c.instrument)}
        for c in text.clauses
    ]


def _track_terms(link: Bond, name: str) -> dict[str, Any]:
    terms, track = link.agreement.tracks[name], link.tracks.get(name)
    rows = []
    for deadline in track.deadlines if track is not None else ():
        term = terms.deadline(deadline.name)
        limit = words.measured_only
        if term.value is not None:
            unit = UNITS[term.unit or deadline.unit]
            limit = Text(f"{term.value} {unit.en}", f"{term.value}{unit.zh}")
        rows.append({
            "title": deadline.title, "owner": words.side_owner[deadline.owner], "limit": limit,
            "clause": term.clause, "source": deadline.source.cite,
            "at_least": deadline.at_least and term.value is not None,
        })  # fmt: skip
    return {"name": name, "track": track, "clause": terms.clause, "rows": rows}


@require_safe
def changes(request: PageRequest, version: int) -> HttpResponse:
    """What the version in force changed against an earlier one."""
    allow(request.user, "agreement")
    link = chosen(request)
    old = next((a for a in link.chain.agreements if a.version == version), None) if link is not None else None
    if link is None or old is None or old == link.agreement:
        raise Http404
    context = {"old": old, "new": link.agreement, "changes": compare(old, link.agreement)}
    return show(request, "changes.html", context, here="agreement")


@require_safe
def track(request: PageRequest, track: str) -> HttpResponse:
    """A track: what it is for, its chart, its steps, its questions of law. Holds no case."""
    allow(request.user, "agreement")
    link = chosen(request)
    found = link.tracks.get(track) if link is not None else None
    if link is None or found is None:
        raise Http404
    context = {
        "track": found,
        "drawings": {each: chart.draw(found, each) for each in ("en", "zh")},
        "states": chart.listed(found),
        "steps": [_step(found, step.name) for step in found.steps],
        "mermaid": {each: chart.mermaid(found, each) for each in ("en", "zh")},
    }
    return show(request, "track.html", context, here="agreement")


def _step(track: Track, name: str) -> dict[str, Any]:
    step = track.step(name)
    start = [track.state(state).title for state in step.frm]
    if not start:
        start = [words.track_new if step.opens else words.track_any]
    return {
        "step": step,
        "by": words.side_owner[step.by],
        "from": start,
        "to": track.state(step.to).title if step.to else None,
    }
