"""The Inbox Log with 100,000 messages, in the browser: turning a page, searching."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import insert

from gnetics.store.crm import Crm
from gnetics.store.derived import derived
from gnetics.store.schema import messages
from tests.bench.browsing import TURNS, opened, waited
from tests.bench.leads import CHUNK, NOW, make_store
from tests.bench.report import Report

LEADS, MESSAGES = 1_000, 100_000
SUBJECTS = ["Votre devis", "Rendez-vous de mardi", "Relance", "Question sur l’offre", "Merci"]
FOOT = "document.querySelector('.g-log-foot')"
FIND = "document.querySelector('.g-log .g-find input')"
TYPE = f"window.was = document.querySelector('.g-log').textContent; const box = {FIND}; box.value = '%s'; box.dispatchEvent(new Event('input', {{ bubbles: true }}));"  # noqa: E501


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        folder = Path(name)
        crm = make_store(folder / "mail.db", report.size(LEADS))
        _fill(crm, report.size(LEADS), report.size(MESSAGES))
        crm.close()
        with opened(report, f"sqlite:///{folder / 'mail.db'}", folder, "inbox") as (_, _, page):
            act = f"window.was = {FOOT}.textContent; {FOOT}.querySelector('[aria-label=\"Page suivante\"]').click();"
            report("page", waited(report, page, [(act, f"return {FOOT}.textContent !== window.was;")] * (TURNS + 1)), "ms", 150)
            changed = "return document.querySelector('.g-log').textContent !== window.was;"
            words = ["devis", "relance", "mardi", "offre", "numero 77", "merci", "personne 12", "question"]
            report("search", waited(report, page, [(TYPE % word, changed) for word in words]), "ms", 300)


def _fill(crm: Crm, leads: int, count: int) -> None:
    """One message in two received, all attached to a lead."""
    random = np.random.default_rng(5)
    owners, subjects = random.integers(1, leads + 1, count).tolist(), random.integers(0, len(SUBJECTS), count).tolist()
    with crm.engine.begin() as connection:
        for start in range(0, count, CHUNK):
            keys = range(start + 1, min(start + CHUNK, count) + 1)
            connection.execute(insert(messages), [_row(crm, key, owners[key - 1], SUBJECTS[subjects[key - 1]]) for key in keys])


def _row(crm: Crm, key: int, lead: int, subject: str) -> dict[str, Any]:
    row = {
        "key": key,
        "message_id": f"<{key}@exemple.fr>",
        "direction": "reçu" if key % 2 else "envoyé",
        "kind": "message",
        "sender": f"personne {lead}",
        "subject": subject,
        "at": NOW - timedelta(minutes=7 * key),
        "text": f"Bonjour, ceci est le message numéro {key}. Bien à vous.",
        "lead_key": lead,
        "updated_at": NOW,
        "deleted": False,
        "rev": 1,
    }
    return row | derived("messages", row, crm.region, {})
