"""The database's own settings, changed for a test that cannot wait as long as a studio."""

from sqlalchemy import text

from studio_core.db.engine import Database


def set_for_database(database: Database, **settings: str) -> None:
    """For every connection that begins from now on."""
    name = database.url.database
    with database.transaction() as session:
        for setting, value in settings.items():
            session.execute(text(f"ALTER DATABASE {name} SET {setting} = '{value}'"))
    database.close()
