"""The tree against RFC 9162's own recursive definition, and against proofs that must not pass."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.text import Refusal
from comity.core.tree import (
    EMPTY_ROOT,
    TILE_WIDTH,
    CompactRange,
    Tiles,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    memory_tiles,
    node_hash,
    reader,
    root,
    verify_consistency,
    verify_inclusion,
)

SMALL = 70
GROWN = [(0, 0), (0, 1), (255, 2), (256, 512), (65_535, 3), (65_800, 700)]

# Known answers: the eight inputs used to test Certificate Transparency logs, and the root after each of them.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    )
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


# --- the naive second implementation: RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word -


def mth(d: list[bytes]) -> bytes:
    if not d:
        return sha256().digest()
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return node_hash(mth(d[:k]), mth(d[k:]))


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*naive_path(m, d[:k]), mth(d[k:])]
    return [*naive_path(m - k, d[k:]), mth(d[:k])]


def naive_subproof(m: int, d: list[bytes], whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*naive_subproof(m, d[:k], whole), mth(d[k:])]
    return [*naive_subproof(m - k, d[k:], False), mth(d[:k])]


# --- stories --------------------------------------------------------------------------------------


def test_the_known_answers() -> None:
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES]
    get = memory_tiles(hashes)
    assert root(0, get) == EMPTY_ROOT == sha256(b"").digest()
    for size, expected in enumerate(CT_ROOTS, 1):
        assert root(size, get).hex() == expected
        assert CompactRange().extend(hashes[:size]).root().hex() == expected


def test_every_root_and_proof_up_to_seventy_leaves_is_the_rfcs() -> None:
    every = leaves(SMALL)
    get = memory_tiles(every)
    for size in range(SMALL + 1):
        top = mth(every[:size])
        assert root(size, get) == top
        for index in range(size):
            proof = inclusion_proof(index, size, get)
            assert list(proof) == naive_path(index, every[:size])
            verify_inclusion(every[index], index, size, proof, top)
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, get)
            assert list(proof) == naive_subproof(old, every[:size], True)
            verify_consistency(old, size, proof, mth(every[:old]), top)


def test_no_inclusion_proof_passes_for_another_leaf_place_size_or_root() -> None:
    every = leaves(SMALL)
    get = memory_tiles(every)
    for size in range(1, 34):
        top = mth(every[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, get)
            for other in range(size):
                if other != index:
                    refuse_inclusion(every[other], index, size, proof, top)
                    refuse_inclusion(every[index], other, size, proof, top)
            for bad_proof in spoil(proof):
                refuse_inclusion(every[index], index, size, bad_proof, top)
            refuse_inclusion(every[index], index, size, proof, mth(every[: size + 1]))
            refuse_inclusion(every[index], size, size, proof, top)
            refuse_inclusion(every[index], -1, size, proof, top)


def test_no_consistency_proof_passes_for_another_history() -> None:
    every = leaves(SMALL)
    get = memory_tiles(every)
    rewritten = [leaf_hash(b"rewritten"), *every[1:]]
    for new in range(1, 34):
        top = mth(every[:new])
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, get)
            refuse_consistency(old, new, proof, mth(rewritten[:old]), top)
            refuse_consistency(old, new, proof, mth(every[:old]), mth(rewritten[:new]))
            for bad_proof in spoil(proof):
                refuse_consistency(old, new, bad_proof, mth(every[:old]), top)
            refuse_consistency(new + 1, new, proof, mth(every[: new + 1]), top)


def test_a_consistency_proof_too_short_for_the_size_it_claims_is_refused() -> None:
    get = memory_tiles(leaves(8))
    proof = consistency_proof(4, 8, get)
    verify_consistency(4, 8, proof, root(4, get), root(8, get))
    refuse_consistency(4, 16, proof, root(4, get), root(8, get))
    refuse_consistency(4, 64, proof, root(4, get), root(8, get))


def test_a_log_may_begin_anywhere_but_only_with_the_empty_root() -> None:
    top = mth(leaves(5))
    verify_consistency(0, 5, (), EMPTY_ROOT, top)
    verify_consistency(5, 5, (), top, top)
    refuse_consistency(0, 5, (), top, top)
    refuse_consistency(0, 5, (EMPTY_ROOT,), EMPTY_ROOT, top)
    refuse_consistency(5, 5, (), EMPTY_ROOT, top)
    refuse_consistency(-1, 5, (), EMPTY_ROOT, top)


@pytest.mark.parametrize(("size", "count"), GROWN)
def test_appending_changes_only_the_tiles_it_must(size: int, count: int) -> None:
    every = leaves(size + count)
    before = append(0, every[:size], reader({}))
    changed = append(size, every[size:], reader(before))
    assert before | changed == append(0, every, reader({}))
    unchanged_full = {key for key, tile in before.items() if len(tile) == TILE_WIDTH * 32}
    assert not unchanged_full & set(changed)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5), st.data())
def test_any_way_of_growing_gives_the_same_log(batches: list[int], data: st.DataObject) -> None:
    every = leaves(sum(batches))
    tiles: Tiles = {}
    size, frontier = 0, CompactRange()
    sizes = [0]
    for count in batches:
        fresh = every[size : size + count]
        tiles |= append(size, fresh, reader(tiles))
        frontier = CompactRange.from_bytes(frontier.extend(fresh).to_bytes())
        size += count
        sizes.append(size)
    get = reader(tiles)
    assert frontier == CompactRange.at(size, get) if size else frontier.root() == EMPTY_ROOT
    assert frontier.root() == mth(every)
    for old in sizes:
        assert root(old, get) == mth(every[:old])
        verify_consistency(old, size, consistency_proof(old, size, get), mth(every[:old]), mth(every))
    if size:
        index = data.draw(st.integers(0, size - 1))
        proof = inclusion_proof(index, size, get)
        assert list(proof) == naive_path(index, every)
        verify_inclusion(every[index], index, size, proof, mth(every))


def test_a_proof_in_a_long_log_reads_a_handful_of_tiles() -> None:
    size = 200_000
    tiles = append(0, leaves(size), reader({}))
    for work in (
        lambda get: inclusion_proof(77_777, size, get),
        lambda get: consistency_proof(77_777, size, get),
        lambda get: root(size, get),
    ):
        read: list[tuple[int, int]] = []

        def get(level: int, index: int, read: list[tuple[int, int]] = read) -> bytes:
            read.append((level, index))
            return tiles[level, index]

        work(get)
        assert len(read) == len(set(read)) <= 7


def test_damaged_tiles_and_frontiers_are_refused_by_name() -> None:
    tiles = append(0, leaves(300), reader({}))
    for call in (
        lambda get: root(300, get),
        lambda get: inclusion_proof(299, 300, get),
        lambda get: consistency_proof(290, 300, get),
        lambda get: append(300, leaves(1), get),
    ):
        with pytest.raises(Refusal) as refused:
            call(lambda level, index: tiles[level, index][: 10 * 32])
        assert refused.value.code == "log-damaged"
    for data in (b"", b"\0" * 7, (3).to_bytes(8, "big") + b"\1" * 32, (1).to_bytes(8, "big") + b"\1" * 33):
        with pytest.raises(Refusal) as refused:
            CompactRange.from_bytes(data)
        assert refused.value.code == "frontier-malformed"


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_there_is_no_proof_outside_the_log(index: int, size: int) -> None:
    with pytest.raises(Refusal, match="proof-out-of-range"):
        inclusion_proof(index, size, memory_tiles(leaves(3)))
    with pytest.raises(Refusal, match="proof-out-of-range"):
        consistency_proof(4, 3, memory_tiles(leaves(3)))


# --- inside ---------------------------------------------------------------------------------------


def spoil(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """The same proof, wrong in one way."""
    wrong = [(*proof, EMPTY_ROOT), (EMPTY_ROOT, *proof)]
    if proof:
        wrong += [proof[1:], proof[:-1], (*proof[:-1], proof[-1][:31]), (*proof[:-1], proof[-1] + b"\0")]
    for place, value in enumerate(proof):
        wrong.append((*proof[:place], bytes([value[0] ^ 1]) + value[1:], *proof[place + 1 :]))
    return [each for each in wrong if each != proof]


def refuse_inclusion(leaf: bytes, index: int, size: int, proof: tuple[bytes, ...], top: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        verify_inclusion(leaf, index, size, proof, top)
    assert refused.value.code == "inclusion-proof-wrong"


def refuse_consistency(
    old: int, new: int, proof: tuple[bytes, ...], old_root: bytes, new_root: bytes
) -> None:
    with pytest.raises(Refusal) as refused:
        verify_consistency(old, new, proof, old_root, new_root)
    assert refused.value.code == "consistency-proof-wrong"
