"""Every route of a node and who is answered there: written from the issue's words on need-to-know, not from the program.

Border: data only; imports nothing of comity. A route the node has and this table has not makes the test fail, and the other
way round. Roles in a row are those that get `good`; another role gets 403 where it may see the thing the route is about, and
everybody who may not see it gets 404. Addresses are Django's, those of pages without the language in front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WORK = "case_officer supervisor liaison hotline_duty"
LEAD = "supervisor liaison"
READ = WORK + " analyst oversight"
NOTES = WORK + " analyst"
MANY = "case_officer supervisor liaison"
SAW = "case_officer supervisor liaison oversight"
ALL = READ + " administrator"
ROLES = tuple(ALL.split())

# What a route is about. Those of IN_CASE are seen by whoever sees the case; the others by the unit that writes them.
IN_CASE = frozenset({"case", "file", "case_draft", "case_wait", "leaving"})
OF_UNIT = frozenset({"new_draft", "new_wait", "bundle"})

Place = dict[str, str]  # everything an address or a body may name
Body = Callable[[Place], dict[str, Any]]


def nothing(_: Place) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """`trail`: the audit rows an answered request leaves. `shows`: the answer holds what the case says. `scope`: of a token.

    `changes`: an answered request changes a table. `role_first`: a role that may not is told so (403) before anything is
    looked for. `at_large`: what is out of sight is left out silently, so the answer is `good` and nothing changes.
    `but`: roles with another answer. `never`: answered by nobody's token (403 in sight), and no officer was refused.
    """

    method: str
    at: str
    who: str
    of: tuple[str, ...] = ()
    good: int = 200
    body: Body = nothing
    query: str = ""
    trail: tuple[str, ...] = ()
    shows: bool = False
    changes: bool = False
    role_first: bool = False
    at_large: bool = False
    never: bool = False
    scope: str = "read"
    raw: bytes = b""
    but: dict[str, int] = field(default_factory=dict)


def page(at: str, who: str, *of: str, **more: Any) -> Row:
    """A page that is read."""
    return Row("GET", at, who, of, **more)


def post(at: str, who: str, *of: str, **more: Any) -> Row:
    """A page's button: it changes something and redirects."""
    return Row("POST", at, who, of, **{"good": 302, "changes": True, **more})


DRAFTS = ("case_draft", "case_wait", "leaving", "new_draft", "new_wait")
WAITS = ("case_wait", "new_wait")
D = "drafts/<uuid:draft>/"
C = "cases/<str:case>/"
CASE_SEEN = ("read_case",)

