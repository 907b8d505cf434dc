"""A store of any size for benches: seeded, made in bulk, with the gaps and duplicates of real life."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, update

from gnetics.domain import score
from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS, default_probability, type_of
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm
from gnetics.store.derived import derived
from gnetics.store.lineage import leave_mark
from gnetics.store.schema import counters, history, leads

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIRST = [
    "Camille", "Jean", "Marie", "Léa", "Hugo", "Inès", "Louis", "Chloé", "Élise", "Nathan", "Zoé", "François", "Anaïs", "Gaël",
    "Héloïse", "Karim", "Sofia", "Omar", "Aïcha", "Théo",
]  # fmt: skip
LAST = [
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre",
    "Michel", "Garcia", "Nguyen", "Béranger", "Côté",
]  # fmt: skip
TRADE = [
    "Atelier", "Ébénisterie", "Conseil", "Transports", "Menuiserie", "Boulangerie", "Studio", "Clinique", "Groupe", "Agence",
    "Domaine", "Librairie",
]  # fmt: skip
PLACE = [
    "du Midi", "de l’Ouest", "des Alpes", "Lemoine", "Fabre", "du Lac", "d’Auvergne", "Saint-Roch", "de la Côte", "Nord-Est",
    "Lumière", "du Vieux Port",
]  # fmt: skip
JOBS = ["Gérante", "Directeur commercial", "Acheteuse", "Responsable des achats", "Comptable", None]
SOURCES = ["Site web", "site WEB", "Salon", "Recommandation", "LinkedIn", "Appel entrant", None]
OWNERS = ["Alice Renaud", "Bruno Keller", "Chloé Nguyen", None]
REASONS = ["Prix", "Concurrent", "Pas de budget", None]
TAGS = ["vip", "vip, export", "salon 2026", None, None]
NOTE = "Rencontré au salon ; souhaite une démonstration avant de décider, rappeler en début de semaine."
NOTE_FOLD = fold(NOTE)
CHUNK = 5_000


def make_store(path: Path, n: int, seed: int = 1) -> Crm:
    """An open store at `path` (a file that does not exist yet) with `n` leads and their « import » history."""
    crm = create_crm(Settings(data_dir=path.parent, database_url=f"sqlite:///{path}"), "real")
    rows = lead_rows(n, seed)
    with crm.engine.begin() as connection:
        for start in range(0, n, CHUNK):
            connection.execute(insert(leads), rows[start : start + CHUNK])
        line = {"at": NOW, "who": "banc", "action": "import", "entity": "lead", "field": "", "rev": 1}
        lines = [line | {"entity_key": row["key"]} for row in rows]
        connection.execute(insert(history), lines)
        connection.execute(update(counters).where(counters.c.name == "rev").values(value=1))
        leave_mark(connection, 1)
        connection.execute(update(counters).where(counters.c.name == "lead_id").values(value=n))
    return crm


def lead_rows(n: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows of the table, derived columns included: computed from the parts, since parsing 100,000 phones takes seconds."""
    random = np.random.default_rng(seed)
    pick = {name: random.integers(0, 2**31, n).tolist() for name in ("first", "last", "trade", "place", "status", "other", "days", "gap")}
    folded = {text: fold(text) for text in {*FIRST, *LAST, *TRADE, *PLACE, *SOURCES}}
    return [_row(key + 1, {name: values[key] for name, values in pick.items()}, folded) for key in range(n)]


def _row(key: int, pick: dict[str, int], folded: dict[str | None, str | None]) -> dict[str, Any]:
    first, last = FIRST[pick["first"] % len(FIRST)], LAST[pick["last"] % len(LAST)]
    trade, place = TRADE[pick["trade"] % len(TRADE)], PLACE[pick["place"] % len(PLACE)]
    number = pick["place"] % (key if key % 50 == 0 else 10**6)
    gap = pick["gap"] % 20  # one lead in twenty lacks its name, one its email, one its phone
    status = LABELS[pick["status"] % len(LABELS)]
    source = SOURCES[pick["other"] % len(SOURCES)]
    created = TODAY - timedelta(days=pick["days"] % 365)
    since = created + timedelta(days=pick["other"] % 20)
    name = None if gap == 1 else f"{first} {last}"
    name_fold = None if gap == 1 else f"{folded[first]} {folded[last]}"
    company, company_fold = f"{trade} {place}", f"{folded[trade]} {folded[place]}"
    domain = f"{number % 20_000}.exemple.fr"
    email = None if gap == 2 else f"{folded[first]}.{folded[last]}{pick['other'] % 40}@{domain}"
    phone = None if gap == 3 else f"06 {10 + number // 10_000 % 25:02d} {number // 100 % 100:02d} {number % 100:02d} 56"
    e164 = phone and "+33" + phone.replace(" ", "")[1:]
    lead_id = f"L-{key:06d}"
    notes = NOTE if gap % 3 == 0 else None
    words = [name_fold, company_fold, email, phone, lead_id.lower(), notes and NOTE_FOLD, phone and phone.replace(" ", ""), e164]
    closed = type_of(status) in ("gagné", "perdu")
    row = {
        "key": key, "lead_id": lead_id, "name": name, "company": company, "job_title": JOBS[pick["last"] % len(JOBS)],
        "email": email, "phone": phone, "status": status, "source": source, "owner": OWNERS[pick["trade"] % len(OWNERS)],
        "next_follow_up": TODAY + timedelta(days=pick["first"] % 40 - 15) if gap > 5 and not closed else None,
        "last_contact": since if gap != 4 else None, "amount": pick["other"] % 2_000_000 if gap > 6 else None,
        "probability": default_probability(status), "expected_close": TODAY + timedelta(days=pick["days"] % 200 - 30) if gap > 8 else None,
        "score": pick["last"] % 101 if gap > 3 else None, "notes": notes,
        "lost_reason": REASONS[pick["first"] % len(REASONS)] if status == "Perdu" else None,
        "tags": TAGS[pick["place"] % len(TAGS)], "stage": None, "next_action": None,
        "created_at": created, "closed_at": since if closed else None, "status_since": since, "previous_status": None,
        "real": True, "search": " ".join(word for word in words if word), "name_fold": name_fold, "company_fold": company_fold,
        "email_fold": email, "source_fold": folded[source] if source else None, "phone_e164": e164, "email_domain": email and domain,
        "email_check": "valide" if email else "manquant", "unread": None, "origin": None, "updated_at": NOW, "deleted": False, "rev": 1,
    }  # fmt: skip
    return row | {"score_fit": score.fit(row), "score_activity": 0, "score_source": score.source(None)}


def wrong_rows(rows: list[dict[str, Any]], crm: Crm) -> list[int]:
    """Keys whose derived columns are not those the product would write: the generator must not drift from it."""
    return [row["key"] for row in rows if any(row[name] != value for name, value in derived("leads", row, crm.region, {}).items())]
