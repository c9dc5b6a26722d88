"""What runs inside a node's own process while it is measured: `python -m tests.bench.child ROLE`, COMITY_HOME says which.

Roles: `init` makes a node (what `comity init` does), `adopt` puts the signed agreement in force, `write` is the writing
authority: its store, and its courier as in `comity run`, told by lines of JSON on standard input what to do. Every answer
is one line of JSON. Border: uses only what the node itself uses; nothing here is faster than the product.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

BLOCK = 256  # steps written in one transaction, as a bulk action does
OFFICER, CHIEF = "benchofficer", "benchchief01"
TEXT = (
    "the officer spoke with registry archive about record address school photograph signature relative village county "
    "police station household number change entry letter copy original translation interview Tuesday telephone "
    "confirmed corrected missing further reply expected before end of week 户籍 登记 核对 档案 照片 地址 亲属 学校 派出所 "
    "复印件 原件 翻译 面谈 确认 更正 补充 答复 尽快"
)


def init(home: str, party: str, listen: str, relation: str, url: str) -> None:
    """Make the node; its card lies in its home."""
    from comity.node.init import init as make

    make(party, home=Path(home), listen=listen, peers={relation: url})
    print(json.dumps({"card": f"{home}/{party}.card.toml"}))


def adopt(agreement: str, signature: str) -> None:
    """Put the signed agreement in force."""
    from comity.node import boot

    boot()
    from comity.exchange.agreements import adopt as put_in_force
    from comity.exchange.desk import here

    relation = put_in_force(here(), Path(agreement).read_bytes(), Path(signature).read_bytes())
    print(json.dumps({"relation": relation.name}))


def prose(size: int, seed: int) -> str:
    """Made-up words in both languages, `size` bytes of UTF-8: a search index has real work with them."""
    dice, stock, words, length = random.Random(seed), TEXT.split(), [], 0
    while length < size:
        words.append(dice.choice(stock))
        length += len(words[-1].encode()) + 1
    return " ".join(words).encode()[:size].decode(errors="ignore")


class Author:
    """The authority that writes: its cases, its log, its courier."""

    def __init__(self) -> None:
        from comity.node import boot

        self.settings = boot()
        from comity.exchange.desk import here
        from comity.node.server import courier

        self.desk = here()
        (self.relation,) = self.desk.relations()
        self.bodies = {size: [{"note": prose(size - 11, seed)} for seed in range(64)] for size in (64, 1024)}
        self.cases: list[str] = []
        self.written = 0
        self.courier = courier(self.settings)
        self.courier.start()

    def open(self, count: int) -> dict[str, Any]:
        """Open this many cases, each with a filled-in form and an order attached."""
        from comity.actions.keeping import read_in, settle
        from comity.actions.opening import new_case_names
        from comity.core.deadline import moment
        from comity.core.entry import AttachmentItem
        from comity.store.database import writing
        from comity.store.entries import NewEntry
        from comity.store.relations import bond
        from tests.samples import body

        with read_in(BytesIO(b"A made-up order of removal.")) as incoming, writing():
            file = settle(incoming)
        paper = AttachmentItem(file.sha256, file.size, file.root)
        track = bond(self.relation).tracks["repatriation"]
        at = moment(self.desk.clock())
        step = track.opening
        form = body(step, at)
        self.cases = new_case_names(self.desk.me, at, count)
        approvals = (CHIEF,) if step.approvals else ()
        items = [
            NewEntry(step.name, case, OFFICER, form, track.name, (paper,), approvals, self.relation.intake_id)
            for case in self.cases
        ]
        return self._append(items)

    def write(self, count: int, size: int) -> dict[str, Any]:
        """Write this many notes with bodies of `size` bytes, spread over the cases, and wait for the last receipt."""
        from comity.store.entries import NewEntry

        bodies, cases = self.bodies[size], self.cases
        items = (
            NewEntry("note", cases[number % len(cases)], OFFICER, bodies[number % len(bodies)])
            for number in range(self.written, self.written + count)
        )
        self.written += count
        return self._append(items)

    def _append(self, items: Iterable[Any]) -> dict[str, Any]:
        """Write them in blocks as they come, and wait for the receipt; "cpu" is what this process used, courier and all."""
        from comity.store.entries import append_many

        begun, used, count, source = time.perf_counter(), time.process_time(), 0, iter(items)
        while block := list(islice(source, BLOCK)):
            append_many(self.relation, block, now=self.desk.clock())
            count += len(block)
        appended = time.perf_counter() - begun
        self._receipted()
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
        return {"count": count, "appended": appended, "seconds": seconds, "cpu": cpu}

    def _receipted(self) -> None:
        """Wait until the peer's own log says that it has read all of ours."""
        from comity.store import bell
        from comity.store.relations import logs

        while True:
            heard = bell.count()
            both = logs(self.relation)
            ours, theirs = both[self.relation.me], both[self.relation.peer]
            if theirs.seen >= ours.size:
                return
            bell.wait("default", heard, 0.5)

    def proof(self, count: int) -> dict[str, Any]:
        """Make and check inclusion proofs of entries drawn by chance; milliseconds."""
        from comity.core.tree import inclusion_proof, leaf_hash, root, verify_inclusion
        from comity.store import tiles
        from comity.store.logs import Entry, entry_key
        from comity.store.relations import logs

        log = logs(self.relation)[self.relation.me]
        get, dice, times = tiles.reader(log), random.Random(7), []
        whole = root(log.size, get)
        for _ in range(count):
            index = dice.randrange(log.size)
            begun = time.perf_counter()
            proof = inclusion_proof(index, log.size, get)
            times.append((time.perf_counter() - begun) * 1000)
            header = Entry.objects.values_list("header", flat=True).get(pk=entry_key(log.pk, index))
            verify_inclusion(leaf_hash(bytes(header)), index, log.size, proof, whole)
        return {"size": log.size, "median": statistics.median(times), "worst": max(times)}

    def door(self) -> dict[str, Any]:
        """An officer with a token, and a case on his desk, for measuring a step through the API."""
        from comity.store.cases import CaseRow
        from comity.store.people import Assignment, Officer, Token

        officer, _ = Officer.objects.get_or_create(
            username="bench", defaults={"role": "case_officer", "unit": self.relation.intake}
        )
        case = CaseRow.objects.get(pk=self.cases[0])
        Assignment.objects.get_or_create(case=case, officer=officer)
        _, secret = Token.issue(officer, ["read", "draft", "step"], "bench")
        return {"token": secret, "case": case.pk}

    def memory(self) -> dict[str, Any]:
        """The most this process has had in memory, in MiB."""
        return {"mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

    def serve(self) -> None:
        """Do as told until standard input ends."""
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            told = json.loads(line)
            answer = getattr(self, told.pop("do"))(**told)
            print(json.dumps(answer), flush=True)
        self.courier.stop()


def main(arguments: list[str]) -> None:
    role, *rest = arguments
    if role == "write":
        Author().serve()
    else:
        roles: dict[str, Callable[..., None]] = {"init": init, "adopt": adopt}
        roles[role](*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
