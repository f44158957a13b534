"""The way to PostgreSQL: engine, transactions, migrations, notifications."""
