"""« Mes vues » of Contacts: naming what is shown, and coming back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions import views as actions
from gnetics.errors import GneticsError
from gnetics.pages.contacts.shown import ContactFilters
from gnetics.pages.contacts.widgets.saved_views import SavedViews
from gnetics.store.reading.views import View, views_of

if TYPE_CHECKING:
    from gnetics.pages.app import App


class Views:
    """Implements ViewsHandler; `on_choose` receives the query of the view to show."""

    def __init__(self, app: App, filters: ContactFilters, on_choose: Callable[[dict[str, str]], None]) -> None:
        self._app, self._filters, self._on_choose = app, filters, on_choose
        self._views: list[View] = []
        self._user: str | None = None  # whose views were read: a warm kernel learns it late
        self.widget = SavedViews(self)

    def suggest(self, name: str) -> None:
        """A name for what the page shows now, if it is kept."""
        self.widget.suggested = name

    def mark(self) -> None:
        """Show which view, if any, is what the page shows now."""
        if self._user != self._app.user:
            self._read()
        now = self._filters.to_view()
        self.widget.views = [{"key": view.key, "name": view.name, "on": view.query == now} for view in self._views]

    def choose(self, key: int) -> str:
        if view := self._find(key):
            self._on_choose(view.query)
        return ""

    def save(self, name: str) -> str:
        return self._do(lambda: actions.save_view(self._app.crm, self._app.user, name, self._filters.to_view()), texts.VIEW_SAVED, name)

    def rename(self, key: int, name: str) -> str:
        return self._do(lambda: actions.rename_view(self._app.crm, self._app.user, key, name), "", name)

    def delete(self, key: int) -> str:
        view = self._find(key)
        return self._do(lambda: actions.delete_view(self._app.crm, self._app.user, key), texts.VIEW_DELETED, view.name if view else "")

    def _do(self, action: Callable[[], object], said: str, name: str) -> str:
        """The sentence of a refusal stays in the menu, where the name is typed."""
        try:
            action()
        except GneticsError as refusal:
            return str(refusal)
        finally:
            self._read()
            self.mark()
        if said:
            self._app.notify(said.format(name=name.strip()), "success")
        return ""

    def _find(self, key: int) -> View | None:
        return next((view for view in self._views if view.key == key), None)

    def _read(self) -> None:
        self._user = self._app.user
        self._views = views_of(self._app.crm, self._user)