PAGES: tuple[Row, ...] = (
    page("", ALL, trail=("read_list",), but={"administrator": 302}, shows=True),
    page("cases/", READ, trail=("read_list",), query="ended=no", shows=True),
    page("cases/new", WORK),
    post("cases/new/<slug:track>", WORK, trail=("save_draft",)),
    page(C, READ, "case", trail=CASE_SEEN, shows=True),
    post(C + "steps/<slug:step>", WORK, "case", trail=(*CASE_SEEN, "save_draft")),
    post(C + "assign", LEAD, "case", body=lambda p: {"officer": p["other_key"]}, trail=(*CASE_SEEN, "assign")),
    post(C + "assign", WORK, "case", body=lambda p: {"officer": p["own_key"]}, trail=(*CASE_SEEN, "assign")),
    post(C + "unassign", LEAD, "case", body=lambda p: {"officer": p["author_key"]}, trail=(*CASE_SEEN, "unassign")),
    post(C + "note", NOTES, "case", body=lambda p: {"text": "seen"}, trail=(*CASE_SEEN, "add_note")),
    page(C + "files/<str:sha256>", READ, "file", trail=(*CASE_SEEN, "read_attachment"), shows=True),
    page(D, READ, *DRAFTS, trail=("read",)),
    page(D + "check", READ, *DRAFTS, trail=("read",), shows=True),
    post(D + "send", WORK, "case_draft", "new_draft", trail=("submit",)),
    post(D + "recall", WORK, "leaving", trail=("recall",)),
    post(D + "discard", WORK, *DRAFTS, trail=("withdraw_draft",)),
    post(D + "attach", WORK, "case_draft", "new_draft", trail=("add_attachment", "save_draft")),
    post(D + "detach", WORK, "case_draft", "new_draft", body=lambda p: {"sha256": p["sha256"]}, trail=("save_draft",)),
    page(D + "<slug:section>", READ, "case_draft", "case_wait", "new_draft", "new_wait", trail=("read",), shows=True),
    post(D + "<slug:section>", WORK, "case_draft", "new_draft", trail=("save_draft",),
         body=lambda p: {"whom": "x", "remark": "x"}),
    page("approvals/", LEAD),
    page("approvals/<uuid:draft>", LEAD, *WAITS, trail=("read",), shows=True),
    post("approvals/<uuid:draft>", LEAD, *WAITS, trail=("approve",),
         body=lambda p: {"decision": "approve", "read": "yes", "digest": p["digest"]}),
    post("approvals/<uuid:draft>", LEAD, *WAITS, body=lambda p: {"decision": "reject", "reason": "no"}, trail=("reject",)),
    page("approvals/files/<uuid:bundle>", LEAD, "bundle", role_first=True, trail=("read",), shows=True),
    post("approvals/files/<uuid:bundle>", LEAD, "bundle", role_first=True, trail=("approve",),
         body=lambda p: {"decision": "approve", "read": "yes", "digest": p["digest"]}),
    post("approvals/files/<uuid:bundle>", LEAD, "bundle", role_first=True, trail=("reject",),
         body=lambda p: {"decision": "reject", "reason": "no"}),
    page("search", READ, query="q=Zaphira", trail=("search",), shows=True),
    page("workload", LEAD + " oversight", trail=("read_list",), shows=True),
    post("workload", LEAD, at_large=True, body=lambda p: {"officer": p["other_key"], "case": p["case"]}),
    page("scorecard", ALL),
    page("agreement/", ALL),
    page("agreement/changes/<int:version>", ALL, good=404),  # one version: nothing to compare with
    page("tracks/<slug:track>", ALL),
    page("link", ALL),
    page("audit", "oversight", trail=("read_audit",), query="action=read_case"),
    post("sign-out", ALL, trail=("sign_out",), changes=False),
)  # fmt: skip
OPEN_PAGES = {"sign-in": "GET POST"}
ELSEWHERE = "<path:elsewhere>"  # whatever is no page: led to sign in, then 404, by every method


def op(method: str, at: str, who: str, *of: str, **more: Any) -> Row:
    """An operation of the API."""
    return Row(method, at, who, of, **more)


def write(method: str, at: str, who: str, *of: str, scope: str = "step", **more: Any) -> Row:
    return Row(method, at, who, of, scope=scope, **{"good": 201, "changes": True, **more})


LAWFUL = {"lawful": {"answer": "yes"}}
OPENING = {"track": "letter", "body": {"whom": "somebody"}, "safeguards": LAWFUL}
A, B = "cases/<case>", "drafts/<draft>"

