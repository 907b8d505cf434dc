"""The pages by which one signs in, signs out and changes one's password: plain forms, which need neither kernel nor script."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.ioloop import IOLoop

from gnetics.errors import Refused, StoreError
from gnetics.server import counters, identity, kernels
from gnetics.server.handlers import HOME, FrenchErrors, Plain, theme
from gnetics.store.people import sign_ins
from gnetics.store.people.sign_ins import Cookies

log = logging.getLogger("gnetics.sign_in")
T = TypeVar("T")
THREADS = ThreadPoolExecutor(2)  # not those that find out who asks for a page: they never wait behind a crowd that signs in
LONGEST = identity.LONGEST_NAME  # characters of a field; of a password too
MISTYPED = "Les deux nouveaux mots de passe ne sont pas les mêmes."


async def aside(verb: Callable[..., T], *arguments: Any) -> T:
    """Beside the loop: hashing takes a tenth of a second, and whoever writes for long is waited for."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, verb, *arguments)


class _Form(FrenchErrors, JupyterHandler):
    """A form of ours; what was typed stays, passwords excepted."""

    def show(self, form: str, **words: Any) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        template = self.settings["voila_jinja2_env"].get_template(f"{form}.html")
        given = {"base_url": self.base_url, "theme": theme(self), "xsrf": self.xsrf_token.decode(), "home": self.home}
        self.finish(template.render(**given, **words))

    @property
    def home(self) -> str:
        return f"{self.base_url}voila/render/{HOME}"

    def typed(self, name: str, strip: bool = False) -> str:
        """Refuses what no field of ours lets type, by its maxlength."""
        text = str(self.get_body_argument(name, "", strip=strip))
        if len(text) > LONGEST:
            counters.count_refusal("form", "size", identity.address(self))
            raise web.HTTPError(400)
        return text

    async def asked(self, verb: Callable[..., Cookies], *arguments: Any) -> Cookies:
        """Run a verb of store/people/sign_ins.py."""
        crm = self.settings["gnetics_crm"]
        try:
            return await aside(verb, crm, *arguments, identity.visitor(self), identity.session_length(self))
        except StoreError as error:
            raise web.HTTPError(504) from error


class SignIn(_Form):
    @allow_unauthenticated
    def get(self) -> None:
        if self.current_user:
            self.redirect(self._next())
        elif self.settings["gnetics_settings"].proxy_user_header:
            raise web.HTTPError(403)
        else:
            self.show("sign_in", next=self._next())

    @allow_unauthenticated
    async def post(self) -> None:
        if self.settings["gnetics_settings"].proxy_user_header:
            raise web.HTTPError(403)
        name = self.typed("name", strip=True)
        try:
            given = await self.asked(sign_ins.sign_in, name, self.typed("password"))
        except Refused as refused:
            self.set_status(403)
            self.show("sign_in", next=self._next(), name=name, error=str(refused))
        else:
            identity.keep(self, given)
            self.redirect(self._next())

    def _next(self) -> str:
        """Where one wanted to go: one of our pages, whatever the address says."""
        wanted = str(self.get_argument("next", ""))
        page = rf"{re.escape(self.base_url)}voila/render/(analyses/)?[\w-]+\.ipynb"
        return wanted if re.fullmatch(rf"{page}(\?[^\s\\]*)?", wanted) else self.home


class SignOut(Plain):
    """Asks nobody's name, so that the browser forgets its session while the store does not answer, too."""

    async def post(self) -> None:
        self.check_xsrf_cookie()
        base_url = self.settings["base_url"]
        if cookie := self.get_cookie(identity.COOKIE):
            IOLoop.current().add_callback(kernels.end_session, self.settings, cookie)
            try:
                await aside(sign_ins.sign_out, self.settings["gnetics_crm"], cookie, identity.address(self))
            except StoreError as error:
                log.warning("A session that was signed out stays in the store until its end: %s", error)
        self.clear_cookie(identity.COOKIE, path=base_url)
        self.redirect(f"{base_url}connexion")


class Password(_Form):
    @web.authenticated
    def get(self) -> None:
        self._refuse_without_password()
        self.show("password", user=self.current_user.username, errors={})

    @web.authenticated
    async def post(self) -> None:
        self._refuse_without_password()
        user, new = self.current_user.username, self.typed("new")
        try:
            if new != self.typed("again"):
                raise Refused({"again": MISTYPED})
            given = await self.asked(sign_ins.change_password, user, self.typed("old"), new)
        except Refused as refused:
            self.set_status(403)
            self.show("password", user=user, errors=refused.sentences)
        else:
            identity.keep(self, given)
            self.show("password", user=user, done=True)

    def _refuse_without_password(self) -> None:
        """A proxy's people, and everyone while there is no account, have none here."""
        if not self.get_cookie(identity.COOKIE):
            raise web.HTTPError(404)
