"""How Voilà is set up for us; each line that closes a door says which."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from traitlets.config import Config

from gnetics.errors import GneticsError
from gnetics.server import policy
from gnetics.server.identity import HEADER, People
from gnetics.server.static import TEMPLATE
from gnetics.settings import Settings, default_user

JUPYTER_DIR = Path(__file__).parent / "jupyter"  # holds our template, given to Voilà through JUPYTER_PATH

HEADERS = {
    policy.HEADER: policy.value(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Server": "CRM GNETICS",
}
# the only parts of the front end that our pages need
LAB_EXTENSIONS = [
    "jupyter-vue",
    "jupyter-vuetify",
    "bqplot",
    "bqscales",
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
]
CELL_ERROR = "Rechargez la page ; si cela continue, prévenez votre administrateur."


def pools(settings: Settings) -> dict[str, dict[str, int]]:
    """Warm kernels per notebook, from « accueil=2,dashboard=1 »; pages not named get none."""
    found: dict[str, dict[str, int]] = {"default": {"pool_size": 0}}
    for part in filter(None, (part.strip() for part in settings.pools.split(","))):
        match = re.fullmatch(r"(\w+)\s*=\s*(\d{1,2})", part)
        if not match or not (settings.notebooks_dir / f"{match[1]}.ipynb").is_file():
            raise GneticsError(f"Réglage GNETICS_POOLS : « {part} » n’est pas « page=nombre », avec une page de {settings.notebooks_dir}.")
        found[f"{match[1]}.ipynb"] = {"pool_size": int(match[2])}
    return found


def voila_config(settings: Settings) -> Config:
    """The whole configuration; no other file is read."""
    config = Config()
    c: Any = config
    c.Voila.root_dir = str(settings.notebooks_dir)
    c.Voila.ip = in_address(settings.ip)
    c.Voila.base_url = c.Voila.server_url = base_url(settings)
    c.Voila.open_browser = False
    c.Voila.log_level = "WARN"  # at DEBUG, already this configuration and its secrets would be written
    c.Voila.identity_provider_class = People
    c.People.person = default_user(settings)
    c.Voila.tornado_settings = {"headers": HEADERS}
    v = c.VoilaConfiguration
    v.template = TEMPLATE
    v.allow_template_override = v.allow_theme_override = "NO"  # ?template=x would hold a kernel and a connection for ever
    v.strip_sources = True
    v.show_tracebacks = False
    v.file_allowlist = []  # nothing under notebooks/ is a download
    v.http_header_envs = [HEADER]
    v.extension_allowlist = LAB_EXTENSIONS
    v.preheat_kernel = settings.warm_kernels
    c.VoilaExecutor.iopub_timeout = 30  # a busy machine: after 4 seconds the page would be sent without its view
    c.VoilaKernelManager.kernel_pools_config = pools(settings)
    c.VoilaKernelManager.fill_delay = 0.2
    c.MappingKernelManager.cull_idle_timeout = settings.cull_after
    c.MappingKernelManager.cull_interval = max(1, min(60, settings.cull_after // 4))
    c.KernelManager.autorestart = False  # a restarted kernel has lost its widgets: better « session expirée » than a dead page
    c.KernelManager.transport = "ipc"  # no TCP port that other accounts of the machine could reach
    c.NotebookNotary.db_file = ":memory:"  # nothing written in the home folder
    c.NotebookNotary.secret = os.urandom(32)
    c.VoilaExecutor.cell_error_instruction = CELL_ERROR
    c.VoilaExporter.language_code = "fr"
    return config


def base_url(settings: Settings) -> str:
    """The prefix of every address, with a slash at both ends."""
    inner = settings.base_url.strip("/")
    return f"/{inner}/" if inner else "/"


def in_address(ip: str) -> str:
    """As it is written within an address."""
    return f"[{ip}]" if ":" in ip else ip
