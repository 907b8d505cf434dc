"""Mail comes from mailboxes and leaves by an outbox."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from gnetics.store.schema import Key

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for name in ("digest", "box", "cc", "reply_to", "quoted", "matched_on", "colleague", "concerns"):
        op.add_column("messages", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_messages_digest", "messages", ["digest"], unique=True)
    for name in ("shown_name", "signature"):
        op.add_column("users", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "user_addresses",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "user")),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_user_addresses")),
    )
    op.create_index(op.f("ix_user_addresses_user"), "user_addresses", ["user"])
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("answered_at", sa.String(32), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "mail_places",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("box", "folder")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("validity", "uid")),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("gone_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("box", "folder", "validity", "uid", name=op.f("pk_mail_places")),
    )
    op.create_index(op.f("ix_mail_places_digest"), "mail_places", ["digest"])
    op.create_table(
        "outbox",
        sa.Column("key", Key, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("click", "state", "message_id")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sender", "recipients")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("lead_key", "answers")),
        sa.Column("asked_by", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("asked_at", "due_at")),
        sa.Column("claimed_until", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
        *(sa.UniqueConstraint(name, name=op.f(f"uq_outbox_{name}")) for name in ("click", "message_id")),
    )
    op.create_index(op.f("ix_outbox_lead_key"), "outbox", ["lead_key"])
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_table(
        "suppressions",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "reason")),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "drafts",
        sa.Column("user", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("lead_key", "answers")),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("user", "lead_key", "answers", name=op.f("pk_drafts")),
    )
    # signs the addresses by which people unsubscribe; in the store, so that a backup that is put back knows those that were sent
    key = {"name": "unsubscribe_key", "value": secrets.token_urlsafe(32)}
    op.get_bind().execute(sa.text("INSERT INTO meta (name, value) VALUES (:name, :value)"), key)
