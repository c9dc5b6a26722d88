"""What lies where in an evidence file, and how large it may be. Shared by the writer and the verifier.

    manifest.json                            the list of everything else, with SHA-256 of each
    manifest.note                            signed note over the manifest's digest, by the authority that made the file
    README.md                                for the reader, in English and Chinese
    agreements/<digest>.toml, .sig           the agreement and its amendments, with both parties' signatures
    checkpoints/<author>-<size>.note         signed size and root of an author's log ("-2" … where sizes are equal)
    logs/<author>/entries/<index>.json       header of an entry, byte for byte: the leaf of the tree
    logs/<author>/bodies/<index>.bin         32 bytes of salt, then the body
    logs/<author>/proofs/<index>.json        inclusion of that entry in the author's largest checkpoint
    logs/<author>/consistency/<size>.json    the largest checkpoint begins with the log of that size

Standard library only; no I/O.
"""

from __future__ import annotations

import re

FORMAT = "comity-evidence/1"
MANIFEST = "manifest.json"
MANIFEST_NOTE = "manifest.note"
README = "README.md"

MAX_FILE = 256 * 1024**2
MAX_MEMBERS = 50_000
MAX_DIRECTORY = 8 * 1024**2
MAX_MEMBER = 8 * 1024**2
MAX_TOTAL = 128 * 1024**2
SALT_BYTES = 32

_CODE = r"[a-z][a-z0-9-]{0,15}"
_NUMBER = r"(?:0|[1-9][0-9]{0,15})"
_KNOWN = re.compile(
    rf"manifest\.json|manifest\.note|README\.md"
    rf"|agreements/[0-9a-f]{{64}}\.(?:toml|sig)"
    rf"|checkpoints/{_CODE}-{_NUMBER}(?:-[2-9])?\.note"
    rf"|logs/{_CODE}/(?:(?:entries|proofs|consistency)/{_NUMBER}\.json|bodies/{_NUMBER}\.bin)"
)


def is_known(path: str) -> bool:
    """Whether a member of this name can be part of an evidence file at all; nothing with "..", "\\" or a drive can."""
    return _KNOWN.fullmatch(path) is not None


def agreement(digest: str) -> str:
    return f"agreements/{digest}.toml"


def agreement_signature(digest: str) -> str:
    return f"agreements/{digest}.sig"


def checkpoint(author: str, size: int, number: int = 1) -> str:
    return f"checkpoints/{author}-{size}{'' if number == 1 else f'-{number}'}.note"


def entry(author: str, index: int) -> str:
    return f"logs/{author}/entries/{index}.json"


def body(author: str, index: int) -> str:
    return f"logs/{author}/bodies/{index}.bin"


def proof(author: str, index: int) -> str:
    return f"logs/{author}/proofs/{index}.json"


def consistency(author: str, size: int) -> str:
    return f"logs/{author}/consistency/{size}.json"


def manifest_text(case: str, digest: str) -> str:
    """What the maker of an evidence file signs. `digest`: SHA-256 of the manifest's bytes, hex."""
    return f"comity evidence\n{case}\n{digest}\n"


def maker_name(code: str) -> str:
    """The key name under which the maker signs it."""
    return f"comity/{code}"
