"""How information may be handled (Handling) and how far it may be believed (Grading): two labels, apart on
purpose.

Pure. Handling, the one label: Traffic Light Protocol 2.0 (FIRST, 2022) for who may see it; handling codes
H0–H3 as used with Europol; Permissible Actions Protocol for what may be done; whether it may be used in
evidence; and the day on which it is to be erased. Grading: Regulation (EU) 2016/794 Art. 29, source A B C X
and information 1 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.core.text import Refusal, Text
from comity.core.types.base import Comparison, Json, JsonObject, Options, Widget, close, different, same
from comity.core.types.choice import Code, Codes, word
from comity.core.types.composite import Composite, Part, as_list, as_object
from comity.core.types.dates import Date
from comity.core.types.plain import FreeText
from comity.core.types.wording import clean_line

# Least strict first, each list: Handling.at_least_as_strict relies on the order.
TLP: Options = (
    ("CLEAR", Text("TLP:CLEAR – no limit on disclosure", "TLP:CLEAR——可不受限制披露")),
    ("GREEN", Text("TLP:GREEN – within the community", "TLP:GREEN——限本领域同行知悉")),
    (
        "AMBER",
        Text(
            "TLP:AMBER – recipients’ organisations and their clients, need to know",
            "TLP:AMBER——限接收机构及其服务对象按需知悉",
        ),
    ),
    (
        "AMBER+STRICT",
        Text(
            "TLP:AMBER+STRICT – recipients’ organisations only, need to know",
            "TLP:AMBER+STRICT——仅限接收机构内部按需知悉",
        ),
    ),
    ("RED", Text("TLP:RED – named recipients only", "TLP:RED——仅限指定接收人")),
)
PAP: Options = (
    ("CLEAR", Text("PAP:CLEAR – no limit on actions", "PAP:CLEAR——行动不受限制")),
    ("GREEN", Text("PAP:GREEN – active measures allowed", "PAP:GREEN——可采取主动措施")),
    (
        "AMBER",
        Text(
            "PAP:AMBER – passive checks only, also through third parties",
            "PAP:AMBER——仅可被动查证，可经第三方",
        ),
    ),
    (
        "RED",
        Text(
            "PAP:RED – passive measures that cannot be noticed only",
            "PAP:RED——仅可采取对方无法察觉的被动措施",
        ),
    ),
)
EVIDENCE: Options = (
    ("yes", Text("May be used in evidence", "可作为证据使用")),
    ("consent", Text("In evidence only with the provider’s consent", "经提供方同意方可作为证据使用")),
    ("no", Text("Not in evidence: information only", "不得作为证据，仅供参考")),
)
HANDLING_CODES: Options = (
    ("H0", Text("H0 – only to prevent and combat crime", "H0——仅限用于预防和打击犯罪")),
    (
        "H1",
        Text(
            "H1 – not in judicial proceedings without the provider’s permission",
            "H1——未经提供方许可不得用于司法程序",
        ),
    ),
    ("H2", Text("H2 – not to be passed on without the provider’s permission", "H2——未经提供方许可不得转交")),
    ("H3", Text("H3 – other restrictions, stated below", "H3——其他限制，见下文")),
)
_HANDLING = (
    Part("tlp", Text("Who may see it (TLP 2.0)", "知悉范围（TLP 2.0）"), Code(TLP)),
    Part("codes", Text("Handling codes", "处理代码"), Codes(HANDLING_CODES), required=False),
    Part(
        "restrictions",
        Text("Other restrictions (H3)", "其他限制（H3）"),
        FreeText(1000, personal=False, rows=3),
        required=False,
    ),
    Part("pap", Text("What may be done with it (PAP)", "可采取的行动（PAP）"), Code(PAP), required=False),
    Part("evidence", Text("Use in evidence", "证据使用"), Code(EVIDENCE)),
    Part("until", Text("To be erased after", "保存期限至"), Date()),
)


@dataclass(frozen=True)
class Handling(Composite):
    """{"tlp", "codes"?, "restrictions"?, "pap"?, "evidence", "until"}: H1 and free use in evidence exclude
    each other.
    """

    name = "handling"
    title = Text("Handling", "处理要求")
    personal = False

    @property
    def members(self) -> tuple[Part, ...]:
        return _HANDLING

    def settle(self, value: JsonObject) -> JsonObject:
        codes = as_list(value.get("codes"))
        if "H1" in codes and value["evidence"] == "yes":
            raise Refusal(
                "handling-contradiction",
                Text(
                    "H1 forbids use in evidence without permission, yet use in evidence is allowed.",
                    "H1 禁止未经许可作为证据使用，却又选择了可作为证据使用。",
                ),
                "evidence",
                Text(
                    "Choose “only with consent” or “not in evidence”, or drop H1.",
                    "请改选“经同意”或“不得作为证据”，或取消 H1。",
                ),
            )
        if ("H3" in codes) != ("restrictions" in value):
            raise Refusal(
                "handling-restrictions",
                Text(
                    "H3 and the words of the other restrictions belong together.",
                    "H3 与其他限制的说明必须同时填写。",
                ),
                "restrictions",
                Text(
                    "Write the restrictions, or drop H3; choose H3 if there are restrictions.",
                    "请填写限制内容或取消 H3；如有限制，请选择 H3。",
                ),
            )
        return value

    def _compare(self, a: Json, b: Json) -> Comparison:
        if a == b:
            return same("The labels are the same.", "处理要求一致。")
        forward, back = self.at_least_as_strict(a, b), self.at_least_as_strict(b, a)
        if forward and back:
            return same("The labels bind alike.", "处理要求的约束相同。")
        if forward:
            return close("The first label is stricter.", "前者更为严格。")
        if back:
            return close("The second label is stricter.", "后者更为严格。")
        return different("Each label is stricter in something.", "双方各有更严之处。")

    def at_least_as_strict(self, a: Json, b: Json) -> bool:
        """Whether whoever obeys clean label `a` also obeys `b`. Other restrictions count only if they are
        the same words.
        """
        left, right = as_object(a), as_object(b)
        ordered = all(
            _rank(left.get(part), options) >= _rank(right.get(part), options)
            for part, options in (("tlp", TLP), ("pap", PAP), ("evidence", EVIDENCE))
        )
        codes = {str(code) for code in as_list(right.get("codes"))} <= {
            str(code) for code in as_list(left.get("codes"))
        }
        words = right.get("restrictions") in (None, left.get("restrictions"))
        return ordered and codes and words and str(left["until"]) <= str(right["until"])


def _rank(code: Json, options: Options) -> int:
    return next((place for place, (each, _) in enumerate(options) if each == code), 0)


SOURCE: Options = (
    ("A", Text("A – no doubt about the source, or always reliable so far", "A——来源无可怀疑，或历来可靠")),
    ("B", Text("B – source reliable in most instances", "B——来源多数情况下可靠")),
    ("C", Text("C – source unreliable in most instances", "C——来源多数情况下不可靠")),
    ("X", Text("X – reliability cannot be assessed", "X——来源可靠性无法评估")),
)
INFORMATION: Options = (
    ("1", Text("1 – accuracy not in doubt", "1——信息准确性无疑")),
    (
        "2",
        Text(
            "2 – known to the source personally, not to the official passing it on",
            "2——来源亲自知悉，转报人员未亲自知悉",
        ),
    ),
    (
        "3",
        Text(
            "3 – not known to the source personally, but corroborated", "3——来源未亲自知悉，但有其他信息印证"
        ),
    ),
    (
        "4",
        Text(
            "4 – not known to the source personally and cannot be corroborated",
            "4——来源未亲自知悉，且无法印证",
        ),
    ),
)
_GRADING = (
    Part("source", Text("Source", "来源"), Code(SOURCE)),
    Part("information", Text("Information", "信息"), Code(INFORMATION)),
)


@dataclass(frozen=True)
class Grading(Composite):
    """{"source": "A", "information": "1"}; "A1" is taken too. X stays unassessed: it is worse than nothing
    known.
    """

    name = "grading"
    title = Text("Grading (4×4)", "信息评级（4×4）")
    personal = False

    @property
    def members(self) -> tuple[Part, ...]:
        return _GRADING

    def clean(self, raw: object) -> Json:
        if isinstance(raw, str):
            text = clean_line(raw, 20)
            raw = {"source": text[:1], "information": text[1:]}
        elif isinstance(raw, Mapping) and isinstance(raw.get("information"), int):
            raw = {**raw, "information": str(raw["information"])}
        return super().clean(raw)

    def show(self, value: Json, lang: str) -> str:
        given = as_object(value)
        stop = {"en": "; ", "zh": "；"}[lang]
        code = f"{given.get('source', '')}{given.get('information', '')}"
        said = stop.join(
            word(given.get(part), options, lang)
            for part, options in (("source", SOURCE), ("information", INFORMATION))
        )
        return f"{code}{stop}{said}"

    @property
    def widget(self) -> Widget:
        return Widget(
            "group",
            parts=tuple(
                (part.name, part.title, Widget("radios", options=part.type.widget.options))
                for part in _GRADING
            ),
        )

    def _compare(self, a: Json, b: Json) -> Comparison:
        left, right = as_object(a), as_object(b)
        if a == b:
            return same("Graded alike.", "评级一致。")
        if "X" in (left["source"], right["source"]) and left["source"] != right["source"]:
            return different(
                "One source is assessed, the other cannot be.", "一方来源已评估，另一方来源无法评估。"
            )
        apart = abs(_rank(left["source"], SOURCE) - _rank(right["source"], SOURCE))
        apart += abs(_rank(left["information"], INFORMATION) - _rank(right["information"], INFORMATION))
        if apart == 1:
            return close("One grade apart.", "相差一级。")
        return different("The gradings differ.", "评级不一致。")
