"""The stage: two homes, keys, the shipped agreement signed by both with real keys, officers of every role, two processes.

Which two authorities play, the agreement says; nothing here knows them by name.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from comity.agreements import text_of
from comity.core.agreement import Agreement
from comity.core.text import LANGUAGES, Refusal, Text
from comity.demo import clock, filling
from comity.demo.processes import Seat
from comity.demo.story import TRACK
from comity.tracks import TRACKS

AGREEMENT = "cn-us-2017"
MARKER = "comity-demo.json"
FEW = 60  # applications made up where the examples are not at hand
ROLES = (
    ("officer", "case_officer", "Casey Example"),
    ("chief", "supervisor", "Robin Sample"),
    ("liaison", "liaison", "Lee Specimen"),
    ("hotline", "hotline_duty", "Noor Placeholder"),
    ("analyst", "analyst", "Ana Dummy"),
    ("oversight", "oversight", "Ola Model"),
    ("admin", "administrator", "Sam Template"),
)
ROBOT, ROBOT_CHIEF = "counterpart", "counterpart-chief"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(slots=True)
class Stage:
    """`seats`: first the authority that requests in most tales, then the other."""

    root: Path
    seats: tuple[Seat, Seat]
    clock: Path
    order: Path
    file: Path

    def set_back(self, days: float) -> None:
        """The clock of both nodes is so many days behind."""
        clock.set_back(self.clock, days)

    def both(self, do: Callable[[Seat], Any]) -> list[Any]:
        """The same at both seats, at once."""
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(do, self.seats))

    def settle(self) -> None:
        """Let both sides call until each holds what the other wrote."""
        for _ in range(10):
            before = [seat.ask("entries") for seat in self.seats]
            for seat in self.seats:
                seat.ask("sync")
            if [seat.ask("entries") for seat in self.seats] == before:
                return


@contextmanager
def stage(root: Path, port: int) -> Iterator[Stage]:
    """Build everything under `root` anew and start it; end it with the block. Ports: `port` and the next."""
    _empty(root)
    agreement = Agreement.load(text_of(AGREEMENT), TRACKS)
    behind = root / "clock"
    clock.set_back(behind, 0)
    codes = agreement.codes[::-1]
    seats = [
        Seat(code, root / code, port + place, behind, lang=LANGUAGES[place])
        for place, code in enumerate(codes)
    ]
    first, second = seats
    first.peer, second.peer = second.url, first.url
    built = Stage(root, (first, second), behind, root / "final_order.txt", root)
    built.file = _papers(built)
    try:
        built.both(_init)
        _sign(built)
        for seat in seats:
            seat.start()
            seat.play()
        built.both(_people)
        built.both(Seat.wait)
        yield built
    finally:
        for seat in seats:
            seat.stop()


def _empty(root: Path) -> None:
    """Begin with an empty directory. Refusal "not-a-demo" for one that holds anything else than a demonstration."""
    if root.exists() and any(root.iterdir()):
        if not (root / MARKER).is_file():
            raise Refusal(
                "not-a-demo",
                Text(f"{root} holds something else than a demonstration.", f"{root} 中的内容并非演示数据。"),
                str(root),
                Text("Name another directory: --data DIR.", "请以 --data 指明其他目录。"),
            )
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    (root / MARKER).write_text(json.dumps({"made_by": "comity demo"}), encoding="ascii")


def _init(seat: Seat) -> None:
    seat.home.mkdir(mode=0o700)
    _must(
        seat,
        "init",
        "--party",
        seat.party,
        "--listen",
        f"127.0.0.1:{seat.port}",
        "--peer",
        f"{AGREEMENT}={seat.peer}",
    )


def _sign(built: Stage) -> None:
    """As two authorities would: one fills both keys in and signs, the other signs, both put it in force."""
    first, second = built.seats
    file = str(built.root / "agreement.toml")
    _must(
        first,
        "agreement",
        "sign",
        AGREEMENT,
        "--card",
        str(second.home / f"{second.party}.card.toml"),
        "--out",
        file,
    )
    _must(second, "agreement", "sign", file)
    built.both(lambda seat: _must(seat, "agreement", "add", file))


def _must(seat: Seat, *words: str) -> None:
    done = seat.cli(*words)
    if done.returncode:
        said = (done.stderr or done.stdout)[-800:] or "failed"
        raise Refusal("demo-failed", Text(said, said), f"{seat.party}: comity {' '.join(words)}")


def _people(seat: Seat) -> None:
    """One officer for each role with a password made for this demonstration, and two for the counterpart."""
    people = [
        {
            "name": f"{name}-{seat.party}",
            "role": role,
            "password": password(),
            "shown": shown,
            "lang": seat.lang,
        }
        for name, role, shown in ROLES
    ]
    robots = [
        {
            "name": f"{name}-{seat.party}",
            "role": role,
            "password": secrets.token_urlsafe(24),
            "shown": name,
            "lang": "en",
        }
        for name, role in ((ROBOT, "case_officer"), (ROBOT_CHIEF, "supervisor"))
    ]
    pseudonyms = seat.ask("people", officers=[*people, *robots])
    seat.officers = {each["name"]: each for each in people}
    seat.robots = [pseudonyms[each["name"]] for each in robots]


def password() -> str:
    """Three groups of five letters: long enough for the node, short enough to type."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def _papers(built: Stage) -> Path:
    """The order every application rests on, and the file of applications: the repository's examples, or made up here."""
    examples = Path(__file__).resolve().parents[3] / "examples"
    if (examples / "applications.csv").is_file() and (examples / "final_order.txt").is_file():
        shutil.copyfile(examples / "final_order.txt", built.order)
        return Path(shutil.copyfile(examples / "applications.csv", built.root / "applications.csv"))
    built.order.write_text(f"{filling.WORDS}\n", encoding="utf-8")
    digest = hashlib.sha256(built.order.read_bytes()).hexdigest()
    track, chance = TRACKS[TRACK], Random(7)  # noqa: S311  (repeatable, not secret)
    today = clock.shifted(built.clock)
    rows = [
        {"body": filling.body(track.opening, today, chance), "safeguards": filling.answers(track, track.opening),
         "attachments": [digest]}
        for _ in range(FEW)
    ]  # fmt: skip
    file = built.root / "applications.json"
    file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return file
