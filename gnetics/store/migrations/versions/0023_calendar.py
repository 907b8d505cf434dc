"""Events have a place, participants, a reminder, a series that they are or belong to; other calendars follow them by secret addresses."""

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
    op.create_table(
        "feeds",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_feeds")),
        sa.UniqueConstraint("digest", name=op.f("uq_feeds_digest")),
    )
