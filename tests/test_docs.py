"""The documents are true: commands, options, settings, roles, rights, metrics, links, paths and page labels named there exist.

Border: reads documents, declarations and the tree of commands; starts no node. `python -m tests.test_docs` writes the table
of settings into the administrators' guide again.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "comity"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [
    *DOCS,
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")),
]
OFFICER, OFFICER_ZH = ROOT / "docs/guide-officer.md", ROOT / "docs/guide-officer.zh.md"
ANALYST, ADMINISTRATOR = ROOT / "docs/guide-analyst.md", ROOT / "docs/guide-administrator.md"
DEVELOPER = ROOT / "docs/guide-developer.md"

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.M | re.S)
START, END = (
    "<!-- settings: made by `python -m tests.test_docs` from src/comity/config.py -->\n",
    "<!-- end of settings -->",
)
# The made-up track of the guide to adding one.
MADE_UP = {"comity case open record", "tests/playbooks/record/"}
# Rights no door offers yet: named outside `access` and `actions` they must be described.
NOT_OFFERED = {"move_to_unit", "manage_officers", "manage_node"}
# Where a document may point to: examples, this machine, and the bodies whose texts are cited.
HOSTS = re.compile(
    r"(^|\.)example(:\d+)?$|^(127\.0\.0\.1|localhost)(:\d+)?$|^c2sp\.org$|^www\.rfc-editor\.org$"
)
PLACES = re.compile(
    r"(?<![\w.])/(work|root|home|tmp|Users|mnt|usr/local)/|pypi\.org|registry\.npmjs|index-url|/simple\b"
)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@pytest.fixture(scope="module", autouse=True)
def _django() -> None:
    """Declarations of the store can only be read once Django is ready."""
    from comity.node import boot

    boot()


@cache
def text(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", text(page))


def spans(page: Path) -> list[str]:
    """What stands between backticks in the prose."""
    return [" ".join(each.split()) for each in re.findall(r"`([^`]+)`", prose(page))]


# ---------------------------------------------------------------- commands


def command_lines(page: Path) -> Iterator[str]:
    """Every command a page shows: lines after a prompt, and spans that begin with the program's name."""
    for _, language, code in FENCE.findall(text(page)):
        if language == "console":
            yield from (line.strip()[2:] for line in code.splitlines() if line.strip().startswith("$ "))
        if language == "sh":
            yield from (line.strip() for line in code.splitlines() if line.strip())
    yield from (span for span in spans(page) if re.match(r"(comity|comity-verify|make)( |$)", span))


@cache
def tree() -> Any:
    """The commands of `comity`, as Typer makes them."""
    import typer

    from comity.cli.frame import build
    from comity.cli.main import ROOT as COMMANDS

    return typer.main.get_command(build(COMMANDS, "en", lambda *_: 0))


def options(command: Any) -> set[str]:
    return {
        name for each in command.params for name in (*each.opts, *each.secondary_opts) if name.startswith("-")
    }


def arguments(command: Any) -> list[Any]:
    return [each for each in command.params if each.param_type_name == "argument"]


def faults_of(line: str) -> list[str]:
    """What is wrong with a line that calls `comity`: a command, an option or a number of arguments that is not there."""
    words = [word for word in shlex.split(line.partition(" #")[0]) if word not in ("…", "...")]
    command, known, taken = tree(), options(tree()), 1
    while getattr(command, "commands", None):
        taken += sum(word[:1] != "-" for word in words[taken : taken + len(arguments(command))])
        if taken >= len(words) or words[taken].startswith("-"):
            break
        if words[taken] not in command.commands:
            return [f"no command {' '.join(words[: taken + 1])!r}"]
        command = command.commands[words[taken]]
        known |= options(command)
        taken += 1
    flags = {
        name
        for each in command.params
        if getattr(each, "is_flag", False)
        for name in (*each.opts, *each.secondary_opts)
    }
    flags |= {"--help", "--json", "--quiet", "-q"}
    found, given, value = [], 0, False
    for word in words[taken:]:
        if word in (">", "|", "&&"):
            break
        if word.startswith("-") and not value:
            option = word.partition("=")[0]
            if option not in known | {"--help"}:
                found.append(f"no option {option}")
            value = "=" not in word and option not in flags
        else:
            given += not value
            value = False
    offered = arguments(command)
    if (
        not getattr(command, "commands", None)
        and given > len(offered)
        and not any(each.nargs < 0 for each in offered)
    ):
        found.append(f"takes {len(offered)} arguments, not {given}")
    return found


