"""What happens is told to what acts by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gnetics.store.schema import Key

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "happenings",
        sa.Column("key", Key, nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("what", "action", "keys")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("before", "after")),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_happenings")),
    )
    op.create_index(op.f("ix_happenings_rev"), "happenings", ["rev"])
    op.create_table(
        "consumers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_consumers")),
    )
