"""The automatic score (points kept with each lead, what each source has given), and an index of the bin."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "source_rates",
        sa.Column("source_fold", sa.Text(), nullable=False),
        sa.Column("won", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source_fold", name=op.f("pk_source_rates")),
    )
    for name in ("score_fit", "score_activity", "score_source"):
        op.add_column("leads", sa.Column(name, sa.Integer(), nullable=True))
    binned = sa.text("deleted")
    op.create_index("ix_leads_binned", "leads", ["updated_at"], sqlite_where=binned, postgresql_where=binned)
