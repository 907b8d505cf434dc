"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "duplicate_pairs",
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("low", "high", name=op.f("pk_duplicate_pairs")),
    )
    op.create_table(
        "events",
        sa.Column("key", KEY, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.String(length=32), nullable=False),
        sa.Column("ends_at", sa.String(length=32), nullable=False),
        sa.Column("all_day", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("video_url", sa.Text(), nullable=True),
        sa.Column("lead_key", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.String(length=32), nullable=True),
        sa.Column("deleted", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_events")),
        sa.UniqueConstraint("uid", name=op.f("uq_events_uid")),
    )
    op.create_index(op.f("ix_events_lead_key"), "events", ["lead_key"], unique=False)
    op.create_index(op.f("ix_events_rev"), "events", ["rev"], unique=False)
    op.create_table(
        "history",
        sa.Column("key", KEY, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_key", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_history")),
    )
    op.create_index("ix_history_entity_entity_key", "history", ["entity", "entity_key"], unique=False)
    op.create_index(op.f("ix_history_rev"), "history", ["rev"], unique=False)
    op.create_table(
        "leads",
        sa.Column("key", KEY, nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("next_follow_up", sa.String(length=10), nullable=True),
        sa.Column("last_contact", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("probability", sa.Integer(), nullable=True),
        sa.Column("expected_close", sa.String(length=10), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("next_action", sa.Text(), nullable=True),
        sa.Column("created_at", sa.String(length=10), nullable=True),
        sa.Column("closed_at", sa.String(length=10), nullable=True),
        sa.Column("status_since", sa.String(length=10), nullable=True),
        sa.Column("previous_status", sa.Text(), nullable=True),
        sa.Column("real", sa.Boolean(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("name_fold", sa.Text(), nullable=True),
        sa.Column("company_fold", sa.Text(), nullable=True),
        sa.Column("email_fold", sa.Text(), nullable=True),
        sa.Column("source_fold", sa.Text(), nullable=True),
        sa.Column("phone_e164", sa.Text(), nullable=True),
        sa.Column("email_domain", sa.Text(), nullable=True),
        sa.Column("email_check", sa.Text(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.String(length=32), nullable=True),
        sa.Column("deleted", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_leads")),
        sa.UniqueConstraint("lead_id", name=op.f("uq_leads_lead_id")),
        sa.UniqueConstraint("origin", name=op.f("uq_leads_origin")),
    )
    op.create_index("ix_leads_email_domain", "leads", ["email_domain"], unique=False)
    op.create_index("ix_leads_email_fold", "leads", ["email_fold"], unique=False)
    op.create_index("ix_leads_name_fold_company_fold", "leads", ["name_fold", "company_fold"], unique=False)
    op.create_index("ix_leads_phone_e164", "leads", ["phone_e164"], unique=False)
    op.create_index(op.f("ix_leads_rev"), "leads", ["rev"], unique=False)
    op.create_table(
        "messages",
        sa.Column("key", KEY, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("attachments", sa.Text(), nullable=True),
        sa.Column("lead_key", sa.BigInteger(), nullable=True),
        sa.Column("matched_by", sa.Text(), nullable=True),
        sa.Column("drop_reason", sa.Text(), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True),
        sa.Column("reply_origin", sa.Text(), nullable=True),
        sa.Column("reply_state", sa.Text(), nullable=True),
        sa.Column("reply_by", sa.Text(), nullable=True),
        sa.Column("reply_at", sa.String(length=32), nullable=True),
        sa.Column("reply_final", sa.Text(), nullable=True),
        sa.Column("reply_message_id", sa.Text(), nullable=True),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=True),
        sa.Column("deleted", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    op.create_index(op.f("ix_messages_lead_key"), "messages", ["lead_key"], unique=False)
    op.create_index(op.f("ix_messages_rev"), "messages", ["rev"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "runs",
        sa.Column("key", KEY, nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("trigger", sa.Text(), nullable=True),
        sa.Column("triggered_by", sa.Text(), nullable=True),
        sa.Column("lead_key", sa.BigInteger(), nullable=True),
        sa.Column("lead_label", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.String(length=32), nullable=True),
        sa.Column("started_at", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("max_attempts", sa.Integer(), nullable=True),
        sa.Column("next_attempt_at", sa.String(length=32), nullable=True),
        sa.Column("retry_of", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=True),
        sa.Column("deleted", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_runs")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_runs_idempotency_key")),
    )
    op.create_index(op.f("ix_runs_lead_key"), "runs", ["lead_key"], unique=False)
    op.create_index(op.f("ix_runs_rev"), "runs", ["rev"], unique=False)
