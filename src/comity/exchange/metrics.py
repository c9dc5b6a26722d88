"""Counts for Prometheus: how much, how fast, how far behind. Never a case, a person or a text."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from comity.store.logs import Log, Relation

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry()

_ANSWERED = Counter(
    "comity_exchange_requests_total", "Requests of the peer", ("door", "status"), registry=REGISTRY
)
_SECONDS = Histogram("comity_exchange_seconds", "Time to answer the peer", ("door",), registry=REGISTRY)
_REFUSED = Counter(
    "comity_refused_total", "What arrived and was refused, by code", ("code",), registry=REGISTRY
)
_ADMITTED = Counter("comity_entries_admitted_total", "Entries of the peer written here", registry=REGISTRY)
_CALLS = Counter(
    "comity_courier_calls_total", "Calls to the peer", ("relation", "outcome"), registry=REGISTRY
)
_SIZE = Gauge("comity_log_entries", "Entries of a log", ("relation", "author"), registry=REGISTRY)
_OWED = Gauge("comity_log_owed", "Entries the peer does not hold yet", ("relation",), registry=REGISTRY)
_HOLD = Gauge(
    "comity_relation_trouble", "1 while a relation is on hold or read-only", ("relation",), registry=REGISTRY
)


def answered(door: str, status: int, seconds: float) -> None:
    _ANSWERED.labels(door, str(status)).inc()
    _SECONDS.labels(door).observe(seconds)


def refused(code: str) -> None:
    _REFUSED.labels(code).inc()


def admitted(count: int) -> None:
    _ADMITTED.inc(count)


def called(relation: str, outcome: str) -> None:
    _CALLS.labels(relation, outcome).inc()


def page() -> bytes:
    """The page Prometheus reads; sizes are read from the logs when it is asked for."""
    for relation in Relation.objects.all():
        _HOLD.labels(relation.name).set(bool(relation.hold or relation.read_only))
        for log in Log.objects.filter(relation=relation):
            _SIZE.labels(relation.name, log.author).set(log.size)
            if log.author == relation.me:
                _OWED.labels(relation.name).set(max(0, log.size - log.held))
    return generate_latest(REGISTRY)
