"""The handlers a person meets: pages, the way to Accueil, refusals and errors, all in French."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import re
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.ioloop import IOLoop
from voila.tornado.handler import TornadoVoilaHandler

from gnetics.errors import StoreError
from gnetics.server import counters, kernels, policy
from gnetics.server.identity import SameOrigin
from gnetics.settings import ALONE
from gnetics.state.sidebar import PAGES

log = logging.getLogger("gnetics.pages")
HOME = "accueil.ipynb"
KEYS = [page.key for page in PAGES]
OURS = " · CRM GNETICS"  # ends the titles of our pages
HEARTBEAT, ALIVE = "<script>window.voila_heartbeat()</script>\n", "<!-- -->\n"  # of Voilà while a cell works for long; what we send for it
RETRY_AFTER = "60"  # seconds
CONNECTS_WITHIN = 90  # seconds after a page was sent, its scripts come by a slow line: one that never does has nobody before it
LOOPBACK = r"localhost|127(?:\.\d{1,3}){3}|\[?::1\]?"
FOREIGN_HOST = rf"(?!(?:{LOOPBACK})$).*"  # a regular expression over the host's name
SENTENCES = {
    400: ("Demande refusée", "Le CRM n’a pas pu lire cette demande. Revenez en arrière et recommencez."),
    403: ("Accès refusé", "Cette adresse n’est pas accessible."),
    404: ("Page introuvable", "Cette page n’existe pas, ou son adresse a changé."),
    421: ("Adresse refusée", "Ouvrez CRM GNETICS par l’adresse de cet ordinateur : http://127.0.0.1 ou http://localhost, avec son port."),
    429: ("Trop de pages ouvertes", "Vous avez déjà beaucoup de pages ouvertes. Fermez-en quelques-unes, puis rechargez celle-ci."),
    503: ("Toutes les places sont prises", "Beaucoup de pages sont ouvertes en ce moment. Réessayez dans une minute ; rien n’est perdu."),
    504: ("Base injoignable", "Le CRM n’atteint pas ses données pour le moment. Réessayez dans un instant ; rien n’est perdu."),
    500: ("Erreur inattendue", "La page n’a pas pu s’ouvrir. Réessayez ; si cela continue, prévenez votre administrateur."),
}


def page_titles(notebooks: Path) -> dict[str, str]:
    """Notebook file → title, as in the sidebar; what an analyst saved beside our pages, whole or not, is none of them."""
    files = sorted(notebooks.glob("*.ipynb"), key=lambda file: (KEYS.index(file.stem) if file.stem in KEYS else len(KEYS), file.name))
    titles = {file.name: _title(file) for file in files}
    return {name: title.removesuffix(OURS) for name, title in titles.items() if title.endswith(OURS)}


def _title(notebook: Path) -> str:
    try:
        return str(json.loads(notebook.read_text("utf-8"))["metadata"]["title"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def theme(handler: web.RequestHandler) -> str:
    """« dark » or « light » as chosen in the app (pages/frame.vue); "" for the system's."""
    chosen = handler.get_cookie("gnetics_theme")
    return chosen if chosen in ("dark", "light") else ""


def error_page(handler: web.RequestHandler, status: int, links: bool = True) -> str:
    """Our own error page; it needs neither the store nor a kernel."""
    settings = handler.settings
    title, sentence = SENTENCES.get(status) or SENTENCES[500 if status >= 500 else 404]
    pages = settings["gnetics_titles"] if links else {}
    template = settings["voila_jinja2_env"].get_template("error.html")
    return str(template.render(base_url=settings["base_url"], theme=theme(handler), title=title, sentence=sentence, pages=pages))


