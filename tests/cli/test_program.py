"""The program as it is run: what needs no node, what two nodes do with each other, exit codes 4 and 5, both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.cli.outcome import FAILED, INTEGRITY, MEANINGS, OK, REFUSED, UNREACHABLE, USAGE, exit_code
from comity.core.text import Refusal, Text
from comity.tracks import TRACKS
from tests.cli.conftest import Ran
from tests.nodes import PASSWORD, ROOT, Node, make_nodes

Run = Callable[..., Ran]
EXAMPLES = ROOT / "examples"


# -- without a node ----------------------------------------------------------------------------------------------------


def test_track_check_prints_the_result_for_every_track(run: Run) -> None:
    checked = run("track", "check", "--json")
    assert checked.code == OK
    assert {each["track"]: each["good"] for each in checked.json} == dict.fromkeys(TRACKS, True)
    assert all(f"✓ {name}" in run("track", "check").out for name in TRACKS)


def test_track_check_names_the_line_and_the_mend(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import comity.tracks as package

    (tmp_path / "broken.py").write_text(
        "from comity.tracks.repatriation import TRACK as GOOD\nfrom dataclasses import replace\n"
        "TRACK = replace(GOOD, name='broken', steps=GOOD.steps[1:])\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    checked = run("track", "check", "--json")
    assert checked.code == FAILED
    (broken,) = (each for each in checked.json if not each["good"])
    assert broken["track"] == "broken"
    assert {
        "line": "steps",
        "fault": "0 steps open a case",
        "mend": "Mark exactly one step with opens=True.",
    } in broken["findings"]
    assert "✓ repatriation" in run("track", "check").out


@pytest.mark.parametrize("name", sorted(TRACKS))
def test_chart_schema_template_and_show_of_every_track(name: str, run: Run) -> None:
    for lang in ("en", "zh"):
        chart = run("track", "chart", name, lang=lang).out
        assert chart.startswith("stateDiagram-v2")
        assert all(state.title[lang] in chart for state in TRACKS[name].states)
    assert run("track", "show", name, "--json").json["steps"][0]["step"]
    for step in TRACKS[name].steps:
        assert json.loads(run("track", "schema", name, step.name).out)["title"] == f"{name}.{step.name}"
    assert run("track", "template", name).out.startswith(TRACKS[name].opening.form[0].name)
    assert run("track", "schema", name, "nonsense", "--json").error["code"] == "unknown-step"
    assert run("track", "chart", "nonsense", "--json").error["code"] == "unknown-track"


def test_agreements_without_a_node(run: Run, tmp_path: Path) -> None:
    from comity.agreements import shipped, text_of

    for name in shipped():
        assert run("agreement", "check", name).code == OK
        assert run("agreement", "show", name, "--json").json["name"] == name
        assert run("agreement", "compare", name, name, "--json").json == []
    text = text_of(shipped()[0]).decode()
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace("version = 1", "version = 0", 1), encoding="utf-8")
    checked = run("agreement", "check", str(broken), "--json")
    assert checked.code == FAILED
    assert checked.json["faults"][0]["where"]
    later = tmp_path / "later.toml"
    later.write_text(text.replace("value = 30", "value = 20", 1), encoding="utf-8")
    changed = run("agreement", "compare", shipped()[0], str(later), "--json").json
    assert [each["where"] for each in changed] == ["track repatriation / travel_document"]
    assert run("agreement", "verify", shipped()[0], "--json").error["code"] == "keys-not-filled"
    assert run("agreement", "show", str(tmp_path / "nothing"), "--json").error["code"] == "file-unreadable"


def test_config_tells_where_each_value_came_from(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comity.toml").write_text('party = "xx"\nthreads = 4\n', encoding="ascii")
    monkeypatch.setenv("COMITY_THREADS", "5")
    monkeypatch.setenv("COMITY_DATABASE", "postgres://me:hunter2@db:5432/comity")
    shown = run("config", "show", "--home", str(tmp_path), "--origin", "--json")
    found = {row["name"]: (row["value"], row["origin"]) for row in shown.json}
    assert found["home"] == (str(tmp_path), "flag")
    assert found["party"] == ("xx", "comity.toml")
    assert found["threads"] == (5, "environment")
    assert found["listen"][1] == "default"
    assert "hunter2" not in shown.out
    assert found["database"][0] == "postgres://me:***@db:5432/comity"


def test_every_command_has_help_in_both_languages() -> None:
    from typer.testing import CliRunner

    from comity.cli.frame import Noun, build
    from comity.cli.main import ROOT as TREE
    from comity.cli.main import carry_out

    def nouns(noun: Noun, path: tuple[str, ...]) -> list[tuple[Noun, tuple[str, ...]]]:
        below = [
            each
            for inner in noun.nouns
            for each in nouns(inner, (*path, inner.name, *(["X"] if inner.before else [])))
        ]
        return [(noun, path), *below]

    found = nouns(TREE, ())
    assert sum(len(noun.verbs) for noun, _ in found) > 60
    for lang, said in {"en": "Print JSON", "zh": "输出 JSON"}.items():
        app = build(TREE, lang, carry_out)
        for noun, path in found:
            for words in (path, (*path, noun.verbs[-1].name)):
                shown = CliRunner().invoke(app, [*words, "--help"])
                assert shown.exit_code == OK, words
                assert (
                    noun.verbs[0].help[lang].split()[0] in shown.stdout
                    if words == path
                    else said in shown.stdout
                )


def test_exit_codes_never_change_their_meaning() -> None:
    assert (OK, FAILED, USAGE, REFUSED, UNREACHABLE, INTEGRITY) == (0, 1, 2, 3, 4, 5)
    assert set(MEANINGS) == set(range(6))
    said = Text("x", "x")
    for code, exit_ in (
        ("bad-date", FAILED), ("out-of-turn", REFUSED), ("safeguard-blocks", REFUSED), ("approval-twice", REFUSED),
        ("peer-unreachable", UNREACHABLE), ("no-address", UNREACHABLE), ("fork", INTEGRITY),
        ("batch-root-mismatch", INTEGRITY), ("signature-missing", INTEGRITY), ("log-altered", INTEGRITY),
    ):  # fmt: skip
        assert exit_code(Refusal(code, said)) == exit_


def program(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, away from any node."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "LC_", "LANG"))
    }
    return subprocess.run(
        [sys.executable, "-m", "comity.cli.main", *words],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "COMITY_HOME": "/nowhere", **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_language_is_that_of_flag_environment_or_locale() -> None:
    assert "Kinds of cooperation" in program("--help").stdout
    assert "合作事项" in program("--help", "--lang", "zh").stdout
    assert "合作事项" in program("--help", COMITY_LANG="zh").stdout
    assert "合作事项" in program("--help", LANG="zh_CN.UTF-8").stdout


def test_without_a_node_it_says_so_and_shows_no_trace() -> None:
    done = program("case", "list")
    assert done.returncode == FAILED
    assert "comity init" in done.stderr
    assert "Traceback" not in done.stderr
    assert program("case", "list", "--nonsense").returncode == USAGE


@pytest.mark.parametrize(
    ("line", "offered"),
    [("comity case step X ver", "verify"), ("comity track chart rep", "repatriation"), ("comity agree", "agreement"),
     ("comity case step X verify --bas", "--basis"), ("comity case step X verify --basis reg", "register")],
)  # fmt: skip
def test_completion_offers_what_the_declarations_have(line: str, offered: str) -> None:
    words = {
        "_COMITY_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1),
    }
    assert offered in program(**words).stdout.split()


# -- two nodes ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def nodes(
    tmp_path: Path, new_database: Callable[[], str], free_ports: Callable[[int], list[int]]
) -> tuple[Node, Node]:
    """Two nodes that have signed and know each other's address; neither is running."""
    return make_nodes(tmp_path, new_database, free_ports(2))


