"""What a Jupyter kernel does for its browser, and ours does not; runs inside kernels."""

from __future__ import annotations

import logging
from typing import Any

from gnetics.serving import log_output

log = logging.getLogger("gnetics.kernel")


def close() -> None:
    """A message of the browser makes no widget, and fails without showing why: that is for the log."""
    from comm import get_comm_manager
    from IPython import get_ipython
    from traitlets.log import get_logger

    shell: Any = get_ipython()
    if shell is None:
        return
    get_comm_manager().targets.pop("jupyter.widget", None)  # registered by the imports of the page, which come first
    theirs: Any = get_logger()  # ipykernel's and the widgets': they write what a message said as it is
    theirs.handlers.clear()
    theirs.propagate = True
    theirs.setLevel(logging.WARNING)
    theirs.addFilter(log_output.is_failure)
    show = shell._showtraceback

    def in_a_cell_only(kind: type, error: Exception, lines: list[str]) -> None:
        said_by = shell.get_parent()["header"]["msg_type"]
        if said_by == "execute_request":  # Voilà has the cells' tracebacks, and shows them to nobody
            show(kind, error, lines)
        else:
            log.error("a %s of the browser failed", said_by, exc_info=error)

    shell._showtraceback = in_a_cell_only
