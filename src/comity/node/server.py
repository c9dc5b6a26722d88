"""The node as a process: waitress with the pages, the API and the exchange, and the courier beside them.

What arrives is cut while it is read: a request to the exchange at the size of the largest batch, an upload at the size
of the largest attachment and only from somebody who shows a session or a token, everything else at 4 MiB.
"""

from __future__ import annotations

import copy
import ctypes
import gc
import json
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.utilities import RequestEntityTooLarge

from comity import config
from comity.core.text import Text
from comity.node import boot

EXCHANGE_MOST = 8 * 1024 * 1024 + 64 * 1024
PAGE_MOST = 4 * 1024 * 1024
UPLOAD_MOST = 8 * 1024**3 + 1024 * 1024


class _TooLarge(RequestEntityTooLarge):  # type: ignore[misc]  # waitress ships no types
    """413, in the words of the contract."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        what = Text("More was sent than may be sent here.", "所发送内容超过此处允许的大小。")
        body = json.dumps(
            {"code": "batch-too-large", "what": what.to_json(), "where": "", "mend": None}, ensure_ascii=False
        ).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        return "413 Request Entity Too Large", headers, body


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Knows, as soon as the headers are read, how large the body may be."""

    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        limited = copy.copy(self.adj)
        limited.max_request_body_size = most(self.path, self.headers)
        self.adj = limited

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = _TooLarge(self.error.body)
        return consumed


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def most(path: str, headers: dict[str, str]) -> int:
    """How many bytes the body of a request may have."""
    if path.startswith("/exchange"):
        return EXCHANGE_MOST
    known = "COOKIE" in headers or "AUTHORIZATION" in headers
    return UPLOAD_MOST if known else PAGE_MOST


def serve(application: Callable[..., Any], settings: config.Config) -> Any:
    """A waitress server, bound and not yet running: `.run()` serves until `.close()`."""
    host, port = settings.address
    server = create_server(
        application,
        host=host,
        port=port,
        threads=settings.threads,
        ident="comity",
        max_request_body_size=UPLOAD_MOST,
        inbuf_overflow=EXCHANGE_MOST,
        outbuf_overflow=EXCHANGE_MOST,
        channel_timeout=120,
        connection_limit=400,
        clear_untrusted_proxy_headers=True,
        **({"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-proto"}} if settings.https else {}),
    )
    server.channel_class = _Channel
    return server


def courier(settings: config.Config) -> Any:
    """The courier of this node, not yet started, or None where no peer has an address."""
    from comity.exchange.courier import Courier
    from comity.exchange.desk import here
    from comity.exchange.lines.http import HttpLine

    lines = {
        name: (HttpLine(peer.url, timeout=peer.timeout, ca=peer.ca), peer.every)
        for name, peer in settings.peers.items()
        if peer.url
    }
    return Courier(here(), lines) if lines else None


def run(
    settings: config.Config | None = None, *, web: bool = True, announce: Callable[[str], None] = print
) -> None:
    """`comity run`: serve until SIGTERM or SIGINT. `web` False: the courier alone (`comity courier`)."""
    settings = boot(settings)
    from comity.node import logs
    from comity.node.clerk import Clerk
    from comity.node.doctor import before_start

    logs.set_up(settings.log)
    before_start()
    carrying = courier(settings) if settings.courier or not web else None
    clerk = Clerk() if settings.courier or not web else None
    stop = threading.Event()
    server = None
    if web:
        from comity.node.wsgi import application

        server = serve(application, settings)

    def end(_: int, __: FrameType | None) -> None:
        stop.set()
        if server is not None:
            raise SystemExit(0)  # waitress leaves its loop by this and closes every channel

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _settle_memory()
    for worker in (carrying, clerk):
        if worker is not None:
            worker.start()
    host, port = settings.address
    announce(f"comity {settings.party} http://{host}:{port}/" if web else f"comity {settings.party} courier")
    try:
        if server is not None:
            server.run()
        else:
            stop.wait()
    finally:
        for worker in (carrying, clerk):
            if worker is not None:
                worker.stop()
        if server is not None:
            server.close()


def _settle_memory() -> None:
    """What was loaded at the start stays: the collector need not look at it again with every batch.

    Batches and chunks are large and short-lived: glibc is told to give such memory back, and not to keep a heap for
    every thread (mallopt(3): M_ARENA_MAX, M_MMAP_THRESHOLD). Elsewhere nothing is changed.
    """
    gc.collect()
    gc.freeze()
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(-8, 2)
        mallopt(-3, 256 * 1024)


if __name__ == "__main__":
    run()
    sys.exit(0)
