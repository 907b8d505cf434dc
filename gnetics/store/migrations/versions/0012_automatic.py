"""A message says itself whether an automation sent it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def mark_automatic(connection: sa.Connection) -> None:
    """The messages that a run names."""
    named = "message_id IN (SELECT message_id FROM runs WHERE message_id IS NOT NULL AND NOT deleted)"
    connection.execute(sa.text(f"UPDATE messages SET automatic = :yes WHERE {named}"), {"yes": True})  # noqa: S608 - words of ours


def upgrade() -> None:
    op.create_index(op.f("ix_runs_message_id"), "runs", ["message_id"])
    op.add_column("messages", sa.Column("automatic", sa.Boolean(), nullable=False, server_default="0"))
    mark_automatic(op.get_bind())
