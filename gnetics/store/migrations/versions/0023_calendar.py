"""An event has a place, participants, a reminder; it may be cancelled, be a series, or one occurrence of a series that was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for column in (
        sa.Column("cancelled", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("participants", sa.Text(), nullable=True),
        sa.Column("reminder", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wall_start", sa.String(19), nullable=True),
        sa.Column("wall_end", sa.String(19), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=True),
        sa.Column("series_key", sa.BigInteger(), nullable=True),
        sa.Column("occurrence", sa.String(19), nullable=True),
    ):
        op.add_column("events", column)
    op.create_index("ix_events_series_key", "events", ["series_key"])
