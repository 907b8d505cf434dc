"""Attachments of mails are kept, and what is too old is erased from the logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("message_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "media_type", "digest")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_key", "position", name=op.f("pk_attachments")),
    )
    for table in ("messages", "runs"):
        op.add_column(table, sa.Column("erased", sa.Boolean(), nullable=False, server_default="0"))
    op.drop_index("ix_messages_figures", "messages")
    figured = ["key", "direction", "kind", "at", "lead_key", "automatic", "deleted", "erased"]
    op.create_index("ix_messages_figures", "messages", figured)
    op.create_table(
        "erased_logs",
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.String(10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_erased_logs")),
    )
