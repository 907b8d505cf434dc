"""Who a browser is: its session's cookie, or the name a trusted proxy gives; while there is no account, one person for all."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta
from functools import cache
from typing import Any

from jupyter_server.auth import IdentityProvider, User
from tornado import web
from tornado.netutil import is_valid_ip
from traitlets import Unicode

from gnetics.errors import StoreError
from gnetics.settings import Settings
from gnetics.store.crm import Crm
from gnetics.store.people import sign_ins
from gnetics.store.people.accounts import any_account
from gnetics.store.people.guessing import Visitor

log = logging.getLogger("gnetics.identity")
HEADER = "X-Gnetics-User"  # to the kernel only
COOKIE, DEVICE, XSRF = "gnetics_session", "gnetics_device", "_xsrf"
SESSION = r"[\w-]{1,100}"  # what such cookies may be
LONGEST_NAME = 200  # characters of what may be somebody's name, typed or said by a proxy


class People(IdentityProvider):
    """The kernel hears the name through a header that no client can forge."""

    person = Unicode("", help="The name of everyone while there is no account.").tag(config=True)

    async def get_user(self, handler: Any) -> User | None:
        name = await self.name_of(handler)
        user = User(name) if name else None
        handler.current_user = user
        give_xsrf(handler)
        headers = handler.request.headers
        headers.pop(HEADER, None)
        if name:
            headers[HEADER] = name
        return user

    async def name_of(self, handler: Any) -> str | None:
        """Asked of the store each time, so that a session ended elsewhere is over here."""
        try:
            return await asyncio.to_thread(self._name_of, handler)
        except StoreError as error:
            raise web.HTTPError(504) from error

    def _name_of(self, handler: Any) -> str | None:
        settings: Settings = handler.settings["gnetics_settings"]
        crm: Crm = handler.settings["gnetics_crm"]
        with crm.read() as connection:
            accounts = any_account(connection)
        if not accounts:
            return self.person if handler.settings["gnetics_open"] else None  # else the store was replaced: nobody is let in unasked
        if settings.proxy_user_header:
            named = _as_sent(handler.request.headers.get(settings.proxy_user_header, ""))
            return sign_ins.account_of(crm, named) if len(named) <= LONGEST_NAME and from_proxy(handler) else None
        cookie = handler.get_cookie(COOKIE, "")
        return sign_ins.user_of(crm, cookie) if re.fullmatch(SESSION, cookie, re.ASCII) else None

    def get_handlers(self) -> list[tuple[str, object]]:
        return []  # ours are in sign_in.py


def peer(handler: Any) -> str:
    """The address that speaks to us, whatever headers say."""
    return str(handler.request.remote_ip)


def from_proxy(handler: Any) -> bool:
    settings: Settings = handler.settings["gnetics_settings"]
    trusted = peer(handler) in {each.strip() for each in settings.trusted_proxies.split(",")}
    if not trusted and "X-Forwarded-For" in handler.request.headers:
        _say_untrusted(peer(handler))
    return trusted


@cache  # once for each address
def _say_untrusted(proxy: str) -> None:
    log.warning("%s forwards requests and is not in GNETICS_TRUSTED_PROXIES: all its visitors count as one, over plain HTTP.", proxy)


def address(handler: Any) -> str:
    """Where the browser is: the last address that a trusted proxy saw."""
    forwarded = handler.request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return forwarded if is_valid_ip(forwarded) and from_proxy(handler) else peer(handler)


def is_https(handler: Any) -> bool:
    forwarded = handler.request.headers.get("X-Forwarded-Proto", "") if from_proxy(handler) else ""
    return (forwarded or handler.request.protocol) == "https"


class SameOrigin(web.RequestHandler):
    """Refuses forms and websockets of another site's page, and of our own address over plain HTTP where we are served over HTTPS."""

    def check_origin(self, origin: str | None = None) -> bool:
        """Only browsers say their Origin."""
        said = self.request.headers.get("Origin", "").lower()
        scheme, _, host = said.partition("://")
        return not said or (host == self.request.host.lower() and scheme in ({"https"} if is_https(self) else {"http", "https"}))

    def check_xsrf_cookie(self) -> None:
        if self.request.method not in ("GET", "HEAD") and not self.check_origin():
            raise web.HTTPError(403)
        super().check_xsrf_cookie()


def _as_sent(header: str) -> str:
    """Tornado reads headers as Latin-1; proxies write « Lopès » in UTF-8, most of them."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def session_length(handler: Any) -> timedelta:
    return timedelta(hours=handler.settings["gnetics_settings"].session_hours)


def visitor(handler: Any) -> Visitor:
    device = handler.get_cookie(DEVICE, "")
    return Visitor(address(handler), device if re.fullmatch(SESSION, device, re.ASCII) else "")


def keep(handler: Any, given: sign_ins.Cookies) -> None:
    """Give the browser its session, and that it is known; Lax, so that a link in a mail still finds one signed in."""
    for name, cookie, length in ((COOKIE, given.session, session_length(handler)), (DEVICE, given.device, sign_ins.KNOWN)):
        handler.set_cookie(name, cookie, max_age=int(length.total_seconds()), httponly=True, **_bounds(handler))


def give_xsrf(handler: Any) -> None:
    """Give the browser the cookie without which forms, and its « this tab is closed », are refused; our scripts read it."""
    token = handler.xsrf_token
    if handler.get_cookie(XSRF) is None:  # tornado has just set it, with bounds that cannot follow the request
        handler.set_cookie(XSRF, token, **_bounds(handler))


def _bounds(handler: Any) -> dict[str, Any]:
    return {"path": handler.settings["base_url"], "secure": is_https(handler), "samesite": "Lax"}
