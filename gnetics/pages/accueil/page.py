"""Accueil: the day in one sentence, a card per page with its live figure, the next events."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import ipyvuetify as v
import pandas as pd

from gnetics import texts
from gnetics.domain import dates, leads, money, series
from gnetics.domain.events import safe_link
from gnetics.domain.messages import WAITING, Filed
from gnetics.domain.runs import FAILURES
from gnetics.domain.typography import capital, counted, number
from gnetics.metrics.figure import Figure
from gnetics.metrics.headline import Headline, headline
from gnetics.metrics.population import Population
from gnetics.metrics.priority import Priority, priority
from gnetics.pages.accueil import words as home_words
from gnetics.pages.accueil.first_steps import first_steps
from gnetics.pages.accueil.widgets.home import Card, CardFigure, Home, NextEvent
from gnetics.pages.app import App
from gnetics.pages.boards import waiting
from gnetics.pages.boards.widgets.dashboard import WaitingLine
from gnetics.pages.opening import opener
from gnetics.state.sidebar import PAGES
from gnetics.store import occurrence_frames
from gnetics.store.reading import logs
from gnetics.widgets import codec
from gnetics.widgets.lead_rows import Row

FIRST = 5  # lines of « À traiter en premier » and of « Prochains événements »
WEEK = 7
ORDER = ("dashboard", "contacts", "dash_data", "calendrier", "automations", "inbox")
ENTRIES = {page.key: page for page in PAGES}


class AccueilPage:
    """Read only; its figures are those of the pages they lead to."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._home = Home(lambda page, query: app.go(page, **query))
        self._day: date | None = None
        self.widget = v.Html(tag="div", class_="g-page", children=[self._home])

    def visit(self, query: dict[str, str]) -> None:
        if self._day != self._app.today():  # a session left open since yesterday
            self.refresh()
        with self._home.hold_sync():
            self._home.greeting = home_words.greeting(self._app.crm.clock.now(), self._app.user)

    def refresh(self) -> None:
        app, snapshot = self._app, self._app.snapshot
        self._day = app.today()
        population = Population.of(snapshot.leads, self._day)
        waiting = priority(population, app.region.first_weekday)
        coming = self._coming()
        home = self._home
        with home.hold_sync():
            home.greeting = home_words.greeting(app.crm.clock.now(), app.user)
            home.day = dates.long(self._day, app.region)
            home.sentence = self._sentence(waiting, coming)
            home.empty = not (len(snapshot.real) or snapshot.limited)
            home.steps = first_steps(app)
            home.cards = self._cards(headline(population), waiting, coming)
            home.first = [self._line(row) for row in waiting.rows(0, FIRST)]
            home.first_more = max(0, _count(waiting.total) - FIRST)
            home.agenda = [self._event(row) for row in codec.records(coming)]

    def _sentence(self, waiting: Priority, coming: pd.DataFrame) -> str:
        event = codec.records(coming.head(1))
        words = home_words.next_event(event[0]["title"], self._when(event[0]), self._under_way(event[0])) if event else ""
        return home_words.day_sentence(
            _count(waiting.follow_up), _count(waiting.never_contacted), _count(waiting.blocked), _count(waiting.late), words
        )

    def _cards(self, top: Headline, waiting: Priority, coming: pd.DataFrame) -> list[Card]:
        made: dict[str, CardFigure] = {
            "dashboard": self._pipeline(top),
            "contacts": self._contacts(waiting),
            "dash_data": self._conversion(top),
            "calendrier": self._calendar(coming),
            "automations": self._automations(),
            "inbox": self._inbox(),
        }
        return [{"page": key, "title": ENTRIES[key].title, "icon": ENTRIES[key].icon, **made[key]} for key in ORDER]

    def _pipeline(self, top: Headline) -> CardFigure:
        amount = texts.NOT_AVAILABLE if top.amount.value is None else money.short(int(top.amount.value), self._app.region)
        return _card(number(_count(top.pipeline)), "leads dans le pipeline actif", f"{amount} de montant estimé")

    def _contacts(self, waiting: Priority) -> CardFigure:
        count, aside = len(self._app.snapshot.real), self._app.snapshot.set_aside
        note = f"{counted(_count(waiting.total), 'contact')} à traiter aujourd’hui"
        return _card(
            number(count), "contacts réels" if count > 1 else "contact réel", note + (f" · {counted(aside, 'écarté')}" if aside else "")
        )

    def _conversion(self, top: Headline) -> CardFigure:
        won = f"{counted(top.conversion.numerator, 'gagné')} sur {number(top.conversion.denominator or 0)}"
        return _card(_percent(top.conversion), "taux de conversion", f"{won} · taux de réussite {_percent(top.success)}")

    def _calendar(self, coming: pd.DataFrame) -> CardFigure:
        today = self._day or self._app.today()
        events, zone = self._app.snapshot.events, self._app.region.zone
        first, end = (dates.first_instant(day, zone) for day in (today, today + timedelta(days=1)))
        there = events[~events["cancelled"].to_numpy()]
        count = len(occurrence_frames.in_frame(there, self._app.snapshot.changed_occurrences, first, end, self._app.region))
        note = f"rien {'d’autre ' if count else ''}n’est prévu"
        for event in codec.records(coming.head(1)):
            note = f"{'en cours' if self._under_way(event) else 'prochain'} {self._when(event)}"
        return _card(number(count), "événement aujourd’hui" if count < 2 else "événements aujourd’hui", note)

    def _automations(self) -> CardFigure:
        week = self._runs(WEEK)
        failed = sum(count for (status, *_), count in week.items() if status in FAILURES)
        done = self._runs(1).total()
        today = f"{number(done) if done else 'aucune'} aujourd’hui"
        note = f"{counted(failed, 'échec')}, {today}" if failed else f"{today}, aucun échec"
        return _card(number(week.total()), "actions automatiques en 7 jours", note, failed > 0)

    def _runs(self, days: int) -> Counter[logs.Group]:
        return logs.counts(self._app.crm, self._app.user, logs.RUNS, self._since(days))

    def _inbox(self) -> CardFigure:
        mails = logs.counts(self._app.crm, self._app.user, logs.MAIL)
        waiting = sum(count for (_, answer, _), count in mails.items() if answer in WAITING)
        loose = sum(count for (filed, *_), count in mails.items() if filed == Filed.LOOSE)
        attached = f"{counted(loose, 'email')} sans contact rattaché" if loose else "chaque email a son contact"
        label = "réponse proposée, à décider" if waiting < 2 else "réponses proposées, à décider"
        return _card(number(waiting), label, attached if mails else "aucun email reçu")

    def _since(self, days: int) -> datetime:
        day = self._day or self._app.today()
        return dates.first_instant(date.fromordinal(day.toordinal() - days + 1), self._app.region.zone)

    def _coming(self) -> pd.DataFrame:
        """The first events not over yet, neither done nor cancelled, the soonest first."""
        snapshot, now = self._app.snapshot, self._app.crm.clock.now()
        return occurrence_frames.coming(snapshot.events, snapshot.changed_occurrences, now, self._app.region, FIRST)

    def _under_way(self, event: Row) -> bool:
        """With an end to say: a whole day is simply today's."""
        return not event["all_day"] and bool(event["starts_at"] <= self._app.crm.clock.now())

    def _when(self, event: Row) -> str:
        """« demain à 14:00 », « jusqu’à 16:30 » of what is under way."""
        if self._under_way(event):
            return self._until(event)
        return self._day_of(event) + ("" if event["all_day"] else f" à {event['starts_at'].astimezone(self._app.region.zone):%H:%M}")

    def _until(self, event: Row) -> str:
        end = event["ends_at"].astimezone(self._app.region.zone)
        return f"jusqu’à {end:%H:%M}" if end.date() == self._app.today() else f"jusqu’à {self._near(end.date())}"

    def _day_of(self, event: Row) -> str:
        """Today, of what began before."""
        return self._near(max(event["starts_at"].astimezone(self._app.region.zone).date(), self._app.today()))

    def _near(self, day: date) -> str:
        return dates.near(day, self._app.today(), self._app.region)

    def _event(self, event: Row) -> NextEvent:
        zone = self._app.region.zone
        start, end = event["starts_at"].astimezone(zone), event["ends_at"].astimezone(zone)
        frame = self._app.snapshot.leads
        lead = codec.record(frame, event["lead_key"])
        now = self._under_way(event)
        return {
            "key": series.ref_of(event),
            "day": "En cours" if now else capital(self._day_of(event)),
            "hours": "journée entière" if event["all_day"] else self._until(event) if now else f"{start:%H:%M} – {end:%H:%M}",
            "title": event["title"],
            "facts": " · ".join(part for part in (leads.title(lead) if lead else "", event["kind"] or "", event["owner"] or "") if part),
            "video": bool(safe_link(event["video_url"])),
        }

    def _line(self, row: Row) -> WaitingLine:
        amount = "" if row["amount"] is None else money.short(int(row["amount"]), self._app.region)
        return waiting.line(row, row["reason"], amount, row["status"] or texts.NO_STATUS)


def _card(figure: str, label: str, note: str, alert: bool = False) -> CardFigure:
    return {"figure": figure, "label": label, "note": note, "alert": alert}


def _count(figure: Figure) -> int:
    return int(figure.value or 0)


def _percent(figure: Figure) -> str:
    return texts.NOT_AVAILABLE if figure.value is None else f"{100 * figure.value:.1f}\u00a0%".replace(".", ",")


def build(app: App) -> AccueilPage:
    return AccueilPage(app)


show = opener("accueil")