@every_page
def test_every_command_named_exists_with_its_options(page: Path) -> None:
    wrong = {}
    for line in command_lines(page):
        start = re.search(r"(^|/| )(comity) ", line.partition(" #")[0] + " ")
        if (
            start is None
            or line.startswith(("make", "comity-verify"))
            or any(line.startswith(m) for m in MADE_UP)
        ):
            continue
        if found := faults_of(line[start.start(2) :]):
            wrong[line] = found
    assert not wrong


@every_page
def test_every_option_of_comity_verify_and_every_make_target_exists(page: Path) -> None:
    from comity_verify.main import _parser

    offered = set(_parser()._option_string_actions)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for line in command_lines(page):
        words = line.split()
        if words[0] == "comity-verify":
            assert {w for w in words if w.startswith("--")} <= offered, line
        if words[0] == "make" and len(words) > 1:
            assert words[1] in targets, line


def test_a_wrong_command_is_found() -> None:
    assert faults_of("comity case lst") == ["no command 'comity case lst'"]
    assert faults_of("comity case list --frobnicate") == ["no option --frobnicate"]
    assert faults_of("comity officer close alice bob") == ["takes 1 arguments, not 2"]
    assert faults_of("comity case step US-2026-7KQ2-MD4T verfy") != []
    assert faults_of("comity --json case list --as alice --home somewhere") == []


# ---------------------------------------------------------------- settings


def settings() -> Iterator[tuple[str, str, object, str]]:
    """(name, environment, default, description) of every setting, the peers' own after the others."""
    from comity.config import Config, Peer

    for name, field in Config.model_fields.items():
        yield (
            name,
            f"COMITY_{name.upper()}",
            field.get_default(call_default_factory=True),
            field.description or "",
        )
    for name, field in Peer.model_fields.items():
        yield f"peers.AGREEMENT.{name}", "", field.get_default(), field.description or ""


