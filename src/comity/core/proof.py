"""The hashes of a log's tree, and the checks of its proofs: all that somebody needs who holds no tree.

Pure: bytes in, an answer out. The steps of both checks are numbered as RFC 9162 numbers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from comity.core.text import Refusal, Text

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 9162 section 2.1.1: the hash of an empty list


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf). RFC 9162 section 2.1.1."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right). RFC 9162 section 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with hash `leaf` is number `index` of the tree of `size` leaves with this `root`.

    Returns nothing; raises Refusal "inclusion-proof-wrong". The steps are those of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size or not _all_hashes((leaf, root, *proof)):  # 1
        raise _inclusion_wrong(index, size)
    fn, sn = index, size - 1  # 2
    r = leaf  # 3
    for p in proof:  # 4
        if sn == 0:  # 4a
            raise _inclusion_wrong(index, size)
        if fn & 1 or fn == sn:  # 4b
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1  # 4c
    if sn != 0 or r != root:  # 5
        raise _inclusion_wrong(index, size)


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree (new, new_root) begins with the tree (old, old_root).

    Returns nothing; raises Refusal "consistency-proof-wrong". The steps are those of RFC 9162 section
    2.1.4.2, which starts at 0 < old < new; an equal size must have an equal root, and size 0 is where every
    tree begins.
    """
    wrong = Refusal("consistency-proof-wrong", _CONSISTENCY_WRONG.fill(old=old, new=new))
    if not 0 <= old <= new or not _all_hashes((old_root, new_root, *proof)):
        raise wrong
    if old == new or old == 0:
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise wrong
        return
    path = list(proof)
    if old & (old - 1) == 0:  # 2: old is a power of two
        path.insert(0, old_root)
    if not path:  # 1
        raise wrong
    fn, sn = old - 1, new - 1  # 3
    while fn & 1:  # 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]  # 5
    for c in path[1:]:  # 6
        if sn == 0:  # 6a
            raise wrong
        if fn & 1 or fn == sn:  # 6b
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1  # 6c
    if sn != 0 or fr != old_root or sr != new_root:  # 7
        raise wrong


def _all_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


def _inclusion_wrong(index: int, size: int) -> Refusal:
    return Refusal("inclusion-proof-wrong", _INCLUSION_WRONG.fill(index=index, size=size))


_INCLUSION_WRONG = Text(
    "The proof does not show that this is entry {index} of a log of {size} entries with this root.",
    "该证明不能表明此登记项是根哈希所示、共{size}项的日志中的第{index}项。",
)
_CONSISTENCY_WRONG = Text(
    "The proof does not show that the log of {new} entries begins with the log of {old} entries.",
    "该证明不能表明{new}项的日志以原有的{old}项日志为开头。",
)
