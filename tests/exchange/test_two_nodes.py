"""Two real node processes over real HTTP: carried, killed, cut, flooded, full, and one that may only call out."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.nodes import Node, make_nodes, two_nodes, until

PREPARE = """
from comity.store.entries import NewEntry, append, append_many
from comity.core.entry import AttachmentItem
from comity.exchange.desk import system_clock
relation = Relation.objects.get()
def opening(case, *files):
    return NewEntry("request", case, "officer01", {"text": "made up"}, "repatriation",
                    tuple(files) or (AttachmentItem("ab" * 32, 5, "cd" * 32),), ("chiefof01",))
def notes(case, count, size=10):
    return [NewEntry("note", case, "officer01", {"text": "x" * size}) for _ in range(count)]
"""
OPEN = PREPARE + "append(relation, [opening(given['case'])], now=system_clock())"
MANY = (
    PREPARE
    + """
for _ in range(given["times"]):
    append_many(relation, notes(given["case"], given["count"], 1000), now=system_clock())
"""
)
CASE = "US-2026-0000-0001"
HEADS = """
from comity.exchange.send import root_at
from comity.store.relations import logs
both = logs(Relation.objects.get())
print(json.dumps({a: [l.size, root_at(l, l.size).hex()] for a, l in sorted(both.items())}))
"""
VERIFY = """
from comity.exchange.verify import refold, verify
r = Relation.objects.get()
print(json.dumps([[x.fault and str(x.fault) for x in verify(r)], refold(r)]))
"""

Ports = Callable[[int], list[int]]
New = Callable[[], str]


@pytest.fixture
def nodes(tmp_path: Path, new_database: New, free_ports: Ports) -> Iterator[tuple[Node, Node]]:
    with two_nodes(tmp_path, new_database, free_ports, doors=("exchange",)) as both:
        yield both


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, new_databases: New, free_ports: Ports
) -> Iterator[tuple[Node, Node]]:
    """Two nodes for all the tests that leave them as they were."""
    with two_nodes(tmp_path_factory.mktemp("nodes"), new_databases, free_ports, doors=("exchange",)) as both:
        yield both


def in_order(*nodes: Node) -> None:
    """The same heads on both nodes, and each log, tile, signature and case row checks."""
    heads = [json.loads(node.python(HEADS)) for node in nodes]
    assert all(each == heads[0] for each in heads)
    for node in nodes:
        assert json.loads(node.python(VERIFY)) == [[None, None], []]


def test_a_step_crosses_and_comes_back_receipted(nodes: tuple[Node, Node]) -> None:
    us, cn = nodes
    us.python(OPEN, case=CASE)
    until(lambda: us.sizes() == cn.sizes() == {"us": 1, "cn": 1})
    time.sleep(1.5)
    assert us.sizes() == {"us": 1, "cn": 1}, "the line does not fall silent"


def test_killed_in_the_middle_and_started_again(nodes: tuple[Node, Node]) -> None:
    us, cn = nodes
    us.python(OPEN, case=CASE)
    for victim in (cn, us, cn, us):
        us.python(MANY, case=CASE, times=4, count=200)
        time.sleep(0.15)
        victim.kill()
        victim.start()
    until(lambda: us.sizes()["us"] == cn.sizes()["us"] == 3201, 60)
    until(lambda: us.sizes() == cn.sizes(), 60)
    in_order(us, cn)


def test_an_attachment_crosses(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    us, cn = nodes
    data = os.urandom(3 * 1024 * 1024 + 17)
    (tmp_path / "file").write_bytes(data)
    us.python(
        PREPARE
        + """
from comity.actions.keeping import read_in, settle
from comity.store.database import writing
with open(given["file"], "rb") as file, read_in(file) as incoming, writing():
    row = settle(incoming)
    append(relation, [opening(given["case"], AttachmentItem(row.pk, row.size, row.root))], now=system_clock())
