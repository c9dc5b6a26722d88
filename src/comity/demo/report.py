"""What is shown of the demonstration: accounts, cases and clocks of both nodes, the checks; and whether all agreed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.core.text import Text
from comity.demo.processes import Seat, verifier
from comity.demo.stage import Stage
from comity.demo.story import TALES, TRACK
from comity.demo.telling import Told
from comity.tracks import TRACKS


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so. `found` is what was found, in words."""

    title: Text
    good: bool
    found: str


def accounts(stage: Stage, lang: str, out: Console) -> None:
    """Addresses, and a name and a password for each role on each side."""
    for seat in stage.seats:
        table = Table(title=f"{seat.party}  {seat.url}/", title_justify="left", box=None, pad_edge=False)
        for head in (Text("Account", "账户"), Text("Role", "角色"), Text("Password", "密码")):
            table.add_column(head[lang])
        for name, each in seat.officers.items():
            table.add_row(name, each["role"], each["password"])
        out.print(table)


def cases(stage: Stage, told: Told, lang: str, out: Console) -> None:
    """Every tale with its state, its clocks and whether it stands where the story ends."""
    track = TRACKS[TRACK]
    table = Table(title_justify="left", box=None, pad_edge=False)
    for head in (Text("Case", "案件"), Text("Tale", "情节"), Text("State", "状态"), Text("Clocks", "期限")):
        table.add_column(head[lang], overflow="fold")
    shown = _shown(stage, told)
    for number, tale in enumerate(TALES):
        each = shown[told.cases[number]]
        clocks = ", ".join(
            f"{c['title'][lang]}: {c['status']}{' ' + c['due'][:10] if c['due'] else ''}"
            for c in each["clocks"]
        )
        state = track.state(each["state"]).title[lang] + (
            Text(", on hold", "，暂停")[lang] if each["held"] else ""
        )
        table.add_row(escape(each["id"]), tale.title[lang], state, clocks or "–")
    out.print(table)
    more = Text("and {n} cases from the file.", "另有批量立案 {n} 件。").fill(n=told.from_file)
    out.print(more[lang])


def _shown(stage: Stage, told: Told) -> dict[str, dict[str, Any]]:
    """Every tale's case as the API of the first node shows it to oversight."""
    with _oversight(stage.seats[0]) as client:
        return {
            case: client.get(f"/api/v1/cases/{case}").raise_for_status().json()
            for case in told.cases.values()
        }


def _oversight(seat: Seat) -> httpx.Client:
    """The API of a node as its oversight officer sees it."""
    token = seat.ask("token", officer=f"oversight-{seat.party}", scopes=["read"])["token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=seat.url, headers=headers, trust_env=False, timeout=30)


def checks(stage: Stage, told: Told) -> list[Check]:
    """Everything that must agree: tales, states, scorecards, logs, evidence."""
    first, second = stage.seats
    states = stage.both(lambda seat: seat.ask("states"))
    cards = stage.both(lambda seat: seat.cli_json("scorecard"))
    ends = {told.cases[number]: [tale.ends, tale.held] for number, tale in enumerate(TALES)}
    wrong = [case for case, end in ends.items() if states[0].get(case, [])[:2] != end]
    reached = {state for state, *_ in states[0].values()}
    missing = [state.name for state in TRACKS[TRACK].states if state.name not in reached]
    digests = [card["digest"] for each in cards for card in each]
    return [
        Check(Text("Every tale ends where it must", "每一情节均按预定结束"), not wrong, ", ".join(wrong) or str(len(ends))),
        Check(Text("Every state of the track is there", "事项的每一状态均已出现"), not missing,
              ", ".join(missing) or str(len(reached))),
        Check(Text("Both nodes hold the same cases in the same states", "双方节点的案件及状态一致"), states[0] == states[1],
              f"{len(states[0])} = {len(states[1])}"),
        Check(Text("Both scorecards have the same digest", "双方计分表摘要一致"), len(digests) == 2 and digests[0] == digests[1],
              " = ".join(digest[:16] for digest in digests)),
        *stage.both(_log),
        _evidence(stage, first, told.cases[0]),
        _evidence(stage, second, told.cases[0]),
    ]  # fmt: skip


def _log(seat: Seat) -> Check:
    done = seat.cli("log", "verify", "--json")
    title = Text(f"Both logs verify at {seat.party}", f"{seat.party} 节点的两份日志校验通过")
    sizes = ""
    if done.returncode == 0:
        sizes = ", ".join(
            f"{log['author']}: {log['size']}" for each in json.loads(done.stdout) for log in each["logs"]
        )
    return Check(title, done.returncode == 0, sizes or (done.stderr or done.stdout)[-200:])


def _evidence(stage: Stage, seat: Seat, case: str) -> Check:
    """An evidence file of one case, checked by the program a court would use. The first node's is asked of its API."""
    file = stage.root / f"evidence-{seat.party}-{case}.zip"
    title = Text(
        f"comity-verify finds the evidence file of {seat.party} whole",
        f"comity-verify 确认 {seat.party} 的证据文件完整",
    )
    if seat is stage.seats[0]:
        with _oversight(seat) as client:
            answer = client.get(f"/api/v1/cases/{case}/evidence")
        file.write_bytes(answer.content)
        good, said = answer.status_code == 200, answer.text[:300]
    else:
        made = seat.cli(
            "evidence", "export", case, "--out", str(file), "--as", f"oversight-{seat.party}", "--json"
        )
        good, said = made.returncode == 0, (made.stderr or made.stdout)[-300:]
    if not good:
        return Check(title, False, said)
    digest = seat.cli_json("agreement", "list")[-1]["digest"]
    done = verifier(file, digest, seat.environment)
    return Check(title, done.returncode == 0, file.name if done.returncode == 0 else done.stdout[-300:])


def scorecards(stage: Stage, lang: str, out: Console) -> None:
    """The scorecard as each node prints it."""
    for seat in stage.seats:
        done = seat.cli("scorecard", "--lang", lang)
        out.print(f"[bold]{seat.party}[/]")
        out.print(done.stdout, markup=False, highlight=False)


def verdict(found: list[Check], lang: str, out: Console) -> bool:
    """Print each check; True when all hold."""
    for each in found:
        mark = "[green]✓[/]" if each.good else "[red]✗[/]"
        out.print(f"{mark} {escape(each.title[lang])}: {escape(each.found)}", highlight=False)
    return all(each.good for each in found)
