"""The person behind a sheet: « Tout ce que nous savons », « Effacer cette personne »."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions.erasing_people import erase_lead
from gnetics.domain import leads as rules
from gnetics.domain import rights
from gnetics.domain.accesses import PAGE, Access
from gnetics.domain.person_held import TITLES, Chapter
from gnetics.domain.rights import Verb
from gnetics.domain.typography import counted
from gnetics.errors import Refused
from gnetics.exports.person_file import person_json, person_page
from gnetics.exports.tables import file_name
from gnetics.pages.contacts.widgets.person_menu import PersonMenu
from gnetics.state.open_row import OpenRow
from gnetics.store import access_log
from gnetics.store.person.finding import Mention
from gnetics.store.reading.person import held_of_lead
from gnetics.widgets import theme
from gnetics.widgets.download import TYPES

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST_LEFT = 50  # places that name somebody


class PersonBehind:
    """Implements PersonHandler for the contact open in `lead`."""

    def __init__(self, app: App, lead: OpenRow) -> None:
        self._app, self._lead = app, lead
        self.widget = PersonMenu(self)

    def show(self) -> None:
        """Of the contact that is shown now."""
        app, row = self._app, self._lead.row()
        self.widget.title = rules.title(row)
        self.widget.may_erase = app.crm.standing(app.user).role == rights.ADMINISTRATOR and not row["erased_at"]
        self.widget.blocked = "" if app.session.sync_active else texts.ERASING_NEEDS_SYNC

    def give(self, form: str) -> None:
        """A file of all that is known, as `json` or a page to print."""
        app, now = self._app, self._app.crm.clock.now()
        found, chapters = held_of_lead(app.crm, app.user, self._lead.row()["key"])
        rows = sum(len(each.rows) for each in chapters)
        access_log.note(app.crm, Access.EXPORTED, app.user, place=PAGE, rows=rows, detail=f"personne {found.ids}".strip())
        page = form == "html"
        content = person_page(found.called, chapters, now, theme.LIGHT, app.region) if page else person_json(found.called, chapters, now)
        self.widget.download.save(file_name("personne", app.today(), form), TYPES[form], content)

    def ask(self) -> None:
        """What would go, before anything does."""
        app = self._app
        app.crm.require(app.user, Verb.ERASE_PERSON)
        found, chapters = held_of_lead(app.crm, app.user, self._lead.row()["key"])
        kept = [f"{what} est aussi à {whose}\u00a0: ce qui n’est connu que par là reste." for what, whose in found.shared.items()]
        with self.widget.hold_sync():
            self.widget.going, self.widget.left = [*_going(chapters), *kept], []
            self.widget.refusal, self.widget.done, self.widget.shown = "", False, True

    def erase(self, name: str) -> None:
        app = self._app
        self._lead.require_same()
        try:
            done = erase_lead(app.crm, app.user, self._lead.row()["key"], name, PAGE)
        except Refused as refusal:
            self.widget.refusal = str(refusal)
            return
        with self.widget.hold_sync():
            self.widget.left, self.widget.done = _left(done.places), True
        app.snapshot.catch_up()
        app.changed()


def _going(chapters: Sequence[Chapter]) -> list[str]:
    own = [f"{each.title}\u00a0: {counted(len(each.rows), 'ligne')}" for each in chapters if each.rows]
    cited = sum(len(each.mentions) for each in chapters)
    return own + ([f"ses coordonnées dans {counted(cited, 'texte')} d’autrui"] if cited else [])


def _left(places: Sequence[Mention]) -> list[str]:
    lines = [f"{TITLES.get(each.table, each.table)} {each.row.get('lead_id') or each.row.get('key') or ''}".strip() for each in places]
    lines = list(dict.fromkeys(lines))
    return lines[:MOST_LEFT] + ([f"… et {len(lines) - MOST_LEFT} autres"] if len(lines) > MOST_LEFT else [])
