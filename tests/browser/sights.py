"""Every page, view, panel and dialog, and how each comes on screen: what axe, boxes and pictures go round."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pytest
from _pytest.mark.structures import ParameterSet
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.full_week import INVITED, SERIES

OVER = ".g-side, .v-overlay--active:not(.v-tooltip) .v-overlay__content"  # panels, dialogs, menus
# « Rien de nouveau », of the visit itself
QUIET = "() => document.querySelectorAll('.g-toast button').forEach((button) => button.textContent.includes('Fermer') && button.click())"
WIDTHS = (1400, 1024, 390)
# after a change of width; bqplot draws a chart anew 0.3 s after its width changed, or after it came into view
DRAWN = """async () => {
  const inView = (box) => box.width && box.top < innerHeight && box.bottom > 0;
  const late = (chart) => {
    const [box, plot] = [chart, chart.querySelector('.plotarea_events')].map((el) => el && el.getBoundingClientRect());
    return inView(box) && !(plot && Math.abs(box.right - plot.right) < 12);
  };
  const soon = (ms) => new Promise((next) => setTimeout(() => requestAnimationFrame(next), ms));
  await soon(120);
  const end = performance.now() + 5000;
  while (performance.now() < end && [...document.querySelectorAll('.g-chart')].some(late)) await soon(50);
  await soon(50);
}"""


@dataclass(frozen=True)
class Sight:
    """`steps` are selectors clicked one after the other, or only given the focus (« focus:a.g-event »), or keys (« key:Control+k »);
    `shows` is there once all is."""

    name: str
    where: str
    shows: str
    steps: tuple[str, ...] = ()

    def open(self, visit: Visit, width: int = 1400) -> Page:
        page = visit(self.where, width)
        page.evaluate(QUIET)
        for step in self.steps:
            if step.startswith("key:"):
                page.keyboard.press(step.removeprefix("key:"))
            elif step.startswith("focus:"):
                page.locator(f"{step.removeprefix('focus:')} >> visible=true").first.focus()
            else:
                page.locator(f"{step} >> visible=true").first.click()
        expect(page.locator(f"{self.shows} >> visible=true").first).to_be_visible()
        page.evaluate("document.fonts.ready.then(() => new Promise((drawn) => setTimeout(drawn, 250)))")  # what slides in has come
        page.evaluate(DRAWN)
        return page


def cases(sights: Iterable[Sight], soon: Collection[Sight | str]) -> list[ParameterSet]:
    """A test each, those of `soon` (or their names) in `make test`, the others in `make soak`."""
    return [
        pytest.param(
            each,
            marks=[] if each in soon or each.name in soon else [pytest.mark.soak],
            id=each.name,
        )
        for each in sights
    ]


def leave(page: Page) -> None:
    """Close what stands over the page, whatever it is, and select nothing."""
    page.evaluate("() => document.querySelectorAll('.g-grid .g-pick:checked').forEach((box) => box.click())")
    for _ in range(5):
        if not page.locator(OVER).count():
            return
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)


def _in(page: str, selector: str) -> str:
    return f'[data-page="{page}"] {selector}'


PAGES = (
    Sight("accueil", "accueil", ".g-door"),
    Sight("dashboard", "dashboard", _in("dashboard", ".bar")),
    Sight("dash_data", "dash_data", _in("dash_data", ".bar")),
    Sight("contacts", "contacts", ".g-grid a[data-lead]"),
    Sight("contacts-table", "contacts?vue=table", ".g-lt tbody tr"),
    Sight("contacts-pipeline", "contacts?vue=pipeline", ".g-pl"),
    Sight("contacts-rien", "contacts?q=introuvable", _in("contacts", ".g-empty")),
    Sight("calendrier", "calendrier?vue=mois", ".g-month"),
    Sight("calendrier-semaine", "calendrier?vue=semaine", _in("calendrier", ".g-clock, .g-agenda")),
    Sight("calendrier-jour", "calendrier?vue=jour", ".g-clock"),
    Sight("calendrier-agenda", "calendrier?vue=agenda", ".g-agenda"),
    Sight("automations", "automations", _in("automations", "tbody tr")),
    Sight("automations-rien", "automations?q=introuvable", _in("automations", ".g-empty")),
    Sight("inbox", "inbox", _in("inbox", "tbody tr")),
    Sight("faq", "faq", ".g-faq-item"),
    Sight("faq-recherche", "faq?q=import doublon", ".g-faq-text"),
    Sight("faq-rien", "faq?q=introuvable", _in("faq", ".g-empty")),
)
PANELS = (
    Sight("dashboard-lignes", "dashboard?chiffre=pipeline", ".g-evidence"),
    Sight("dash_data-lignes", "dash_data?chiffre=A.contacts", ".g-evidence"),
    Sight("contact", "contacts?lead=L-000001", ".g-sheet h2"),
    Sight("contact-modifier", "contacts?lead=L-000001", ".g-sheet form", (".g-sheet >> role=button[name='Modifier']",)),
    Sight("contact-statut", "contacts?lead=L-000001", "role=listbox[name='Nouveau statut']", (".g-sheet .g-status",)),
    Sight("contact-message", "contacts?lead=L-000113&message=4", ".g-letter-text"),
    Sight("contact-nouveau", "contacts?lead=nouveau", ".g-sheet form"),
    Sight("evenement", "calendrier?event=1", ".g-event-side h2"),
    Sight("evenement-nouveau", "calendrier?new=1", ".g-event-side form"),
    Sight("evenement-date", "calendrier?new=1", ".v-date-picker", (".g-event-side >> role=button[name=/date/i]",)),
    Sight("evenement-repeter", "calendrier?new=1", "[data-field=repeat]", (".g-event-side >> role=button[name='Répétition']",)),
    Sight("evenement-rappel", "calendrier?new=1", "[data-field=reminder]", (".g-event-side >> role=button[name=/rappel/]",)),
    Sight("evenement-supprimer", "calendrier?event=1", ".v-dialog .v-card", (".g-event-side >> role=button[name='Supprimer']",)),
    Sight("execution", "automations?run=1", ".g-entry"),
    Sight("message", "inbox?message=1", ".g-mail"),
    Sight("message-reponse", "inbox?reponse=proposée", ".g-mail", (_in("inbox", "tbody td"),)),
)
_PICKED = (".g-lead-box .g-pick >> nth=0", ".g-lead-box .g-pick >> nth=1")
_MORE = "role=button[name='Autres actions']"
_CALENDAR_MENU = "role=button[name='Autres actions du calendrier']"
_PERSON = ".g-sheet >> role=button[name='La personne']"
_LOT = "role=toolbar[name='Contacts sélectionnés'] >> "
DIALOGS = (
    Sight("palette", "faq", ".g-found", ("key:Control+k",)),
    Sight("importer", "contacts", ".v-dialog .v-card", ("role=button[name='Importer']",)),
    Sight("exporter", "contacts", ".g-export", (_MORE,)),
    Sight("vues", "contacts", ".g-views", ("role=button[name='Mes vues']",)),
    Sight("recentes", "contacts", "#g-recent-title", (_MORE, "role=button[name='Actions récentes']")),
    Sight("corbeille", "contacts", "#g-bin-title", (_MORE, "role=button[name='Corbeille']")),
    Sight("consigner", "contacts?lead=L-000001&consigner=1", "#g-consign-title"),
    Sight("contact-menu", "contacts", "role=menu", (".g-grid .g-act",)),
    Sight("rattacher", "contacts?message=61", "#g-loose-title"),
    Sight("contact-perdu", "contacts?lead=L-000001", "#g-lost-title", (".g-sheet .g-status", "role=option[name='Perdu']")),
    Sight("contact-supprimer", "contacts?lead=L-000001", ".v-dialog .v-card", (".g-sheet >> role=button[name='Supprimer']",)),
    Sight("personne", "contacts?lead=L-000001", "role=menu[name='La personne']", (_PERSON,)),
    Sight("effacer", "contacts?lead=L-000001", "role=dialog[name='Effacer cette personne']", (_PERSON, "role=menuitem[name=/Effacer/]")),
    Sight(
        "contact-date",
        "contacts?lead=L-000001",
        ".v-date-picker",
        ("role=button[name='Modifier']", "[data-field=next_follow_up] [role=button]"),
    ),
    Sight("calendrier-filtres", "calendrier?vue=mois", ".g-cal-choices", (".g-cal-filter",)),
    Sight("calendrier-menu", "calendrier?vue=mois", ".g-cal-menu", (_CALENDAR_MENU,)),
    Sight(
        "calendrier-abonner", "calendrier?vue=mois", "#g-feed-title", (_CALENDAR_MENU, ".g-cal-menu >> role=menuitem[name='S’abonner…']")
    ),
    Sight("relances", "calendrier?vue=mois", ".g-due-list", (".g-follow[aria-haspopup]",)),
    Sight("dash_data-jour", "dash_data", ".v-date-picker", ("role=button[name='Choisir le jour']",)),
    Sight("pipeline-menu", "contacts?vue=pipeline", "role=menu", (".g-pl-card", "key:Escape", "key:m")),
    Sight("colonnes", "contacts?vue=table", "role=group[name='Colonnes de la table']", ("role=button[name='Colonnes']",)),
    Sight("lot", "contacts", "role=toolbar[name='Contacts sélectionnés']", _PICKED),
    Sight("lot-statut", "contacts", "#g-lot-title", (*_PICKED, f"{_LOT}role=button[name='Statut']")),
    Sight("fusionner", "contacts", "#g-merge-title", (*_PICKED, f"{_LOT}role=button[name='Fusionner']")),
)
ALL = (*PAGES, *PANELS, *DIALOGS)
_SERIES = f"focus:.g-clock a.g-event:has-text('{SERIES}')"
# on a store with a full week (full_week.py) and invitations
FULL_WEEK = (
    Sight("plein-mois", "calendrier?vue=mois", ".g-month a.g-event"),
    Sight("plein-semaine", "calendrier?vue=semaine", _in("calendrier", ".g-clock a.g-event, .g-agenda a")),
    Sight("plein-jour", "calendrier?vue=jour", ".g-clock"),
    Sight("plein-agenda", "calendrier?vue=agenda", ".g-agenda"),
    Sight("plein-question", "calendrier?vue=mois", ".g-cal-asked"),
    Sight("plein-inviter", f"calendrier?event={INVITED}", ".g-event-invite"),
    Sight(
        "plein-participants", f"calendrier?event={INVITED}", "[data-field=participants]", (".g-event-side >> role=button[name='Modifier']",)
    ),
    Sight("plein-serie", "calendrier?vue=jour", "role=dialog[name=/Que faut-il modifier/]", (_SERIES, "key:Alt+ArrowDown")),
    Sight("plein-rappel", "faq", ".g-recall"),
    Sight("plein-rappel-calendrier", "calendrier?vue=semaine", ".g-recall"),
)
