"""The program `comity`: finds the language, makes the tree of commands, and carries out the one that was typed.

Border: every error a person or peer caused ends here as words and an exit code (`outcome`); a fault of the program is not
caught and shows its trace.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404

from comity.cli import (
    case,
    config,
    demo,
    evidence,
    log,
    node,
    officer_change,
    peer,
    pouch,
    scorecard,
    signing,
    track,
)
from comity.cli.frame import Noun, Verb, build
from comity.cli.outcome import FAILED, OK
from comity.cli.terminal import Terminal
from comity.core.text import LANGUAGES, Refusal, Text

ROOT = Noun(
    "comity",
    Text(
        "comity: two authorities, one case. Requests, clocks and proof that both sides compute alike.",
        "comity：两个主管机关，同一案件。办理请求、计算期限，并证明双方结果一致。",
    ),
    verbs=[*node.VERBS, *scorecard.VERBS, *demo.VERBS],
    nouns=[case.CASE, track.TRACK, signing.AGREEMENT, officer_change.OFFICER, peer.PEER, pouch.POUCH, log.LOG,
           evidence.EVIDENCE, config.CONFIG],
)  # fmt: skip


def language(argv: Sequence[str]) -> str:
    """The language of help and words: --lang, else COMITY_LANG, else the locale, else English."""
    asked = typed(argv, "--lang") or os.environ.get("COMITY_LANG", "")
    if asked in LANGUAGES:
        return asked
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def typed(argv: Sequence[str], option: str) -> str:
    """The value of an option wherever it stands in the line, "" where it does not."""
    for place, word in enumerate(argv):
        if word == option and place + 1 < len(argv):
            return argv[place + 1]
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


def carry_out(verb: Verb, common: dict[str, Any], given: dict[str, Any]) -> int:
    """Run one verb; the exit code."""
    lang = common["lang"] if common["lang"] in LANGUAGES else language(())
    terminal = Terminal(
        lang, bool(common["as_json"]), bool(common["quiet"]), common["as_officer"] or "", common["home"] or ""
    )
    try:
        if verb.node:
            node.boot(terminal)
        return verb.run(terminal, **given) or OK
    except Refusal as refusal:
        return terminal.refuse(refusal)
    except (Http404, PermissionDenied, DatabaseError) as fault:
        return terminal.refuse(node.as_refusal(fault))
    except KeyboardInterrupt:
        return FAILED


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the `comity` program."""
    words = list(sys.argv[1:] if argv is None else argv)
    build(ROOT, language(words), carry_out)(args=words, prog_name="comity")


if __name__ == "__main__":
    main()
