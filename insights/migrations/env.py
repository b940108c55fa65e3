"""Alembic's way in: `Archive.open` hands over its connection."""

from alembic import context

from insights.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
)
context.run_migrations()
