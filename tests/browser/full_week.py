"""A week of twenty meetings around today: what overlaps, lasts all day or several, repeats, is too long or hostile, is about to begin."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.series import clocks
from gnetics.store.crm import Crm
from gnetics.store.schema import leads

HOSTILE = "<img src=x onerror=alert(1)> & « guillemets » \u202erenversé\u202c ÀÉÎ 😀"
LONG = "Présentation de la nouvelle offre de maintenance préventive multi-sites avec le comité de direction et les responsables régionaux"
PEOPLE = [["zoe.martin@client.example", "Zoé Martin", "ACCEPTED"], ["paul@autre.example", "", "NEEDS-ACTION"]]
INVITED, SERIES = "plein-inviter@gnetics", "Revue du jour"
# day, hour and minute, minutes, title, kind, category, which contact, more
_MEETINGS: list[tuple[int, tuple[int, int], int, str, str, str | None, int, dict[str, Any]]] = [
    (0, (9, 0), 60, "Point d’équipe", "Rendez-vous", "Interne", 0, {}),
    (0, (9, 30), 60, LONG, "Visio", "Client", 1, {"video_url": "https://visio.example/abc"}),
    (0, (9, 45), 30, "Appel de qualification", "Appel", None, 2, {}),
    (0, (14, 0), 90, "Démonstration", "Visio", "Prospect", 3, {}),
    (0, (14, 30), 45, HOSTILE, "Autre", "<b>gras</b>", 0, {}),
    (1, (8, 0), 30, "Petit-déjeuner", "Rendez-vous", None, 0, {}),
    (1, (9, 0), 60, "Réunion de suivi", "Rendez-vous", "Client", 4, {"participants": json.dumps(PEOPLE), "uid": INVITED}),
    (1, (9, 0), 60, "Signature du devis", "Rendez-vous", None, 5, {}),
    (1, (9, 0), 120, "Atelier technique", "Visio", "Prospect", 6, {}),
    (1, (9, 15), 15, "Appel rapide", "Appel", None, 7, {}),
    (1, (9, 30), 60, "Comité", "Autre", "Interne", 0, {}),
    (1, (16, 0), 15, "Rappeler", "Appel", None, 8, {}),
    (2, (11, 0), 60, "Visite du site", "Rendez-vous", None, 9, {"cancelled": True}),
    (2, (13, 0), 240, "Formation des utilisateurs", "Visio", "Client", 10, {"done": True}),
    (2, (18, 30), 90, "Soirée du réseau", "Rendez-vous", "Réseau", 0, {}),
    (3, (10, 0), 60, "Négociation", "Rendez-vous", "Prospect", 11, {}),
    (3, (10, 30), 60, "Entretien", "Rendez-vous", "Interne", 0, {}),
    (3, (23, 0), 180, "Mise en production de nuit", "Autre", "Interne", 0, {}),
    (4, (9, 0), 45, "Revue du pipeline", "Rendez-vous", "Interne", 0, {"recurrence": "FREQ=MONTHLY"}),
    (4, (17, 0), 60, "Bilan de semaine", "Visio", None, 12, {}),
]
_DAYS = [(1, 4, "Salon Préventica à Lyon, stand B12", "Réseau"), (3, 4, "Congé de Bruno", None), (4, 8, "Séminaire annuel", "Interne")]


def fill(crm: Crm) -> None:
    """The store of `crm` with that week, and a reminder of Ana's that shows."""
    now, zone = crm.clock.now(), crm.region.zone
    monday = now.date() - timedelta(days=now.weekday())
    with crm.read() as connection:
        keys = connection.execute(select(leads.c.key).where(~leads.c.deleted).order_by(leads.c.key)).scalars().all()

    def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
        return datetime.combine(monday + timedelta(days=day), time(hour, minute), zone)

    rows = []
    for n, (day, clock, minutes, title, kind, category, lead, more) in enumerate(_MEETINGS):
        row = _row(f"plein-{n}@gnetics", title, at(day, *clock), minutes)
        rows.append(row | {"kind": kind, "category": category, "lead_key": keys[lead * 3] if lead else None} | more)
    for first, end, title, category in _DAYS:
        row = _row(f"plein-{title}", title, at(first), 0)
        rows.append(row | {"ends_at": at(end), "all_day": True, "category": category})
    rows.append(_row("plein-serie@gnetics", SERIES, at(now.weekday(), 7), 45) | {"category": "Interne", "recurrence": "FREQ=DAILY"})
    soon = _row("plein-rappel@gnetics", "Rendez-vous de signature", now + timedelta(minutes=30), 90)
    rows.append(soon | {"reminder": 60})
    with crm.write("Ana", Verb.SAVE_EVENT) as uow:
        uow.insert_many("events", [row | clocks(row, crm.region) for row in rows], Action.CREATED)
        uow.commit_all()


def _row(uid: str, title: str, start: datetime, minutes: int) -> dict[str, Any]:
    """With all the columns that any of them has."""
    return {
        "uid": uid, "title": title, "starts_at": start, "ends_at": start + timedelta(minutes=minutes), "all_day": False, "kind": "Autre",
        "owner": "Ana", "zone": None, "recurrence": None, "category": None, "lead_key": None, "participants": None, "reminder": None,
        "video_url": None, "done": False, "cancelled": False,
    }  # fmt: skip