class FrenchErrors(SameOrigin):
    """Errors as a page of ours."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(error_page(self, status_code))


class Plain(FrenchErrors):
    """What needs to know nobody: our headers, no cookie."""

    def set_default_headers(self) -> None:
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)


class Page(FrenchErrors, TornadoVoilaHandler):  # type: ignore[misc]
    """A notebook as a page; whoever asks for it owns its kernel."""

    kernel_id = ""
    closed = own_leads = False

    @functools.cached_property
    def nonce(self) -> str:
        return policy.new_nonce()

    @property
    def kernel_manager(self) -> Any:
        return kernels.Claims(super().kernel_manager, self.claim, self.kernel_environment)

    @property
    def kernel_environment(self) -> dict[str, str]:
        """Of one that never held what all may see, for a person who sees only their own leads; empty for the others, who may have any."""
        return {ALONE: "oui"} if self.own_leads else {}

    async def found(self, path: str) -> bool:
        """Whether that is a page."""
        return path in self.settings["gnetics_titles"]

    @web.authenticated
    async def get(self, path: str) -> None:
        if not await self.found(path):
            raise web.HTTPError(404)
        if self.request.headers.get("Sec-Fetch-Dest", "document") != "document":
            raise web.HTTPError(403)  # an image or a script of another site: nobody would see the page
        if status := self._full():
            counters.PAGES.labels("refusée").inc()
            self.set_header("Retry-After", RETRY_AFTER)
            self.set_status(status)
            self.write_error(status)
            return
        self.set_header(policy.HEADER, policy.value(self.nonce))
        opening = self.settings["gnetics_opening"]
        opening.add(self)
        try:
            self.own_leads = await self._sees_own_leads()
            await super().get(path)  # type: ignore[misc]
            await self._tell_of_a_dead_kernel(path)
        finally:
            opening.discard(self)

    async def _sees_own_leads(self) -> bool:
        try:
            standing = await asyncio.to_thread(self.settings["gnetics_crm"].standing, self.current_user.username)
        except StoreError as error:
            raise web.HTTPError(504) from error
        return bool(standing.own_leads)

    async def _tell_of_a_dead_kernel(self, path: str) -> None:
        """Unless it was stopped: then the manager does not know it any more."""
        manager = self.settings["kernel_manager"]
        if self.kernel_id in manager and not await ensure_async(manager.get_kernel(self.kernel_id).is_alive()):
            log.error("the kernel of %s died while the page was made", path)

    def write(self, chunk: Any) -> None:
        """A piece of the page."""
        if chunk == HEARTBEAT:
            chunk = ALIVE
        super().write(chunk.replace(policy.NONCE, self.nonce) if isinstance(chunk, str) else chunk)

    def _full(self) -> int:
        """503 when all places are taken, 429 when one person has half of them, 0 when there is room."""
        me, places = self.current_user.username, self.settings["gnetics_settings"].max_kernels
        holders = [each.current_user.username for each in self.settings["gnetics_opening"]]
        holders += kernels.taken(self.settings).values()
        if len(holders) >= places:
            return 503
        alone = self.settings["gnetics_open"]  # while there is no account, everyone is one person
        return 429 if not alone and holders.count(me) >= (places + 1) // 2 else 0

    def on_finish(self) -> None:
        super().on_finish()
        if self.kernel_id:
            IOLoop.current().call_later(CONNECTS_WITHIN, kernels.end_unseen, self.settings, self.kernel_id)

    def claim(self, kernel_id: str, warm: bool) -> None:
        counters.PAGES.labels("chaude" if warm else "froide").inc()
        self.kernel_id = kernel_id
        self.settings["gnetics_opening"].discard(self)
        self.settings["gnetics_awaited"].add(kernel_id)
        kernels.taken(self.settings)[kernel_id] = self.current_user.username
        if self.closed:
            self.on_connection_close()

    def on_connection_close(self) -> None:
        """Gone before the page was there: no browser will say that it is closed."""
        self.closed = True
        manager = self.settings["kernel_manager"]
        if self.kernel_id in manager:  # asked politely among its imports, it would end with a traceback
            begins = getattr(manager.get_kernel(self.kernel_id), "execution_state", "starting") == "starting"
            IOLoop.current().add_callback(manager.shutdown_kernel, self.kernel_id, now=begins)


class Home(FrenchErrors, JupyterHandler):
    """`/` leads to Accueil."""

    @web.authenticated
    def get(self) -> None:
        self.redirect(f"{self.base_url}voila/render/{HOME}")


class Favicon(Plain):
    """Asked by browsers on what is no page of ours, as `/sante`."""

    def get(self) -> None:
        self.redirect(f"{self.settings['base_url']}voila/templates/gnetics/static/favicon.svg")


class NotFound(FrenchErrors, JupyterHandler):
    """Any address that nothing serves."""

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        raise web.HTTPError(404)


class ForeignHost(Plain):
    """Every request whose Host is not this machine (DNS rebinding), while there is no account."""

    def prepare(self) -> None:
        self.set_status(421)
        self.finish(error_page(self, 421, links=False))


def is_loopback(host: str) -> bool:
    return re.fullmatch(LOOPBACK, host.lower()) is not None


def asked_here(handler: web.RequestHandler) -> bool:
    """By a program of this machine, for nobody else."""
    return is_loopback(handler.request.remote_ip or "") and "X-Forwarded-For" not in handler.request.headers
