"""`/metrics`, for Prometheus: what the server does; no kernel is started."""

from __future__ import annotations

import hmac
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tornado import web

from gnetics.server import counters, handlers, health, kernels


class Metrics(handlers.Plain):
    """For this machine, unless a proxy forwards the question; for whoever has the token otherwise."""

    def prepare(self) -> None:
        token = self.settings["gnetics_settings"].metrics_token
        given = self.request.headers.get("Authorization", "")
        known = bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
        if not (known or handlers.asked_here(self)):
            raise web.HTTPError(403)

    async def get(self) -> None:
        settings: Any = self.settings
        held = len(kernels.taken(settings))
        counters.KERNELS.labels("ouvert").set(held)
        counters.KERNELS.labels("attente").set(len(settings["kernel_manager"].list_kernel_ids()) - held)
        counters.STORE.set(not await health.trouble(settings["gnetics_settings"]))
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(generate_latest(counters.REGISTRY))
