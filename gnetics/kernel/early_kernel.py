"""A Jupyter kernel of which all but its sockets is made before the fork: each costs 9 MB and half its work less.

Only what ipykernel makes within constructors is made early; that its classes let a kernel be given its sockets later, the
tests of server/forks.py show for the version in the lock.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type
from traitlets.config import Config

NO_HISTORY = Config(HistoryManager={"enabled": False})  # nobody types in a served page: no file, no thread


class EarlyKernel(IPythonKernel):
    """Made once; asked for again with its sockets, it takes them."""

    @classmethod
    def instance(cls, **given: Any) -> Self:
        made = cls.initialized()
        kernel: Self = super().instance(config=NO_HISTORY)
        if made:
            kernel._take(**given)
        return kernel

    def _take(self, **given: Any) -> None:
        for name, value in given.items():
            if value is not None:
                setattr(self, name, value)
        self._stdout, self._stderr = sys.stdout, sys.stderr  # replaced meanwhile by those that speak to the browser
        shell: Any = self.shell
        hook, publisher = shell.displayhook, shell.display_pub
        hook.session = publisher.session = self.session
        hook.pub_socket = publisher.pub_socket = self.iopub_socket
        hook.topic = self._topic("execute_result")  # type: ignore[no-untyped-call]


class EarlyApp(IPKernelApp):
    """What starts it; told all it needs without a command line, whose parser would cost 4 MB."""

    kernel_class = Type(EarlyKernel, klass=IPythonKernel)

    def parse_command_line(self, argv: Any = None) -> None:
        """There is none."""

    def configure_tornado_logger(self) -> None:
        """Its lines go where ours do."""

    def init_code(self) -> None:
        """Nobody's startup files run in a served page."""

    def close(self) -> None:
        """At its end: the sockets go with the process. Closed under threads that listen to them, they abort it now and then."""
        self.reset_io()  # type: ignore[no-untyped-call]


def make() -> None:
    """In the process to fork from, once nothing more is said through widgets: they would find a kernel without sockets."""
    EarlyApp.instance(parent_handle=1, capture_fd_output=False)  # 1: it neither watches its parent nor greets
    EarlyKernel.instance()


@contextmanager
def silenced() -> Iterator[None]:
    """As long as it lasts widgets find no kernel, and say nothing."""
    kernel = EarlyKernel.instance()
    EarlyKernel.clear_instance()
    try:
        yield
    finally:
        for each in EarlyKernel._walk_mro():
            each._instance = kernel  # type: ignore[assignment]  # traitlets declares it None


def run(connection_file: str) -> None:
    """In the child: open the sockets named in that file and serve until told to stop."""
    app: Any = EarlyApp.instance()
    app.connection_file = connection_file
    app.initialize()
    app.start()
