"""The agreements shipped with comity, by name. Bytes only: they are read and checked by `comity.core.agreement`.

A shipped agreement has placeholders where keys belong: it is a text to sign, not one to run with.
"""

from __future__ import annotations

from importlib.resources import files

from comity.core.text import Refusal, Text

_SUFFIX = ".toml"


def shipped() -> tuple[str, ...]:
    """Names of the agreements shipped, sorted."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def text_of(name: str) -> bytes:
    """The bytes of the shipped agreement `name`. Refusal: agreement-not-shipped."""
    if name not in shipped():
        raise Refusal(
            "agreement-not-shipped",
            Text(f"No agreement {name!r} is shipped.", f"随附协议中没有“{name}”。"),
            mend=Text(f"Shipped: {', '.join(shipped())}.", f"随附协议：{'、'.join(shipped())}。"),
        )
    return files(__name__).joinpath(name + _SUFFIX).read_bytes()
