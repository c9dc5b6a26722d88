"""The HTTP line: one kept-alive connection to the peer. POST a sealed batch, get a sealed batch.

Border: bytes in, bytes out. What the peer says in JSON is told on but never trusted: only what is signed is believed.
"""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import httpx

from comity.core.text import Refusal, Text
from comity.exchange.wire import MAX_SEALED

SEALED = "application/vnd.comity.batch"
_MAX_ERROR = 256 * 1024
_MAX_HELD = 64 * 1024
_MAX_CHUNK = 2 * 1024 * 1024


class Answered(Refusal):
    """The peer answered with a refusal. `status`; `said`: its JSON as it came, {} where it was none; `after`: seconds."""

    def __init__(self, status: int, said: dict[str, object], after: float) -> None:
        words = said.get("what")
        known = isinstance(words, dict) and all(
            isinstance(words.get(lang), str) and words[lang] for lang in ("en", "zh")
        )
        code = said.get("code")
        what = (
            Text(str(words["en"])[:500], str(words["zh"])[:500])  # type: ignore[index]  # `known` has looked
            if known
            else Text(f"The other node answered with status {status}.", f"对方节点返回状态 {status}。")
        )
        super().__init__(str(code)[:60] if isinstance(code, str) and code else "peer-answered-wrong", what)
        self.status, self.said, self.after = status, said, after


class HttpLine:
    """Calls to one peer. Not for several threads at once."""

    def __init__(self, url: str, *, timeout: float = 30.0, ca: Path | None = None) -> None:
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(ca)) if ca is not None else True
        self._client = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)),
            limits=httpx.Limits(max_keepalive_connections=2, max_connections=4, keepalive_expiry=300.0),
            verify=verify,
            trust_env=False,
            headers={"content-type": SEALED, "accept": SEALED, "user-agent": "comity"},
        )

    def exchange(self, sealed: bytes) -> bytes:
        """POST /exchange. Refusal "peer-unreachable"; `Answered` for anything but 200."""
        return self._call("POST", "/exchange", sealed, MAX_SEALED)

    def chunk(self, sealed: bytes) -> None:
        """POST /exchange/chunk. Refusals as `exchange`."""
        self._call("POST", "/exchange/chunk", sealed, 1)

    def held(self, relation: str, sha256: str) -> bytes:
        """GET /exchange/chunks/<sha256>: the sealed list of chunks the peer holds."""
        return self._call("GET", f"/exchange/chunks/{sha256}?relation={relation}", None, _MAX_HELD)

    def want(self, sealed: bytes) -> bytes:
        """POST /exchange/want: the next chunk the peer has for us, b"" where there is none."""
        return self._call("POST", "/exchange/want", sealed, _MAX_CHUNK)

    def close(self) -> None:
        self._client.close()

    def _call(self, method: str, path: str, content: bytes | None, most: int) -> bytes:
        try:
            with self._client.stream(method, path, content=content) as response:
                good = response.status_code in (200, 204)
                data = _cut(response, most if good else _MAX_ERROR)
        except httpx.HTTPError as fault:
            raise _unreachable(type(fault).__name__) from fault
        if not good:
            raise Answered(response.status_code, _json(data), _after(response))
        return data


def _cut(response: httpx.Response, most: int) -> bytes:
    """The body, given up as soon as it is longer than it may be."""
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > most:
            raise Refusal(
                "peer-answered-wrong",
                Text(
                    "The other node's answer is larger than any answer may be.",
                    "对方节点的答复超过规定大小。",
                ),
            )
        parts.append(part)
    return b"".join(parts)


def _json(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    return min(float(value), 600.0) if value.isdigit() else 0.0


def _unreachable(why: str) -> Refusal:
    return Refusal(
        "peer-unreachable",
        Text(f"The other node does not answer ({why}).", f"对方节点没有应答（{why}）。"),
        "",
        Text(
            "What is owed waits here and is sent when it answers again.",
            "待发内容保存于本节点，恢复后即行发送。",
        ),
    )
