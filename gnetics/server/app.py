"""CRM GNETICS as a server: our subclass of Voilà."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import logging
import os
import socket
from collections.abc import Mapping
from threading import Event
from typing import Any

from jupyter_core.utils import ensure_async, run_sync
from jupyter_events import EventLogger
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado import ioloop, netutil, web
from voila import notebook_renderer
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from gnetics.errors import GneticsError
from gnetics.server import (
    analyses,
    calendar_feed,
    forks,
    front_end,
    handlers,
    kernels,
    limits,
    logs,
    monitoring,
    opt_out,
    sign_in,
    static,
    templates,
)
from gnetics.server.config import JUPYTER_DIR, base_url, in_address, voila_config
from gnetics.server.health import Health
from gnetics.server.worker import Worker
from gnetics.settings import Settings, for_kernels, for_worker
from gnetics.store.crm import Crm, open_crm
from gnetics.store.people.accounts import any_account

log = logging.getLogger("gnetics.server")
M_ARENA_MAX = -8  # of glibc's mallopt
WORKER_AFTER = 10  # seconds: the first pages come first
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - listening everywhere → where a program of this machine finds us
OURS: dict[type, type | None] = {  # what Voilà would serve → what we serve; None: not at all
    KernelHandler: kernels.OwnKernel,
    VoilaKernelWebsocketHandler: kernels.OwnSocket,
    VoilaShutdownKernelHandler: kernels.OwnShutdown,
    RequestInfoSocketHandler: kernels.Visitors,
    TemplateStaticFileHandler: static.TemplateFile,
    MultiStaticFileHandler: static.VoilaFile,
    FileFindHandler: static.Extension,
    AllowListFileHandler: static.NoFile,
    TornadoVoilaHandler: handlers.Page,
    TornadoVoilaTreeHandler: None,
    VoilaContentsHandler: None,
    ThemesHandler: static.Theme,
}


class GneticsVoila(Voila):  # type: ignore[misc]
    """Voilà with our handlers, on sockets that are already bound, and a worker beside it if the settings say so."""

    def __init__(self, settings: Settings, crm: Crm, sockets: list[socket.socket], environment: Mapping[str, str]) -> None:
        super().__init__(config=voila_config(settings))
        self.settings, self.crm, self.sockets = settings, crm, sockets
        self.worker = Worker(for_worker(environment, settings))
        self.without_accounts = not _has_accounts(crm)
        address, self.port, *_ = sockets[0].getsockname()
        self.address = HERE.get(address, address)  # the kernels call back there
        self.event_logger = EventLogger()  # else each kernel makes its own, and the logger behind it stays for ever
        self.config_file_paths: list[str] = []  # no other configuration is read
        self.stopping = Event()

    def init_settings(self) -> dict[str, Any]:
        self.voila_configuration.page_config_hook = static.stamped
        found: dict[str, Any] = super().init_settings()
        found["voila_jinja2_env"].globals["typefaces"] = front_end.typefaces()
        return found | {
            "default_handler_class": handlers.NotFound,
            "log_function": logs.log_request,
            "ws_ping_timeout": 90_000,  # ms: three pings without an answer; at one, every socket would close at its first ping
            "gnetics_settings": self.settings,
            "gnetics_crm": self.crm,
            "gnetics_address": self.address,
            "gnetics_open": self.without_accounts,
            "login_url": f"{self.base_url}connexion",
            "gnetics_titles": handlers.page_titles(self.settings.notebooks_dir),
            "gnetics_owners": {},
            "gnetics_opening": set(),
            "gnetics_awaited": set(),
            "gnetics_sockets": set(),
            "gnetics_stamp": static.stamp(),
            "gnetics_front_end": {"static": self.static_paths, "labextensions": self.labextensions_path},
        }

    def init_handlers(self) -> list[Any]:
        self.app.add_transform(web.GZipContentEncoding)
        if self.without_accounts:
            self.app.add_handlers(handlers.FOREIGN_HOST, [(r".*", handlers.ForeignHost)])
        theirs = [(path, OURS[handler], *options) for path, handler, *options in super().init_handlers()]
        kept = [(static.with_stamp(path), *rest) for path, *rest in theirs if rest[0]]
        own = {
            "": handlers.Home,
            "sante": Health,
            "metrics": monitoring.Metrics,
            "favicon.ico": handlers.Favicon,
            "connexion": sign_in.SignIn,
            "deconnexion": sign_in.SignOut,
            "mot-de-passe": sign_in.Password,
            "desinscription": opt_out.OptOut,
            calendar_feed.PATH: calendar_feed.Feed,
        }
        of_pages = next(options for _, handler, options in (each for each in theirs if len(each) == 3) if handler is handlers.Page)
        ours = [(self.server_url + path, handler) for path, handler in own.items()]
        return [*ours, *front_end.handlers(self.server_url), *analyses.routes(self.server_url, of_pages), *kept]

    def listen(self) -> None:
        limits.server(self.app).add_sockets(self.sockets)
        log.info("CRM GNETICS est prêt : %s", self.display_url)
        self.ioloop = ioloop.IOLoop.current()
        if self.settings.worker:
            self.ioloop.call_later(WORKER_AFTER, self.worker.watch)
        self.ioloop.run_in_executor(None, front_end.prepare, self.app.settings["gnetics_front_end"], self.stopping.is_set)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            log.info("Arrêt de CRM GNETICS.")
        finally:
            self.stop()

    def stop(self) -> None:
        self.stopping.set()
        self.worker.stop()
        run_sync(self._stop_idle_kernels)()
        super().stop()

    async def _stop_idle_kernels(self) -> None:
        """Warm kernels wait for a visitor and hear nothing else; those of a visitor may finish a save."""
        idle = [each for each in self.kernel_manager.list_kernel_ids() if each not in self.app.settings["gnetics_owners"]]
        await asyncio.gather(*(ensure_async(self.kernel_manager.shutdown_kernel(each, now=True)) for each in idle))


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    logs.set_up(settings.log_level, settings.log_json)
    _share_one_heap()
    crm = open_crm(settings, migrate=True)  # a store that cannot be read is said now, not on every page
    sockets = _bind(settings, _has_accounts(crm))
    environment = dict(os.environ)
    os.environ.update(for_kernels(environment, settings))  # of this process from now on, so of all that it starts
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER_DIR), os.environ.get("JUPYTER_PATH")]))
    os.environ["GNETICS_TEMPLATES_URL"] = base_url(settings) + front_end.announced().templates  # read by widgets/compiled.py
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the one it would choose takes 8 MB of each kernel
    app = GneticsVoila(settings, crm, sockets, environment)
    os.environ["VOILA_APP_IP"] = in_address(app.address)  # read by the kernels
    if name := forks.provisioner(settings):
        app.config.KernelProvisionerFactory.default_provisioner_name = name
    notebook_renderer.VoilaExporter = templates.Exporter  # Voilà has no setting for it
    logs.take_over(app.log, settings.log_level)
    app.initialize([])
    app.start()


def _share_one_heap() -> None:
    """Else glibc gives each thread its own, which grow for a thousand pages (20 MB); Python lets one thread allocate at a time anyway."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


def _has_accounts(crm: Crm) -> bool:
    with crm.read() as connection:
        return any_account(connection)


def _bind(settings: Settings, accounts: bool) -> list[socket.socket]:
    if not accounts and not handlers.is_loopback(settings.ip):
        raise GneticsError(
            f"GNETICS_IP={settings.ip} : tant qu’il n’y a pas de compte, CRM GNETICS n’écoute que sur cet ordinateur "
            "(127.0.0.1 ou localhost). Ajoutez-en un : gnetics user add NOM --role administration"
        )
    not_ours = GneticsError(f"GNETICS_IP={settings.ip} : ce n’est pas une adresse de cet ordinateur.")
    try:
        family = socket.AF_INET6 if ":" in settings.ip else socket.AF_INET
        found = netutil.bind_sockets(settings.port, settings.ip, family=family)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise not_ours from error
        raise GneticsError(
            f"Le port {settings.port} est déjà pris ou interdit. Arrêtez l’autre programme, ou choisissez-en un autre : "
            f"GNETICS_PORT={settings.port + 1} gnetics serve"
        ) from error
    if not found:  # a system without IPv6
        raise not_ours
    return found
