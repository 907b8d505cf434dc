"""A lead may be a new deal of somebody who was won or lost before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("leads", sa.Column("deal_of", sa.Text(), nullable=True))
