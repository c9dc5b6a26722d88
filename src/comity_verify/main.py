"""The command: `comity-verify FILE [--agreement-digest HEX] [--lang en|zh|both] [--json]`.

Exit: 0 verified; 5 something was altered or is missing; 2 the file (or the command line) cannot be read. It reads one
file, writes to standard output, and touches neither the network nor the disk otherwise.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import BinaryIO

from comity.core.text import LANGUAGES, Refusal
from comity_verify.archive import read_archive, unreadable
from comity_verify.opening import open_evidence
from comity_verify.prove import prove
from comity_verify.report import Report
from comity_verify.show import show, visible

VERIFIED, UNREADABLE, ALTERED = 0, 2, 5


def verify(file: BinaryIO, agreement_digest: str | None = None) -> Report:
    """Check an evidence file. `agreement_digest`: the agreement to trust, hex; None trusts the one in the file.

    Refusal "evidence-unreadable", "evidence-too-large" where there is nothing to check.
    """
    report = Report()
    opened = open_evidence(read_archive(file), report, agreement_digest)
    if opened is not None:
        prove(opened, report)
    return report


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    languages = LANGUAGES if asked.lang == "both" else (asked.lang,)
    try:
        report = _verify_path(asked.file, asked.agreement_digest)
    except Refusal as refusal:
        if asked.json:
            _say(json.dumps({"verified": False, "error": refusal.to_json()}, ensure_ascii=False, indent=1))
        else:
            for lang in languages:
                mend = f" {refusal.mend[lang]}" if refusal.mend else ""
                _say(f"{visible(refusal.what[lang])}{mend} [{visible(refusal.where)}] ({refusal.code})")
        return UNREADABLE
    if asked.json:
        _say(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        _say("\n".join(show(report, lang) for lang in languages))
    return VERIFIED if report.verified else ALTERED


def _verify_path(path: Path, digest: str | None) -> Report:
    try:
        with path.open("rb") as file:
            return verify(file, digest)
    except OSError as error:
        raise unreadable(f"{path}: {error.strerror}") from None


def _say(text: str) -> None:
    """Print as UTF-8 whatever the locale of the machine."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comity-verify",
        description="Tell, offline, what a comity evidence file proves. / 离线核验comity证据文件所能证明的事项。",
        epilog="Exit: 0 verified, 5 altered or missing, 2 unreadable. / 退出码：0 通过，5 有改动或缺失，2 无法读取。",
    )
    parser.add_argument("file", type=Path, help="the evidence file / 证据文件")
    parser.add_argument(
        "--agreement-digest", type=_digest, metavar="HEX",
        help="SHA-256 of the agreement, from another source / 从其他来源取得的协议SHA-256摘要",
    )  # fmt: skip
    parser.add_argument("--lang", choices=[*LANGUAGES, "both"], default="both", help="language / 语言")
    parser.add_argument("--json", action="store_true", help="for programs / 供程序读取")
    return parser


def _digest(value: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise argparse.ArgumentTypeError("64 hexadecimal digits / 64位十六进制数字")
    return value.lower()
