"""The Merkle tree of a log: tiles, roots, proofs. (Hashes and the checks of proofs: `proof.py`, re-exported here.)

Pure: bytes in, bytes out. It reads tiles through a function it is given and never knows where they are kept,
and it knows nothing of entries, signatures or parties.

Hashing and proofs are those of RFC 9162 section 2.1 with SHA-256; tiles those of C2SP tlog-tiles, height 8:
the tile (level, index) is up to 256 hashes of 32 bytes, joined; hash number n of level L is the root of the
256**L leaves that start at leaf n * 256**L. A stored tile may be wider than an old tree needs; only what lies
inside the asked-for size is ever used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from comity.core.proof import (
    EMPTY_ROOT,
    HASH_SIZE,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from comity.core.text import Refusal, Text

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_SIZE = 2**53 - 1

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "MAX_SIZE",
    "TILE_HEIGHT",
    "TILE_WIDTH",
    "CompactRange",
    "Get",
    "Tiles",
    "append",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "memory_tiles",
    "node_hash",
    "reader",
    "root",
    "verify_consistency",
    "verify_inclusion",
]

Get = Callable[[int, int], bytes]
"""(level, index) -> the bytes of that tile, as wide as it is now."""
Tiles = dict[tuple[int, int], bytes]
"""(level, index) -> the bytes of that tile."""


# --- tiles ----------------------------------------------------------------------------------------


def append(size: int, leaf_hashes: Sequence[bytes], get: Get) -> Tiles:
    """Every tile that changes when `leaf_hashes` are added to a tree of `size` leaves, with its new bytes.

    Reads at most one tile per level: the last, incomplete one. Raises Refusal "log-damaged" where it is not
    as wide as `size` says.
    """
    changed: Tiles = {}
    level, fresh = 0, list(leaf_hashes)
    while fresh:
        start = size >> (TILE_HEIGHT * level)
        index, held = divmod(start, TILE_WIDTH)
        row = _cut(_wide(get(level, index), level, index, held)) if held else []
        row += fresh
        fresh = []
        for at in range(0, len(row), TILE_WIDTH):
            hashes = row[at : at + TILE_WIDTH]
            changed[level, index] = b"".join(hashes)
            if len(hashes) == TILE_WIDTH:
                fresh.append(_fold(hashes))
            index += 1
        level += 1
    return changed


def reader(tiles: Mapping[tuple[int, int], bytes]) -> Get:
    """Read tiles from a mapping; a tile that is not there reads as empty."""
    return lambda level, index: tiles.get((level, index), b"")


def memory_tiles(leaf_hashes: Sequence[bytes]) -> Get:
    """A reader over a whole tree held in memory, such as the chunks of one attachment."""
    return reader(append(0, leaf_hashes, reader({})))


def root(size: int, get: Get) -> bytes:
    """The root of the first `size` leaves. Reads one tile per level. RFC 9162 section 2.1.1."""
    return CompactRange.at(size, get).root()


# --- proofs ---------------------------------------------------------------------------------------


def inclusion_proof(index: int, size: int, get: Get) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root of `size` leaves, nearest first. RFC 9162 section 2.1.3.1."""
    if not 0 <= index < size:
        raise _out_of_range(f"leaf {index} of {size}")
    nodes, path = _Nodes(get), []
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + _split(hi - lo)
        if index < middle:
            path.append(nodes.span(middle, hi))
            hi = middle
        else:
            path.append(nodes.span(lo, middle))
            lo = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, get: Get) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves begins with the tree of `old`. RFC 9162 section 2.1.4.1.

    Empty where there is nothing to prove: `old` is 0 or equals `new`.
    """
    if not 0 <= old <= new:
        raise _out_of_range(f"{old} of {new}")
    if old in (0, new):
        return ()
    nodes, path = _Nodes(get), []
    lo, hi = 0, new
    while old != hi:
        middle = lo + _split(hi - lo)
        if old <= middle:
            path.append(nodes.span(middle, hi))
            hi = middle
        else:
            path.append(nodes.span(lo, middle))
            lo = middle
    if lo:  # the old tree is not itself a left-hand subtree whose root the reader already holds
        path.append(nodes.span(lo, hi))
    return tuple(reversed(path))


# --- frontier -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The frontier of a tree: the roots of its perfect subtrees, the largest (leftmost) first.

    All that is needed to know the root and to add leaves without reading the tree; one hash for each 1 bit of
    `size`.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @classmethod
    def at(cls, size: int, get: Get) -> CompactRange:
        """The frontier of the first `size` leaves, read from tiles."""
        nodes, hashes, start = _Nodes(get), [], 0
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                hashes.append(nodes.perfect(height, start >> height))
                start += 1 << height
        return cls(size, tuple(hashes))

    def extend(self, leaf_hashes: Iterable[bytes]) -> CompactRange:
        """The frontier after these leaf hashes are added."""
        size, stack = self.size, list(self.hashes)
        for node in leaf_hashes:
            carry = size
            while carry & 1:  # a perfect subtree of the same height stands to the left: join them
                node = sha256(b"\x01" + stack.pop() + node).digest()
                carry >>= 1
            stack.append(node)
            size += 1
        return CompactRange(size, tuple(stack))

    def root(self) -> bytes:
        """The root of the whole tree. RFC 9162 section 2.1.1."""
        if not self.hashes:
            return EMPTY_ROOT
        *rest, node = self.hashes
        for left in reversed(rest):
            node = node_hash(left, node)
        return node

    def to_bytes(self) -> bytes:
        """The size (8 bytes, big-endian), then the hashes."""
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> CompactRange:
        """What `to_bytes` wrote; raises Refusal "frontier-malformed" for anything else."""
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count():
            raise Refusal("frontier-malformed", _FRONTIER_MALFORMED)
        return cls(size, tuple(_cut(data[8:])))


# --- inside ---------------------------------------------------------------------------------------


class _Nodes:
    """Hashes of inner nodes, read from tiles; each tile is fetched once."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._rows: dict[tuple[int, int], bytes] = {}

    def perfect(self, height: int, index: int) -> bytes:
        """The root of the 2**height leaves starting at index * 2**height."""
        level, rest = divmod(height, TILE_HEIGHT)
        first = index << rest
        tile, offset = divmod(first, TILE_WIDTH)
        end = offset + (1 << rest)
        if (level, tile) not in self._rows:
            self._rows[level, tile] = self._get(level, tile)
        row = _wide(self._rows[level, tile], level, tile, end)
        return _fold(_cut(row[offset * HASH_SIZE : end * HASH_SIZE]))

    def span(self, lo: int, hi: int) -> bytes:
        """The root over leaves lo to hi, where lo is a multiple of the smallest power of two >= hi - lo."""
        width = hi - lo
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self.perfect(height, lo >> height)
        middle = lo + _split(width)
        return node_hash(self.span(lo, middle), self.span(middle, hi))


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (RFC 9162 calls it k)."""
    return 1 << ((width - 1).bit_length() - 1)


def _cut(row: bytes) -> list[bytes]:
    return [row[at : at + HASH_SIZE] for at in range(0, len(row), HASH_SIZE)]


def _fold(hashes: list[bytes]) -> bytes:
    """The root over 1, 2, 4 … 256 hashes."""
    while len(hashes) > 1:
        hashes = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def _wide(data: bytes, level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a tile, or Refusal "log-damaged"."""
    if len(data) < width * HASH_SIZE:
        raise Refusal("log-damaged", _LOG_DAMAGED.fill(level=level, index=index), f"tile {level}/{index}")
    return data[: width * HASH_SIZE]


def _out_of_range(what: str) -> Refusal:
    return Refusal("proof-out-of-range", _OUT_OF_RANGE.fill(what=what))


_OUT_OF_RANGE = Text("There is no such place in the log: {what}.", "日志中不存在该位置：{what}。")
_FRONTIER_MALFORMED = Text("The stored frontier of the log is damaged.", "所存储的日志前沿数据已损坏。")
_LOG_DAMAGED = Text(
    "The stored hashes of the log are incomplete (tile {level}/{index}).",
    "所存储的日志哈希不完整（哈希块{level}/{index}）。",
)
