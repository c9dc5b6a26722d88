"""Where a command meets the person or program that ran it: results to stdout, everything else to stderr.

Border: prints and asks; decides nothing. JSON goes to stdout alone and whole; progress is drawn on stderr only where that
is a terminal; an error says what is wrong, where, and what to do, in the language asked for (in JSON: in both).
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from comity.cli.outcome import FAILED, MEANINGS, exit_code
from comity.core.text import LANGUAGES, Refusal, Text

if TYPE_CHECKING:
    from comity.store.people import Officer

WHERE, MEND = Text("where", "位置"), Text("what to do", "处理办法")
NOBODY = Refusal(
    "no-officer",
    Text("It is not said who acts.", "未指明办理人员。"),
    "",
    Text(
        "Name the officer: --as NAME, or COMITY_OFFICER=NAME.",
        "请指明人员：--as 姓名，或设置 COMITY_OFFICER。",
    ),
)
WIDE = 240  # columns where stdout is no terminal: nothing is folded for a program that reads along
PASSWORD = Text("Password of {name}", "{name} 的密码")


@dataclass(slots=True)
class Terminal:
    """One run of one command."""

    lang: str = "en"
    as_json: bool = False
    quiet: bool = False
    officer_name: str = ""
    home: str = ""
    out: Console = field(
        default_factory=lambda: Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    )
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    # -- results ---------------------------------------------------------------------------------------------------

    def put(self, data: Any, show: Callable[[], object] | str | None = None) -> None:
        """The result: `data` as JSON where that is asked for, else what `show` draws (a text, a table …)."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")
            sys.stdout.flush()
            return
        drawn = show() if callable(show) else show
        for each in drawn if isinstance(drawn, list) else [drawn]:
            if isinstance(each, str):
                self.out.print(each, markup=False, soft_wrap=True)
            elif each is not None:
                self.out.print(each)

    def raw(self, text: str) -> None:
        """Text exactly as it is, for what goes into a file."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def say(self, said: Text | str) -> None:
        """A word beside the result: to a person only."""
        if not (self.quiet or self.as_json):
            self.err.print(said if isinstance(said, str) else said[self.lang], markup=False, soft_wrap=True)

    def table(self, heads: Sequence[Text], rows: Iterable[Sequence[object]], title: str = "") -> Table:
        """A plain table; cells are shown as they are, never read as markup."""
        made = Table(
            title=escape(title) or None, title_justify="left", box=None, pad_edge=False, header_style="bold"
        )
        for head in heads:
            made.add_column(head[self.lang], overflow="fold")
        for row in rows:
            made.add_row(*(escape(self.word(cell)) for cell in row))
        return made

    def word(self, value: object) -> str:
        """A cell in words."""
        if isinstance(value, Text):
            return value[self.lang]
        if isinstance(value, Mapping) and set(value) == set(LANGUAGES):
            return str(value[self.lang])
        if isinstance(value, bool):
            return {"en": ("no", "yes"), "zh": ("否", "是")}[self.lang][value]
        return "–" if value is None or value == "" else str(value)

    # -- progress, errors, questions -------------------------------------------------------------------------------

    @contextmanager
    def progress(self, title: Text, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Gives a function that is told how much is done. Draws only on a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda done: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(title[self.lang], total=total)
            yield lambda done: bar.update(task, completed=done)

    def refuse(self, refusal: Refusal) -> int:
        """Say what is wrong, and give the exit code it ends with."""
        code = exit_code(refusal)
        if self.as_json:
            said = {"error": {**refusal.to_json(), "exit": code}}
            sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
            return code
        problems = getattr(refusal, "problems", ())
        for each in problems or (refusal,):
            self.err.print(
                f"[red bold]✗[/] {escape(each.what[self.lang])} [dim]({escape(each.code)})[/]", soft_wrap=True
            )
            if each.where:
                self.err.print(f"  {WHERE[self.lang]}: {escape(each.where)}", soft_wrap=True)
            if each.mend is not None:
                self.err.print(f"  {MEND[self.lang]}: {escape(each.mend[self.lang])}", soft_wrap=True)
        if code != FAILED:
            self.err.print(f"  [dim]{MEANINGS[code][self.lang]} · {code}[/]")
        return code

    def password(self, name: str, *, piped: bool = False) -> str:
        """Ask for a password, unseen; `piped` reads it from the first line of stdin instead."""
        if piped:
            return sys.stdin.readline().rstrip("\r\n")
        return getpass.getpass(f"{PASSWORD.fill(name=name)[self.lang]}: ", stream=sys.stderr)

    # -- who acts --------------------------------------------------------------------------------------------------

    def officer(self) -> Officer:
        """The officer this command acts as. Refusals: no-officer, unknown-officer."""
        from comity.store.people import Officer

        name = self.officer_name or os.environ.get("COMITY_OFFICER", "")
        if not name:
            raise NOBODY
        found = Officer.objects.select_related("unit").filter(username=name, is_active=True).first()
        if found is None:
            raise Refusal(
                "unknown-officer",
                Text(
                    f"No officer here is named {name!r}, or the account is closed.",
                    f"没有名为“{name}”的人员，或账户已停用。",
                ),
                "",
                Text("See `comity officer list`.", "请查看 `comity officer list`。"),
            )
        return found
