"""Saved views of Contacts; notes, and phones that are no valid number, are found by the search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gnetics.domain.folding import fold

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CHUNK = 5_000


def upgrade() -> None:
    op.create_table(
        "views",
        sa.Column("key", KEY, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_fold", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_views")),
        sa.UniqueConstraint("user", "name_fold", name=op.f("uq_views_user_name_fold")),
    )
    find_notes_and_odd_phones(op.get_bind())


def find_notes_and_odd_phones(connection: sa.Connection) -> None:
    """What the derived column `search` gained, added to the leads that have it; the order of its words does not matter."""
    odd = "phone IS NOT NULL AND phone_e164 IS NULL"
    query = f"SELECT key, search, notes, phone, phone_e164 FROM leads WHERE notes IS NOT NULL OR {odd}"  # noqa: S608 - words of ours
    rows = connection.execute(sa.text(query)).all()
    found = []
    for key, search, notes, phone, e164 in rows:
        digits = "" if e164 else "".join(filter(str.isdigit, phone or ""))
        found.append({"lead": key, "search": " ".join(word for word in (search, fold(notes), digits) if word)})
    for start in range(0, len(found), CHUNK):
        connection.execute(sa.text("UPDATE leads SET search = :search WHERE key = :lead"), found[start : start + CHUNK])
