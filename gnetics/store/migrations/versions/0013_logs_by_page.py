"""Logs are read by page: their words, what they are sorted and counted by, and their indexes."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from alembic import op

from gnetics.store import full_text
from gnetics.store.bulk import update_rows
from gnetics.store.derived import log_row
from gnetics.store.schema import VERSIONED

revision = "0013"
down_revision = "0012"

log = logging.getLogger("gnetics.store")
TOGETHER = 5_000  # rows
FILLED = {"search", "sender_fold", "sender_address", "subject_fold", "logged_at", "lasted", "label_fold"}
READ = {  # what the tables of this version have, whatever derived.py reads today
    "messages": ("subject", "sender", "recipients", "text", "reply_text", "reply_final", "at"),
    "runs": (
        *("rule", "lead_label", "subject", "status", "reason", "error", "detail", "triggered_by"),
        *("queued_at", "started_at", "ended_at"),
    ),
}


def upgrade() -> None:
    for name in ("sender_fold", "subject_fold"):
        op.add_column("messages", sa.Column(name, sa.Text(), nullable=True))
    for name in ("sender_address", "filed", "answer"):
        op.add_column("messages", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table in ("messages", "runs"):
        op.add_column(table, sa.Column("logged_at", sa.String(32), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("lasted", sa.BigInteger(), nullable=True))
    op.add_column("runs", sa.Column("label_fold", sa.Text(), nullable=True))
    op.create_table(
        "log_counts",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("log", "day", "counted", "facet", "reason")),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", "day", "counted", "facet", "reason", name=op.f("pk_log_counts")),
    )
    for table, name in (("messages", "in_reply_to"), ("messages", "thread"), ("runs", "retry_of")):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
    fill(op.get_bind())
    found_by = ["logged_at", "key", "filed", "answer", "lead_key", "deleted", "sender_fold", "subject_fold"]
    op.create_index("ix_messages_log", "messages", found_by)
    op.create_index("ix_messages_filed_sender_address", "messages", ["filed", "sender_address", "deleted"])
    op.create_index("ix_messages_figures", "messages", ["key", "direction", "kind", "at", "lead_key", "automatic", "deleted"])
    found_by = ["logged_at", "key", "status", "rule", "lead_key", "deleted", "label_fold", "lasted", "attempt"]
    op.create_index("ix_runs_log", "runs", found_by)


def fill(connection: sa.Connection) -> None:
    """What each row's own texts and instants say; migrate.py then settles what other rows say of it, and the counts."""
    for name, columns in READ.items():
        table = VERSIONED[name]
        read = sa.select(table.c.key, *(table.c[column] for column in columns)).order_by(table.c.key).limit(TOGETHER)
        total, done, last = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one(), 0, 0
        while rows := connection.execute(read.where(table.c.key > last)).mappings().all():
            update_rows(connection, table, [{"key": row["key"], **_own(name, dict(row))} for row in rows])
            done, last = done + len(rows), rows[-1]["key"]
            log.info("version %s : %s, %d sur %d", revision, name, done, total)
        full_text.create(connection, name)


def _own(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Of the columns that this version has."""
    return {column: value for column, value in log_row(name, row).items() if column in FILLED}
