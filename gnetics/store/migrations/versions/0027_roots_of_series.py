"""« Celui-ci et les suivants » of a series know which one they were cut from: what was recalled is not recalled again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("events", sa.Column("root_key", sa.BigInteger(), nullable=True))
