"""A notebook file as its author wrote it: without what running it made, and what JupyterLab noted for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import from_dict

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def strip(notebook: Any) -> None:
    """In place; of the metadata the title stays."""
    title = notebook["metadata"].get("title")
    said = {"kernelspec": KERNEL, "language_info": {"name": "python"}} | ({} if title is None else {"title": str(title)})
    notebook["metadata"] = from_dict(said)
    for cell in notebook["cells"]:
        cell["metadata"] = from_dict({})
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def strip_page(model: Mapping[str, Any], path: str, **_: Any) -> None:
    """JupyterLab's hook before it saves: a page is stored without outputs; those of an analysis are its author's until it is published."""
    if model["type"] == "notebook" and model.get("content") and "/" not in path.strip("/"):
        strip(model["content"])
