"""Values made of parts (Composite, Group) and lists of values (Many).

Pure. Parts that were not given are left out of the clean value, never stored as empty; parts nobody declared
are refused.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.core.text import Refusal, Text
from comity.core.types.base import (
    Comparison,
    Json,
    JsonObject,
    ValueType,
    Widget,
    different,
    is_blank,
    missing,
    unknown,
)
from comity.core.types.wording import visible


@dataclass(frozen=True)
class Part:
    """One part of a composite value: its name in JSON, its words, its type, and whether it must be given."""

    name: str
    title: Text
    type: ValueType
    required: bool = True


class Composite(ValueType):
    """An object with named parts. Subclasses give `members`, and may check the parts against each other in
    `settle`.
    """

    @property
    @abstractmethod
    def members(self) -> tuple[Part, ...]:
        """The parts, in the order in which they are asked for, stored and shown."""

    @property
    def parts(self) -> dict[str, ValueType]:
        return {part.name: part.type for part in self.members}

    @property
    def widget(self) -> Widget:
        return Widget(
            "group", parts=tuple((part.name, part.title, part.type.widget) for part in self.members)
        )

    def clean(self, raw: object) -> Json:
        if raw is None or raw == "":
            raise missing()
        if not isinstance(raw, Mapping):
            raise Refusal(
                "not-an-object",
                Text("This must be given in named parts.", "此项应按各组成部分分别填写。"),
                mend=Text(
                    f"Give an object with: {', '.join(self.parts)}.",
                    f"请以对象形式填写：{'、'.join(self.parts)}。",
                ),
            )
        for key in raw:
            if key not in self.parts:
                raise Refusal(
                    "unknown-part",
                    Text("This part is not asked for here.", "此处没有这一组成部分。"),
                    visible(str(key))[:80],
                    Text(
                        f"Remove it; the parts are: {', '.join(self.parts)}.",
                        f"请删除；可填写：{'、'.join(self.parts)}。",
                    ),
                )
        value: JsonObject = {}
        for part in self.members:
            given = raw.get(part.name)
            if is_blank(given):
                if part.required:
                    raise missing(part.name)
                continue
            try:
                value[part.name] = part.type.clean(given)
            except Refusal as refusal:
                raise refusal.within(part.name) from refusal
        if not value:
            raise missing()
        return self.settle(value)

    def settle(self, value: JsonObject) -> JsonObject:
        """Check clean parts against each other; return the value, with nothing but these parts."""
        return value

    def show(self, value: Json, lang: str) -> str:
        colon, stop = {"en": (": ", "; "), "zh": ("：", "；")}[lang]
        given = as_object(value)
        return stop.join(
            f"{part.title[lang]}{colon}{part.type.show(given[part.name], lang)}"
            for part in self.members
            if part.name in given
        )

    def schema(self) -> JsonObject:
        properties: JsonObject = {part.name: part.type.schema() for part in self.members}
        required: list[Json] = [part.name for part in self.members if part.required]
        return {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
            "minProperties": 1,
        }

    def _compare(self, a: Json, b: Json) -> Comparison:
        """Same: both have the same parts and all agree. Different: every shared part differs. Otherwise
        close.
        """
        left, right = as_object(a), as_object(b)
        both = [part for part in self.members if part.name in left and part.name in right]
        found = [(part, part.type.compare(left[part.name], right[part.name])) for part in both]
        said = [(part, each) for part, each in found if each.result != "unknown"]
        if not said:
            return unknown("No part is known on both sides.", "没有双方都已知的组成部分。")
        why = Text(
            "; ".join(f"{part.title.en}: {each.why.en}" for part, each in said),
            "；".join(f"{part.title.zh}：{each.why.zh}" for part, each in said),
        )
        results = {each.result for _, each in said}
        if results == {"same"}:
            whole = left.keys() == right.keys() and len(said) == len(both)
            return Comparison("same" if whole else "close", why)
        return Comparison("different" if results == {"different"} else "close", why)


@dataclass(frozen=True)
class Group(Composite):
    """A composite declared in place: `Group((Part("port", Text(…), ShortText()), …))`. Personal if any part
    is.
    """

    of: tuple[Part, ...]
    title: Text = Text("Group", "组合项")
    personal: bool = field(init=False, default=False)

    name = "group"

    def __post_init__(self) -> None:
        names = [part.name for part in self.of]
        if not names or len(set(names)) != len(names):
            raise ValueError("a Group needs at least one part, and each name once")
        object.__setattr__(self, "personal", any(part.type.personal for part in self.of))

    @property
    def members(self) -> tuple[Part, ...]:
        return self.of


@dataclass(frozen=True)
class Many(ValueType):
    """A list of `least` to `most` values of one type.

    `clean` takes a list, or an object whose keys are whole numbers, as forms send it (`field.0`, `field.1`);
    blank items are dropped. A form starts with `rows` sub-inputs.
    """

    of: ValueType
    most: int = 50
    least: int = 1
    rows: int = 3
    title: Text = Text("List", "列表")
    personal: bool = field(init=False, default=False)

    name = "many"

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError("a Many needs 1 <= least <= most")
        object.__setattr__(self, "personal", self.of.personal)

    @property
    def parts(self) -> dict[str, ValueType]:
        return {str(place): self.of for place in range(min(self.rows, self.most))}

    @property
    def widget(self) -> Widget:
        each = self.of.widget
        title = self.of.title
        rows = tuple(
            (place, Text(f"{title.en} {int(place) + 1}", f"{title.zh}（{int(place) + 1}）"), each)
            for place in self.parts
        )
        return Widget("group", parts=rows, rows=self.rows)

    def clean(self, raw: object) -> Json:
        items = _items(raw)
        if len(items) < self.least:
            if not items:
                raise missing()
            raise Refusal(
                "too-few",
                Text(f"At least {self.least} are needed.", f"至少需填写 {self.least} 项。"),
                mend=Text("Add the missing ones.", "请补充填写。"),
            )
        if len(items) > self.most:
            raise Refusal(
                "too-many",
                Text(
                    f"There are {len(items)}; at most {self.most} fit here.",
                    f"共 {len(items)} 项，此处最多 {self.most} 项。",
                ),
                mend=Text("Leave some out.", "请减少项数。"),
            )
        value: list[Json] = []
        for place, item in items:
            try:
                value.append(self.of.clean(item))
            except Refusal as refusal:
                raise refusal.within(place) from refusal
        return value

    def show(self, value: Json, lang: str) -> str:
        stop = {"en": "; ", "zh": "；"}[lang]
        return stop.join(self.of.show(item, lang) for item in as_list(value))

    def schema(self) -> JsonObject:
        return {"type": "array", "items": self.of.schema(), "minItems": self.least, "maxItems": self.most}

    def _compare(self, a: Json, b: Json) -> Comparison:
        """Order does not matter. Same: every item has its equal. Close: some item agrees. Never same by
        missing data.
        """
        left, right = as_list(a), list(as_list(b))
        equal, near, open_ = 0, 0, 0
        for item in left:
            found = [self.of.compare(item, other).result for other in right]
            if "same" in found:
                equal += 1
                del right[found.index("same")]
            elif "close" in found:
                near += 1
            elif "unknown" in found:
                open_ += 1
        total = max(len(left), equal + len(right))
        why = Text(
            f"{equal} of {total} agree, {near} more are close.",
            f"{total} 项中 {equal} 项一致，另有 {near} 项相近。",
        )
        if equal == total:
            return Comparison("same", why)
        if equal or near:
            return Comparison("close", why)
        if open_:
            return unknown(
                "What is known does not settle whether any agree.", "现有信息不足以判断是否有一致项。"
            )
        return different("None of them agree.", "没有一致项。")


def _items(raw: object) -> list[tuple[str, object]]:
    if raw is None or raw == "":
        raise missing()
    if isinstance(raw, Mapping) and all(
        isinstance(key, str) and key.isascii() and key.isdigit() for key in raw
    ):
        numbered = sorted(raw.items(), key=lambda item: (len(item[0]), item[0]))
        return [(key, item) for key, item in numbered if not is_blank(item)]
    if isinstance(raw, (list, tuple)):
        return [(str(place), item) for place, item in enumerate(raw) if not is_blank(item)]
    raise Refusal(
        "not-a-list",
        Text("This must be a list.", "此处应为列表。"),
        mend=Text("Give a list, one item for each.", "请以列表形式逐项填写。"),
    )


def as_object(value: Json) -> JsonObject:
    """`value` where it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """`value` where it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []
