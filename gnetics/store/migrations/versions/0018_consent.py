"""Whether a lead agreed to be written to, since when and by what, and the legal ground on which they are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for name, kind in (("legal_basis", sa.Text()), ("consent", sa.Text()), ("consent_on", sa.String(10)), ("consent_source", sa.Text())):
        op.add_column("leads", sa.Column(name, kind, nullable=True))
