"""« Se désinscrire »: for whoever has the signed address of a mail, without an account; only a press of the button changes anything."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from tornado import web

from gnetics.errors import StoreError
from gnetics.mail.unsubscribing import LONGEST, unsubscribe
from gnetics.server.handlers import Plain, theme


class OptOut(Plain):
    """Mail programs post « List-Unsubscribe=One-Click » (RFC 8058), a person presses the button; a GET changes nothing."""

    def check_xsrf_cookie(self) -> None:
        """Mail programs have no cookie of ours; the address itself is signed."""

    def get(self) -> None:
        self._show(done=False)

    async def post(self) -> None:
        crm = replace(self.settings["gnetics_crm"], trusted=True)
        try:
            known = await asyncio.to_thread(unsubscribe, crm, self._token())
        except StoreError as error:
            raise web.HTTPError(504) from error
        if not known:
            raise web.HTTPError(404)
        self._show(done=True)

    def _token(self) -> str:
        return str(self.get_query_argument("a", ""))[: LONGEST + 1]

    def _show(self, done: bool) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Referrer-Policy", "no-referrer")
        given: dict[str, Any] = {"base_url": self.settings["base_url"], "theme": theme(self), "token": self._token(), "done": done}
        self.finish(self.settings["voila_jinja2_env"].get_template("opt_out.html").render(**given))
