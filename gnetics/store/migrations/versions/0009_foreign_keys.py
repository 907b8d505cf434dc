"""What other programs call the leads; numbers that only rise; emails, names and companies that say nothing are no key."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from gnetics.domain.absence import identifies_nobody
from gnetics.domain.lead_ids import number_of

revision = "0009"
down_revision = "0008"

PROGRAMS = ("hubspot", "pipedrive", "zoho", "atomic")  # whose numbers were ID Leads, with their name before them
TITLES = {"id", "identifiant", "référence", "reference", "ref", "record id", "person - id"}  # read as ID Leads until now


def upgrade() -> None:
    op.create_table(
        "foreign_keys",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("lead_key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "value", "lead_key", name=op.f("pk_foreign_keys")),
    )
    op.create_index("ix_foreign_keys_lead_key", "foreign_keys", ["lead_key"])
    for program in PROGRAMS:
        op.execute(
            sa.text(
                "INSERT INTO foreign_keys (source, value, lead_key, rev) SELECT :program, substr(lead_id, :start), key, rev FROM leads "
                "WHERE substr(lead_id, 1, :start - 1) = :program || '-' AND length(lead_id) >= :start"
            ).bindparams(sa.bindparam("program", program, sa.Text()), sa.bindparam("start", len(program) + 2, sa.Integer()))
        )
    _raise_number()
    _forget_what_says_nothing()
    _read_titles_anew()


def _raise_number() -> None:
    connection = op.get_bind()
    ever = [
        "SELECT lead_id FROM leads WHERE lead_id LIKE 'L-%'",
        "SELECT before FROM history WHERE field = 'lead_id' AND before LIKE 'L-%'",
        "SELECT after FROM history WHERE field = 'lead_id' AND after LIKE 'L-%'",
    ]
    highest = max((number_of(text) for query in ever for text in connection.execute(sa.text(query)).scalars()), default=0)
    raised = sa.text("UPDATE counters SET value = :highest WHERE name = 'lead_id' AND value < :highest")
    connection.execute(raised.bindparams(sa.bindparam("highest", highest, sa.BigInteger())))


def _forget_what_says_nothing() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE leads SET email_fold = NULL WHERE email_check = 'invalide'"))
    for column in ("name_fold", "company_fold"):
        texts = connection.execute(sa.text(f"SELECT DISTINCT {column} FROM leads WHERE length({column}) <= 24")).scalars()  # noqa: S608
        for text in [text for text in texts if identifies_nobody(text)]:
            connection.execute(sa.text(f"UPDATE leads SET {column} = NULL WHERE {column} = :text"), {"text": text})  # noqa: S608


def _read_titles_anew() -> None:
    """The dialog kept the fields of all columns when one was chosen, those read by themselves too."""
    connection = op.get_bind()
    for headers, choices in connection.execute(sa.text("SELECT headers, choices FROM import_columns")).all():
        before = json.loads(choices)
        after = {name: "foreign_key" if key == "lead_id" and name.lower() in TITLES else key for name, key in before.items()}
        if after != before:
            text = {"headers": headers, "choices": json.dumps(after, ensure_ascii=False)}
            connection.execute(sa.text("UPDATE import_columns SET choices = :choices WHERE headers = :headers"), text)
