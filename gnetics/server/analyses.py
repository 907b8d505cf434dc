"""Published analyses as pages: the notebook that was vouched for, run in a kernel that is its visitor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

import nbformat
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from voila.configuration import VoilaConfiguration

from gnetics.errors import StoreError
from gnetics.server import handlers, kernels
from gnetics.settings import ALONE, VISITOR
from gnetics.store.analyses import ENDING, FOLDER, Analysis, content_of, published

SECONDS = 30  # of one cell
PATH = rf"({FOLDER}/[^/]+{ENDING})"  # below voila/render/
INTERRUPT = rf"{FOLDER}/interrompre/(\w+-\w+-\w+-\w+-\w+)"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
FIRST = "from gnetics.kernel import analysis as _analysis\n\n_analysis.begin({seconds})"
LAST = "_analysis.end()"


class AnalysisPage(handlers.Page):
    """Whatever is not published, or is no more what was, does not exist."""

    content: bytes
    words: dict[str, Any]

    @property
    def kernel_environment(self) -> dict[str, str]:
        return {ALONE: "oui", VISITOR: self.current_user.username}

    async def found(self, path: str) -> bool:
        try:
            return await asyncio.to_thread(self._found, path.removeprefix(f"{FOLDER}/").removesuffix(ENDING))
        except StoreError as error:
            raise web.HTTPError(504) from error

    def _found(self, name: str) -> bool:
        crm = self.settings["gnetics_crm"]
        listed = published(crm)
        for each in listed:
            if each.name == name and (content := content_of(crm.settings, each)):
                self.content, self.words = content, self._words(each, listed, crm.kind == "demo")
                return True
        return False

    def _words(self, analysis: Analysis, listed: Iterable[Analysis], demo: bool) -> dict[str, Any]:
        """What the template draws around the cells."""
        return {
            "name": analysis.name,
            "title": analysis.title,
            "author": analysis.author,
            "user": self.current_user.username,
            "demo": demo,
            "pages": self.settings["gnetics_titles"],
            "analyses": {f"{FOLDER}/{each.name}{ENDING}": each.title for each in listed},
        }


class Interrupt(kernels.Owned, JupyterHandler):
    """« Interrompre »: the cell that computes ends, the others go on."""

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        await ensure_async(self.settings["kernel_manager"].get_kernel(kernel_id).interrupt_kernel())
        self.set_status(204)
        self.finish()


def around(handler: AnalysisPage, notebook: Any, cwd: str) -> Any:
    """Voilà's hook: the notebook that was read when its digest was, and not what its file may be by now."""
    notebook = nbformat.reads(handler.content.decode(), as_version=4)
    first, last = (nbformat.v4.new_code_cell(cell) for cell in (FIRST.format(seconds=SECONDS), LAST))
    last.metadata["tags"] = ["g-made"]
    notebook.cells = [first, *notebook.cells, last]
    title = f"{handler.words['title']} · CRM GNETICS"
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "title": title, "gnetics": handler.words})
    return notebook


def routes(prefix: str, of_pages: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """`of_pages` are the options that Voilà gives to the handler of its pages."""
    config = deepcopy(of_pages["config"])
    config.VoilaExporter.template_file = "analysis.html.j2"
    config.VoilaExecutor.timeout = SECONDS
    config.VoilaExecutor.interrupt_on_timeout = True
    config.VoilaExecutor.allow_errors = True
    config.VoilaConfiguration.prelaunch_hook = around
    config.VoilaConfiguration.show_tracebacks = True  # kernel/analysis.py has put a sentence in the place of each
    hook = of_pages["voila_configuration"].page_config_hook
    options = {**of_pages, "config": config, "voila_configuration": VoilaConfiguration(config=config, page_config_hook=hook)}
    return [(f"{prefix}voila/render/{PATH}", AnalysisPage, options), (f"{prefix}{INTERRUPT}", Interrupt)]
