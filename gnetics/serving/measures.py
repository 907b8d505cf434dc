"""What the server counts about itself."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from tornado import web

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # memory, processor time and open files of the server itself
PAGES = Counter("gnetics_pages", "Pages asked for, by the kernel they got", ["noyau"], registry=REGISTRY)
REQUESTS = Counter("gnetics_requests", "Answers, by handler and status", ["handler", "status"], registry=REGISTRY)
SECONDS = Histogram("gnetics_request_seconds", "How long an answer took", ["handler"], registry=REGISTRY)
KERNELS = Gauge("gnetics_kernels", "Running kernels: ouvert (of a page), attente (warm)", ["etat"], registry=REGISTRY)
STORE = Gauge("gnetics_store_up", "1 when the store answers", registry=REGISTRY)


def count_request(handler: web.RequestHandler) -> None:
    name = type(handler).__name__
    REQUESTS.labels(name, handler.get_status()).inc()
    SECONDS.labels(name).observe(handler.request.request_time())
