"""The pages of the sidebar, in its order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageEntry:
    """A page of the sidebar; `module` is where it is built, below gnetics.pages."""

    key: str
    title: str
    icon: str
    module: str


PAGES: tuple[PageEntry, ...] = (
    PageEntry("accueil", "Accueil", "mdi-home-outline", "accueil.page"),
    PageEntry("dashboard", "Dashboard", "mdi-view-dashboard-outline", "boards.dashboard"),
    PageEntry("dash_data", "Dash Data", "mdi-table-large", "boards.dash_data"),
    PageEntry("contacts", "Contacts", "mdi-account-multiple-outline", "contacts.page"),
    PageEntry("calendrier", "Calendrier", "mdi-calendar-month-outline", "calendrier.page"),
    PageEntry("automations", "Automations Log", "mdi-robot-outline", "logs.automations"),
    PageEntry("inbox", "Inbox Log", "mdi-email-outline", "logs.inbox"),
    PageEntry("faq", "FAQ", "mdi-help-circle-outline", "faq.page"),
)
MODULES = {page.key: f"gnetics.pages.{page.module}" for page in PAGES}
