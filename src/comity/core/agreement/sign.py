"""The two things done to an agreement before it is signed: real keys put in, and the few lines that are signed.

Pure text work: no key is made or used here. Every byte outside the placeholders stays as it was written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from comity.core.agreement.document import Agreement
from comity.core.agreement.shapes import PLACEHOLDER, Keys
from comity.core.agreement.toml import parse
from comity.core.text import Refusal, Text

_PARTY = re.compile(r"^[ \t]*\[\[[ \t]*party[ \t]*\]\][^\n]*\n(?:(?![ \t]*\[\[)[^\n]*\n?)*", re.MULTILINE)
_CODE = re.compile(r"^[ \t]*code[ \t]*=[ \t]*[\"']([^\"'\n]*)[\"']", re.MULTILINE)
_KEY = re.compile(rf"\b(ed25519|mldsa65|box)([ \t]*=[ \t]*)\"{PLACEHOLDER}\"")


def fill_keys(data: bytes, cards: Mapping[str, Keys]) -> bytes:
    """The same bytes with the keys of each party in `cards` (code -> keys) in place of its placeholders.

    Steps, numbered as below: 1. write each key where its placeholder stands; 2. read both texts again and see that
    they differ in nothing but those keys.
    Refusals: unknown-party; keys-already-filled when the file holds other keys; those of reading.
    """
    agreement = Agreement.load(data, None)
    for code, card in cards.items():
        held = agreement.party(code).keys
        if held is not None and held != card:
            raise Refusal(
                "keys-already-filled",
                Text(
                    "The agreement already holds other keys of this party.",
                    "协议中已载有该当事方的其他密钥。",
                ),
                f"agreement {agreement.name} / party {code} / keys",
                Text(
                    "Start from the text with placeholders, or amend the agreement.",
                    "请从带占位符的文本重新开始，或修订协议。",
                ),
            )
    # 1.
    filled = _PARTY.sub(lambda block: _fill(block.group(), cards), data.decode("utf-8")).encode("utf-8")
    # 2.
    wanted = parse(data)
    for row in _parties(wanted):
        if agreement.party(str(row["code"])).keys is None and row["code"] in cards:
            row["keys"] = _written(cards[str(row["code"])])
    try:
        same = parse(filled) == wanted
    except Refusal:
        same = False
    if not same:
        raise Refusal(
            "placeholders-not-found",
            Text("The placeholders are not written as expected.", "未按约定格式写明密钥占位符。"),
            f"agreement {agreement.name}",
            Text(f'In each [[party]] write code = "…", then keys with ed25519, mldsa65 and box = "{PLACEHOLDER}".',
                 f"请在每个 [[party]] 中写明 code，并将 keys 的 ed25519、mldsa65、box 写为“{PLACEHOLDER}”。"),
        )  # fmt: skip
    return filled


def _fill(block: str, cards: Mapping[str, Keys]) -> str:
    code = _CODE.search(block)
    if code is None or code.group(1) not in cards:
        return block
    written = _written(cards[code.group(1)])
    return _KEY.sub(lambda key: f'{key.group(1)}{key.group(2)}"{written[key.group(1)]}"', block)


def _written(keys: Keys) -> dict[str, str]:
    return {
        name: base64.b64encode(getattr(keys, name)).decode("ascii") for name in ("ed25519", "mldsa65", "box")
    }


def _parties(document: dict[str, object]) -> list[dict[str, object]]:
    rows = document.get("party")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def signing_text(agreement: Agreement) -> bytes:
    """The body of the signed note over an agreement (C2SP signed-note): kind, name, version, digest, a line each.

    Refusal: keys-not-filled while a placeholder stands in it.
    """
    if not agreement.signed_keys:
        raise Refusal(
            "keys-not-filled",
            Text("The agreement still has placeholders for keys.", "协议中的密钥仍为占位符。"),
            f"agreement {agreement.name}",
            Text("Fill in the keys of both parties first.", "请先填入双方的密钥。"),
        )
    return agreement_text(agreement.name, agreement.version, agreement.digest).encode()


def agreement_text(name: str, version: int, digest: str) -> str:
    """What both parties sign of an agreement. `digest`: SHA-256 of its bytes, hex."""
    return f"comity agreement\n{name}\n{version}\n{digest}\n"


__all__ = ["agreement_text", "fill_keys", "signing_text"]