""",
        case=CASE,
        file=str(tmp_path / "file"),
    )
    digest = hashlib.sha256(data).hexdigest()
    place = cn.home / "attachments" / digest[:2] / digest
    until(lambda: place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest)
    until(lambda: us.python("print(AttachmentUse.objects.filter(sent=None).count())").strip() == "0")


def test_ten_gigabytes_are_cut_at_the_door(running: tuple[Node, Node]) -> None:
    _, cn = running
    connection = http.client.HTTPConnection("127.0.0.1", cn.port, timeout=20)
    connection.putrequest("POST", "/exchange")
    connection.putheader("Content-Length", str(10 * 1024**3))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["code"] == "batch-too-large"
    connection.close()


def test_ten_gigabytes_in_pieces_are_cut_while_they_come(running: tuple[Node, Node]) -> None:
    _, cn = running

    def endless() -> Iterator[bytes]:
        for _ in range(10 * 1024):
            yield bytes(1024 * 1024)

    try:
        answer = httpx.post(f"{cn.url}/exchange", content=endless(), trust_env=False, timeout=20)
        assert answer.status_code == 413
    except httpx.HTTPError:
        pass  # the node has closed the connection while we were still writing
    assert httpx.get(f"{cn.url}/healthz", trust_env=False).status_code == 200
    assert _peak_mb(cn) < 300


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/exchange", b"", 400, "envelope-malformed"),
        ("/exchange", b"{}\n", 400, "envelope-malformed"),
        ("/exchange", os.urandom(4096), 400, "envelope-malformed"),
        ("/exchange", b"\n" * 100_000, 400, "envelope-malformed"),
        ("/exchange/chunk", b"{}\n", 400, "envelope-malformed"),
        ("/exchange/want", b"{}\n", 400, "envelope-malformed"),
        ("/exchange", bytes(8 * 1024 * 1024 + 1), 413, "batch-too-large"),
    ],
)
def test_the_answer_is_the_contracts_json(
    running: tuple[Node, Node], path: str, body: bytes, status: int, code: str
) -> None:
    answer = httpx.post(f"{running[0].url}{path}", content=body, trust_env=False, timeout=20)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert set(said) == {"code", "what", "where", "mend"}
    assert set(said["what"]) == {"en", "zh"}


def test_health_and_figures(running: tuple[Node, Node]) -> None:
    us, _ = running
    assert httpx.get(f"{us.url}/healthz", trust_env=False).json() == {"ok": True}
    assert httpx.get(f"{us.url}/readyz", trust_env=False).json() == {"ok": True}
    figures = httpx.get(f"{us.url}/metrics", trust_env=False).text
    assert 'comity_log_entries{author="us",relation="cn-us-2017"} 0.0' in figures
    assert httpx.get(f"{us.url}/exchange", trust_env=False).status_code == 405


def test_the_log_of_a_node_says_nothing_of_a_case(nodes: tuple[Node, Node]) -> None:
    us, cn = nodes
    us.python(OPEN, case=CASE)
    until(lambda: cn.sizes()["us"] == 1)
    httpx.post(f"{cn.url}/exchange", content=b"US-2026-0000-0001 Zhang San", trust_env=False)
    for node in nodes:
        assert CASE not in node.log()
        assert "Zhang" not in node.log()


@pytest.mark.parametrize("caller", ["requests", "answers"])
def test_a_node_that_may_only_call_out(
    tmp_path: Path, new_database: New, free_ports: Ports, caller: str
) -> None:
    us, cn = make_nodes(
        tmp_path, new_database, free_ports(2), linked=(caller == "requests", caller == "answers")
    )
    for node in (us, cn):
        node.settings = {"COMITY_DOORS": '["exchange"]'}
    try:
        us.start(wait=False)
        cn.start(wait=False)
        us.wait()
        cn.wait()
        us.python(OPEN, case=CASE)
        until(lambda: us.sizes() == cn.sizes() == {"us": 1, "cn": 1})
        cn.python(
            PREPARE
            + "append(relation, [NewEntry('verify', given['case'], 'officer02', {}, approvals=('chief0002',))],"
            " now=system_clock())",
            case=CASE,
        )
        until(lambda: us.sizes()["cn"] == 2)
        until(lambda: us.sizes() == cn.sizes())
        in_order(us, cn)
    finally:
        us.stop()
        cn.stop()


@pytest.mark.sqlite_only
def test_a_disk_that_takes_nothing_more(tmp_path: Path, new_database: New, free_ports: Ports) -> None:
    """For a while the node may write files of at most 64 KiB: 503 without a receipt, nothing kept, recovers by itself."""
    us, cn = make_nodes(tmp_path, new_database, free_ports(2), linked=(True, False))
    for node in (us, cn):
        node.settings = {"COMITY_DOORS": '["exchange"]'}
    try:
        cn.start()
        us.start()
        us.python(OPEN, case=CASE)
        until(lambda: cn.sizes()["us"] == 1)
        assert cn.process is not None
        _limit(cn.process.pid, 64 * 1024)
        us.python(MANY, case=CASE, times=4, count=500)
        until(lambda: '"disk-fault"' in us.log(), 60)
        assert cn.sizes() == {"us": 1, "cn": 1}, "something was kept, or a receipt was given"
        assert cn.process.poll() is None, "the node ended"
        assert httpx.get(f"{cn.url}/healthz", trust_env=False).status_code == 200
        figures = httpx.get(f"{cn.url}/metrics", trust_env=False).text
        assert 'comity_exchange_requests_total{door="exchange",status="503"}' in figures
        _limit(cn.process.pid, None)
        until(lambda: cn.sizes()["us"] == 2001, 90)
        until(lambda: us.sizes() == cn.sizes(), 60)
        in_order(us, cn)
    finally:
        us.stop()
        cn.stop()


def _limit(pid: int, size: int | None) -> None:
    """How large a file the process may write (RLIMIT_FSIZE), None for any."""
    most = resource.RLIM_INFINITY if size is None else size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _peak_mb(node: Node) -> int:
    assert node.process is not None
    status = Path(f"/proc/{node.process.pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024