def opened(node: Node, count: int = 2) -> list[str]:
    """Open some cases from the examples, approved by a second officer; their numbers."""
    node.cli("case", "attach", str(EXAMPLES / "final_order.txt"), officer="case_officer")
    head, *lines = (EXAMPLES / "applications.csv").read_text("utf-8").splitlines()
    file = node.home / "few.csv"
    file.write_text("\n".join([head, *lines[:count]]), encoding="utf-8")
    report = node.cli_json("case", "open", "repatriation", "--file", str(file), officer="case_officer")
    node.cli(
        "case", "approve", report["bundle"], "--password-stdin", officer="supervisor", stdin=PASSWORD + "\n"
    )
    return [row["case"] for row in report["rows"]]


def test_by_pouch_there_and_back_then_evidence_then_damage(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    first, second = nodes
    numbers = opened(first)
    unreachable = first.cli("peer", "check", "--json", check=False)
    assert unreachable.returncode == UNREACHABLE
    assert json.loads(unreachable.stdout)[0]["error"]["code"] == "peer-unreachable"
    early = first.cli("evidence", "export", numbers[0], "--json", officer="case_officer", check=False)
    assert json.loads(early.stderr)["error"]["code"] == "evidence-not-covered"
    there, back = tmp_path / "there.pouch", tmp_path / "back.pouch"
    assert first.cli_json("pouch", "write", str(there))["entries"] == 2
    assert second.cli_json("pouch", "read", str(there))["entries"] == 2
    assert second.cli_json("pouch", "read", str(there))["entries"] == 0
    step = ["case", "step", numbers[0], "return_incomplete", "--missing", "the date 日期"]
    assert second.cli_json(*step, officer="case_officer")["outcome"] == "sent"
    second.cli("pouch", "write", str(back))
    first.cli("pouch", "read", str(back))
    assert first.cli_json("case", "show", numbers[0], officer="case_officer")["state"] == "incomplete"
    digests = {node.cli_json("scorecard", "--at", "us=2,cn=2")[0]["digest"] for node in nodes}
    assert len(digests) == 1
    file = tmp_path / "evidence.zip"
    made = first.cli_json("evidence", "export", numbers[0], "--out", str(file), officer="oversight")
    verify = [sys.executable, "-m", "comity_verify", str(file), "--agreement-digest", made["agreement"]]
    assert subprocess.run(verify, env=first.env, capture_output=True, check=False).returncode == OK
    assert (
        second.cli("evidence", "export", numbers[1], officer="administrator", check=False).returncode
        == FAILED
    )
    assert first.cli("log", "verify").returncode == OK
    _damage(first)
    damaged = first.cli("log", "verify", "--json", check=False)
    assert damaged.returncode == INTEGRITY
    assert json.loads(damaged.stdout)[0]["good"] is False
    cut = tmp_path / "cut.pouch"
    cut.write_bytes(there.read_bytes()[:-20])
    refused = second.cli("pouch", "read", str(cut), "--json", check=False)
    assert json.loads(refused.stderr)["error"]["code"] == "pouch-cut"
    assert not there.with_name(".there.pouch").exists()


def _damage(node: Node) -> None:
    """Change a body behind the program's back."""
    node.python(
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute(\"UPDATE store_entry SET body = %s WHERE body IS NOT NULL\", [b'{}'])\n"
    )


def test_a_node_that_runs_is_called_and_examined(nodes: tuple[Node, Node]) -> None:
    first, second = nodes
    second.start(doors=json.dumps(["exchange"]))
    try:
        (case,) = opened(first, 1)
        assert first.cli("peer", "check").returncode == OK
        doctor = first.cli("doctor", "--json")
        assert {"keys", "agreement", "database"} <= {
            each["code"] for each in json.loads(doctor.stdout)["findings"]
        }
        assert first.cli_json("peer", "list")[0]["url"] == second.url
        assert second.cli_json(
            "peer", "add", first.cli_json("peer", "list")[0]["relation"], "http://127.0.0.1:1"
        )["url"]
        shown = first.cli("case", "show", case, "--lang", "zh", officer="case_officer")
        assert "身份核实中" in shown.stdout
        assert "\x1b[" not in shown.stdout + shown.stderr
    finally:
        second.stop()


# -- what --json promises ----------------------------------------------------------------------------------------------

KEYS = {
    ("case", "list"): {"total", "start", "items"},
    ("case", "work"): {"waiting_on_us", "waiting_on_them", "drafts", "approvals", "bundles"},
    ("case", "draft", "list"): {"drafts", "bundles"},
}
BRIEF = {
    "id", "relation", "track", "title", "state", "state_title", "waiting", "held", "ended", "opened", "updated", "due",
    "due_us", "due_them", "overdue", "unit", "mine",
}  # fmt: skip


def test_members_once_published_stay(office: object, run: Run) -> None:
    for words, keys in KEYS.items():
        assert keys <= set(run(*words, "--json", officer="author").json), words
    from comity.derive.shapes import CaseBrief

    assert set(CaseBrief.model_fields) >= BRIEF
