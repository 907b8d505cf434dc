"""Browsers in which somebody signed in before: strangers who try that name do not keep them out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", "user", name=op.f("pk_devices")),
    )
    op.execute(sa.text("DELETE FROM failed_sign_ins"))  # counted by other subjects from now on
