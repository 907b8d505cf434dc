"""A random mark for each transaction, by which a store that went back is known, and the nights on which the worker was there."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    marks = op.create_table(
        "marks",
        sa.Column("rev", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rev", name=op.f("pk_marks")),
    )
    op.create_table(
        "nights",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_nights")),
    )
    rev = op.get_bind().execute(sa.text("SELECT value FROM counters WHERE name = 'rev'")).scalar()
    if rev is not None:  # else the store is being made
        op.bulk_insert(marks, [{"rev": rev, "mark": secrets.token_hex(8)}])
