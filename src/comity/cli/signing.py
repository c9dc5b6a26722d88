"""An agreement signed from the command line: keys filled in, signatures made and checked, and put in force.

The signatures lie beside the file, as FILE.sig; each side adds its own to the same note.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from comity.cli import files
from comity.cli.agreement import AGREEMENT, File, read
from comity.cli.frame import Opt
from comity.cli.outcome import INTEGRITY, OK
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

if TYPE_CHECKING:
    from comity.core.agreement import Agreement
    from comity.crypto import PublicKeys

_CARDS = Text(
    "Identity card of a party whose keys are to be filled in; may be repeated",
    "待填入密钥的当事方身份卡；可重复",
)
_OUT = Text("Where to write the agreement with its keys", "写入已填密钥协议的路径")
Cards = Annotated[list[str], Opt(_CARDS, ("--card",), "FILE")]
Out = Annotated[str, Opt(_OUT, ("--out", "-o"), "FILE")]


@AGREEMENT.verb("sign", Text("Fill in the keys and sign", "填入密钥并签署"))
def sign(terminal: Terminal, file: File, card: Cards = [], out: Out = "") -> None:  # noqa: B006
    """Fills our own keys in, those of every --card, and signs once no placeholder is left."""
    from comity.core.agreement import Agreement, Keys, fill_keys
    from comity.crypto import read_card, sign_agreement, signed_by
    from comity.exchange.desk import here
    from comity.tracks import TRACKS

    desk = here()
    public = [desk.keys.public, *(read_card(files.read_text(each)) for each in card)]
    data = fill_keys(read(file), {each.code: Keys(**each.parts) for each in public})
    agreement = Agreement.load(data, TRACKS)
    agreement.party(desk.me)
    target = Path(out or (file if Path(file).exists() else f"{agreement.name}.toml"))
    note = target.with_name(target.name + ".sig")
    held = files.read(str(note)) if note.is_file() else None
    signed: tuple[str, ...] = ()
    files.write(target, data)
    if agreement.signed_keys:
        made = sign_agreement(agreement.name, agreement.version, data, desk.keys, held)
        files.write(note, made)
        signed = signed_by(made, _keys(agreement))
    missing = [code for code in agreement.codes if code not in signed]
    result = {
        "file": str(target),
        "signature": str(note) if signed else None,
        "digest": agreement.digest,
        "signed_by": list(signed),
        "missing": missing,
        "keys_filled": agreement.signed_keys,
    }
    words = Text(
        "{file}\nSHA-256 {digest}\nSigned by: {signed}\nStill to sign: {missing}",
        "{file}\nSHA-256 {digest}\n已签署：{signed}\n待签署：{missing}",
    ).fill(
        file=str(target),
        digest=agreement.digest,
        signed=", ".join(signed) or "–",
        missing=", ".join(missing) or "–",
    )
    terminal.put(result, words[terminal.lang])


@AGREEMENT.verb("verify", Text("Check the signatures of an agreement", "核验协议的签名"), node=False)
def verify(terminal: Terminal, file: File) -> int:
    """Both parties' signatures over exactly these bytes."""
    from comity.core.agreement import Agreement
    from comity.crypto import signed_by, verify_agreement
    from comity.tracks import TRACKS

    data = read(file)
    agreement = Agreement.load(data, TRACKS)
    keys, signature = _keys(agreement), _signature(file)
    good = signed_by(signature, keys)
    whole = True
    try:
        verify_agreement(agreement.name, agreement.version, data, signature, keys)
    except Refusal as refusal:
        whole = False
        terminal.refuse(refusal)
    result = {
        "digest": agreement.digest,
        "good": whole,
        "signed_by": list(good),
        "fingerprints": {each.code: each.fingerprint for each in keys},
    }
    heads = (Text("Party", "当事方"), Text("Signed", "已签署"), Text("Fingerprint of its keys", "密钥指纹"))
    terminal.put(
        result,
        lambda: [
            f"SHA-256 {agreement.digest}",
            terminal.table(heads, [(each.code, each.code in good, each.fingerprint) for each in keys]),
        ],
    )
    return OK if whole else INTEGRITY


@AGREEMENT.verb("add", Text("Put a signed agreement in force at this node", "在本节点施行已签署的协议"))
def add(terminal: Terminal, file: File) -> None:
    """Refused unless both have signed exactly these bytes and the keys in it are ours."""
    from comity.exchange.agreements import adopt
    from comity.exchange.desk import here

    relation = adopt(here(), read(file), _signature(file))
    named = {"relation": relation.name, "me": relation.me, "peer": relation.peer}
    words = Text(
        "{relation} is in force between {me} and {peer}.", "{relation} 已在 {me} 与 {peer} 之间施行。"
    )
    terminal.put({**named, "digest": relation.agreement_id}, words.fill(**named)[terminal.lang])


def _signature(file: str) -> bytes:
    return files.read(file + ".sig")


def _keys(agreement: Agreement) -> list[PublicKeys]:
    """The public keys of both parties. Refusal "keys-not-filled"."""
    from comity.crypto import PublicKeys

    found = []
    for party in agreement.parties:
        if party.keys is None:
            raise Refusal(
                "keys-not-filled",
                Text("The agreement still has placeholders for keys.", "协议中的密钥仍为占位符。"),
                f"agreement {agreement.name}",
                Text("Fill them in with `comity agreement sign`.", "请用 `comity agreement sign` 填入。"),
            )
        found.append(PublicKeys(party.code, agreement.suite, asdict(party.keys)))
    return found


__all__ = ["AGREEMENT"]
