"""Calendars on CalDAV servers: how far each is, and what both sides last agreed on; what participants were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "collections",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "asked", "url", "token")),
        sa.Column("tried_at", sa.String(32), nullable=False),
        sa.Column("done_at", sa.String(32), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_collections")),
    )
    op.create_table(
        "collection_objects",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("collection", "href", "etag", "uid")),
        sa.Column("event_key", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "said")),
        sa.PrimaryKeyConstraint("collection", "href", name=op.f("pk_collection_objects")),
    )
    op.create_index(op.f("ix_collection_objects_event_key"), "collection_objects", ["event_key"])
    op.create_table(
        "invitations",
        sa.Column("event_key", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("told", "people")),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("event_key", name=op.f("pk_invitations")),
    )
