"""What every real workbook has: gaps, doubles, impossible dates, rows that are nobody."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from gnetics.demo.journey import REFERENCE
from gnetics.demo.leads import COUNTS, DemoLead

_BAD_EMAILS = (
    "contact@@froid-littoral.example",
    "p.marty chez clim-armor",
    "direction@thermique",
    "agence.nord@ reseaux-anjou.example",
    "voir carte de visite",
)
_BAD_PHONES = ("+33 6 39 98 12 34", "01 99 00 1", "voir standard", "6,1E+08")
NOBODY: tuple[dict[str, Any], ...] = (  # rows with something in them, and no identity
    {"notes": "Rappeler le monsieur du stand d’à côté, carte perdue.", "source": "Salon"},
    {"phone": "+33 1 99 00 47 12", "notes": "Appel manqué vendredi, n’a pas laissé de message."},
    {"status": "Nouveau", "source": "Site web"},
    {"owner": "Julien Carpentier", "notes": "À compléter après le webinaire."},
    {"notes": "Total du mois à vérifier"},
    {"status": "À contacter", "phone": "+33 4 65 71 08 33"},
)
BLANK_ROWS = 5


def spoil(leads: list[DemoLead], rng: Random) -> None:
    """Give some leads the flaws the block Qualité is there to find."""
    of = {status: [lead for lead in leads if lead.journey.status == status] for status in COUNTS}
    for group in of.values():
        rng.shuffle(group)
    _blocked(of["À corriger"])
    _closed(of["Clos"], of["Perdu"])
    _open(of["Contacté"], of["Qualifié"], of["En suivi"])
    _gaps(rng.sample(of["Nouveau"] + of["À contacter"] + of["Contacté"] + of["Perdu"], 40))


def _blocked(leads: list[DemoLead]) -> None:
    for lead, text in zip(leads, _BAD_EMAILS, strict=False):
        lead.values |= {"email": text, "notes": "Le mail revient en erreur, vérifier l’adresse."}
    for lead in leads[5:7]:
        lead.values |= {"email": None, "notes": "Pas d’email sur la carte de visite, le demander au standard."}
    for lead, text in zip(leads[7:10], _BAD_PHONES, strict=False):
        lead.values |= {"phone": text, "notes": "Le numéro sonne dans le vide, demander le bon au standard."}


def _closed(won: list[DemoLead], lost: list[DemoLead]) -> None:
    for lead in won[:2]:
        lead.values["amount"] = None
        lead.lines = [line for line in lead.lines if line.field != "Montant estimé"]
    won[2].values["closed_at"] = None
    won[3].values["closed_at"] = won[3].journey.created - timedelta(days=12)
    lost[0].values["closed_at"] = lost[0].journey.created - timedelta(days=3)
    lost[1].values["last_contact"] = REFERENCE - timedelta(days=1240)
    lost[1].values["notes"] = "Ancien prospect repris de l’agenda papier, sans nouvelles depuis longtemps."
    lost[2].values["phone"] = _BAD_PHONES[3]


def _open(contacted: list[DemoLead], qualified: list[DemoLead], followed: list[DemoLead]) -> None:
    contacted[0].values["last_contact"] = REFERENCE + timedelta(days=37)
    contacted[1].values["next_follow_up"] = "31/02/2027"
    contacted[2].values |= {"amount": "à définir", "status": "En pause"}
    contacted[3].values |= {"status": "En pause"}
    contacted[4].values |= {"status": "Rappeler au printemps"}
    for lead in (*contacted[2:5],):
        lead.lines = []
        lead.values |= {"probability": None, "previous_status": "Contacté", "status_since": None}
    for lead in contacted[5:8]:
        lead.lines = []
        lead.values |= {"status": None, "probability": None, "status_since": None, "previous_status": None}
    qualified[0].values["expected_close"] = "fin mars"
    qualified[1].values["amount"] = "entre 5 et 8 k€"
    for lead in (qualified[0], qualified[1]):
        lead.lines = [line for line in lead.lines if line.field in ("Statut", "Probabilité")]
    followed[0].values["last_contact"] = REFERENCE + timedelta(days=30)


def _gaps(leads: list[DemoLead]) -> None:
    for lead in leads[:8]:
        lead.values |= {"name": None, "job_title": None}
    for lead in leads[8:16]:
        lead.values["company"] = None
    for lead in leads[16:22]:
        lead.values["email"] = None
    for lead in leads[22:24]:
        lead.values |= {"email": None, "phone": None}
    for lead in leads[24:27]:
        lead.values |= {"name": None, "company": None, "job_title": None}
    for lead in leads[27:30]:
        lead.values |= {"name": None, "company": None, "email": None, "job_title": None}
    # typed straight into the workbook: nobody numbered them, so nothing can point at them
    for lead in leads[30:40]:
        lead.values["lead_id"] = None
        lead.lines = []


def doubles(leads: list[DemoLead], rng: Random) -> list[dict[str, Any]]:
    """The same people typed a second time: same email in capitals, same phone, or nearly the same name."""
    chosen = rng.sample(
        [lead for lead in leads if lead.lead_id and all(lead.values[key] for key in ("name", "company", "email", "phone", "owner"))], 8
    )
    rows: list[dict[str, Any]] = []
    for number, lead in enumerate(chosen):
        again = {key: lead.values[key] for key in ("name", "company", "email", "phone", "source", "owner")}
        again |= {
            "lead_id": f"L-{len(leads) + 1 + number:06d}",
            "status": "Nouveau",
            "probability": 5,
            "created_at": REFERENCE - timedelta(days=9 + number),
        }
        if number < 3:
            again |= {"email": str(again["email"]).upper(), "phone": None, "name": str(again["name"]).upper()}
        elif number < 5:
            again |= {"email": None, "name": " ".join(reversed(str(again["name"]).split(" ", 1)))}
        elif number < 7:
            again |= {"email": f"accueil@{lead.person.company.domain}", "phone": None, "name": _misspelt(str(again["name"]))}
        else:
            again |= {"email": None, "phone": None, "name": str(again["name"]).lower(), "company": str(again["company"]).lower()}
        rows.append(again)
    return rows


def _misspelt(name: str) -> str:
    """One letter doubled, as when typing in a hurry."""
    return name[:-2] + name[-2] * 2 + name[-1]
