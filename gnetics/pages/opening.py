"""The app of this process: made once, shown by the notebook that a person opened."""

from __future__ import annotations

from collections.abc import Callable

from gnetics.pages.app import App
from gnetics.state.request import Request
from gnetics.store.crm import open_crm
from gnetics.widgets import compiled
from gnetics.widgets.announcing import Unheard


class _Kernel:
    """The app of this process: a kernel serves one person."""

    app: App | None = None
    libraries = Unheard()  # what they made at their import, and every app needs


def current_app(user: str = "") -> App:
    """The app of this kernel, opened at first need for this person; without one, for everybody's eyes."""
    if _Kernel.app is None:
        _Kernel.app = App(open_crm(), user, _Kernel.libraries)
    return _Kernel.app


def inherited() -> App | None:
    """The app of this process, if it was opened."""
    return _Kernel.app


def disinherit() -> None:
    _Kernel.app = None


def hide_libraries() -> None:
    """Before the first app of a process to fork from is made: each kernel announces their widgets with its own app."""
    compiled.prepare()
    _Kernel.libraries.take("")


def opener(key: str) -> Callable[[Request], None]:
    """The `show` of a page's module."""

    def show(request: Request) -> None:
        current_app(request.user).show(key, request)
        request.shown()

    return show
