"""The store that benches measure is one the product would have written."""

from __future__ import annotations

from pathlib import Path

from gnetics.actions.leads import save_lead
from tests.bench.leads import lead_rows, make_store, wrong_rows


def test_the_generated_store_is_what_the_product_writes(tmp_path: Path) -> None:
    crm = make_store(tmp_path / "leads.db", 400)
    snapshot = crm.snapshot()
    assert wrong_rows(lead_rows(400), crm) == []
    assert (len(snapshot.real), snapshot.rev) == (400, 1)
    assert snapshot.leads["email"].isna().sum() > 5
    assert save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot).lead_id == "L-000401"
    crm.close()
