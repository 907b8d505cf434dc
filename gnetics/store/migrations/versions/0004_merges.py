"""Leads merged into another one; near spellings are looked for anew by the upgrade itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("leads", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_index("ix_leads_merged_into", "leads", ["merged_into"])
