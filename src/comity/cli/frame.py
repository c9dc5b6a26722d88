"""How commands are declared, and how the tree of nouns and verbs is made from them in one language.

Border: the only file that knows Typer. A verb is a function whose first parameter is the `Desk` it works at; its other
parameters are annotated with `Opt` or `Arg`, whose help is a `Text`. Every verb also takes the options that are the same
everywhere (`--json`, `--lang`, `--as`, `--home`, `--quiet`), before or after its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperGroup

from comity.core.text import Text

Run = Callable[..., int | None]
Call = Callable[["Verb", dict[str, Any], dict[str, Any]], int]
"""Carries out a verb: with the common options, then its own; gives the exit code."""
_CONTEXT = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
EVERYWHERE = Text("Everywhere", "通用选项")


@dataclass(frozen=True, slots=True)
class Opt:
    """A named option: its words, and how it is typed (default: from the parameter's name)."""

    help: Text
    names: tuple[str, ...] = ()
    metavar: str | None = None
    prompt: Text | None = None
    complete: Callable[[str], list[str]] | None = None
    panel: Text | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Arg:
    """A positional argument."""

    help: Text
    metavar: str | None = None
    complete: Callable[[str], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. `node`: it needs the node's database; `parameters`: in place of the function's own."""

    name: str
    help: Text
    run: Run
    node: bool = True
    parameters: tuple[inspect.Parameter, ...] | None = None


@dataclass(slots=True)
class Noun:
    """A group of verbs. `cls` and `before` are for the groups whose verbs depend on an argument."""

    name: str
    help: Text
    verbs: list[Verb] = field(default_factory=list)
    nouns: list[Noun] = field(default_factory=list)
    cls: type[TyperGroup] | None = None
    before: tuple[inspect.Parameter, ...] = ()

    def verb(self, name: str, help_: Text, *, node: bool = True) -> Callable[[Run], Run]:
        """Declare a verb: `@CASE.verb("list", Text("List cases", "列出案件"))`."""

        def declare(run: Run) -> Run:
            self.verbs.append(Verb(name, help_, run, node))
            return run

        return declare


# What every verb takes. Values left out here may stand before the noun, or in the environment.
COMMON: tuple[tuple[str, Any, Any], ...] = (
    ("as_json", Annotated[bool, Opt(Text("Print JSON", "输出 JSON"), ("--json",), panel=EVERYWHERE)], False),
    (
        "lang",
        Annotated[
            str, Opt(Text("Language: en or zh", "语言：en 或 zh"), ("--lang",), "en|zh", panel=EVERYWHERE)
        ],
        "",
    ),
    (
        "as_officer",
        Annotated[
            str,
            Opt(
                Text("Act as this officer (COMITY_OFFICER)", "以该人员身份办理（COMITY_OFFICER）"),
                ("--as",),
                "NAME",
                panel=EVERYWHERE,
            ),
        ],
        "",
    ),
    (
        "home",
        Annotated[
            str,
            Opt(
                Text("Directory of the node (COMITY_HOME)", "节点目录（COMITY_HOME）"),
                ("--home",),
                "DIR",
                panel=EVERYWHERE,
            ),
        ],
        "",
    ),
    (
        "quiet",
        Annotated[
            bool,
            Opt(
                Text("Say nothing but results and errors", "仅输出结果和错误"),
                ("--quiet", "-q"),
                panel=EVERYWHERE,
            ),
        ],
        False,
    ),
)
COMMON_NAMES = tuple(name for name, _, _ in COMMON)


def _own(verb: Verb) -> list[inspect.Parameter]:
    """The verb's own parameters, with their annotations resolved; without the desk."""
    if verb.parameters is not None:
        return list(verb.parameters)
    hints = get_type_hints(verb.run, include_extras=True)
    declared = list(inspect.signature(verb.run).parameters.values())[1:]
    return [each.replace(annotation=hints[each.name]) for each in declared]


def _common() -> list[inspect.Parameter]:
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, annotation, default in COMMON
    ]


def _worded(parameter: inspect.Parameter, lang: str) -> inspect.Parameter:
    """The parameter as Typer wants it, in one language."""
    kind = parameter.annotation
    if get_origin(kind) is not Annotated:
        return parameter
    base, meta = get_args(kind)[:2]
    known = [*(meta.complete("") if meta.complete else [])]
    completion: Any = {"autocompletion": _completing(known)} if known else {}
    if isinstance(meta, Arg):
        info: Any = typer.Argument(
            help=meta.help[lang], metavar=meta.metavar, show_default=False, **completion
        )
    else:
        info = typer.Option(
            *meta.names,
            help=meta.help[lang],
            metavar=meta.metavar,
            hidden=meta.hidden,
            prompt=meta.prompt[lang] if meta.prompt else False,
            rich_help_panel=meta.panel[lang] if meta.panel else None,
            show_default=parameter.default not in ("", None, False, (), []),
            **completion,
        )
    return parameter.replace(annotation=Annotated[base, info], kind=inspect.Parameter.KEYWORD_ONLY)


def _completing(known: Sequence[str]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [each for each in known if each.startswith(incomplete)]

    return complete


def callback(verb: Verb, lang: str, call: Call) -> Callable[..., None]:
    """The function Typer calls: it takes the verb's own options and the common ones, and ends with its exit code."""
    parameters = [_CONTEXT, *(_worded(each, lang) for each in (*_own(verb), *_common()))]

    def run(ctx: typer.Context, **given: Any) -> None:
        before: dict[str, Any] = ctx.obj or {}
        common = {name: given.pop(name) or before.get(name) for name in COMMON_NAMES}
        above = {name: value for name, value in before.items() if name not in COMMON_NAMES}
        raise typer.Exit(call(verb, common, {**above, **given}))

    return _signed(run, parameters)


def _signed(run: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """`run` with the signature Typer is to read."""
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # every function may bear one
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def build(root: Noun, lang: str, call: Call) -> typer.Typer:
    """The whole tree in one language. `call` carries out a verb with what was typed and gives the exit code."""
    app = _group(root, lang, call)
    app.callback()(_before((*_common(), *root.before), lang))
    return app


def _group(noun: Noun, lang: str, call: Call) -> typer.Typer:
    made = typer.Typer(
        name=noun.name,
        help=noun.help[lang],
        cls=noun.cls or TyperGroup,
        no_args_is_help=True,
        add_completion=noun.name == "comity",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    for verb in noun.verbs:
        made.command(verb.name, help=verb.help[lang])(callback(verb, lang, call))
    for each in noun.nouns:
        inner = _group(each, lang, call)
        if each.before:
            inner.callback()(_before(each.before, lang))
        made.add_typer(inner, name=each.name, help=each.help[lang])
    return made


def _before(parameters: Sequence[inspect.Parameter], lang: str) -> Callable[..., None]:
    """What stands between a noun and its verb, kept for the verb in the context."""

    def run(ctx: typer.Context, **given: Any) -> None:
        kept = ctx.ensure_object(dict)
        kept.update({name: value for name, value in given.items() if value not in ("", False, None)})

    return _signed(run, [_CONTEXT, *(_worded(each, lang) for each in parameters)])


def single(verb: Verb, lang: str, call: Call) -> Any:
    """One verb as a command by itself, for a group that makes its commands while the line is read."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(verb.name, help=verb.help[lang])(callback(verb, lang, call))
    command = typer.main.get_command(app)
    command.name = verb.name
    return command
