"""What a Jupyter kernel does for its browser, and ours does not; runs inside kernels.

A browser may speak to a kernel as soon as it knows its name, and that is before the page is there: what it says about widgets waits
until the kernel knows its person and shows only what is theirs. `close` comes before anything of the store is read, `open` after.
"""

from __future__ import annotations

import inspect
import logging
from collections import deque
from typing import Any, ClassVar

from gnetics import log_output
from gnetics import settings as settings_module

log = logging.getLogger("gnetics.kernel")
OF_VOILA = {"execute_request", "kernel_info_request", "shutdown_request", "interrupt_request"}  # the first is refused to browsers by Voilà
OF_WIDGETS = {"comm_open", "comm_msg", "comm_close", "comm_info_request"}
OF_IPYVUE = {"create_widget", "update_ref"}  # by which its own templates, unlike ours, call any method and set any attribute
MOST, MOST_BYTES = 100, 1 << 20  # of messages that wait; a page has nothing to say before it is shown


class Door:
    """One per kernel: an ipykernel asks `admits` of each message before it handles it."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._waiting: deque[tuple[Any, dict[str, Any], Any]] = deque()
        self._open = self._full = False
        self._bytes = 0
        kernel.should_handle = self.admits

    def admits(self, stream: Any, message: dict[str, Any], sender: Any) -> bool:
        kind = message["header"]["msg_type"]
        if kind == "comm_msg" and _calls_anything(message["content"]):
            return False
        if kind in OF_WIDGETS and not self._open:
            self._keep(stream, message, sender)
            return False
        return kind in OF_VOILA or kind in OF_WIDGETS

    def open(self) -> None:
        """Once the cell that calls this has ended, handle what waits, in order; what comes meanwhile waits behind."""
        if not self._open:
            self._kernel.io_loop.add_callback(self._let_in)

    def _keep(self, stream: Any, message: dict[str, Any], sender: Any) -> None:
        self._bytes += len(str(message["content"])) + sum(memoryview(each).nbytes for each in message["buffers"])
        if len(self._waiting) < MOST and self._bytes <= MOST_BYTES:
            self._waiting.append((stream, message, sender))
        elif not self._full:
            self._full = True  # told once
            log.warning("a browser said too much before its page was there: the rest is dropped")

    async def _let_in(self) -> None:
        from comm import get_comm_manager

        get_comm_manager().targets.pop("jupyter.widget", None)  # registered by the imports of the page
        while self._waiting:
            await self._handle(*self._waiting.popleft())
        self._open = True

    async def _handle(self, stream: Any, message: dict[str, Any], sender: Any) -> None:
        kernel = self._kernel
        kernel.set_parent(sender, message, channel="shell")  # what it answers names what was asked
        kernel._publish_status("busy", "shell")
        try:
            done = kernel.shell_handlers[message["header"]["msg_type"]](stream, sender, message)
            if inspect.isawaitable(done):
                await done
        except Exception:
            log.exception("a message that waited failed")
        kernel._publish_status("idle", "shell")


def _calls_anything(content: dict[str, Any]) -> bool:
    """Whether a widget that an analysis made of ipyvue's own class would obey more than its events."""
    data = content.get("data")
    said = data.get("content") if isinstance(data, dict) else None
    return isinstance(said, dict) and not OF_IPYVUE.isdisjoint(said)


class _Kernel:
    """The door of this process."""

    door: Door | None = None
    unused: ClassVar[list[logging.Handler]] = []


def close() -> None:
    """A message of the browser makes no widget, is not handled yet, and fails without showing why: that is for the log."""
    from IPython import get_ipython
    from traitlets.log import get_logger

    shell: Any = get_ipython()
    if shell is None or getattr(shell, "kernel", None) is None:
        return
    if _Kernel.door is None:
        settings = settings_module.load()
        log_output.set_up(settings.log_level, settings.log_json)
        _Kernel.door = Door(shell.kernel)
        _hide_tracebacks(shell)
        _keep_their_words(get_logger())


def open() -> None:
    """The kernel shows its person's page; without effect where no door was closed (JupyterLab, tests)."""
    if _Kernel.door:
        _Kernel.door.open()


def _keep_their_words(theirs: Any) -> None:
    """The logger of ipykernel and of the widgets: it writes what a message said as it is."""
    _Kernel.unused += theirs.handlers  # ipykernel's closes, once forgotten, a file that is not its own; the store's next one has its number
    theirs.handlers.clear()
    theirs.propagate = True
    theirs.setLevel(logging.WARNING)
    theirs.addFilter(log_output.is_failure)


def _hide_tracebacks(shell: Any) -> None:
    show = shell._showtraceback

    def in_a_cell_only(kind: type, error: Exception, lines: list[str]) -> None:
        said_by = shell.get_parent()["header"]["msg_type"]
        if said_by == "execute_request":  # Voilà has the cells' tracebacks, and shows them to nobody
            show(kind, error, lines)
        else:
            log.error("a %s of the browser failed", said_by, exc_info=error)

    shell._showtraceback = in_a_cell_only
