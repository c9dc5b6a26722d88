"""From a step's declaration to the options of a command: one for every part of every field, one pair for every safeguard.

Border: knows declarations only; says nothing of the library that parses a command line, and cleans no value (`actions`
does, so that every door says the same of a wrong one). Names follow the place of a value in the body: part `native` of
field `person` is `--person.native`; a list of composite values takes one `--documents kind=passport,number=…` an item.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text
from comity.core.track import Step, Track
from comity.core.types import Options, ValueType

SAFEGUARDS, REASON = "safeguards", "reason"
FIELD, ANSWER, WHY = "field", "answer", "why"
MOST_BYTES = 256 * 1024

_REASON_HELP = Text("Reason for this answer", "该答复的理由")
_ITEM_HELP = Text(
    "as part=value,part=value or as JSON; may be repeated", "写作 部分=值,部分=值 或 JSON；可重复"
)


@dataclass(frozen=True, slots=True)
class Flag:
    """One option. `path` is where its value goes in the body; `many`: may be given several times.

    kind   FIELD, or for a safeguard ANSWER or WHY (its reason); "safeguards" is no field's name
    parts  names of the parts of one item, for a list of composite values; () otherwise
    """

    name: str
    path: tuple[str, ...]
    help: Text
    choices: Options = ()
    many: bool = False
    parts: tuple[str, ...] = ()
    kind: str = FIELD

    @property
    def option(self) -> str:
        """As it is typed: `--birth-date`, `--person.native`."""
        return "--" + self.name.replace("_", "-")


def flags(track: Track, step: Step) -> tuple[Flag, ...]:
    """Every option of a step, in the order of its form; then the answers to its safeguards."""
    found = [flag for field in step.form for flag in _of(field.type, (field.name,), field.title)]
    for name in step.safeguards:
        guard = track.safeguard(name)
        choices = tuple((answer.code, answer.text) for answer in guard.answers)
        path = (SAFEGUARDS, name)
        found.append(Flag(".".join(path), path, guard.question, choices, kind=ANSWER))
        found.append(Flag(".".join((*path, REASON)), (*path, REASON), _REASON_HELP, kind=WHY))
    return tuple(found)


def _of(type_: ValueType, path: tuple[str, ...], title: Text) -> Iterator[Flag]:
    name = ".".join(path)
    if type_.name == "many":
        each: ValueType = getattr(type_, "of")  # noqa: B009  (Many alone has it; ValueType does not declare it)
        help_ = (
            Text(f"{title.en} ({_ITEM_HELP.en})", f"{title.zh}（{_ITEM_HELP.zh}）") if each.parts else title
        )
        yield Flag(name, path, help_, each.widget.options, many=True, parts=tuple(each.parts))
    elif type_.parts:
        words = {part: said for part, said, _ in type_.widget.parts}
        for part, of in type_.parts.items():
            said = words.get(part, of.title)
            yield from _of(of, (*path, part), Text(f"{title.en}: {said.en}", f"{title.zh}：{said.zh}"))
    else:
        kind = type_.widget.kind
        yield Flag(name, path, title, type_.widget.options, many=kind == "checkboxes")


def body(offered: Sequence[Flag], given: Mapping[str, Sequence[str]]) -> dict[str, Json]:
    """The raw body of what was typed: flag name -> values. Refusal "bad-item" for an item that cannot be read."""
    found: dict[str, Json] = {}
    for flag in offered:
        values = given.get(flag.name) or ()
        if not values or flag.kind != FIELD:
            continue
        value: Json = [_item(flag, each) for each in values] if flag.many else values[-1]
        place(found, flag.path, value)
    return found


def answers(step: Step, given: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Answers to the step's safeguards out of what was typed, as `actions` takes them."""
    found: dict[str, dict[str, str]] = {}
    for name in step.safeguards:
        answer = given.get(f"{SAFEGUARDS}.{name}") or ()
        reason = given.get(f"{SAFEGUARDS}.{name}.{REASON}") or ()
        if answer or reason:
            found[name] = {"answer": answer[-1] if answer else "", "reason": reason[-1] if reason else ""}
    return found


def place(value: dict[str, Json], path: Sequence[str], leaf: Json) -> None:
    """Put `leaf` at a path of names, making the objects on the way; numbers name the items of a list.

    Refusal "bad-place" where the path runs through something that is no object.
    """
    at = value
    for name in path[:-1]:
        inside = at.setdefault(name, {})
        if not isinstance(inside, dict):
            raise _bad_place(".".join(path))
        at = inside
    at[path[-1]] = leaf


def assignment(text: str) -> tuple[tuple[str, ...], Json]:
    """`--set birth_date=1985` taken apart: the path, and the value (JSON where it reads as an object or a list)."""
    name, equals, value = text.partition("=")
    path = tuple(name.strip().split("."))
    if not equals or not all(path):
        raise _bad_place(text[:60])
    if value[:1] in ("{", "["):
        return path, strict_json(value.encode(), max_bytes=MOST_BYTES)
    return path, value


def _item(flag: Flag, text: str) -> Json:
    if not flag.parts:
        return text
    if text.lstrip().startswith("{"):
        try:
            return strict_json(text.encode(), max_bytes=MOST_BYTES)
        except Refusal as refusal:
            raise refusal.within(flag.name) from refusal
    found: dict[str, Json] = {}
    for pair in text.split(","):
        name, equals, value = pair.partition("=")
        if not equals or name.strip() not in flag.parts:
            raise Refusal(
                "bad-item",
                Text(f"“{pair[:60]}” cannot be read as part=value.", f"“{pair[:60]}”不是“部分=值”的写法。"),
                flag.name,
                Text(f"The parts are: {', '.join(flag.parts)}.", f"可填写：{'、'.join(flag.parts)}。"),
            )
        found[name.strip()] = value.strip()
    return found


def _bad_place(text: str) -> Refusal:
    return Refusal(
        "bad-place",
        Text(f"“{text}” does not name a place in the form.", f"“{text}”不是表单中的位置。"),
        text,
        Text("Write field=value, or field.part=value.", "请写作 字段=值，或 字段.部分=值。"),
    )


def shown(value: Json) -> str:
    """A value as it would be typed after `--set name=`."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
