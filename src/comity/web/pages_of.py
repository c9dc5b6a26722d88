"""Pages of a long list: where one is, and the addresses of the neighbours, which keep the rest of the query."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    number: int
    last: int
    previous: str
    next: str

    @classmethod
    def of(cls, request: HttpRequest, number: int, total: int, per_page: int) -> Pages:
        """The pages of a list of `total` items."""
        last = max(1, -(-total // per_page))
        return cls(
            number,
            last,
            _address(request, number - 1) if number > 1 else "",
            _address(request, number + 1) if number < last else "",
        )


def page_number(request: HttpRequest) -> int:
    """The page asked for: 1 where the query names none, or something that is no number."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
