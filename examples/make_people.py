"""Makes applications.csv, applications.json and applications.xlsx: 200 people who do not exist.

    python examples/make_people.py            writes the three files beside this one

The same seed gives the same files. Columns are those of a bulk file of the repatriation track: the fields of its opening step
in their order (`person.surname`, `documents.0.number`), the answers to its safeguards, and the attachment each row names,
`final_order.txt`. Every value passes the field's own check before it is written. Why nobody here can be taken for a real
person: README.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from comity.core.types.resident_id import check_character
from comity.derive.columns import ATTACHMENTS, SAFEGUARDS, columns
from comity.tracks import TRACKS

HERE = Path(__file__).parent
TRACK = TRACKS["repatriation"]
ORDER = HERE / "final_order.txt"
COUNT = 200
SEED = 20171004
# No division in GB/T 2260 begins with 99, so no number beginning with it was ever given to anybody.
NO_PLACE = "99"
NO_SERIES = "ZZ"  # no series of passports begins with ZZ


def _pairs(text: str) -> list[tuple[str, str]]:
    """Characters and their Latin form, as listed below."""
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


# Surname, and how an exit-entry document writes it (GB/T 28039-2011; ü is printed YU).
SURNAMES = _pairs("""
王 WANG 李 LI 张 ZHANG 刘 LIU 陈 CHEN 杨 YANG 赵 ZHAO 黄 HUANG 周 ZHOU 吴 WU 徐 XU 孙 SUN 胡 HU 朱 ZHU 高 GAO
林 LIN 何 HE 郭 GUO 马 MA 罗 LUO 梁 LIANG 宋 SONG 郑 ZHENG 谢 XIE 韩 HAN 唐 TANG 冯 FENG 于 YU 董 DONG 程 CHENG
曹 CAO 袁 YUAN 邓 DENG 许 XU 傅 FU 沈 SHEN 曾 ZENG 彭 PENG 吕 LYU 苏 SU 卢 LU 蒋 JIANG 蔡 CAI 贾 JIA 丁 DING
魏 WEI 薛 XUE 叶 YE 单 SHAN 仇 QIU 欧阳 OUYANG 司马 SIMA 上官 SHANGGUAN 诸葛 ZHUGE
""")
GIVEN = _pairs("""
明 MING 伟 WEI 芳 FANG 娜 NA 敏 MIN 静 JING 丽 LI 强 QIANG 磊 LEI 军 JUN 洋 YANG 勇 YONG 艳 YAN 杰 JIE 娟 JUAN
涛 TAO 超 CHAO 霞 XIA 平 PING 刚 GANG 桂 GUI 兰 LAN 英 YING 华 HUA 玉 YU 秀 XIU 珍 ZHEN 建 JIAN 国 GUO 志 ZHI
文 WEN 海 HAI 小 XIAO 晓 XIAO 春 CHUN 红 HONG 雪 XUE 梅 MEI 云 YUN 龙 LONG 凤 FENG 金 JIN 鹏 PENG 飞 FEI 宇 YU
辉 HUI 婷 TING 慧 HUI 丹 DAN 倩 QIAN 琳 LIN 欣 XIN 佳 JIA 思 SI 晨 CHEN 浩 HAO 宁 NING 安 AN
""")
# Names that follow other rules: two words of which none is a surname, one word only, other scripts.
OTHER_NAMES = (
    {"native": "ئەركىن تۇرسۇن", "script": "Arab", "surname": "ERKIN", "given": "TURSUN"},
    {"native": "བསྟན་འཛིན", "script": "Tibt", "surname": "TENZIN"},
    {"native": "ᠪᠠᠲᠤ", "script": "Mong", "surname": "BATU"},
    {"native": "김영수", "script": "Kore", "surname": "KIM", "given": "YONGSU"},
    {"native": "陳國華", "script": "Hant", "surname": "CHEN", "given": "GUOHUA"},
    {"surname": "LU", "given": "XIAOYU"},
    {"native": "吕小雨", "script": "Hans"},
)
DIALECTS = (
    "Mandarin",
    "Mandarin, Fuzhou dialect",
    "Mandarin, Wenzhou dialect",
    "Cantonese",
    "Mandarin, English",
)
COURTS = (
    "Example Immigration Court",
    "Immigration Court of Sampleton",
    "Board of Removal Appeals, Exampleville",
)
TOWNS = ("样例市", "示范县", "虚构镇", "范本市")


def people() -> list[dict[str, Any]]:
    """200 rows {"body", "safeguards", "attachments"} as the opening step asks for them, each value checked and clean."""
    rng = random.Random(SEED)  # noqa: S311  # must be repeatable; nothing here is secret
    order = hashlib.sha256(ORDER.read_bytes()).hexdigest()
    rows = [_body(_person(rng, number)) for number in range(1, COUNT + 1)]
    return [{"body": body, SAFEGUARDS: _answers(), ATTACHMENTS: [order]} for body in rows]


def _body(drawn: dict[str, Any]) -> dict[str, Any]:
    """What was drawn, checked by the fields of the form and in their order."""
    form = TRACK.opening.form
    unknown = drawn.keys() - {field.name for field in form}
    if unknown:
        raise SystemExit(f"The form has no field {', '.join(sorted(unknown))}: change make_people.py with it")
    return {field.name: field.type.clean(drawn[field.name]) for field in form if field.name in drawn}


def _answers() -> dict[str, dict[str, str]]:
    """To every safeguard the first answer that lets the step go, with a reason where one is asked for."""
    given: dict[str, dict[str, str]] = {}
    for name in TRACK.opening.safeguards:
        safeguard = TRACK.safeguard(name)
        answer = next(answer for answer in safeguard.answers if not answer.blocks)
        given[name] = {"answer": answer.code}
        if answer.needs_reason or safeguard.named_officer:
            given[name]["reason"] = (
                "Example: examined on the file of the made-up court; nothing was found. 示例：经审查，未发现此类情形。"
            )
    return given


def _person(rng: random.Random, number: int) -> dict[str, Any]:
    sex = rng.choice("MMF")
    born = date(1960, 1, 1) + timedelta(rng.randrange(45 * 365))
    final = date(2025, 1, 6) + timedelta(rng.randrange(330))
    every = number % 28 == 0
    person = dict(OTHER_NAMES[number // 28 - 1]) if every else _name(rng)
    form: dict[str, Any] = {
        "person": person,
        "birth_date": born.isoformat(),
        "birth_place": f"示例省{rng.choice(TOWNS)}",
        "sex": sex,
        "nationality": "CHN",
        "languages": rng.choice(DIALECTS),
        "home_address": {
            "country": "CHN",
            "region": "示例省",
            "city": rng.choice(TOWNS),
            "street": f"样本路{number}号",
        },
        "order_authority": rng.choice(COURTS),
        "order_number": f"EXAMPLE-2025-{number:04}",
        "order_date": (final - timedelta(rng.randrange(30, 90))).isoformat(),
        "order_final_since": final.isoformat(),
    }
    civil = rng.choice(("single", "married", "divorced", "unknown"))
    form["civil_status"] = civil
    if civil == "married":
        form["spouse"] = _name(rng)
    if rng.random() < 0.1:
        form["other_names"] = [
            {"surname": person.get("surname", "LYU"), "given": rng.choice(("DAVID", "AMY", "LILY"))}
        ]
    if rng.random() < 0.1:
        form["care_needs"] = rng.choice(
            ("Diabetes: insulin twice a day.", "Uses a wheelchair.", "Asthma: carries an inhaler.")
        )
    _evidence(rng, number, form, born, sex)
    return form


def _evidence(rng: random.Random, number: int, form: dict[str, Any], born: date, sex: str) -> None:
    """What speaks for the nationality: a passport is proof, a copy or a register page prima facie, or nothing at all."""
    kind = rng.choices(("passport", "household_register", "none"), (60, 30, 10))[0]
    resident_id = _resident_id(rng, born, sex)
    if kind == "none":
        form |= {"evidence": "none", "interview_language": form["languages"]}
        if rng.random() < 0.5:
            form["birth_date"] = form["birth_date"][: rng.choice((4, 7))]
        return
    form["resident_id"] = resident_id
    issued = date(2013, 1, 1) + timedelta(rng.randrange(8 * 365))
    document = {"kind": kind, "issuer": "CHN", "issued": issued.isoformat()}
    if kind == "passport":
        expiry = issued.replace(year=issued.year + 10, day=min(issued.day, 28)) - timedelta(days=1)
        document |= {"number": f"{NO_SERIES}{number:07}", "expiry": expiry.isoformat()}
    else:
        document["number"] = f"示例{number:06}"
    form |= {"documents": [document], "evidence": "proof" if kind == "passport" else "prima_facie"}


def _name(rng: random.Random) -> dict[str, str]:
    """A surname and one or two characters, with the romanised name as GB/T 28039 writes it: syllables joined."""
    surname, latin = rng.choice(SURNAMES)
    picks = rng.sample(GIVEN, rng.choice((1, 2, 2, 2)))
    return {
        "native": surname + "".join(character for character, _ in picks),
        "script": "Hans",
        "surname": latin,
        "given": "".join(syllable for _, syllable in picks),
    }


def _resident_id(rng: random.Random, born: date, sex: str) -> str:
    """Well formed (GB 11643-1999): place, birth date, sequence (odd for men), check character. The place does not exist."""
    sequence = 2 * rng.randrange(1, 490) + (sex == "M")
    body = f"{NO_PLACE}{rng.randrange(1, 10):02}{rng.randrange(1, 30):02}{born:%Y%m%d}{sequence:03}"
    return body + check_character(body)


# ---------------------------------------------------------------- the three files


def flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Column and cell of everything in a form: `person.surname`, `documents.0.number`."""
    parts = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if parts is None:
        yield name, str(value)
        return
    for part, inner in parts:
        yield from flat(inner, f"{name}.{part}" if name else str(part))


