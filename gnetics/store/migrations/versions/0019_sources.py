"""Files that are read again and again: how far each is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.String(32), nullable=False),
        sa.Column("read_at", sa.String(32), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("digest", "titles", "said")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )
