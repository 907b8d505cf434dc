"""An analyst's notebook becomes a page: its outputs go, it runs once, and its file is vouched for as it then is."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.errors import GneticsError
from gnetics.operations.notebooks import KERNEL, strip
from gnetics.settings import VISITOR, Settings, for_kernels
from gnetics.store import analyses
from gnetics.store.analyses import ENDING, FOLDER, Analysis
from gnetics.store.crm import Crm

SECONDS = 30  # of one cell, as in its page
STARTS_WITHIN = 120  # seconds, on a busy machine
FIRST_CELL = "import gnetics\n\ncrm = gnetics.open_crm()"
SECOND_CELL = 'crm.figures.conversion(by="source").frame'


def publish(crm: Crm, user: str, file: Path) -> Analysis:
    """Raises GneticsError, in a sentence, for what is no notebook of the folder or does not run to its end."""
    place = _place(crm.settings, file)
    notebook = _read(place)
    strip(notebook)
    _run(crm.settings, place, notebook)
    content = nbformat.writes(notebook).encode() + b"\n"
    _write(place, content)
    analysis = Analysis(place.stem, _title(notebook, place.stem), user, crm.clock.now(), analyses.digest_of(content))
    analyses.record(crm, analysis)
    return analysis


def begin(settings: Settings, title: str) -> Path:
    """A notebook to start from, in the folder of analyses."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(title) or "").strip("-")
    if not re.fullmatch(analyses.NAME, name):
        raise GneticsError(f"Le nom {quote(title)} ne peut pas être celui d’un fichier\u00a0: des lettres ou des chiffres, 80 au plus.")
    place = analyses.folder(settings) / f"{name}{ENDING}"
    if place.exists():
        raise GneticsError(f"{_shown(place)} existe déjà\u00a0: choisissez un autre nom.")
    cells = [nbformat.v4.new_code_cell(cell) for cell in (FIRST_CELL, SECOND_CELL)]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("Ce que cette analyse montre, en une phrase."), *cells],
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}, "title": title},
    )
    place.parent.mkdir(exist_ok=True)
    _write(place, nbformat.writes(notebook).encode() + b"\n")
    return place


def _place(settings: Settings, file: Path) -> Path:
    """The file, which stands in the folder itself: a link would lead where nobody looks."""
    folder = analyses.folder(settings).resolve()
    place = file.absolute()
    if place.parent.resolve() != folder or place.suffix != ENDING:
        raise GneticsError(f"Une analyse est un fichier {ENDING} de notebooks/{FOLDER}/\u00a0: {quote(str(file))} n’en est pas un.")
    if not re.fullmatch(analyses.NAME, place.stem):
        raise GneticsError(f"Renommez {quote(place.name)}\u00a0: des lettres sans accent, des chiffres, « - » et « _ », sans espace.")
    if place.is_symlink() or not place.is_file():
        raise GneticsError(f"{_shown(place)} n’existe pas, ou n’est pas un fichier.")
    if place.stat().st_size > analyses.LARGEST:
        raise GneticsError(f"{_shown(place)} est trop gros\u00a0: effacez ses résultats dans JupyterLab, puis enregistrez-le.")
    return place


def _read(place: Path) -> Any:
    try:
        notebook = nbformat.reads(place.read_text("utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # whatever nbformat meets in a file that is none of its own
        raise GneticsError(f"{_shown(place)} n’est pas un notebook lisible.") from error
    return notebook


def _run(settings: Settings, place: Path, notebook: Any) -> None:
    """As its page will, but over the whole store: who publishes administers it."""
    with TemporaryDirectory(prefix="gnetics-publish-") as aside:
        # sockets of files: no port that other accounts of the machine could reach
        line = Config({"KernelManager": {"transport": "ipc", "connection_file": f"{aside}/kernel.json"}})
        folder = {"metadata": {"path": str(place.parent)}}
        copy = nbformat.from_dict(notebook)
        client = NotebookClient(
            copy, timeout=SECONDS, startup_timeout=STARTS_WITHIN, kernel_name=KERNEL["name"], resources=folder, config=line
        )
        try:
            client.execute(env=for_kernels(os.environ, settings) | {VISITOR: ""})
        except CellTimeoutError as error:
            raise GneticsError(f"{_shown(place)} n’est pas publié\u00a0: une cellule dépasse {SECONDS} secondes.") from error
        except DeadKernelError as error:
            raise GneticsError(f"{_shown(place)} n’est pas publié\u00a0: son calcul s’est arrêté brutalement.") from error
        except CellExecutionError as error:
            cause = f"{error.ename}\u00a0: {error.evalue}"
            raise GneticsError(f"{_shown(place)} n’est pas publié\u00a0: une cellule échoue.\n{cause}") from error


def _title(notebook: Any, name: str) -> str:
    """That of its metadata, else its first heading, else its file's name."""
    heading = re.search(r"^#\s+(.+)$", "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"), re.MULTILINE)
    title = str(notebook.metadata.get("title") or (heading and heading[1]) or name)
    return " ".join(title.split())[:80]


def _write(place: Path, content: bytes) -> None:
    """The whole file or the one before."""
    partial = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(place)
    except OSError as error:
        raise GneticsError(f"{_shown(place)} ne peut pas être écrit\u00a0: vérifiez le dossier et ses droits.") from error
    finally:
        partial.unlink(missing_ok=True)


def _shown(place: Path) -> str:
    return f"notebooks/{FOLDER}/{place.name}"
