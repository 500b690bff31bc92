"""Triggers that refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE on what is kept for ever, in both databases.

They guard against our own mistakes and a careless hand at the database; who may drop triggers is stopped by the log's
proofs, not by the database. ARCHITECTURE.md 4.

    for statement in statements("sqlite", "entry"): connection.exec_driver_sql(statement)
"""

REFUSAL = "append-only"


def statements(dialect: str, table: str) -> list[str]:
    """The DDL that makes `table` append-only in `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]
