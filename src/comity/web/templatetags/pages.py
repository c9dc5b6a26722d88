"""Template tags of the pages: words in the reader's language, links that keep it, dates, icons.

Nothing here marks a string as safe: what is said is escaped like any other value. The reader's language is `lang` in the
context, which `comity.web.page.show` sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, render_value_in_context, token_kwargs
from django.template.context import Context

from comity.core.text import Text
from comity.web import dates, words
from comity.web.icons import ICONS
from comity.web.language import address

register = template.Library()
_TAGS = {"en": "en", "zh": "zh-Hans"}


class SayNode(Node):
    """`{% say group.name key=value … %}`; a Text among the values says its own words in the same language."""

    def __init__(self, text: Text, values: Mapping[str, FilterExpression], into: str) -> None:
        self.text, self.values, self.into = text, values, into

    def render(self, context: Context) -> str:
        values = {key: value.resolve(context) for key, value in self.values.items()}
        said = (self.text.fill(**values) if values else self.text)[str(context.get("lang", "en"))]
        if self.into:
            context[self.into] = said
            return ""
        return render_value_in_context(said, context)


@register.tag
def say(parser: Parser, token: Token) -> SayNode:
    """Words of `comity.web.words`, checked when the template is compiled."""
    bits = token.split_contents()[1:]
    into = ""
    if len(bits) > 2 and bits[-2] == "as":
        into, bits = bits[-1], bits[:-2]
    try:
        text = words.find(bits[0])
    except (KeyError, IndexError) as fault:
        raise template.TemplateSyntaxError(f"no such words: {fault}") from fault
    rest = bits[1:]
    values = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"not key=value: {rest}")
    return SayNode(text, values, into)


@register.filter(name="said")
def said_filter(text: Text | str | None, lang: str) -> str:
    """A Text in the language; a plain string as it is; None as nothing."""
    return text[lang] if isinstance(text, Text) else (text or "")


@register.filter
def bcp47(lang: str) -> str:
    """The tag for the `lang` attribute: `zh-Hans` for simplified Chinese."""
    return _TAGS.get(lang, lang)


@register.filter
def part(values: Mapping[str, Any], key: str) -> Any:
    """`values[key]`; None where a mapping lacks it."""
    return values.get(key) if isinstance(values, Mapping) else values[key]


@register.filter
def short(digest: str) -> str:
    """The first characters of a digest, in groups a person can read out: `3fa9 c2d1 77b0 41e8`."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


@register.filter
def grouped(digest: str) -> str:
    """The whole digest in groups of eight."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: object) -> str:
    """The address of a page in the reader's language."""
    return address(context["lang"], name, *args)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | str | None) -> str:
    """A date in words, in the zone of this authority where it is a moment."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return dates.in_zone(value, context["zones"][0]).day[context["lang"]]
    return dates.day(value)[context["lang"]] if value else ""


@register.inclusion_tag("parts/moment.html", takes_context=True)
def moment(context: Context, value: datetime | str | None, *, brief: bool = False) -> dict[str, Any]:
    """A moment in the zones of both authorities, own side first; `brief` shows this authority's alone."""
    at = dates.moment(value)
    if at is None:
        return {"lang": context["lang"], "times": ()}
    times = [dates.in_zone(at, zone) for zone in context["zones"]]
    return {
        "lang": context["lang"],
        "times": times[:1] if brief else times,
        "first": times[0],
        "same_day": all(t.day == times[0].day for t in times),
    }


@register.simple_tag(takes_context=True)
def mark_time(context: Context, value: datetime | str) -> str:
    """A moment on one short line, in the zone of this authority; a full date stands beside it."""
    at = dates.moment(value)
    return dates.stamp_line(at, context["zones"][0])[context["lang"]] if at is not None else ""


@register.simple_tag(takes_context=True)
def short_day(context: Context, value: datetime) -> str:
    """A date for a narrow column."""
    return dates.short_day(value.astimezone(ZoneInfo(context["zones"][0])))[context["lang"]]


@register.inclusion_tag("parts/icon.html")
def icon(name: str, size: int = 20) -> dict[str, Any]:
    """One of `comity.web.icons`; KeyError for a name that is not there."""
    return {"paths": ICONS[name], "name": name, "size": size}


@register.filter
def megabytes(size: int) -> str:
    """`14 kB`, `2.3 MB`: decimal units, one digit after the point from a megabyte on."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size // 1000} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.2f} GB"


@register.tag
def both(parser: Parser, token: Token) -> SayNode:
    """`{% both en group.name %}`: words in a language named in the template, for pages made without a reader's choice."""
    _, lang, name = token.split_contents()
    try:
        words_ = words.find(name)
    except KeyError as fault:
        raise template.TemplateSyntaxError(f"no such words: {fault}") from fault
    return SayNode(Text(words_[lang], words_[lang]), {}, "")