def cells(row: dict[str, Any]) -> dict[str, str]:
    """One row of a bulk file by column."""
    found = dict(flat(row["body"]))
    for name, given in row[SAFEGUARDS].items():
        found[f"{SAFEGUARDS}.{name}"] = given["answer"]
        if "reason" in given:
            found[f"{SAFEGUARDS}.{name}.reason"] = given["reason"]
    return found | {ATTACHMENTS: " ".join(row[ATTACHMENTS])}


def header(rows: list[dict[str, str]]) -> list[str]:
    """Every column that is required or holds something, in the order of the form."""
    known = columns(TRACK, TRACK.opening)
    used = {name for row in rows for name in row}
    missing = used - {column.name for column in known}
    if missing:
        raise SystemExit(
            f"A bulk file has no column {', '.join(sorted(missing))}: change make_people.py with it"
        )
    return [column.name for column in known if column.required or column.name in used]


def as_json(people: list[dict[str, Any]]) -> bytes:
    return (json.dumps(people, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def as_csv(people: list[dict[str, Any]], encoding: str = "utf-8") -> bytes:
    rows = [cells(person) for person in people]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header(rows), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(people: list[dict[str, Any]]) -> bytes:
    """One sheet; every cell is text, so that no number of eighteen digits loses its end."""
    rows = [cells(person) for person in people]
    names = header(rows)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": "200 fictional people", "created": datetime(2026, 1, 1, tzinfo=UTC)})
        plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet = book.add_worksheet("applications")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(names) - 1, 18, plain)
        for line, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
            for at, name in enumerate(names):
                if name in row:
                    sheet.write_string(line, at, row[name], plain if line else bold)
    return out.getvalue()


def main() -> None:
    found = people()
    (HERE / "applications.json").write_bytes(as_json(found))
    (HERE / "applications.csv").write_bytes(as_csv(found))
    (HERE / "applications.xlsx").write_bytes(as_xlsx(found))


if __name__ == "__main__":
    main()
