"""Alembic environment: runs on the connection given by store/migrate.py, inside its transaction."""

from __future__ import annotations

from alembic import context

from gnetics.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
