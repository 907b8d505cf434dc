"""Accounts that see only the leads of which they are the Responsable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("users", sa.Column("own_leads", sa.Boolean(), nullable=False, server_default="0"))
