"""`/sante`: does the server work, and does its store answer? No kernel is started."""

from __future__ import annotations

import asyncio

from gnetics.errors import GneticsError
from gnetics.serving.pages import Plain
from gnetics.settings import Settings
from gnetics.store.crm import open_crm

PATIENCE = 5.0  # seconds


def _ask(settings: Settings) -> None:
    """Opened anew, as a kernel would: a connection kept open goes on answering for a file that was deleted."""
    crm = open_crm(settings)
    try:
        crm.latest_rev()
    finally:
        crm.close()


async def trouble(settings: Settings) -> str:
    """Why the store does not answer; empty when it does."""
    try:
        await asyncio.wait_for(asyncio.to_thread(_ask, settings), PATIENCE)
    except (GneticsError, TimeoutError) as error:
        return str(error) or "La base ne répond pas assez vite."
    return ""


class Health(Plain):
    """200 when all is well, 503 with a sentence when the store does not answer."""

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if said := await trouble(self.settings["gnetics_settings"]):
            self.set_status(503)
            self.finish({"etat": "panne", "base": said})
        else:
            self.finish({"etat": "ok", "base": "ok"})
