"""Where Alembic finds the connection: given by `ledger.store.schema.migrate`, never from a file."""

from alembic import context

_connection = context.config.attributes["connection"]
_database = context.config.attributes["database"]

context.configure(
    connection=_connection,
    target_metadata=_database.tables,
    version_table=_database.version_table,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
