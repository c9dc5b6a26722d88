"""Every word the pages say that does not come from a declaration: `Text` constants, grouped by where they stand.

`{% say case.why_this_date %}` in a template is `words.case.why_this_date`; a name that does not exist stops the template
from compiling. `find` is the only way in for templates.
"""

from __future__ import annotations

from types import ModuleType

from comity.core.text import Text
from comity.web.words import case, common, forms, records, work

GROUPS: dict[str, ModuleType] = {
    "common": common,
    "work": work,
    "case": case,
    "forms": forms,
    "records": records,
}


def find(name: str) -> Text:
    """The words called `group.name`. KeyError where there are none."""
    group, _, word = name.partition(".")
    found = getattr(GROUPS[group], word, None)
    if not isinstance(found, Text):
        raise KeyError(name)
    return found


def everything() -> dict[str, Text]:
    """All words by name, for the tests that every one of them is in both languages."""
    return {
        f"{group}.{name}": value
        for group, module in GROUPS.items()
        for name, value in vars(module).items()
        if isinstance(value, Text)
    }
