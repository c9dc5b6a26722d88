"""The pouch from the command line: the exchange as a file on a disk carried by hand, receipts coming back the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from comity.cli.files import unreadable
from comity.cli.frame import Arg, Noun
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

POUCH = Noun("pouch", Text("Exchange by a file carried by hand", "以人工携带的文件（信袋）进行交换"))
File = Annotated[str, Arg(Text("The pouch file", "信袋文件"), "FILE")]
Relation = Annotated[
    str,
    Arg(Text("Name of the relation (default: the only one)", "合作关系名称（默认：唯一的一个）"), "RELATION"),
]
WROTE = Text(
    "{file}: {entries} entries in {batches} batches, {chunks} chunks of files.",
    "{file}：{entries} 项登记，{batches} 个批次，{chunks} 个附件分块。",
)


@POUCH.verb("write", Text("Write all that is owed to the other side into a file", "将待发内容写入信袋文件"))
def write(terminal: Terminal, file: File, relation: Relation = "") -> None:
    """Sealed and signed exactly as on the line."""
    from comity.derive.scoring import relation_named
    from comity.exchange.desk import here
    from comity.exchange.lines import pouch

    rows = relation_named(relation)
    if len(rows) != 1:
        raise Refusal(
            "which-relation",
            Text("Say for which relation.", "请指明合作关系。"),
            "RELATION",
            Text(
                f"There are: {', '.join(row.name for row in rows) or '–'}.",
                f"现有：{'、'.join(row.name for row in rows) or '–'}。",
            ),
        )
    try:
        carried = pouch.write(here(), rows[0], Path(file))
    except OSError as fault:
        raise Refusal(
            "file-unwritable",
            Text(f"{file} cannot be written: {fault.strerror}.", f"无法写入 {file}：{fault.strerror}。"),
            file,
        ) from fault
    result = {"file": file, "relation": rows[0].name, **carried.to_json()}
    terminal.put(result, WROTE.fill(file=file, **_counts(carried.to_json()))[terminal.lang])


@POUCH.verb("read", Text("Take in a file that was carried here", "读取送达的信袋文件"))
def read(terminal: Terminal, file: File) -> None:
    """Each record whole or not at all; read twice it does nothing new. Write the pouch of the return trip afterwards."""
    from comity.exchange.desk import here
    from comity.exchange.lines import pouch

    try:
        carried = pouch.read(here(), Path(file))
    except OSError as fault:
        raise unreadable(file, fault) from fault
    result = {"file": file, **carried.to_json()}
    terminal.put(result, WROTE.fill(file=file, **_counts(carried.to_json()))[terminal.lang])


def _counts(said: dict[str, int]) -> dict[str, int]:
    return {name: said[name] for name in ("entries", "batches", "chunks")}
