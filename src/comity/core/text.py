"""Words shown to people, and the one error raised when a person or a peer did something wrong.

Pure. English and Chinese are two equal sources: neither is a translation of the other, and a `Text` without both cannot
be made. Every refusal in comity says what is wrong, where, and what to do about it, in both.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages. `text["en"]`, `text["zh"]`; any other language raises KeyError."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        for lang, value in (("en", self.en), ("zh", self.zh)):
            if not value.strip():
                raise ValueError(
                    f"a Text needs both languages; {lang!r} is empty beside {self.en or self.zh!r}"
                )

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return self.en if lang == "en" else self.zh

    def fill(self, **values: Text | str | int) -> Text:
        """Fill `{name}` places; a Text fills each language with its own words."""
        return Text(*(self[lang].format(**_said(values, lang)) for lang in LANGUAGES))

    def to_json(self) -> dict[str, str]:
        return {"en": self.en, "zh": self.zh}


def _said(values: dict[str, Text | str | int], lang: str) -> dict[str, str | int]:
    return {name: value[lang] if isinstance(value, Text) else value for name, value in values.items()}


class Refusal(ValueError):
    """Something a person, a file or a peer handed in that comity will not take.

    code   stable, kebab-case: what programs and tests rely on
    what   what is wrong
    where  the place in what was handed in ("row 3 / birth_date", "entry 12"), "" where there is only one
    mend   what to do about it, None where nothing can be done from here
    """

    def __init__(self, code: str, what: Text, where: str = "", mend: Text | None = None) -> None:
        super().__init__(f"{code}: {where + ': ' if where else ''}{what.en}")
        self.code, self.what, self.where, self.mend = code, what, where, mend

    def within(self, place: str) -> Refusal:
        """The same refusal seen from one level further out: `place` is put before `where`."""
        return Refusal(self.code, self.what, f"{place} / {self.where}" if self.where else place, self.mend)

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "what": self.what.to_json(),
            "where": self.where,
            "mend": self.mend.to_json() if self.mend else None,
        }
