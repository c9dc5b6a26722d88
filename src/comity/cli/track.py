"""Tracks from the command line: list, check, draw. Needs no node."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any

from comity.cli.frame import Arg, Noun
from comity.cli.outcome import FAILED, OK
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text
from comity.core.track import Track
from comity.core.track_check import TrackError

TRACK = Noun("track", Text("Kinds of cooperation: list, check, draw", "合作事项：列出、检查、绘图"))


def names(_: str) -> list[str]:
    from comity.tracks import TRACKS

    return sorted(TRACKS)


Name = Annotated[str, Arg(Text("Name of the track", "合作事项名称"), "TRACK", names)]
StepName = Annotated[str, Arg(Text("Name of the step", "步骤名称"), "STEP")]


def find(name: str) -> Track:
    """A track by name. Refusal "unknown-track"."""
    from comity.tracks import TRACKS

    if name not in TRACKS:
        raise Refusal(
            "unknown-track",
            Text(f"There is no track {name!r}.", f"没有“{name}”这一合作事项。"),
            "",
            Text(f"There are: {', '.join(sorted(TRACKS))}.", f"现有：{'、'.join(sorted(TRACKS))}。"),
        )
    return TRACKS[name]


@TRACK.verb("list", Text("List the tracks of this node", "列出本节点的合作事项"), node=False)
def list_(terminal: Terminal) -> None:
    from comity.tracks import TRACKS

    rows = [
        {"name": t.name, "title": t.title.to_json(), "states": len(t.states), "steps": len(t.steps),
         "deadlines": len(t.deadlines), "source": t.source.cite}
        for t in TRACKS.values()
    ]  # fmt: skip
    heads = (
        Text("Track", "事项"),
        Text("Title", "名称"),
        Text("States", "状态"),
        Text("Steps", "步骤"),
        Text("Deadlines", "期限"),
    )
    terminal.put(
        rows,
        lambda: terminal.table(
            heads, [(r["name"], r["title"], r["states"], r["steps"], r["deadlines"]) for r in rows]
        ),
    )


@TRACK.verb("check", Text("Check the declaration of every track", "检查每一合作事项的声明"), node=False)
def check(terminal: Terminal) -> int:
    """Every file under `tracks/` is loaded by itself, so one wrong table does not hide another."""
    import comity.tracks as package

    found: list[dict[str, Any]] = []
    for module in iter_modules(package.__path__):
        if module.ispkg:
            continue
        try:
            track = getattr(import_module(f"{package.__name__}.{module.name}"), "TRACK", None)
        except TrackError as error:
            findings = [{"line": f.line, "fault": f.fault, "mend": f.mend} for f in error.findings]
            found.append({"track": error.track, "good": False, "findings": findings})
            continue
        if isinstance(track, Track):
            listed = track.name in package.TRACKS
            missing = {
                "line": "TRACKS",
                "fault": "is not listed",
                "mend": "Name it in TRACKS of comity.tracks.",
            }
            found.append({"track": track.name, "good": listed, "findings": [] if listed else [missing]})

    def show() -> list[object]:
        lines: list[object] = []
        for each in found:
            lines.append(f"{'✓' if each['good'] else '✗'} {each['track']}")
            lines += [f"    {f['line']}: {f['fault']}. {f['mend']}" for f in each["findings"]]
        return lines

    terminal.put(found, show)
    return OK if all(each["good"] for each in found) else FAILED


@TRACK.verb("chart", Text("Print the state chart as Mermaid", "以 Mermaid 格式输出状态图"), node=False)
def chart(terminal: Terminal, track: Name) -> None:
    from comity.derive.chart import mermaid

    made = mermaid(find(track), terminal.lang)
    if terminal.as_json:
        terminal.put({"track": track, "mermaid": made})
    else:
        terminal.raw(made)


@TRACK.verb(
    "show",
    Text("Show the steps of a track and what each asks", "显示合作事项的步骤及各步骤所需内容"),
    node=False,
)
def show(terminal: Terminal, track: Name) -> None:
    found = find(track)
    rows: list[dict[str, Any]] = [
        {"step": s.name, "title": s.title.to_json(), "by": s.by, "from": list(s.frm), "to": s.to, "at_any_time": s.at_any_time,
         "approvals": s.approvals, "attachments": s.attachments, "safeguards": list(s.safeguards),
         "fields": [f.name for f in s.form]}
        for s in found.steps
    ]  # fmt: skip
    heads = (
        Text("Step", "步骤"),
        Text("Title", "名称"),
        Text("By", "承办方"),
        Text("From", "自"),
        Text("To", "至"),
        Text("Approvals", "审批"),
    )
    anytime = Text("at any time", "任何时候")
    terminal.put(
        {"track": found.name, "title": found.title.to_json(), "purpose": found.purpose.to_json(), "steps": rows},
        lambda: [
            f"{found.title[terminal.lang]}: {found.purpose[terminal.lang]}",
            terminal.table(
                heads,
                [
                    (r["step"], r["title"], r["by"], anytime if r["at_any_time"] else ", ".join(r["from"]) or "•", r["to"],
                     r["approvals"])
                    for r in rows
                ],
            ),
        ],
    )  # fmt: skip


@TRACK.verb(
    "schema", Text("Print the JSON schema of what a step takes", "输出步骤内容的 JSON Schema"), node=False
)
def schema(terminal: Terminal, track: Name, step: StepName = "") -> None:
    from comity.derive.schema import step_schema

    found = find(track)
    declared = found.find_step(step) if step else found.opening
    if declared is None:
        raise Refusal(
            "unknown-step",
            Text(f"The track has no step {step!r}.", f"该合作事项没有“{step}”步骤。"),
            "",
            Text("See `comity track show`.", "请查看 `comity track show`。"),
        )
    terminal.as_json = True
    terminal.put(step_schema(found, declared))


@TRACK.verb("template", Text("Print an empty bulk file: the headings", "输出批量文件的表头"), node=False)
def template(terminal: Terminal, track: Name) -> None:
    import sys

    from comity.derive.rows import write_template

    write_template(find(track), sys.stdout)
