"""What the server counts about itself."""

from __future__ import annotations

import logging
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from tornado import web

log = logging.getLogger("gnetics.refusals")
SAID_EVERY = 3600  # seconds
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # memory, processor time and open files of the server itself
PAGES = Counter("gnetics_pages", "Pages asked for, by the kernel they got", ["noyau"], registry=REGISTRY)
REQUESTS = Counter("gnetics_requests", "Answers, by handler and status", ["handler", "status"], registry=REGISTRY)
SECONDS = Histogram("gnetics_request_seconds", "How long an answer took", ["handler"], registry=REGISTRY)
REFUSALS = Counter("gnetics_refusals", "What came by the wire and was refused before it was read", ["place", "reason"], registry=REGISTRY)
KERNELS = Gauge("gnetics_kernels", "Running kernels: ouvert (of a page), attente (warm)", ["etat"], registry=REGISTRY)
STORE = Gauge("gnetics_store_up", "1 when the store answers", registry=REGISTRY)


def count_request(handler: web.RequestHandler) -> None:
    name = type(handler).__name__
    REQUESTS.labels(name, handler.get_status()).inc()
    SECONDS.labels(name).observe(handler.request.request_time())


_said: dict[tuple[str, str], float] = {}  # what was refused → when the log told it last


def count_refusal(place: str, reason: str, who: str) -> None:
    """Counted each time, logged once an hour for each place and reason: whoever sends a million fills no disk."""
    REFUSALS.labels(place, reason).inc()
    now, kind = time.monotonic(), (place, reason)
    if now - _said.get(kind, -SAID_EVERY) >= SAID_EVERY:
        _said[kind] = now
        log.warning("%s: refused for its %s, first from %s; said once an hour, counted in /metrics", place, reason, who)
