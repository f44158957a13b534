"""The login that the server's own commands work with: made by the administrator, once."""

from psycopg2 import sql
from psycopg2.extensions import encrypt_password
from sqlalchemy import URL

from studio_core.db import rights
from studio_core.db.engine import Database, normalise_url, raw_connection
from studio_core.errors import ConfigError, StudioError

_GROUP = rights.JOBS
_TAKEN = {role.name for role in rights.ROLE_TABLE} - {_GROUP}


def ensure_jobs_login(admin_url: str | URL, url: str | URL) -> str | None:
    """Makes sure that the login of url exists with its password and may do the jobs' work.

    Returns the login when something was done or was there already, None where url is the
    administrator's own, or an account that is more than a job's and is left alone.
    Raises ConfigError("jobs_login_taken") for a name that belongs to the program itself.
    """
    admin, wanted = normalise_url(admin_url), normalise_url(url)
    login = wanted.username
    if login is None or login == admin.username:
        return None
    if login in _TAKEN:
        raise ConfigError("jobs_login_taken", login=login)
    connection = raw_connection(admin, application_name="studio migrate")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", (login,))
            found = cursor.fetchone()
            if found is not None and found[0]:
                return None
            name = sql.Identifier(login)
            if found is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            if wanted.password is None:
                cursor.execute(sql.SQL("ALTER ROLE {} LOGIN").format(name))
            elif not _signs_in(admin, login, wanted.password):
                # Only the verifier travels: a password could reach the server's log.
                verifier = encrypt_password(
                    wanted.password, login, scope=connection, algorithm="scram-sha-256"
                )
                cursor.execute(
                    sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(verifier))
                )
            if login != _GROUP:
                group = sql.Identifier(_GROUP)
                cursor.execute(sql.SQL("GRANT {} TO {}").format(group, name))
            database = sql.Identifier(str(admin.database))
            cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))
    finally:
        connection.close()
    return login


def _signs_in(admin: URL, login: str, password: str) -> bool:
    address = admin.set(username=login, password=password)
    with Database(address, application_name="studio migrate", pool_size=1) as own:
        try:
            own.check()
        except StudioError:
            return False
    return True
