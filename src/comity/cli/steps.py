"""Every step of every track as a command, its options derived from the declaration: `comity case step CASE verify --basis …`.

Border: makes verbs and reads what was typed; what a step does is `actions`. A step name several tracks share has the options
of all of them; the case's own track says which are meant.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from comity.cli.files import unreadable
from comity.cli.frame import Opt, Verb
from comity.cli.terminal import Terminal
from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text
from comity.core.track import Step, Track
from comity.derive import command
from comity.derive.command import Flag
from comity.tracks import TRACKS

if TYPE_CHECKING:
    from comity.store.people import Officer

MOST_BODY = 1024 * 1024
FORM, LAW = Text("What the step asks for", "步骤所需内容"), Text("Safeguards", "保障措施")
SHOWN_CHOICES = 9

SETS = Annotated[
    list[str],
    Opt(
        Text("Any place of the form, PLACE=VALUE; may be repeated", "表单任一位置，写作 位置=值；可重复"),
        ("--set",),
        "PLACE=VALUE",
    ),
]
BODY = Annotated[
    str,
    Opt(Text("File with the body as JSON (or {body, safeguards, attachments}); - for stdin",
             "以 JSON 写成的正文文件（或 {body, safeguards, attachments}）；- 表示标准输入"), ("--json-body",), "FILE"),
]  # fmt: skip
ATTACH = Annotated[
    list[str],
    Opt(
        Text(
            "File to attach (or the SHA-256 of one added before); may be repeated",
            "随附文件（或已添加文件的 SHA-256）；可重复",
        ),
        ("--attach",),
        "FILE",
    ),
]
SAVE = Annotated[bool, Opt(Text("Save as a draft only", "仅存为草稿"), ("--draft",))]
_OWN: tuple[tuple[str, Any, Any], ...] = (
    ("sets", SETS, []),
    ("json_body", BODY, ""),
    ("attach", ATTACH, []),
    ("draft", SAVE, False),
)


def parameters(
    flags: Iterable[Flag], more: Sequence[tuple[str, Any, Any]] = ()
) -> tuple[inspect.Parameter, ...]:
    """The options of a verb: those of its form, then those every step has, then `more`."""
    made = [_parameter(flag) for flag in flags]
    for name, annotation, default in (*_OWN, *more):
        made.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        )
    return tuple(made)


def _parameter(flag: Flag) -> inspect.Parameter:
    codes = tuple(code for code, _ in flag.choices)
    names = tuple(dict.fromkeys((flag.option, f"--{flag.name}")))
    option = Opt(
        _with_choices(flag),
        names,
        "|".join(codes)
        if 0 < len(codes) <= SHOWN_CHOICES
        else ",".join(f"{p}=…" for p in flag.parts) or None,
        complete=_completing(codes) if codes else None,
        panel=FORM if flag.kind == command.FIELD else LAW,
    )
    base: Any = list[str] if flag.many else str
    default: Any = [] if flag.many else ""
    return inspect.Parameter(
        _key(flag), inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[base, option]
    )


def _with_choices(flag: Flag) -> Text:
    if not 0 < len(flag.choices) <= SHOWN_CHOICES:
        return flag.help
    return Text(
        f"{flag.help.en} ({'; '.join(f'{code}: {said.en}' for code, said in flag.choices)})",
        f"{flag.help.zh}（{'；'.join(f'{code}：{said.zh}' for code, said in flag.choices)}）",
    )


def _completing(codes: Sequence[str]) -> Any:
    return lambda _: list(codes)


def _key(flag: Flag) -> str:
    """A Python name for an option; unlike any other parameter's."""
    return "f_" + flag.name.replace(".", "__").replace("-", "_")


def all_flags(name: str) -> tuple[Flag, ...]:
    """The options of every step of this name, in all tracks."""
    found: dict[str, Flag] = {}
    for track in TRACKS.values():
        step = track.find_step(name)
        for flag in command.flags(track, step) if step is not None else ():
            found.setdefault(flag.name, flag)
    return tuple(found.values())


def step_verbs(run: Any) -> list[Verb]:
    """One verb for each step that does not open a case. `run(terminal, step, given)` takes it."""
    names = dict.fromkeys(step.name for track in TRACKS.values() for step in track.steps if not step.opens)
    return [
        Verb(name, _title(name), _bound(run, name), parameters=parameters(all_flags(name))) for name in names
    ]


def open_verbs(run: Any, more: Sequence[tuple[str, Any, Any]]) -> list[Verb]:
    """One verb for each track, with the options of its opening step."""
    return [
        Verb(
            name,
            track.title,
            _bound(run, name),
            parameters=parameters(command.flags(track, track.opening), more),
        )
        for name, track in TRACKS.items()
    ]


def _bound(run: Any, name: str) -> Any:
    def bound(terminal: Terminal, **given: Any) -> Any:
        return run(terminal, name, given)

    return bound


def _title(name: str) -> Text:
    return next(step.title for track in TRACKS.values() for step in track.steps if step.name == name)


def typed(
    terminal: Terminal, officer: Officer, track: Track, step: Step, given: Mapping[str, Any]
) -> tuple[dict[str, Json], dict[str, dict[str, str]], list[str]]:
    """Body, answers and attachments out of what was typed: the JSON file first, then options, then --set.

    Options of another track that shares the step's name are handed on under their names, so that the form refuses them.
    """
    body, answers, files = _from_file(given["json_body"])
    offered = all_flags(step.name) if not step.opens else command.flags(track, step)
    values = {flag.name: _values(given.get(_key(flag))) for flag in offered}
    for name, value in command.body(offered, values).items():
        inside = body.get(name)
        body[name] = {**inside, **value} if isinstance(inside, dict) and isinstance(value, dict) else value
    for text in given["sets"]:
        path, value = command.assignment(text)
        command.place(body, path, value)
    answers.update(command.answers(step, values))
    return body, answers, [*files, *attached(officer, given["attach"])]


def _values(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value] if value else []


def _from_file(name: str) -> tuple[dict[str, Json], dict[str, dict[str, str]], list[str]]:
    """A body as JSON. Refusals: file-unreadable, not-an-object, those of strict_json."""
    if not name:
        return {}, {}, []
    value = strict_json(_bytes(name), max_bytes=MOST_BODY)
    if not isinstance(value, dict):
        raise Refusal(
            "not-an-object", Text(f"{name} does not hold an object.", f"{name} 的内容不是对象。"), name
        )
    inner = value.get("body")
    if not isinstance(inner, dict):
        return dict(value), {}, []
    given, files = value.get("safeguards"), value.get("attachments")
    answers = {
        guard: {key: str(said) for key, said in each.items()}
        for guard, each in (given.items() if isinstance(given, dict) else ())
        if isinstance(each, dict)
    }
    return dict(inner), answers, [str(each) for each in files] if isinstance(files, list) else []


def _bytes(name: str) -> bytes:
    import sys

    if name == "-":
        return sys.stdin.buffer.read(MOST_BODY + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BODY + 1)
    except OSError as fault:
        raise unreadable(name, fault) from fault


def attached(officer: Officer, names: Iterable[str]) -> list[str]:
    """SHA-256 of each file named; a file that is not here yet is added. Refusal "file-unreadable"."""
    from comity import actions

    found = []
    for name in names:
        if len(name) == 64 and not set(name) - set("0123456789abcdef"):
            found.append(name)
            continue
        try:
            with Path(name).open("rb") as file:
                found.append(actions.add_attachment(officer, file, name=Path(name).name, via="cli").pk)
        except OSError as fault:
            raise unreadable(name, fault) from fault
    return found