OPERATIONS: tuple[Row, ...] = (
    op("GET", "cases", READ, trail=("read_list",), shows=True),
    write("POST", "cases", WORK, body=lambda p: OPENING, trail=("open_case",)),
    op("GET", "work", READ, trail=("read_list",), shows=True),
    write("POST", "bulk", MANY, good=200, trail=("open_many",),
          body=lambda p: {"track": "letter", "rows": [{"body": {"whom": "somebody"}, "safeguards": LAWFUL}]}),
    op("GET", A, READ, "case", trail=CASE_SEEN, shows=True),
    op("GET", A + "/timeline", READ, "case", trail=CASE_SEEN, shows=True),
    op("GET", A + "/deadlines", READ, "case", trail=CASE_SEEN),
    write("POST", A + "/steps/<step>", WORK, "case", trail=(*CASE_SEEN, "take_step")),
    op("GET", A + "/notes", READ, "case", trail=CASE_SEEN, shows=True),
    write("POST", A + "/notes", NOTES, "case", scope="draft", body=lambda p: {"text": "seen"}, trail=(*CASE_SEEN, "add_note")),
    op("GET", A + "/seen-by", SAW, "case", trail=CASE_SEEN),
    write("POST", A + "/assignments", LEAD, "case", body=lambda p: {"officer": p["other"]}, trail=(*CASE_SEEN, "assign")),
    write("POST", A + "/assignments", WORK, "case", body=lambda p: {"officer": p["own"]}, trail=(*CASE_SEEN, "assign")),
    write("DELETE", A + "/assignments/<name>", LEAD, "case", good=204, trail=(*CASE_SEEN, "unassign")),
    op("GET", A + "/attachments", READ, "case", trail=CASE_SEEN),
    op("GET", A + "/evidence", READ, "case", trail=(*CASE_SEEN, "export"), shows=True),
    op("GET", "drafts", READ, trail=("read_list",), shows=True),
    write("POST", "drafts", WORK, scope="draft", body=lambda p: {"track": "letter"}, trail=("save_draft",)),
    write("POST", "drafts", WORK, "case", scope="draft", body=lambda p: {"case": p["case"], "step": "note"},
          trail=(*CASE_SEEN, "save_draft")),
    op("GET", B, READ, *DRAFTS, trail=("read",), shows=True),
    write("PATCH", B, WORK, "case_draft", "case_wait", "new_draft", "new_wait", good=200, scope="draft",
          body=lambda p: {"body": {}}, trail=("save_draft",)),
    write("DELETE", B, WORK, *DRAFTS, good=204, scope="draft", trail=("withdraw_draft",)),
    op("GET", B + "/check", READ, *DRAFTS, trail=("read",)),
    op("GET", B + "/preview", READ, *DRAFTS, trail=("read",), shows=True),
    write("POST", B + "/submit", WORK, "case_draft", "new_draft", trail=("read",)),
    write("POST", B + "/recall", WORK, "leaving", good=200, trail=("recall",)),
    op("POST", B + "/approve", "", *WAITS, scope="step", never=True, body=lambda p: {"digest": p["digest"]}),
    op("POST", B + "/reject", "", *WAITS, scope="step", never=True, body=lambda p: {"reason": "no"}),
    op("GET", "bundles/<bundle>", READ, "bundle", trail=("read",)),
    write("DELETE", "bundles/<bundle>", MANY, "bundle", good=204, trail=("withdraw_draft",)),
    write("POST", "attachments", WORK, scope="draft", raw=b"some bytes", trail=("add_attachment",)),
    op("GET", "attachments/<sha256>", READ, "file", trail=("read_attachment",), shows=True),
    op("GET", "tracks", ALL),
    op("GET", "tracks/<track>", ALL),
    op("GET", "tracks/<track>/steps/<step>", ALL),
    op("GET", "agreements", ALL),
    op("GET", "agreements/<name>", ALL),
    op("GET", "agreements/<name>/text", ALL),
    op("GET", "me", ALL),
    op("GET", "search", READ, query="q=Zaphira", trail=("search",), shows=True),
    op("GET", "scorecard", ALL),
    op("GET", "scorecard/<relation>", ALL),
    op("GET", "links", ALL),
    op("GET", "audit", "oversight", trail=("read_audit",)),
)  # fmt: skip
# Open to whoever reaches the node: the method each takes.
OPEN = {
    "": "", "exchange": "POST", "exchange/chunk": "POST", "exchange/want": "POST",
    "^exchange/chunks/(?P<sha256>[0-9a-f]{64})$": "GET", "healthz": "GET", "readyz": "GET", "metrics": "GET",
    "api/v1/healthz": "GET", "api/v1/openapi.json": "GET", "api/v1/": "", "api/^": "",
}  # fmt: skip
# Of the whole node, so that a case more or less shows in them as a number: sizes of logs, figures of the scorecard.
WHOLE_NODE = {"scorecard", "link", "links", "scorecard/<relation>"}


def expected(row: Row, role: str, relation: str, kind: str) -> int:
    """The status a person of this role and relation ("unit", "assigned" or "foreign") gets. `kind`: one of `row.of`, or ""."""
    by_need = relation == "unit" or (relation == "assigned" and kind in IN_CASE)
    sees = role != "administrator" and (role == "oversight" or by_need)
    allowed = role in row.who.split()
    if row.role_first and not allowed:
        return 403
    if kind and not sees:
        return 404
    return row.but.get(role, row.good) if allowed else 403
