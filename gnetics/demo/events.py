"""The fictional calendar: meetings, calls and video calls around the reference week."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Any

from gnetics.demo.journey import REFERENCE
from gnetics.demo.leads import DemoLead
from gnetics.demo.people import slug

_WITH_LEAD = (  # (kind, title, description, minutes)
    ("Rendez-vous", "Rendez-vous {company}", "Première rencontre avec {name}. Se garer dans la cour, demander l’accueil.", 60),
    ("Rendez-vous", "Démonstration sur site – {company}", "Apporter la tablette de démonstration et trois licences d’essai.", 90),
    ("Rendez-vous", "Visite d’atelier – {company}", "Faire le tour avec {name}, noter comment le planning est préparé.", 120),
    ("Appel", "Appel de qualification – {name}", "Nombre de techniciens, outil actuel, échéance, qui décide.", 30),
    ("Appel", "Relance du devis – {company}", "Revoir la remise de première année et la date de démarrage.", 30),
    ("Appel", "Point téléphonique – {name}", None, 30),
    ("Visio", "Démonstration en visio – {company}", "Montrer la signature sur mobile et l’export comptable.", 45),
    ("Visio", "Atelier de cadrage – {company}", "Lister les contrats d’entretien à reprendre.", 60),
    ("Visio", "Bilan d’essai – {company}", "Retours des techniciens après deux semaines.", 45),
)
_TEAM = (  # (title, weekday, start, minutes, description)
    ("Réunion d’équipe commerciale", 0, time(9, 0), 60, "Tour de table, affaires à risque, priorités de la semaine."),
    ("Revue des affaires en suivi", 3, time(11, 0), 45, "Chaque affaire de plus de 10 k€, une par une."),
)
# (days from the reference, how many): the week shown is full, the others less so
_SPREAD = ((-21, 4), (-14, 5), (-7, 6), (0, 17), (7, 9), (14, 5), (21, 3))
_STARTS = (
    time(8, 30),
    time(9, 30),
    time(10, 0),
    time(10, 30),
    time(11, 0),
    time(14, 0),
    time(14, 30),
    time(15, 0),
    time(16, 0),
    time(16, 30),
)


def make(leads: list[DemoLead], rng: Random) -> list[dict[str, Any]]:
    met = [lead for lead in leads if lead.lead_id and lead.journey.status in ("Contacté", "Qualifié", "En suivi") and lead.values["name"]]
    rows = [
        _with_lead(rng.choice(met), REFERENCE + timedelta(days=week + rng.randint(0, 4)), rng)
        for week, count in _SPREAD
        for _ in range(count)
    ]
    rows += [_team(REFERENCE + timedelta(weeks=week), meeting) for week in (-1, 0, 1, 2) for meeting in _TEAM]
    rows += _particular(rows)
    rows.sort(key=lambda row: (row["day"], row.get("starts") or time(0)))
    for number, row in enumerate(rows, 1):
        row["uid"] = f"demo-{number:03d}@gnetics.example"
        row["done"] = "Oui" if row["day"] < REFERENCE and row["kind"] != "Autre" and rng.random() < 0.8 else None
    return rows


def _with_lead(lead: DemoLead, day: date, rng: Random) -> dict[str, Any]:
    kind, title, description, minutes = rng.choice(_WITH_LEAD)
    company = lead.values["company"] or lead.person.company.name
    slots = {"company": company, "name": lead.values["name"]}
    start = rng.choice(_STARTS)
    return {
        "title": title.format(**slots),
        "day": day,
        "starts": start,
        "ends": _after(start, minutes),
        "kind": kind,
        "description": description.format(**slots) if description else None,
        "video_url": f"https://visio.gnetics.example/{slug(company)}" if kind == "Visio" else None,
        "lead_id": lead.lead_id,
        "owner": lead.values["owner"],
    }


def _team(monday: date, meeting: tuple[str, int, time, int, str]) -> dict[str, Any]:
    title, weekday, start, minutes, description = meeting
    return {
        "title": title,
        "day": monday + timedelta(days=weekday),
        "starts": start,
        "ends": _after(start, minutes),
        "kind": "Autre",
        "description": description,
        "owner": "Camille Roussel",
    }


def _after(start: time, minutes: int) -> time:
    total = start.hour * 60 + start.minute + minutes
    return time(total // 60, total % 60)


def _particular(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A fair of three days, a day off, and a visit that overlaps another event on purpose."""
    taken = next(row for row in rows if row["day"] == REFERENCE + timedelta(days=2) and row.get("lead_id"))
    fair = REFERENCE + timedelta(days=15)
    return [
        {
            "title": "Salon des métiers de l’entretien, Lyon",
            "day": fair,
            "end_day": fair + timedelta(days=2),
            "all_day": "Oui",
            "kind": "Autre",
            "description": "Stand B42. Badges à retirer la veille, démonstrations toutes les heures.",
            "owner": "Sophie Marchand",
        },
        {"title": "Congé de Mehdi", "day": REFERENCE + timedelta(days=4), "all_day": "Oui", "kind": "Autre", "owner": "Mehdi Haddad"},
        {
            "title": "Entretien avec le partenaire comptable",
            "day": taken["day"],
            "starts": taken["starts"],
            "ends": _after(taken["starts"], 75),
            "kind": "Rendez-vous",
            "description": "Préparer l’export vers leur logiciel. Tombe en même temps qu’un autre rendez-vous.",
            "owner": taken["owner"],
        },
    ]
