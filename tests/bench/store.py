"""Loading, refreshing, saving and importing among 100,000 leads on SQLite."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd

from gnetics.actions.imports import import_rows
from gnetics.actions.leads import save_lead
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm
from tests.bench.leads import lead_rows, make_store
from tests.bench.report import Report, best

LEADS, CHANGED = 100_000, 100


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        path = Path(folder) / "leads.db"
        leads = report.size(LEADS)
        crm = make_store(path, leads)
        crm.close()
        # before our engine holds the file, and while nobody else does: a second opener would drop its locks
        pandas = best(lambda: _read_sql(path))
        report("pandas_read_sql", 1000 * pandas, "ms")
        first_load = best(crm.snapshot)
        report("first_load", 1000 * first_load, "ms")
        report("first_load_to_read_sql", first_load / pandas, "ratio", 0.6)
        _refreshes(report, crm, leads)
        crm.close()
        _import(report, Path(folder), leads)


def _read_sql(path: Path) -> pd.DataFrame:
    with closing(sqlite3.connect(path)) as connection:
        return pd.read_sql("SELECT * FROM leads", connection)


def _refreshes(report: Report, crm: Crm, leads: int) -> None:
    snapshot, rng, turn = crm.snapshot(), random.Random(1), count(1)

    def change() -> None:
        number = next(turn)
        with crm.write("banc", Verb.SAVE_LEAD) as uow:
            rows = uow.rows("leads", rng.sample(range(1, leads + 1), CHANGED))
            changes = {"status": "Perdu", "amount": number, "name": f"Nom {number}", "notes": f"Note {number}"}
            uow.update_many("leads", [(row, changes) for row in rows.values()], Action.CHANGED)
            uow.commit()

    report("refresh_100_changed", 1000 * best(snapshot.refresh, before=change), "ms", 50)
    report("refresh_nothing_new", 1000 * best(snapshot.refresh), "ms", 1)
    report("save", 1000 * best(lambda: save_lead(crm, "banc", 7, {"amount": next(turn)}, None, snapshot)), "ms")
    new = {"name": "Jean Dupont", "email": "jean.dupont@5.exemple.fr", "phone": "06 12 34 56 78"}
    report("create", 1000 * best(lambda: save_lead(crm, "banc", None, new, None, snapshot)), "ms")


def _import(report: Report, folder: Path, leads: int) -> None:
    crm = create_crm(Settings(data_dir=folder), "real")
    rows = [{name: row.get(name) for name in BY_KEY} for row in lead_rows(leads)]
    for name, limit in (("import", 20), ("import_again", None)):
        start = perf_counter()
        with crm.write("banc", Verb.SAVE_LEAD) as uow:
            import_rows(uow, "leads", rows)
            uow.commit()
        report(name, perf_counter() - start, "s", limit)
    crm.close()
