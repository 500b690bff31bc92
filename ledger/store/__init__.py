"""The only SQL of the house: what a ledger keeps, a file per thing kept; SQLite in one folder, or PostgreSQL by URL."""
