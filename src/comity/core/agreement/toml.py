"""Reading a TOML table strictly: every key is known, every value has its type, every fault names its place.

Pure. Knows nothing of agreements. A fault is a `Refusal`; the caller decides whether to go on with the next table.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from comity.core.text import Refusal, Text

MAX_BYTES = 1 << 20
MAX_INTEGER = 2**53

_KINDS = {
    str: Text("a text", "文本"),
    int: Text("a whole number", "整数"),
    bool: Text("true or false", "true 或 false"),
    list: Text("a list", "列表"),
    dict: Text("a table", "表"),
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def parse(data: bytes) -> dict[str, object]:
    """The document as plain values. Refusals: agreement-too-large, not-utf-8, bad-toml."""
    if len(data) > MAX_BYTES:
        raise Refusal(
            "agreement-too-large",
            Text("The agreement is larger than 1 MiB.", "协议文件超过1 MiB。"),
            mend=Text("Shorten it; attachments do not belong into it.", "请予精简；附件不应写入协议文件。"),
        )
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as fault:
        raise Refusal(
            "not-utf-8",
            Text("The agreement is not UTF-8 text.", "协议文件不是UTF-8文本。"),
            f"byte {fault.start}",
            Text("Save the file as UTF-8.", "请将文件另存为UTF-8编码。"),
        ) from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        said = "tables nested too deep"
    except ValueError as fault:  # TOMLDecodeError, or a number of thousands of digits
        said = str(fault)
    place = re.search(r"\(at (line \d+, column \d+|end of document)\)", said)
    raise Refusal(
        "bad-toml",
        Text(f"The agreement is not TOML: {said}.", f"协议文件不是有效的TOML：{said}。"),
        place.group(1) if place else "",
        Text("Mend the text at that place (TOML 1.0).", "请按TOML 1.0更正该处文本。"),
    )


class Table:
    """One table of the document. `where` is how a person would point at it."""

    def __init__(self, where: str, value: object, known: Iterable[str]) -> None:
        """Refusals: wrong-type when `value` is no table, unknown-key for a key not in `known`."""
        self.where = where
        if not isinstance(value, dict):
            raise self._wrong("", dict)
        self._values: Mapping[str, object] = value
        names = tuple(known)
        for key in value:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                hint = near[0] if near else ", ".join(names)
                raise Refusal(
                    "unknown-key",
                    Text("An agreement has no such key.", "协议中没有此键。"),
                    self.at(key),
                    Text(f"Known here: {hint}.", f"此处可用：{hint}。"),
                )

    def at(self, key: str) -> str:
        return " / ".join(part for part in (self.where, key) if part)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> object:
        """The value as it stands. Refusal: missing-key."""
        if key not in self._values:
            raise Refusal(
                "missing-key",
                Text("A key is missing.", "缺少必要的键。"),
                self.at(key),
                Text(f"Add {key} = …", f"请补充 {key} = …"),
            )
        return self._values[key]

    def string(self, key: str, default: str | None = None) -> str:
        """A text that is not blank; `default`, when given, if the key is absent."""
        if default is not None and key not in self._values:
            return default
        value = self.raw(key)
        if not isinstance(value, str):
            raise self._wrong(key, str)
        if not value.strip() and default is None:
            raise Refusal("blank", Text("The text is blank.", "文本为空。"), self.at(key))
        return value

    def integer(self, key: str) -> int:
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_INTEGER:
            raise self._wrong(key, int)
        return value

    def boolean(self, key: str, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, bool)
        return value

    def list(self, key: str) -> list[object]:
        """The list, [] when the key is absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, list)
        return value

    def table(self, key: str, known: Iterable[str]) -> Table:
        return Table(self.at(key), self.raw(key), known)

    def text(self, key: str) -> Text:
        """Words in both languages. Refusal: missing-translation."""
        words = self.table(key, ("en", "zh"))
        for lang in ("en", "zh"):
            value = words._values.get(lang, "")
            if not isinstance(value, str):
                raise words._wrong(lang, str)
            if not value.strip():
                raise Refusal(
                    "missing-translation",
                    Text("The words are missing in one language.", "缺少其中一种语言的文本。"),
                    words.at(lang),
                    Text(
                        f"Add the text in {lang!r}; both languages are equal.",
                        f"请补充“{lang}”文本；两种语言同等作准。",
                    ),
                )
        return Text(words.string("en"), words.string("zh"))

    def matching(self, key: str, form: re.Pattern[str], code: str, said: Text) -> str:
        """A text of the given form; `said` is that form in words. Refusal: `code`."""
        value = self.string(key)
        if not form.match(value):
            what = Text("{value!r} cannot stand here.", "此处不能写“{value}”。").fill(value=value)
            raise Refusal(code, what, self.at(key), said)
        return value

    def choice(self, key: str, options: Iterable[str]) -> str:
        """One of the options. Refusal: bad-choice."""
        value, known = self.string(key), tuple(options)
        if value not in known:
            raise Refusal(
                "bad-choice",
                Text("{value!r} is not one of the choices.", "“{value}”不在可选范围内。").fill(value=value),
                self.at(key),
                choose(known),
            )
        return value

    def day(self, key: str) -> date:
        return day(self.raw(key), self.at(key))

    def _wrong(self, key: str, kind: type) -> Refusal:
        return Refusal(
            "wrong-type",
            Text("This must be {kind}.", "此处应为{kind}。").fill(kind=_KINDS[kind]),
            self.at(key) if key else self.where,
        )


def choose(known: Sequence[str]) -> Text | None:
    """The mend "choose one of these", None when there is nothing to choose from."""
    return Text(f"Choose: {', '.join(known)}.", f"可选：{'、'.join(known)}。") if known else None


def day(value: object, where: str) -> date:
    """A date written "YYYY-MM-DD" between quotation marks. Refusal: bad-date."""
    if isinstance(value, str) and _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Refusal(
        "bad-date",
        Text(f"{value!s} is not a date.", f"“{value!s}”不是有效日期。"),
        where,
        Text('Write it as "2018-01-04".', "请写作“2018-01-04”。"),
    )
