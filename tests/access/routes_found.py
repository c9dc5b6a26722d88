"""What routes a node really has: Django's resolver walked at run time, with the operations of ninja behind each address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from tests.access.routes_table import ELSEWHERE, OPEN, OPEN_PAGES, OPERATIONS, PAGES

API = "api/v1/"


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        at = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, at)
        else:
            yield at, each


def operations(pattern: URLPattern) -> set[str]:
    """The methods ninja answers at an address; none where it is no operation of ninja."""
    cells = getattr(pattern.callback, "__closure__", None) or ()
    views = [cell.cell_contents for cell in cells if isinstance(cell.cell_contents, PathView)]
    return {method for view in views for operation in view.operations for method in operation.methods}


def found() -> set[tuple[str, str]]:
    """(methods, address) of the whole node; methods are "" where only probing tells, which `test_methods` does."""
    made: set[tuple[str, str]] = set()
    for at, pattern in walk(get_resolver().url_patterns):
        methods = operations(pattern)
        made |= {(method, at) for method in methods} if methods else {("", at)}
    return made


def tabled() -> set[tuple[str, str]]:
    """The same, as the table has it."""
    made = {("", f"{lang}/{row.at}") for lang in ("en", "zh") for row in PAGES}
    made |= {("", f"{lang}/{at}") for lang in ("en", "zh") for at in (*OPEN_PAGES, ELSEWHERE)}
    made |= {(row.method, API + row.at) for row in OPERATIONS}
    return made | {(methods if at == "api/v1/healthz" else "", at) for at, methods in OPEN.items()}
