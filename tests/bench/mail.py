"""Logs of a million rows: what they weigh in a kernel and its first load; a page, a filter and a search of them in the browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from playwright.sync_api import Page
from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal, select

from gnetics.store import correspondence, log_counts
from gnetics.store.crm import Crm
from gnetics.store.derived import derived
from gnetics.store.schema import messages, runs
from tests.bench.browsing import TURNS, kernel_megabytes, opened, waited
from tests.bench.leads import NOW, make_store
from tests.bench.report import Report, best

LEADS, ROWS, MANY = 100_000, 200_000, 1_000_000  # leads; mails and runs, each
DISTINCT = 5_000  # rows made one by one, then repeated
SAID = (
    "bonjour merci tarif devis rendez-vous projet demande offre contrat budget équipe logiciel réunion semaine prochaine cordialement "
    "facture licence support formation intégration mardi question relance"
)
WORDS = SAID.split()
FOOT = "document.querySelector('.g-log-foot')"
FIND = "document.querySelector('.g-log .g-find input')"
CHANGED = "return document.querySelector('.g-log').textContent !== window.was;"
WAS = "window.was = document.querySelector('.g-log').textContent; "
TYPE = WAS + f"const box = {FIND}; box.value = '%s'; box.dispatchEvent(new Event('input', {{ bubbles: true }}));"
TILE = WAS + "document.querySelectorAll('.g-count')[%d].click();"
TURN = f"window.was = {FOOT}.textContent; {FOOT}.querySelector('[aria-label=\"Page suivante\"]').click();"


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        folder = Path(name)
        crm = make_store(folder / "logs.db", report.size(LEADS))
        bare = best(crm.snapshot)
        alone = _weight(report, crm, folder)
        _fill(crm, report.size(LEADS), report.size(ROWS))
        report("first_load_200k_to_none", best(crm.snapshot) / bare, "ratio", 1.2)
        _repeat(crm, report.size(MANY) // report.size(ROWS))
        crm.close()
        with opened(report, _url(folder), folder, "inbox") as (server, _, page):
            report("memory_1m_over_none", kernel_megabytes(server) - alone, "MB", 60)
            words = ("devis", "objet 4077", "xyz", "p12@ex.fr", "mardi relance", "bonj", "personne 77", "é")
            _log(report, page, "inbox", (1, 2, 3), words)
        with opened(report, _url(folder), folder, "automations") as (_, _, page):
            _log(report, page, "automations", (1, 2, 3), ("règle 3", "échec", "personne 77", "xyz", "relance 4077", "rais"))


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'logs.db'}"


def _weight(report: Report, crm: Crm, folder: Path) -> float:
    crm.engine.dispose()
    with opened(report, _url(folder), folder, "inbox") as (server, _, _):
        return kernel_megabytes(server)


def _log(report: Report, page: Page, name: str, tiles: tuple[int, ...], words: tuple[str, ...]) -> None:
    report(f"{name}.page", waited(report, page, [(TURN, f"return {FOOT}.textContent !== window.was;")] * (TURNS + 1)), "ms", 150)
    report(f"{name}.filter", waited(report, page, [(TILE % tile, CHANGED) for tile in (0, *tiles, 0, *tiles)]), "ms", 150)
    # typing waits for 180 ms that nothing more is typed
    report(f"{name}.search", waited(report, page, [(TYPE % word, CHANGED) for word in words]), "ms", 180 + 150)


def _fill(crm: Crm, leads: int, count: int) -> None:
    """Two mails of three received, four of five about a lead, a text of 150 words; as many runs."""
    random = np.random.default_rng(5)
    some = min(DISTINCT, count)
    owners = random.integers(1, leads + 1, some).tolist()
    texts = [" ".join(WORDS[each] for each in random.integers(0, len(WORDS), 150)) for _ in range(200)]

    def both(name: str, row: dict[str, Any]) -> dict[str, Any]:
        full = {"updated_at": NOW, "deleted": False, "rev": 1, **row}
        return full | derived(name, full, crm.region, {})

    mails = [both("messages", _mail(place, owners[place - 1], texts[place % 200])) for place in range(1, some + 1)]
    made = [both("runs", _run(place, owners[place - 1])) for place in range(1, some + 1)]
    with crm.engine.begin() as connection:
        connection.execute(insert(messages), mails)
        connection.execute(insert(runs), made)
    _repeat(crm, count // some)


def _mail(key: int, lead: int, text: str) -> dict[str, Any]:
    return {
        "key": key,
        "message_id": f"<{key}@ex.fr>",
        "direction": "envoyé" if key % 3 == 0 else "reçu",
        "kind": "message" if key % 20 else "rejet",
        "sender": f"Personne {key % 700} <p{key % 700}@ex.fr>",
        "subject": f"Objet {key}",
        "at": NOW - timedelta(minutes=7 * key),
        "text": text,
        "lead_key": lead if key % 5 else None,
        "matched_by": "expéditeur" if key % 5 else None,
        "drop_reason": None if key % 40 else "liste",
        "reply_state": "proposée" if key % 1000 == 7 else None,
    }


def _run(key: int, lead: int) -> dict[str, Any]:
    asked = NOW - timedelta(minutes=7 * key)
    return {
        "key": key,
        "idempotency_key": str(key),
        "rule": f"Règle {key % 12}",
        "lead_key": lead,
        "lead_label": f"Personne {key % 700}",
        "subject": f"Relance {key}",
        "status": ("réussi", "échec", "ignoré", "réussi")[key % 4],
        "reason": "Une raison en quelques mots, comme il y en a tant.",
        "queued_at": asked,
        "started_at": asked,
        "ended_at": asked + timedelta(seconds=1),
        "attempt": 1,
    }


def _repeat(crm: Crm, times: int) -> None:
    """So many times the rows there are, one after the other, then what is kept of them."""
    with crm.engine.begin() as connection:
        for table, identity in ((messages, messages.c.message_id), (runs, runs.c.idempotency_key)):
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
            for time in range(1, times):
                _copy(connection, table, count, {"key": table.c.key + time * count, identity.name: identity + literal(f"-{count}-{time}")})
        correspondence.settle_all(connection)
        for log in log_counts.LOGS:
            log_counts.settle_all(connection, log)


def _copy(connection: Connection, table: Table, count: int, changed: dict[str, ColumnElement[Any]]) -> None:
    rows = select(*(changed.get(column.name, column) for column in table.c)).where(table.c.key <= count)
    connection.execute(insert(table).from_select([column.name for column in table.c], rows))