def settings_table() -> str:
    lines = ["| setting | environment | default | meaning |", "|---|---|---|---|"]
    for name, variable, default, meaning in settings():
        shown = f"`{_toml(default)}`" if default not in (None, "", {}) else ""
        where = f"`{variable}`" if variable else ""
        lines.append(f"| `{name}` | {where} | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)


def test_the_table_of_settings_is_that_of_the_program() -> None:
    before, _, rest = text(ADMINISTRATOR).partition(START)
    found, _, after = rest.partition(END)
    assert before
    assert after
    assert found == settings_table(), "run: python -m tests.test_docs"


@every_page
def test_every_setting_named_exists(page: Path) -> None:
    known = {variable for _, variable, _, _ in settings()} | {"COMITY_OFFICER", "COMITY_LANG"}
    named = set(re.findall(r"\bCOMITY_(?!TEST_)[A-Z_]+[A-Z]", text(page)))
    assert sorted(named - known) == []


def test_every_line_of_comity_toml_shown_is_one_it_takes() -> None:
    import tomllib

    from comity.config import Config

    for _, language, code in FENCE.findall(text(ADMINISTRATOR)):
        if language == "toml":
            assert set(tomllib.loads(code)) <= set(Config.model_fields)


# ---------------------------------------------------------------- roles, rights, figures, endings


def test_every_role_is_described_and_may_what_the_table_says() -> None:
    from comity.access import ACTIONS, role_may
    from comity.store.people import ROLES

    table = [_cells(line) for line in text(ADMINISTRATOR).splitlines() if line.count("|") > len(ROLES)]
    (head,) = [row for row in table if row[1:] == [title.en for title in ROLES.values()]]
    described: list[str] = []
    for row in table:
        for action in re.findall(r"`(\w+)`", row[0]):
            described.append(action)
            marked = {role for role, mark in zip(ROLES, row[1:], strict=True) if mark}
            assert marked == {role for role in ROLES if role_may(role, action)}, action
    assert len(head) == len(ROLES) + 1
    assert sorted(described) == sorted(set(ACTIONS) - NOT_OFFERED)


def test_a_right_that_is_not_described_is_offered_nowhere() -> None:
    doors = [p for part in ("web", "api", "cli") for p in (SRC / part).rglob("*.py")]
    used = {name for name in NOT_OFFERED for door in doors if f'"{name}"' in door.read_text("utf-8")}
    assert not used, "describe it in the table of docs/guide-administrator.md"


def test_every_role_has_a_guide() -> None:
    from comity.store.people import ROLES, TAKES_STEPS

    for role, title in ROLES.items():
        guide = OFFICER if role in TAKES_STEPS else ADMINISTRATOR if role == "administrator" else ANALYST
        assert title.en.lower() in text(guide).lower()


def test_every_metric_is_described_and_no_other() -> None:
    from comity.exchange import metrics

    made = {each.name for each in metrics.REGISTRY.collect()}
    named = set(re.findall(r"`(comity_(?!verify)\w+)`", text(ADMINISTRATOR)))
    assert {name.removesuffix("_total") for name in named} == made


def test_every_exit_code_is_described() -> None:
    from comity.cli.outcome import MEANINGS

    said = ", ".join(f"{code} {meaning.en}" for code, meaning in MEANINGS.items())
    assert said in " ".join(text(ADMINISTRATOR).split())


@pytest.mark.parametrize("page", [ADMINISTRATOR, OFFICER, OFFICER_ZH, ANALYST], ids=name_of)
def test_every_code_in_the_table_of_troubles_is_one_of_the_program(page: Path) -> None:
    program = "\n".join(p.read_text("utf-8") for p in SRC.rglob("*.py"))
    troubles = text(page).rpartition("\n## ")[2]
    for code in re.findall(r"^\|.*?`([a-z]+(?:-[a-z]+)+)`", troubles, re.M):
        assert f'"{code}"' in program, code


def test_the_addresses_of_the_api_exist() -> None:
    from comity.api.api import api

    offered = set(api.get_openapi_schema(path_prefix="/api/v1/")["paths"])
    named = set(re.findall(r"GET (/api/v1/[^`]*)`", text(ANALYST)))
    assert named
    assert sorted(named - offered) == []


# ---------------------------------------------------------------- links and paths


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@cache
def defined(path: Path) -> frozenset[str]:
    """Names a module defines, and methods as Class.method."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return frozenset(found)


@every_page
def test_every_path_and_function_named_exists(page: Path) -> None:
    for span in set(spans(page)) - MADE_UP:
        path, _, name = span.removeprefix("python ").partition("::")
        if re.fullmatch(r"[\w./-]+\.(py|toml|md|sh|play|csv|xlsx|txt)", path) and "/" in path:
            places = [base / path for base in (ROOT, SRC, page.parent) if (base / path).is_file()]
            assert places, span
            assert not name or name in defined(places[0]), span
        elif re.fullmatch(r"(tests|src|docs|scripts|examples)/[\w./-]*", path):
            assert (ROOT / path).exists(), span


def test_the_developers_guide_names_the_layers_of_the_house() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [each["layers"] for each in contracts if each["id"] == "layers"]
    there = [
        [p for p in re.findall(r"\w+", each) if (SRC / p).exists() or (SRC / f"{p}.py").exists()]
        for each in layers
    ]
    rows = [
        re.findall(r"`(\w+)`", line.split("|")[1])
        for line in text(DEVELOPER).splitlines()
        if line.startswith("| `")
    ]
    told = [row for row in rows if row]
    assert [sorted(row) for row in told[: len(there)]] == [sorted(row) for row in there]


@every_page
def test_no_page_names_a_machine_or_a_registry(page: Path) -> None:
    assert not PLACES.search(text(page)), PLACES.search(text(page))
    for host in re.findall(r"https?://([^/\s)`'\",;]+)", text(page)):
        assert HOSTS.search(host), host


# ---------------------------------------------------------------- the two languages of the officers' guide


def bold(page: Path) -> list[str]:
    return [" ".join(each.split()) for each in re.findall(r"\*\*(.+?)\*\*", prose(page), re.S)]


def labels() -> set[tuple[str, str]]:
    """Everything the pages say: their own words, and those of the tracks."""
    from comity.tracks import TRACKS
    from comity.web.words import everything

    said = [*everything().values(), *(step.title for track in TRACKS.values() for step in track.steps)]
    return {(each.en, each.zh) for each in said}


def test_both_officers_guides_have_the_same_parts_and_commands() -> None:
    for pattern in (r"^#+(?= )", r"^\d+\. ", r"^\* ", r"^\|", r"^```\w*"):
        shapes = [re.findall(pattern, text(page), re.M) for page in (OFFICER, OFFICER_ZH)]
        assert shapes[0] == shapes[1], pattern
    english, chinese = (
        [line.partition(" #")[0].rstrip() for line in command_lines(p)] for p in (OFFICER, OFFICER_ZH)
    )
    assert english == chinese
    assert len(english) > 5


def test_what_the_officers_guides_put_in_bold_stands_on_the_pages_in_that_language() -> None:
    pairs = list(zip(bold(OFFICER), bold(OFFICER_ZH), strict=True))
    assert sorted(set(pairs) - labels()) == []


def test_what_the_analysts_guide_puts_in_bold_stands_on_the_pages() -> None:
    assert sorted(set(bold(ANALYST)) - {en for en, _ in labels()}) == []


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


if __name__ == "__main__":
    start, _, tail = text(ADMINISTRATOR).partition(START)
    ADMINISTRATOR.write_text(start + START + settings_table() + END + tail.partition(END)[2], "utf-8")
