"""Keys are written once, whole, for their owner only; a card carries their public half."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from comity.core.text import Refusal
from comity.crypto import (
    HYBRID,
    PublicKeys,
    SecretKeys,
    card,
    generate,
    load,
    open_sealed,
    read_card,
    save,
    seal,
)
from comity.crypto.seal import BATCH


def refusal(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refused: refused.code == code)


def test_keys_saved_are_the_keys_loaded(tmp_path: Path, cn: SecretKeys) -> None:
    home = tmp_path / "home" / "keys"
    save(home, cn)
    assert sorted(path.name for path in home.iterdir()) == [
        "ed25519.pem", "mldsa65.pem", "mlkem768.pem", "x25519.pem"
    ]  # fmt: skip
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600}
    assert list(home.parent.iterdir()) == [home]
    again = load(home, "cn")
    assert again.public == cn.public
    assert open_sealed(BATCH, b"l\n", seal(BATCH, b"l\n", b"words", cn.public)[2:], again) == b"words"


def test_keys_are_never_overwritten(tmp_path: Path, cn: SecretKeys, us: SecretKeys) -> None:
    (tmp_path / "keys").mkdir()
    save(tmp_path / "keys", cn)  # an empty directory is as good as none
    with refusal("keys-exist"):
        save(tmp_path / "keys", us)
    assert load(tmp_path / "keys", "cn").public == cn.public
    assert list(tmp_path.iterdir()) == [tmp_path / "keys"]


def test_a_missing_broken_swapped_or_exposed_key_is_named(tmp_path: Path, cn: SecretKeys) -> None:
    home = tmp_path / "keys"
    with refusal("keys-missing"):
        load(home, "cn")
    save(home, cn)
    os.chmod(home / "x25519.pem", 0o640)
    with refusal("keys-exposed") as found:
        load(home, "cn")
    assert found.value.where.endswith("x25519.pem")
    os.chmod(home / "x25519.pem", 0o600)
    (home / "mldsa65.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\nrubbish\n")
    with refusal("key-malformed") as found:
        load(home, "cn")
    assert found.value.where == "mldsa65.pem"
    (home / "mldsa65.pem").write_bytes(cn.files["ed25519.pem"])
    with refusal("key-malformed"):
        load(home, "cn")


def test_secret_keys_do_not_print_themselves(cn: SecretKeys) -> None:
    assert "PRIVATE" not in repr(cn)
    assert "held" not in repr(cn)


def test_a_card_carries_the_public_keys_and_their_fingerprint(cn: SecretKeys, us: SecretKeys) -> None:
    text = card(cn.public)
    assert read_card(text) == cn.public
    groups = cn.public.fingerprint.split(" ")
    assert [len(group) for group in groups] == [5] * 12
    assert cn.public.fingerprint in text
    assert cn.public.fingerprint != us.public.fingerprint
    renamed = PublicKeys("us", cn.suite, cn.public.parts)
    assert renamed.fingerprint != cn.public.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('code = "cn"', 'code = "us"', "card-malformed"),
        ('code = "cn"', 'code = "C N"', "card-malformed"),
        ('code = "cn"', "code = 1", "card-malformed"),
        ("[keys]", "[keys", "card-malformed"),
        ("[keys]", "[kees]", "card-malformed"),
        ('ed25519 = "', 'ed25519 = "!', "card-malformed"),
        ('ed25519 = "', 'ed25519 = "AAAA', "key-malformed"),
        ('ed25519 = "', 'ed448 = "', "key-malformed"),
        (HYBRID, "rot13", "suite-unknown"),
    ],
)
def test_a_wrong_card_is_refused(cn: SecretKeys, old: str, new: str, code: str) -> None:
    text = card(cn.public)
    assert old in text
    with refusal(code):
        read_card(text.replace(old, new))
    with refusal("card-malformed"):
        read_card(text + "#" * 70_000)


def test_bytes_that_are_no_key_are_refused(cn: SecretKeys) -> None:
    with refusal("key-malformed"):
        PublicKeys("cn", HYBRID, {**cn.public.parts, "box": b"\xff" * 1216})
    with refusal("key-malformed"):
        PublicKeys("cn", HYBRID, {"ed25519": cn.public.parts["ed25519"]})
    with refusal("party-code-malformed"):
        generate("C/N")
    assert base64.b64encode(cn.public.parts["ed25519"]).decode() in card(cn.public)
