"""Agreements from the command line: list, show, check, compare. What signs them is `signing`.

A FILE is a path, or the name of an agreement shipped with comity. The signatures lie beside it, as FILE.sig.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from comity.cli import files
from comity.cli.frame import Arg, Noun, Opt
from comity.cli.node import boot, settings
from comity.cli.outcome import FAILED, OK
from comity.cli.terminal import Terminal
from comity.core.text import Text

if TYPE_CHECKING:
    from comity.core.agreement import Agreement

AGREEMENT = Noun("agreement", Text("Agreements: show, sign, put in force", "协议：查看、签署、施行"))


def shipped_names(_: str) -> list[str]:
    from comity.agreements import shipped

    return list(shipped())


File = Annotated[
    str,
    Arg(
        Text("Path of the agreement, or name of one that is shipped", "协议文件路径，或随附协议的名称"),
        "FILE",
        shipped_names,
    ),
]
Other = Annotated[str, Arg(Text("The later agreement", "较新的协议"), "NEW")]


def read(file: str) -> bytes:
    """The bytes of an agreement: a file, or one that is shipped. Refusal "file-unreadable"."""
    from comity.agreements import shipped, text_of

    return text_of(file) if file in shipped() and not Path(file).exists() else files.read(file)


def load(file: str) -> Agreement:
    from comity.core.agreement import Agreement
    from comity.tracks import TRACKS

    return Agreement.load(read(file), TRACKS)


def as_json(agreement: Agreement) -> dict[str, Any]:
    """What `--json` says of an agreement."""
    return {
        "name": agreement.name,
        "version": agreement.version,
        "digest": agreement.digest,
        "supersedes": agreement.supersedes,
        "suite": agreement.suite,
        "title": agreement.title.to_json(),
        "parties": [
            {"code": p.code, "name": p.name.to_json(), "authority": p.authority.to_json(), "time_zone": p.time_zone,
             "keys": p.keys is not None}
            for p in agreement.parties
        ],
        "tracks": {
            name: {
                each: {"value": term.value, "unit": term.unit, "clause": term.clause}
                for each, term in terms.deadlines.items()
            }
            for name, terms in agreement.tracks.items()
        },
        "clauses": [
            {"id": c.id, "instrument": c.instrument, "topic": c.topic, "text": c.text.to_json()}
            for c in agreement.clauses
        ],
        "commitments": [
            {"id": c.id, "owner": c.owner, "clause": c.clause, "force": c.force, "text": c.text.to_json(),
             "due": c.due.isoformat() if c.due else None, "measure": c.measure}
            for c in agreement.commitments
        ],
        "calendars": [{"party": c.party, "year": c.year, "source": c.source} for c in agreement.calendars],
    }  # fmt: skip


def _shown(terminal: Terminal, agreement: Agreement) -> list[object]:
    from comity.core.track_words import UNITS

    lang = terminal.lang
    head = Text("{title}\n{name}, version {version}, {digest}", "{title}\n{name}，第{version}版，{digest}")
    measured, keys = Text("measured, no limit", "仅统计，无时限"), Text("keys filled in", "已填密钥")
    terms = [
        (
            name,
            each,
            measured if term.value is None else f"{term.value} {UNITS[term.unit][lang]}",
            term.clause,
        )
        for name, found in agreement.tracks.items()
        for each, term in found.deadlines.items()
    ]
    return [
        head.fill(
            title=agreement.title, name=agreement.name, version=agreement.version, digest=agreement.digest
        )[lang],
        terminal.table(
            (Text("Party", "当事方"), Text("Authority", "主管机关"), keys),
            [(p.code, p.authority, p.keys is not None) for p in agreement.parties],
        ),
        terminal.table(
            (Text("Track", "事项"), Text("Deadline", "期限"), Text("Limit", "时限"), Text("Clause", "条款")),
            terms,
        ),
        terminal.table(
            (Text("Commitment", "承诺"), Text("Owner", "承担方"), Text("Due", "到期"), Text("Text", "内容")),
            [(c.id, c.owner, c.due, c.text) for c in agreement.commitments],
        ),
    ]


@AGREEMENT.verb(
    "list", Text("List the agreements shipped and those in force", "列出随附协议与现行协议"), node=False
)
def list_(terminal: Terminal) -> None:
    """Those in force only where there is a node."""
    from comity.agreements import shipped

    rows: list[dict[str, Any]] = [
        {"name": name, "version": None, "digest": None, "state": "shipped"} for name in shipped()
    ]
    found = settings(terminal)
    if found.database or Path(found.db.name).exists():
        boot(terminal)
        from comity.store.logs import Relation

        for row in Relation.objects.select_related("agreement").order_by("name"):
            rows.append(
                {
                    "name": row.name,
                    "version": row.agreement.version,
                    "digest": row.agreement_id,
                    "state": "in force",
                }
            )
    heads = (
        Text("Agreement", "协议"),
        Text("Version", "版本"),
        Text("Digest", "摘要"),
        Text("State", "状态"),
    )
    words = {"shipped": Text("shipped", "随附"), "in force": Text("in force", "现行")}
    terminal.put(
        rows,
        lambda: terminal.table(
            heads, [(r["name"], r["version"], r["digest"], words[r["state"]]) for r in rows]
        ),
    )


@AGREEMENT.verb("show", Text("Show an agreement", "显示协议"), node=False)
def show(terminal: Terminal, file: File) -> None:
    found = load(file)
    terminal.put(as_json(found), lambda: _shown(terminal, found))


@AGREEMENT.verb(
    "check",
    Text("Check an agreement against the tracks of this node", "对照本节点的合作事项检查协议"),
    node=False,
)
def check(terminal: Terminal, file: File) -> int:
    """Every fault, with its place and what to do."""
    from comity.core.agreement import Agreement
    from comity.tracks import TRACKS

    data = read(file)
    faults = Agreement.faults(data, TRACKS)

    def show_all() -> list[object]:
        lines: list[object] = []
        for fault in faults:
            lines.append(f"✗ {fault.where}: {fault.what[terminal.lang]} ({fault.code})")
            if fault.mend is not None:
                lines.append(f"    {fault.mend[terminal.lang]}")
        return lines or [Text("✓ In order.", "✓ 无误。")[terminal.lang]]

    terminal.put({"good": not faults, "faults": [fault.to_json() for fault in faults]}, show_all)
    return FAILED if faults else OK


@AGREEMENT.verb("compare", Text("What a later agreement changes", "比较新旧协议"), node=False)
def compare(terminal: Terminal, file: File, new: Other) -> None:
    from comity.core.agreement import compare as changes

    found = changes(load(file), load(new))
    rows = [{"where": each.where, "what": each.what.to_json()} for each in found]
    nothing = Text("Nothing but version, comments or spacing.", "除版本、注释或空白外无变化。")
    heads = (Text("Where", "位置"), Text("Change", "变化"))
    terminal.put(
        rows,
        lambda: (
            terminal.table(heads, [(r["where"], r["what"]) for r in rows]) if rows else nothing[terminal.lang]
        ),
    )


PartyCode = Annotated[
    str, Arg(Text("Code of the party, as the agreement writes it", "协议所载的当事方代码"), "PARTY")
]
Year = Annotated[int, Arg(Text("Year", "年份"), "YEAR")]
Provider = Annotated[
    str,
    Opt(
        Text(
            "Where the days come from: chinese-calendar, or holidays:COUNTRY",
            "日历来源：chinese-calendar，或 holidays:国家代码",
        ),
        ("--from",),
        "SOURCE",
    ),
]


@AGREEMENT.verb(
    "calendar", Text("Write the working-day calendar of a year", "生成某年度的工作日日历"), node=False
)
def calendar(terminal: Terminal, party: PartyCode, year: Year, provider: Provider) -> None:
    """Prints the [[calendar]] table to put into an amendment. Check it against what the government published."""
    from comity.gateways.calendars import calendar_table, make_calendar

    made = make_calendar(party, year, provider)
    table = calendar_table(made)
    terminal.put({"party": party, "year": year, "source": made.source, "toml": table}, table)
