"""`/sante`: does the server work, and does its store answer? No kernel is started."""

from __future__ import annotations

import asyncio
import logging

from gnetics.errors import GneticsError
from gnetics.server.handlers import Plain, asked_here
from gnetics.settings import Settings
from gnetics.store.crm import open_crm

log = logging.getLogger("gnetics.health")
PATIENCE = 5.0  # seconds
SILENT = "La base ne répond pas."


class _Asking:
    """However many ask at once, the store is asked once."""

    task: asyncio.Task[str] | None = None


def _ask(settings: Settings) -> None:
    """Opened anew, as a kernel would: a connection kept open goes on answering for a file that was deleted."""
    crm = open_crm(settings)
    try:
        crm.latest_rev()
    finally:
        crm.close()


async def trouble(settings: Settings) -> str:
    """Why the store does not answer; empty when it does."""
    if _Asking.task is None or _Asking.task.done():
        _Asking.task = asyncio.create_task(_trouble(settings))
    return await _Asking.task


async def _trouble(settings: Settings) -> str:
    try:
        await asyncio.wait_for(asyncio.to_thread(_ask, settings), PATIENCE)
    except (GneticsError, TimeoutError) as error:
        said = str(error) or "La base ne répond pas assez vite."
        log.warning(said)
        return said
    return ""


class Health(Plain):
    """200 when all is well, 503 when the store does not answer; why, and where it is, is for this machine and the log."""

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if said := await trouble(self.settings["gnetics_settings"]):
            self.set_status(503)
            self.finish({"etat": "panne", "base": said if asked_here(self) else SILENT})
        else:
            self.finish({"etat": "ok", "base": "ok"})
