"""A node's keys as files, and an authority's identity card.

Files: one PKCS #8 PEM file per secret key, mode 0600, in a directory of mode 0700 that is put in place whole or not
at all. The card is the public half as TOML; the two authorities exchange cards, read the fingerprint to each other
over another channel, and copy the keys into the agreement both sign.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import tempfile
import tomllib
from pathlib import Path

from comity.core.agreement import SUITES, Agreement
from comity.core.text import Refusal, Text
from comity.crypto.hybrid import HYBRID
from comity.crypto.suite import PublicKeys, SecretKeys, suite

MAX_CARD_BYTES = 64 * 1024
_CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")


def generate(code: str, suite_name: str = HYBRID) -> SecretKeys:
    """New keys for the authority `code`, in memory only. Refusal "suite-unknown", "party-code-malformed"."""
    return _made(code, suite_name, suite(suite_name).generate())


def save(directory: Path, keys: SecretKeys) -> None:
    """Write the secret keys, one file each. Refusal "keys-exist" where the directory already holds anything.

    The files are written and flushed in a directory beside it, which is then renamed: after a crash there are either
    all of the keys or none.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))  # mode 0700
    try:
        for name, pem in keys.files.items():
            handle = os.open(fresh / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
        try:
            fresh.rename(directory)  # the point of no return; fails where the directory is not empty
        except OSError:
            raise Refusal("keys-exist", _KEYS_EXIST, str(directory), _KEYS_EXIST_MEND) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def load(directory: Path, code: str, suite_name: str = HYBRID) -> SecretKeys:
    """Read the secret keys of `code`.

    Refusal "keys-missing", "keys-exposed" (a file others may read) or "key-malformed"; where = the file.
    """
    files = {}
    for name in suite(suite_name).secret_files:
        path = directory / name
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise Refusal("keys-exposed", _KEYS_EXPOSED, str(path), _KEYS_EXPOSED_MEND)
                files[name] = file.read(MAX_CARD_BYTES)
        except OSError:
            raise Refusal("keys-missing", _KEYS_MISSING, str(path), _KEYS_MISSING_MEND) from None
    return _made(code, suite_name, files)


def card(keys: PublicKeys) -> str:
    """The identity card of an authority: TOML, public."""
    lines = [
        "# comity identity card / comity 身份卡",
        "# Public. Compare the fingerprint by voice. / 可公开。请通过电话等另一途径核对指纹。",
        f'code = "{keys.code}"',
        f'suite = "{keys.suite}"',
        f'fingerprint = "{keys.fingerprint}"',
        "",
        "[keys]",
        *(f'{name} = "{base64.b64encode(value).decode()}"' for name, value in keys.parts.items()),
    ]
    return "\n".join(lines) + "\n"


def read_card(text: str) -> PublicKeys:
    """The public keys on a card.

    Refusal "card-malformed" (where = the member; "fingerprint" when it is not that of the keys), "suite-unknown",
    "key-malformed".
    """
    if len(text) > MAX_CARD_BYTES:
        raise _card_malformed("size")
    try:
        members = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise _card_malformed("TOML") from None
    if set(members) != {"code", "suite", "fingerprint", "keys"}:
        raise _card_malformed("members")
    code, suite_name, parts = members["code"], members["suite"], members["keys"]
    if not isinstance(code, str) or not isinstance(suite_name, str) or not isinstance(parts, dict):
        raise _card_malformed("members")
    if not _CODE.fullmatch(code):
        raise _card_malformed("code")
    keys = PublicKeys(code, suite_name, {name: _bytes(name, value) for name, value in parts.items()})
    if members["fingerprint"] != keys.fingerprint:
        raise _card_malformed("fingerprint")
    return keys


def party_keys(agreement: Agreement, code: str) -> PublicKeys:
    """The public keys an agreement pins for one of its parties. Refusal "keys-not-filled", "unknown-party"."""
    keys = agreement.party(code).keys
    if keys is None:
        raise Refusal("keys-not-filled", _KEYS_NOT_FILLED, f"agreement {agreement.name} / party {code}")
    return PublicKeys(code, agreement.suite, {name: getattr(keys, name) for name in SUITES[agreement.suite]})


def _made(code: str, suite_name: str, files: dict[str, bytes]) -> SecretKeys:
    if not _CODE.fullmatch(code):
        raise Refusal("party-code-malformed", _CODE_MALFORMED, code[:40])
    held, parts = suite(suite_name).load(files)
    return SecretKeys(code, suite_name, PublicKeys(code, suite_name, parts), files, held)


def _bytes(name: str, value: object) -> bytes:
    if not isinstance(value, str):
        raise _card_malformed(name)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _card_malformed(name) from None


def _card_malformed(where: str) -> Refusal:
    return Refusal("card-malformed", _CARD_MALFORMED, where, _CARD_MEND)


_KEYS_NOT_FILLED = Text("The agreement still has placeholders for keys.", "协议中的密钥仍为占位符。")
_CODE_MALFORMED = Text(
    "A party code is 1 to 16 lower-case letters, digits and hyphens, beginning with a letter.",
    "当事方代码由1至16个小写字母、数字和连字符组成，且以字母开头。",
)
_KEYS_EXIST = Text("There are keys here already.", "此处已有密钥。")
_KEYS_EXIST_MEND = Text(
    "Keys are never overwritten. Choose another directory, or move the old keys away first.",
    "密钥绝不会被覆盖。请另选目录，或先移走原有密钥。",
)
_KEYS_MISSING = Text("A key of this node is missing or cannot be read.", "本节点的密钥缺失或无法读取。")
_KEYS_MISSING_MEND = Text(
    "Restore the key file from its backup, or make new keys with `comity init`.",
    "请从备份恢复密钥文件，或用 `comity init` 生成新密钥。",
)
_KEYS_EXPOSED = Text("Others on this machine may read this secret key.", "本机的其他用户可读取该私钥。")
_KEYS_EXPOSED_MEND = Text(
    "Make the file readable by its owner only: chmod 600.", "请将文件设为仅所有者可读：chmod 600。"
)
_CARD_MALFORMED = Text("This is not a well-formed identity card.", "这不是格式正确的身份卡。")
_CARD_MEND = Text("Ask the other authority to send its card again.", "请对方主管机关重新发送身份卡。")
