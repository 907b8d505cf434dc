"""What is done every night is a rule like others: the last night of each task becomes the run of its rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

RULES = {
    "Vidage de la corbeille": "nuit-corbeille",
    "Conservation des journaux": "nuit-journaux",
    "Calcul du score": "nuit-scores",
    "Contrôle de la nuit": "nuit-controle",
}
# in no log, as all that had nothing to say; when it was tried, that night was due
CARRIED = """
INSERT INTO runs (
    idempotency_key, rule, automation, rule_version, trigger, triggered_by, status, queued_at, started_at, ended_at, due_at, logged_at,
    attempt, max_attempts, search, deleted, erased, updated_at, rev
)
SELECT
    :automation || ' v1 fait N' || day, name, :automation, 1, 'planification', 'Planificateur', 'réussi', tried_at, tried_at, tried_at,
    tried_at, tried_at, 1, 4, '', :true, :false, tried_at, (SELECT value FROM counters WHERE name = 'rev')
FROM tasks WHERE name = :name AND done
"""


def upgrade() -> None:
    op.add_column("automations", sa.Column("nightly", sa.Text(), nullable=True))
    carry(op.get_bind())
    op.drop_table("tasks")


def carry(connection: sa.Connection) -> None:
    for name, automation in RULES.items():
        connection.execute(sa.text(CARRIED), {"name": name, "automation": automation, "true": True, "false": False})
