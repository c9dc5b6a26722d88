"""docs/glossary.md is true: its words are in the code, the code's words are in it, and banned words name nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "src" / "comity"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
USED, BANNED = GLOSSARY.split("## Words not used")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# The words the design gives, with the Chinese it gives them.
DESIGN = {
    "authority": "主管机关", "agreement": "协议", "track": "合作事项", "case": "案件", "step": "步骤", "entry": "登记项",
    "log": "日志", "checkpoint": "检查点", "receipt": "回执", "state": "状态", "deadline": "期限", "commitment": "承诺",
    "safeguard": "保障措施",
}  # fmt: skip


def rows(text: str) -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line] for line in lines if line[0].strip() not in ("word", "not", "---")
    ]


ROWS = rows(USED)
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[3])}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(CODE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text("utf-8"))


def defined(path: Path, tree: ast.Module) -> Iterator[str]:
    """What a module calls things: itself, its classes, functions, arguments, and names of modules and classes."""
    yield path.parent.name if path.stem == "__init__" else path.stem
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            yield from (name.id for each in targets for name in ast.walk(each) if isinstance(name, ast.Name))


DEFINED = {str(path.relative_to(CODE)): set(defined(path, tree)) for path, tree in modules()}
EVERYTHING = set().union(*DEFINED.values())


def models() -> set[str]:
    """Tables of the store: classes whose base is a model of Django."""
    bases = {"models.Model", "AbstractUser", "AbstractBaseUser"}
    return {
        node.name
        for path, tree in modules()
        if "store" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and bases & {ast.unparse(base) for base in node.bases}
    }


def test_every_word_has_a_meaning_and_both_languages() -> None:
    for row in ROWS:
        assert len(row) == 4, row
        assert all(row), row
        assert re.search(r"[\u4e00-\u9fff]", row[2]), row


def test_a_word_stands_once() -> None:
    words = [row[0] for row in ROWS]
    assert sorted(set(words)) == sorted(words)
    chinese = [row[2] for row in ROWS]
    assert sorted(set(chinese)) == sorted(chinese)


@pytest.mark.parametrize(("word", "zh"), DESIGN.items())
def test_the_words_of_the_design_keep_their_chinese(word: str, zh: str) -> None:
    assert {row[0]: row[2] for row in ROWS}[word] == zh


def test_what_is_named_in_code_is_there() -> None:
    packages = {path.name for path in CODE.rglob("*") if path.is_dir() and any(path.glob("*.py"))}
    assert sorted(NAMED - EVERYTHING - packages) == []


def test_every_table_of_the_store_has_its_word() -> None:
    assert sorted(models() - NAMED) == []


def test_every_part_of_the_code_has_its_word() -> None:
    parts = {
        p.stem
        for p in CODE.iterdir()
        if not p.name.startswith("_") and (p.suffix == ".py" or any(p.glob("*.py")))
    }
    core = {p.stem for p in (CODE / "core").iterdir() if not p.name.startswith("_")}
    assert sorted((parts | core) - NAMED) == []


@pytest.mark.parametrize("row", rows(BANNED), ids=lambda row: row[0])
def test_a_word_not_used_names_nothing(row: list[str]) -> None:
    banned, instead = row
    found = {
        f"{path}: {name}"
        for path, names in DEFINED.items()
        for name in names
        if banned in {word.lower().removesuffix("s") for word in WORD.findall(name)}
        or banned in WORD.findall(name)
    }
    assert not found, f"say {instead}"


def test_a_banned_word_is_not_a_word_of_the_glossary() -> None:
    assert not {row[0] for row in rows(BANNED)} & {row[0] for row in ROWS}
    assert {word for row in rows(BANNED) for word in row[1].split(", ")} <= {row[0] for row in ROWS} | {
        "seen"
    }
