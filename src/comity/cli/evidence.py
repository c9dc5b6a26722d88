"""Evidence files from the command line: one case, with everything a court needs to check it offline."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

from comity.cli import files
from comity.cli.frame import Arg, Noun, Opt
from comity.cli.terminal import Terminal
from comity.core.text import Text

EVIDENCE = Noun("evidence", Text("Evidence files, for a court", "供法院使用的证据文件"))
Case = Annotated[str, Arg(Text("Number of the case", "案件编号"), "CASE")]
Out = Annotated[
    str,
    Opt(
        Text("Where to write it (default: CASE.zip)", "写入位置（默认：案件编号.zip）"),
        ("--out", "-o"),
        "FILE",
    ),
]


@EVIDENCE.verb("export", Text("Write the evidence file of a case", "生成案件证据文件"))
def export(terminal: Terminal, case: Case, out: Out = "") -> None:
    """Entries, bodies, proofs, checkpoints, receipts, the agreement and a read-me in both languages; check it with
    comity-verify."""
    from comity.access import case_or_404
    from comity.derive.exporting import evidence

    officer = terminal.officer()
    row = case_or_404(officer, case.strip().upper(), via="cli")
    made = io.BytesIO()
    digest = evidence(officer, row, made, via="cli")
    target = Path(out or f"{row.pk}.zip")
    files.write(target, made.getvalue())
    result = {"case": row.pk, "file": str(target), "size": len(made.getvalue()), "agreement": digest}
    words = Text("{file}\nTo check it: comity-verify {file} --agreement-digest {digest}",
                 "{file}\n核验：comity-verify {file} --agreement-digest {digest}")  # fmt: skip
    terminal.put(result, words.fill(file=str(target), digest=digest)[terminal.lang])
