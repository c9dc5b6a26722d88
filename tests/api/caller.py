"""A program that calls the API with one officer's token, through Django's test client."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.test import Client

from comity.store.people import Officer, Token

BASE = "/api/v1"


@dataclass(frozen=True)
class Caller:
    secret: str
    client: Client

    @classmethod
    def of(cls, officer: Officer, scopes: Sequence[str]) -> Caller:
        return cls(Token.issue(officer, list(scopes), "test")[1], Client(raise_request_exception=False))

    def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **more: Any
    ) -> Any:
        """The response; `body` is sent as JSON, `raw` as it is."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        kind = more.pop("content_type", "application/json" if data else "")
        response = self.client.generic(
            method,
            BASE + path,
            data,
            CONTENT_TYPE=kind,
            headers={"Authorization": f"Bearer {self.secret}"},
            **more,
        )
        if response.streaming:
            response.whole = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # read to its end
        return response

    def get(self, path: str) -> Any:
        return self("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self("POST", path, {} if body is None else body)


def fault(response: Any, status: int, code: str) -> dict[str, Any]:
    """The refusal a response holds, checked to be one of this status and code, in both languages."""
    assert response.status_code == status, response.content
    said: dict[str, Any] = json.loads(response.content)
    assert set(said) == {"code", "what", "where", "mend", "problems"}
    assert said["code"] == code
    assert said["what"]["en"]
    assert said["what"]["zh"]
    return said
