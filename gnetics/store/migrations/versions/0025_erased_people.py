"""People are erased: leads that are nobody's any more, keyed digests of who was, and the store's own key for them."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("leads", sa.Column("erased_at", sa.String(32), nullable=True))
    op.create_table(
        "erased_people",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_people")),
    )
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    op.bulk_insert(meta, [{"name": "erasure_key", "value": secrets.token_hex(32)}])
