"""Rules that run by themselves: whether each is on, what each is to do, where follow-ups stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

WAITING = sa.text("status = 'à faire'")


def upgrade() -> None:
    for name, kind in (("automation", sa.Text()), ("due_at", sa.String(32)), ("caused_by", sa.BigInteger()), ("given", sa.Text())):
        op.add_column("runs", sa.Column(name, kind, nullable=True))
    op.create_index("ix_runs_waiting", "runs", ["due_at", "key"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_runs_automation_started_at", "runs", ["automation", "started_at"])
    op.add_column("outbox", sa.Column("run_key", sa.BigInteger(), nullable=True))
    op.create_table(
        "automations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(32), nullable=True),
        sa.Column("since_rev", sa.BigInteger(), nullable=False),
        sa.Column("switched_at", sa.String(32), nullable=True),
        sa.Column("switched_by", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title", "sentence")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("changed", "dry")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_automations")),
    )
    op.create_table(
        "sequences",
        sa.Column("lead_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("step", "steps")),
        sa.Column("next_on", sa.String(10), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("base", sa.String(10), nullable=False),
        sa.Column("began_at", sa.String(32), nullable=False),
        sa.Column("began_key", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("subject", "message_ids")),
        sa.Column("follow_up", sa.String(10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("lead_key", name=op.f("pk_sequences")),
    )
    op.create_index("ix_sequences_state_next_on", "sequences", ["state", "next_on"])
